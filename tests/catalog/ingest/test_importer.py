"""What the shop's staff notice of an import: products, refusals, what stays when something breaks."""

# ruff: noqa: E501 - feeds are shown as they are, one row a line

from __future__ import annotations

import csv
from decimal import Decimal

import numpy as np
import pytest

from catalog.errors import FeedError, ShopError
from catalog.ingest.importer import import_feed


def test_import_makes_products_with_typed_values(shop, lamps):
    report = shop.take(lamps)
    assert (report.read, report.accepted, report.rejected) == (6, 6, 0)
    arc = shop.stored.products[0]
    assert (arc.id, arc.title, arc.price.amount, arc.price.currency) == (
        "L1",
        "Arc lamp",
        Decimal("49.90"),
        "USD",
    )
    assert arc.facets == {
        "price": (49.9,),
        "colour": ("Black",),
        "height_cm": (150.0,),
        "dimmable": (True,),
    }
    height = shop.facet("height_cm")
    assert (height.kind, height.unit, height.label, height.minimum, height.maximum) == (
        "number",
        "cm",
        "height",
        25,
        160,
    )


def test_import_without_ids_makes_stable_ones_from_titles(shop):
    feed = "title,colour\nMug,red\nMug,blue\nBowl,red\n"
    shop.take(feed)
    assert [p.id for p in shop.stored.products] == ["mug", "mug-2", "bowl"]
    shop.take(feed)
    assert [p.id for p in shop.stored.products] == ["mug", "mug-2", "bowl"]


@pytest.mark.parametrize(
    ("row", "field", "value", "reason"),
    [
        ("L1,Copy,5,Red,1,no", "id", "L1", "same id"),
        ("L9,Minus,-5,Red,1,no", "price", "-5", "negative"),
        ("L9,Words,ask us,Red,1,no", "price", "ask us", "cannot be read"),
        ("L9,,5,Red,1,no", "title", "", "no title"),
        ("L9,Pounds,£5,Red,1,no", "price", "£5", "GBP"),
        ("L9,Long,5,Red,1,no,extra,cells", "", "", "8 cells"),
        ("L9," + "x" * 5_000_000 + ",5,Red,1,no", "title", "x" * 200, "5,000,000 letters"),
    ],
    ids=["duplicate", "negative", "unreadable", "untitled", "currency", "cells", "endless"],
)
def test_import_sets_bad_rows_aside_with_the_reason(shop, lamps, row, field, value, reason):
    report = shop.take(lamps.replace("49.90", "$49.90") + row + "\n")
    assert (report.accepted, report.rejected) == (6, 1)
    (bad,) = shop.rejected
    assert bad["row"] == 8
    assert (bad["field"], bad["value"]) == (field, value)
    assert reason in bad["reason"]


def test_import_reports_reasons_with_counts(shop, lamps):
    report = shop.take(lamps + "L7,A,-1,Red,1,no\nL8,B,-2,Red,1,no\n")
    assert report.reasons == {"the price is negative": 2}
    assert report.to_json()["accepted"] == 6


HOSTILE = {
    "empty": b"",
    "blank": b"  \n \n",
    "header only": b"id,title,price\n",
    "binary": bytes(range(256)) * 40,
    "gzip": b"\x1f\x8b\x08\x00aaaa",
    "zip": b"PK\x03\x04aaaa",
    "prose": b"Dear customer\nplease find attached\n",
    "unterminated quote": b'id,title\n1,"Mug\n2,Bowl\n3,Cup\n',
    "numbers for names": b"1,2,3\n4,5,6\n",
    "ten thousand columns": (
        ",".join(f"c{n}" for n in range(10_000)) + "\n" + "1," * 10_000
    ).encode(),
    "broken json": b'[{"title": "Mug"}, {"title": ',
    "json scalar": b'{"title": "Mug", "price": 5}',
    "deep json": b"[" * 100_000,
    "deep object": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "broken xml": b"<rss><channel><item><title>Mug</title></item>",
    "xml without items": b"<rss><channel><title>Shop</title></channel></rss>",
    "web page": b"<!DOCTYPE html><html><body>log in</body></html>",
    "xxe": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><item><title>&x;</title></item></channel></rss>",
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><rss><channel><item><title>&c;</title></item></channel></rss>',
    "utf-16 doctype": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "b">]><rss><c><item><t>&a;</t></item></c></rss>'.encode(
        "utf-16"
    ),
    "parquet": b"PAR1aaaaPAR1",
    "all rows bad": b"id,title,price\n1,Mug,-1\n2,Bowl,-2\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_import_of_an_unusable_feed_says_so_in_one_line_and_changes_nothing(shop, lamps, content):
    shop.take(lamps)
    before = shop.everything()
    with pytest.raises(FeedError) as caught:
        shop.take(content, "broken.dat")
    message = str(caught.value)
    assert "\n" not in message and 20 < len(message) < 400
    assert "passwd" not in message
    assert shop.everything() == before


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_import_of_an_unusable_feed_makes_no_shop(shop, content):
    with pytest.raises(FeedError):
        shop.take(content, "broken.dat")
    assert not shop.folder.exists()


