"""Hundreds of damaged feeds: rejects or one clear line; never a traceback, never a silently wrong price."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest

from catalog.errors import CatalogError
from catalog.ingest.importer import import_feed
from catalog.storage.load import load_catalog

ROWS = [
    (
        f"K{n:03}",
        f"{('Copper', 'Enamel', 'Glass', 'Steel')[n % 4]} kettle {n}",
        f"{11 + n * 3}.{(n * 7) % 100:02}",
        ("red", "blue", "grün")[n % 3],
        f"Holds {1 + n % 3} litres & pours well, says Zoë",
    )
    for n in range(40)
]
PRICES = {row[0]: Decimal(row[2]) for row in ROWS}
HEADER = ("id", "title", "price", "colour", "description")
SEEDS = range(5)
"""Each pair of a layout and a damage below so often, which makes 480 feeds with five."""


def delimited(delimiter: str) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if delimiter in text or '"' in text else text

    lines = [HEADER, *((i, t, f"{p} EUR", c, d) for i, t, p, c, d in ROWS)]
    return "".join(delimiter.join(map(cell, line)) + "\n" for line in lines)


def as_json() -> str:
    rows = [dict(zip(HEADER, (i, t, f"{p} EUR", c, d), strict=True)) for i, t, p, c, d in ROWS]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_lines() -> str:
    rows = [dict(zip(HEADER, (i, t, f"{p} EUR", c, d), strict=True)) for i, t, p, c, d in ROWS]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_xml() -> str:
    items = "".join(
        f"<item><g:id>{i}</g:id><g:title>{t}</g:title><g:price>{p} EUR</g:price>"
        f"<g:color>{c}</g:color><g:description>{d.replace('&', '&amp;')}</g:description></item>\n"
        for i, t, p, c, d in ROWS
    )
    return (
        '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">'
        f"<channel>{items}</channel></rss>"
    )


LAYOUTS = {
    "csv": lambda: delimited(","),
    "semicolon": lambda: delimited(";"),
    "tsv": lambda: delimited("\t"),
    "json": as_json,
    "jsonl": as_lines,
    "xml": as_xml,
}


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def truncated(text, chance):
    return text[: chance.randrange(len(text) // 4, len(text))]


def without_newlines_at_the_end(text, chance):
    return text.rstrip("\n") + "\x1a" * chance.randrange(3)


def one_line_with_another_delimiter(text, chance):
    lines = lines_of(text)
    at = chance.randrange(1, len(lines))
    lines[at] = lines[at].replace(",", "|").replace(";", "|").replace("\t", "|")
    return "".join(lines)


def mixed_encodings(text, chance):
    lines = [line.encode("utf-8") for line in lines_of(text)]
    for at in chance.sample(range(len(lines)), min(3, len(lines))):
        lines[at] = lines[at].decode("utf-8").encode("latin-1", "replace")
    return b"".join(lines)


def doubled_lines(text, chance):
    lines = lines_of(text)
    for _ in range(5):
        lines.insert(chance.randrange(1, len(lines)), chance.choice(lines[1:-1] or lines))
    return "".join(lines)


def ids_of_others(text, chance):
    """Some rows take the number of another row: which of them is meant nobody knows."""
    for _ in range(3):
        text = text.replace(f"K{chance.randrange(40):03}", "K001")
    return text


def odd_quotes(text, chance):
    lines = lines_of(text)
    for at in chance.sample(range(1, len(lines)), min(4, len(lines) - 1)):
        lines[at] = lines[at].replace(
            "kettle", chance.choice(['"kettle', 'ket"tle', '""kettle"""'])
        )
    return "".join(lines)


def formulas(text, chance):
    return text.replace("Copper kettle", "=HYPERLINK(A1)+Copper kettle").replace("Zoë", "@SUM(1+1)")


def markup(text, chance):
    escaped = "&lt;b&gt;well&lt;/b&gt;" if text.startswith("<") else "<b>well</b><script>1</script>"
    return text.replace("well", escaped)


def zero_bytes(text, chance):
    places = sorted(chance.sample(range(len(text)), 5), reverse=True)
    for place in places:
        if not text[place].isdigit() and not text[place - 1].isdigit():
            text = text[:place] + "\x00" + text[place:]
    return text


