"""One damaged letter costs itself, is mended, and is told."""

import io

import pytest

from catalog.errors import FeedError
from catalog.feeds.base import PLACES, RepairKind, Repairs
from catalog.feeds.repairs import RepairedXml, mended_text


def mend(data, size=-1):
    repairs = Repairs()
    file = RepairedXml(io.BytesIO(data), repairs)
    parts = iter(lambda: file.read(size), b"")
    return b"".join(parts), repairs


@pytest.mark.parametrize("size", [1, 7, 64, -1])
@pytest.mark.parametrize(
    ("data", "mended", "kind"),
    [
        (b"<a>\n<t>Pot\x03 lid</t></a>", b"<a>\n<t>Pot lid</t></a>", RepairKind.CHARACTER),
        (b"<a>\n<t>5&prime; pole</t></a>", b"<a>\n<t>5&#8242; pole</t></a>", RepairKind.ENTITY),
        (b"<a>\n<t>Salt & oil</t></a>", b"<a>\n<t>Salt &amp; oil</t></a>", RepairKind.AMPERSAND),
        (
            b"<a>\n<t>Salt &nosuch; oil</t></a>",
            b"<a>\n<t>Salt &amp;nosuch; oil</t></a>",
            RepairKind.AMPERSAND,
        ),
        (b"<a>\n<t>x&#2;y</t></a>", b"<a>\n<t>xy</t></a>", RepairKind.CHARACTER),
    ],
)
def test_what_xml_does_not_allow_is_mended_wherever_the_pieces_are_cut(data, mended, kind, size):
    result, repairs = mend(data, size)
    assert result == mended
    assert repairs.counts == {kind: 1}
    assert repairs.places[kind][0].startswith("line 2")


@pytest.mark.parametrize("size", [1, 5, -1])
def test_what_is_allowed_is_left_as_it_is(size):
    data = b"<a>\r\n\t<t>&amp; &lt; &#38; &#x26; <![CDATA[a & b &nbsp; ]] c]]> &quot;</t></a>"
    result, repairs = mend(data, size)
    assert result == data
    assert repairs.counts == {}


def test_places_are_few_and_the_count_is_whole():
    _, repairs = mend(b"<a>" + b"\x01\n" * 50 + b"</a>")
    assert repairs.counts[RepairKind.CHARACTER] == 50
    assert len(repairs.places[RepairKind.CHARACTER]) == PLACES


@pytest.mark.parametrize(
    ("text", "mended", "kind"),
    [
        ("Gr\u00c3\u00bcner Tee", "Gr\u00fcner Tee", RepairKind.ENCODING),
        ("Nana\u00e2\u20ac\u2122s quilt", "Nana\u2019s quilt", RepairKind.ENCODING),
        ("Mop\x07 head", "Mop head", RepairKind.CHARACTER),
        ("Brillo\u00c2 pads", "Brillo\u00c2 pads", RepairKind.LOST),
        (
            "\u00c2ge d'or, cr\u00e8me, \u00c5ngstr\u00f6m, S\u00c3O",
            "\u00c2ge d'or, cr\u00e8me, \u00c5ngstr\u00f6m, S\u00c3O",
            None,
        ),
        ("plain", "plain", None),
    ],
)
def test_cells_are_mended_where_it_is_certain(text, mended, kind):
    assert mended_text(text) == (mended, kind)


ITEM = "<item><id>D{n}</id><title>{title}</title><price>{n}5.00 EUR</price><color>{color}</color></item>"


def xml(*titles):
    items = "".join(
        ITEM.format(n=n, title=title, color="Red" if n % 2 else "Blue")
        for n, title in enumerate(titles, start=1)
    )
    return f'<?xml version="1.0"?>\n<rss><channel>\n{items}</channel></rss>'


def test_a_damaged_item_does_not_stop_the_feed(shop):
    report = shop.take(
        xml("Dish", "Dish &eacute;mail", "Dish \x0b deep", "Salt & pepper", "Dish"), "f.xml"
    )
    assert [product.title for product in shop.stored.products] == [
        "Dish",
        "Dish \u00e9mail",
        "Dish deep",
        "Salt & pepper",
        "Dish",
    ]
    kinds = {finding.kind for finding in report.findings}
    assert {"repaired_entity", "repaired_character", "repaired_ampersand"} <= kinds


def test_xml_with_broken_tags_is_still_refused(shop):
    with pytest.raises(FeedError, match="not well-formed"):
        shop.take(xml("Dish", "Dish").replace("</title>", "", 1), "f.xml")


def test_a_table_is_mended_and_told_with_its_row(shop):
    rows = [f"D{n},Dish {n},{n}5.00,Red" for n in range(1, 6)] + [
        "D9,Gr\u00c3\u00bcne Schale,95.00,Blue"
    ]
    report = shop.take("\n".join(["id,title,price,color", *rows]))
    assert shop.stored.products[-1].title == "Gr\u00fcne Schale"
    finding = next(entry for entry in report.findings if entry.kind == "repaired_encoding")
    assert "row 7" in finding.examples[0]


def test_barcodes_cut_by_a_spreadsheet_are_told(shop):
    rows = [f"D{n},Dish {n},{n}5.00,4.00638E+12" for n in range(1, 6)]
    report = shop.take("\n".join(["id,title,price,ean", *rows]))
    assert "scientific_notation" in {finding.kind for finding in report.findings}