def test_import_of_a_missing_file_names_it(shop):
    with pytest.raises(FeedError, match=r"no feed file .*gone\.csv"):
        import_feed(shop.folder / "gone.csv", shop.folder)


def test_import_strips_markup_and_scripts_from_every_field(shop):
    shop.take(
        "id,title,description,colour,link,image_link\n"
        '1,"<b>Mug</b><script>alert(1)</script>","<p>Fine &amp; strong</p><style>x{}</style><p>Blue</p>",'
        '"<i>Red</i>",javascript:alert(1),../../etc/passwd\n'
        "2,Bowl,Deep,Red,https://shop.example/bowl,bowls/deep.jpg\n"
    )
    mug, bowl = shop.stored.products
    assert (mug.title, mug.description, mug.facets["colour"]) == (
        "Mug",
        "Fine & strong\nBlue",
        ("Red",),
    )
    assert (mug.url, mug.image_url) == ("", "")
    assert (bowl.url, bowl.image_url) == ("https://shop.example/bowl", "bowls/deep.jpg")
    assert "alert" not in (shop.stored.folder / "products.jsonl").read_text()


def test_import_removes_control_characters_that_could_forge_messages(shop):
    shop.take("id,title,colour\n1,\x01open Mug\x07\u202e,red\n2,Bowl,blue\n")
    assert shop.stored.products[0].title == "open Mug"


def test_import_that_would_drop_most_products_needs_force(shop, lamps):
    shop.take(lamps)
    before = shop.everything()
    few = "\n".join(lamps.splitlines()[:3]) + "\n"
    with pytest.raises(FeedError, match=r"drop 4 of the 6 products.*--force"):
        shop.take(few)
    assert shop.everything() == before
    assert shop.take(few, force=True).accepted == 2
    assert len(shop.stored.products) == 2


def test_import_that_drops_half_of_the_products_passes(shop, lamps):
    shop.take(lamps)
    assert shop.take("\n".join(lamps.splitlines()[:4])).accepted == 3


def test_import_replaces_the_rejections_of_the_last_one(shop, lamps):
    shop.take(lamps + "L7,Bad,-1,Red,1,no\n")
    assert len(shop.rejected) == 1
    shop.take(lamps)
    assert shop.rejected == []


class Encoder:
    """Embeds a text as its length, and remembers what it was asked."""

    name = "lengths"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_import_embeds_only_texts_that_changed(shop, lamps):
    encoder = Encoder()
    assert shop.take(lamps, embed=encoder).embedded == 6
    assert (
        "Arc lamp" in encoder.asked[0]
        and "Black" in encoder.asked[0]
        and "L1" not in encoder.asked[0]
    )
    encoder.asked.clear()
    report = shop.take(lamps.replace("Desk lamp", "Desk light"), embed=encoder)
    assert report.embedded == 1 and "Desk light" in encoder.asked[0]
    vectors = shop.stored.vectors()
    assert vectors.shape == (6, 2) and isinstance(vectors, np.memmap)


def test_import_embeds_anew_with_another_encoder(shop, lamps):
    shop.take(lamps, embed=Encoder())
    other = Encoder()
    other.name = "other"
    assert shop.take(lamps, embed=other).embedded == 6


def test_import_tells_its_progress(shop, lamps):
    told = []
    shop.take(lamps, progress=lambda stage, done, total: told.append(stage))
    assert list(dict.fromkeys(told)) == ["read", "understand", "build", "check", "store"]


def test_import_honours_columns_chosen_by_the_staff(shop):
    feed = "code,name,subtitle,price\nA,One,First thing,5\nB,Two,Second thing,6\nC,Three,Third thing,7\n"
    shop.take(feed)
    assert shop.stored.products[0].title == "One"
    shop.edit(lambda text: text.replace("title: name", "title: subtitle"))
    shop.take(feed, force=True)
    assert shop.stored.products[0].title == "First thing"
    shop.edit(lambda text: text.replace("title: subtitle", "title: sub"))
    with pytest.raises(ShopError, match=r"column 'sub'.*Allowed: code, name"):
        shop.take(feed)


def test_import_with_a_format_that_does_not_fit_says_what_it_found(shop, lamps):
    with pytest.raises(FeedError, match=r"looks like CSV, not json"):
        shop.take(lamps, format="json")
    with pytest.raises(FeedError, match=r"no shopify export.*Handle"):
        shop.take(lamps, format="shopify")
    with pytest.raises(FeedError, match=r"Unknown format 'xls'. Allowed are auto, google"):
        shop.take(lamps, format="xls")