def swapped_letters(text, chance):
    """Letters are damaged in transfer; digits are not, since no reader could know."""
    pieces = list(text)
    for _ in range(30):
        place = chance.randrange(len(pieces))
        if pieces[place].isalpha() and pieces[place].islower():
            pieces[place] = chr(chance.randrange(0x250, 0x2000))
    return "".join(pieces)


def lines_gone(text, chance):
    lines = lines_of(text)
    del lines[chance.randrange(1, len(lines)) :: 3]
    return "".join(lines)


def lines_joined(text, chance):
    lines = lines_of(text)
    for at in chance.sample(range(1, len(lines)), min(3, len(lines) - 1)):
        lines[at] = lines[at].rstrip("\n")
    return "".join(lines)


def another_feed_behind(text, chance):
    return text + chance.choice([delimited(","), as_json(), as_xml()])


def wrong_byte_order_mark(text, chance):
    return chance.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf"]) + text.encode()


def carriage_returns(text, chance):
    return text.replace("\n", chance.choice(["\r", "\r\r\n", "\n\r"]))


DAMAGES = (
    truncated,
    without_newlines_at_the_end,
    one_line_with_another_delimiter,
    mixed_encodings,
    doubled_lines,
    ids_of_others,
    odd_quotes,
    formulas,
    markup,
    zero_bytes,
    swapped_letters,
    lines_gone,
    lines_joined,
    another_feed_behind,
    wrong_byte_order_mark,
    carriage_returns,
)


def outcome(feed, tmp_path, named=()):
    """The catalog of a feed, or None when it is refused in one line.

    Args:
        feed: the file.
        tmp_path: for the shop.
        named: told the ids in findings about prices.
    """
    try:
        report = import_feed(feed, tmp_path / "shop", currency="EUR")
    except CatalogError as error:
        assert str(error).strip()
        assert "\n" not in str(error)
        return None
    assert report.accepted + report.rejected > 0
    if isinstance(named, set):
        about = (one for one in report.findings if one.kind.startswith("price_"))
        named.update(*(one.examples for one in about))
    return load_catalog(tmp_path / "shop")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_damage_makes_a_wrong_price(layout, damage, seed, tmp_path):
    text = LAYOUTS[layout]()
    damaged = damage(text, random.Random(f"{layout} {damage.__name__} {seed}"))
    feed = tmp_path / f"feed.{layout if layout in {'json', 'jsonl', 'xml'} else 'csv'}"
    feed.write_bytes(damaged if isinstance(damaged, bytes) else damaged.encode("utf-8", "replace"))
    catalog = outcome(feed, tmp_path)
    wrong = {
        product.id: str(product.price.amount)
        for product in (catalog.products if catalog else ())
        if product.price is not None
        and product.id in PRICES
        and product.price.amount != PRICES[product.id]
        and not (damage is ids_of_others and product.id == "K001")
    }
    assert not wrong


@pytest.mark.parametrize(
    "price",
    [
        "-5.00",
        "0",
        "1e12",
        "999999999999",
        "NaN",
        "inf",
        "12.34.56",
        "free",
        "=1+1",
        "٣٤",
        "--",
        "1,2,3",
    ],
)
def test_absurd_prices_are_refused_or_reported(price, tmp_path):
    text = delimited(";").replace(f"{ROWS[3][2]} EUR", price)
    feed = tmp_path / "feed.csv"
    feed.write_text(text)
    named: set[str] = set()
    catalog = outcome(feed, tmp_path, named)
    product = catalog.product("K003")
    assert product is None or "K003" in named or (price, product.price.amount) == ("٣٤", 34)
    assert catalog.product("K004").price.amount == PRICES["K004"]


def test_ten_thousand_columns(tmp_path):
    extra = ";".join(f"note {n}" for n in range(10_000))
    lines = delimited(";").splitlines()
    feed = tmp_path / "feed.csv"
    feed.write_text(
        "\n".join([f"{lines[0]};{extra}", *(f"{line};{';' * 9_999}" for line in lines[1:])])
    )
    catalog = outcome(feed, tmp_path)
    assert catalog is None or catalog.product("K007").price.amount == PRICES["K007"]
