"""What a new shop is called, in which language and currency it speaks, and what it sells."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from catalog.inference.columns import FeedColumn
from catalog.inference.shop_defaults import default_config, find_currency


def columns(**texts: list[str]) -> dict[str, FeedColumn]:
    return {
        key: FeedColumn(
            key=key, name=key, counts=Counter(column), filled=len(column), rows=max(map(len, texts.values()))
        )
        for key, column in texts.items()
    }  # fmt: skip


WOODS = columns(wood=["oak", "ash"])
GERMAN = columns(
    beschreibung=[
        f"Die Lampe Nummer {n} ist aus Holz und wird von Hand in einer kleinen Werkstatt gemacht."
        for n in range(20)
    ]
)
FRENCH = columns(
    description=[
        f"La lampe numéro {n} est en bois et elle est faite à la main dans un petit atelier pour vous."
        for n in range(20)
    ]
)


def config(stem: str = "feed", title: str = "", texts: dict | None = None):
    return default_config(Path(f"{stem}.csv"), title, texts or WOODS, "EUR")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Old  Mill <b>Shop</b>", "Old Mill Shop"),
        ("OM", "OM"),
        ("O", "Old mill"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "Old mill"),
        ("Product feed of the mill", "Old mill"),
        ("Untitled", "Old mill"),
        ("http://a.example", "Old mill"),
        ("", "Old mill"),
    ],
)
def test_the_shop_is_called_as_its_feed_says_or_else_as_the_file(title, name):
    assert config("old_mill", title).name == name


def test_a_file_without_a_word_is_a_shop():
    assert config("__").name == "Shop"
    assert config("a" * 70).name == "A" + "a" * 59


@pytest.mark.parametrize(
    ("stem", "nouns"),
    [
        ("lamps", ("lamp", "lamps")),
        ("OldLampFeed", ("product", "products")),
        ("desk_lamps_2024", ("lamp", "lamps")),
        ("my_shop_export", ("product", "products")),
        ("furniture", ("product", "products")),
        ("garden_furniture", ("product", "products")),
        ("lamps_and_rugs", ("product", "products")),
        ("lampen_und_rugs", ("product", "products")),
        ("amazon_lamps", ("lamp", "lamps")),
        ("etsy", ("product", "products")),
        ("vivino", ("vivino", "vivinos")),
        ("old_vivino", ("product", "products")),
        ("old_oak", ("oak", "oaks")),
        ("old_wood", ("wood", "woods")),
        ("products_vivino", ("product", "products")),
        ("ab", ("product", "products")),
        ("old_glasses", ("glasses", "glasses")),
    ],
)
def test_the_goods_are_called_by_the_last_word_of_the_file_that_can_be_one(stem, nouns):
    named = config(stem)
    assert (named.noun, named.nouns) == nouns


@pytest.mark.parametrize(
    ("types", "noun"),
    [
        (["Desk Lamps"] * 9, "desk lamp"),
        (["Desk Lamps"] * 8, "rug"),
        (["Desk Lamps"] * 8 + ["Rugs"], "rug"),
        (["Simple"] * 9, "rug"),
        (["A4"] * 9, "rug"),
        (["Very small desk lamps"] * 9, "rug"),
    ],
    ids=["one", "too seldom", "two", "a general word", "a code", "a sentence"],
)
def test_the_only_value_of_a_column_of_kinds_is_what_is_sold(types, noun):
    assert config("rugs", texts=columns(product_type=types, wood=["oak"] * 10)).noun == noun


@pytest.mark.parametrize(
    ("texts", "locale", "noun"),
    [(WOODS, "en", "lamp"), (GERMAN, "de", "Produkt"), (FRENCH, "en", "product")],
    ids=["english", "german", "no tables"],
)
def test_the_language_is_that_of_the_texts_where_there_are_tables_for_it(texts, locale, noun):
    named = config("lamps", texts=texts)
    assert (named.locale, named.noun) == (locale, noun)


def currency(name: str = "price", default: str = "", named: str = "", **texts) -> tuple[str, bool]:
    feed_columns = columns(**texts)
    if "price" in feed_columns:
        feed_columns["price"].name = name
    return find_currency(feed_columns, "price", named, default)


@pytest.mark.parametrize(
    ("name", "texts", "named", "code"),
    [
        ("price", {"price": ["5 EUR", "6 EUR", "7 USD"]}, "", "EUR"),
        ("price", {"price": ["1.234,50 €"]}, "", "EUR"),
        ("Price (GBP)", {"price": ["5 EUR"]}, "", "EUR"),
        ("price", {"price": ["5 EUR"], "unit": ["SEK"]}, "unit", "EUR"),
        ("price", {"price": ["5"], "unit": ["SEK", "SEK", "EUR"]}, "unit", "SEK"),
        ("Price (GBP)", {"price": ["5"]}, "", "GBP"),
        ("Price £", {"price": ["5"]}, "", "GBP"),
        ("price in a", {"price": ["5"], "old_price": ["5 SEK"]}, "", "SEK"),
        ("Price (GBP)", {"price": ["5"], "old_price": ["5 SEK"]}, "", "GBP"),
    ],
    ids=[
        "most prices", "decimal comma", "prices before the name", "prices before a column", "a column", "the name",
        "a sign in the name", "other prices", "the name before other prices",
    ],
)  # fmt: skip
def test_the_currency_is_stated_somewhere(name, texts, named, code):
    assert currency(name, "CHF", named, **texts) == (code, True)


@pytest.mark.parametrize(
    ("texts", "default", "code"),
    [
        ({"price": ["5"], "wood": ["oak"]}, "CHF", "CHF"),
        ({"price": ["5"], "wood": ["oak"]}, "", "USD"),
        ({"price": ["5"], "note": ["5 SEK"]}, "", "USD"),
        ({"old_price": ["5 SEK"]}, "", "USD"),
    ],
    ids=["the shop's", "none", "in another column", "no price at all"],
)
def test_where_nothing_states_a_currency_it_is_assumed(texts, default, code):
    assert currency("price", default, **texts) == (code, False)


def test_shops_of_euro_languages_are_assumed_to_count_in_euros():
    assert find_currency(GERMAN, "price", "", "") == ("EUR", False)
    assert find_currency(FRENCH, "price", "", "") == ("EUR", False)
    assert find_currency(WOODS, "price", "", "") == ("USD", False)