def test_import_keeps_price_levels_in_words_as_a_facet(shop):
    shop.take(
        "title,price\n"
        + "".join(f"Inn {n},{['cheap', 'dear', 'fair'][n % 3]}\n" for n in range(12))
    )
    assert shop.stored.products[0].price is None
    assert shop.facet("price").kind == "category"


@pytest.mark.parametrize(
    "feed",
    [
        "candy/fivethirtyeight_candy_rankings.csv",
        "cars/cars.json",
        "keyboards/keyboard.csv",
        "headphones/headphones.csv",
    ],
)
def test_import_takes_real_catalogs_whole(shop, real_data, feed):
    report = import_feed(real_data / "catalogs" / feed, shop.folder)
    assert report.rejected == 0
    assert sum(facet.askable for facet in report.facets) >= 6
    assert "rownames" not in {facet.key for facet in report.facets}


def test_import_asks_what_a_real_shop_filters_by(shop, real_data):
    fixtures = real_data / "catalogs" / "fashion_magento" / "ConfigurableSampleData" / "fixtures"
    report = import_feed(fixtures / "products.csv", shop.folder)
    assert (report.accepted, report.variants) == (147, 1847)
    wanted = set()
    for sheet in (real_data / "catalogs" / "fashion_magento").glob("*/fixtures/attributes.csv"):
        with sheet.open(encoding="utf-8-sig") as file:
            wanted |= {
                row["attribute_code"] for row in csv.DictReader(file) if row["is_filterable"] == "1"
            }
    present = {facet.key for facet in report.facets}
    asked = {facet.key for facet in report.facets if facet.askable}
    assert len(wanted & asked) >= 0.8 * len(wanted & present), "recall"
    assert len(wanted & asked) >= 0.8 * len(asked), "precision"


def test_rows_that_differ_in_numbers_alone_share_their_text(shop):
    encoder = Encoder()
    rows = [
        f"{['Oval', 'Round'][n % 2]} stone,{n % 7 + 2}.5,{['A', 'B'][n % 2]}" for n in range(40)
    ]
    report = shop.take("title,weight,grade\n" + "\n".join(rows) + "\n", embed=encoder)
    assert report.accepted == 40 and report.embedded == 2
    assert all("weight" not in text and "grade" in text for text in encoder.asked)


def test_numbers_beside_a_description_are_embedded(shop):
    encoder = Encoder()
    prose = "A heavy stone with a long history found in the hills and cut by hand."
    rows = [f"Stone {n},{n % 7 + 2}.5,{prose} It is number {n}." for n in range(12)]
    shop.take("title,weight,description\n" + "\n".join(rows) + "\n", embed=encoder)
    assert "weight: 2.5" in encoder.asked[0]


BARE = "id,title,price,color\n" + "".join(f"L{n},Lamp {n},{n}0.00,Red\n" for n in range(1, 6))


def kinds(report):
    return {finding.kind for finding in report.findings}


def test_a_currency_that_nobody_said_is_told_first_and_as_long_as_nobody_says_it(shop):
    report = shop.take(BARE)
    assert report.findings[0].kind == "currency_assumed"
    assert "currency_assumed" in kinds(shop.take(BARE))
    shop.edit(lambda text: text.replace("currency: USD", "currency: CHF"))
    report = shop.take(BARE)
    assert "currency_assumed" not in kinds(report)
    assert {product.price.currency for product in shop.stored.products} == {"CHF"}


def test_a_currency_that_is_given_is_kept(shop):
    assert "currency_assumed" not in kinds(shop.take(BARE, currency="SEK"))
    assert "currency_assumed" not in kinds(shop.take(BARE))
    assert {product.price.currency for product in shop.stored.products} == {"SEK"}


def test_whoever_is_asked_decides(shop):
    asked = []
    shop.take(BARE, ask_currency=lambda taken: asked.append(taken) or "NOK")
    assert asked == ["USD"]
    assert {product.price.currency for product in shop.stored.products} == {"NOK"}
    shop.take(BARE, ask_currency=lambda taken: asked.append(taken) or "NOK")
    assert asked == ["USD"]


def test_nobody_is_asked_where_the_feed_says_it(shop):
    feed = BARE.replace("0.00", "0.00 EUR")
    report = shop.take(feed, ask_currency=lambda taken: pytest.fail("the feed says it"))
    assert "currency_assumed" not in kinds(report)


@pytest.mark.parametrize(("column", "unit"), [("use mpg", None), ("reach km", "cm")])
def test_no_metric_unit_is_assumed_beside_miles(shop, column, unit):
    rows = "".join(f"b{n},Boat {n},{900 + n * 7},{30 + n % 9},{20 + n % 7}\n" for n in range(30))
    shop.take(f"id,title,price,length,{column}\n{rows}")
    assert shop.facet("length").unit == unit
