"""What a new shop is called and what it calls its products, until the staff say otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from catalog.inference.columns import FeedColumn
from catalog.inference.language import tongue_of
from catalog.parsing.clean import tidy
from catalog.parsing.labels import plural, singular
from catalog.parsing.text import TABLES
from catalog.parsing.wordlist import words
from catalog.types import ShopConfig
from nlu.lexical.money import currency_of, parse_money

_GENERIC = words(
    "db data database products product catalog catalogue export feed feeds sample samples "
    "test demo list listing rankings ranking ratings all full new final numbers dataset table "
    "items item shop store xml csv json google merchant shopify woocommerce magento vendure "
    "the my our v2 v1 populatedb index import upload inventory simple configurable variable grouped bundle virtual"
)
_UNCOUNTABLE = words(
    "equipment furniture jewelry jewellery jewelery clothing apparel fashion food gear "
    "electronics cosmetics makeup stationery garden home kitchen beauty health sport sports "
    "schema skincare haircare"
)
_MARKETPLACES = words(
    "amazon amz ebay etsy walmart flipkart myntra bigbasket ikea sephora shopee lazada jumia rakuten zalando otto "
    "alibaba aliexpress bestbuy costco tesco mercari kaggle gsmarena"
)
"""Shops whose dumps are called after them, not after what they sell."""
_KIND_COLUMNS = ("type", "product_type", "producttype", "category", "kind", "class")


_PRODUCTS = {
    "en": ("product", "products"),
    "de": ("Produkt", "Produkte"),
    "fr": ("produit", "produits"),
    "es": ("producto", "productos"),
    "it": ("prodotto", "prodotti"),
    "nl": ("product", "producten"),
}


def default_config(
    feed: Path, title: str, columns: Mapping[str, FeedColumn], currency: str
) -> ShopConfig:
    """Name, currency, language and nouns as far as the feed tells them.

    The language is the catalog's own where the assistant has tables for it (`catalog.parsing.text`), else English.
    Nouns are only bent by rule in English; elsewhere the general word is used.
    """
    written = tongue_of(columns)
    locale = written if (TABLES / f"{written}.yml").is_file() else "en"
    noun, nouns = _nouns(feed.stem, columns) if written == "en" else _PRODUCTS[locale]
    return ShopConfig(
        name=_name(feed.stem, title), currency=currency, locale=locale, noun=noun, nouns=nouns
    )


def _name(stem: str, title: str) -> str:
    clean = tidy(title)[:80]
    if 2 <= len(clean) <= 40 and not re.search(
        r"feed|export|template|product|untitled|http", clean, re.IGNORECASE
    ):
        return clean
    words = " ".join(re.sub(r"[\W_]+", " ", stem).split()) or "Shop"
    return words[:1].upper() + words[1:60]


def _nouns(stem: str, columns: Mapping[str, FeedColumn]) -> tuple[str, str]:
    """The word for one product and for several: the only value of a type column, else the file's last word."""
    for key in _KIND_COLUMNS:
        column = columns.get(key)
        if column and len(column.counts) == 1 and column.coverage > 0.8:
            word = tidy(next(iter(column.counts))).lower()
            if re.fullmatch(r"[^\W\d]{3,20}( [^\W\d]{3,20})?", word) and word not in _GENERIC:
                return singular(word), plural(singular(word))
    words = [
        word
        for part in re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem))
        if len(word := part.lower().strip("0123456789")) >= 3
        and word not in _GENERIC
        and word not in _MARKETPLACES
    ]
    if not words or "and" in words or "und" in words:
        return "product", "products"
    last = words[-1]
    if last in _UNCOUNTABLE:
        return "product", "products"
    alone = len(words) == 1 and "product" not in stem.lower()
    if alone or singular(last) != last or last == plural(last) or _occurs(last, columns):
        return singular(last), plural(singular(last))
    return "product", "products"


def _occurs(word: str, columns: Mapping[str, FeedColumn]) -> bool:
    """Whether the catalog itself uses the word, which tells a kind of thing from a source's name."""
    pattern = re.compile(rf"\b{re.escape(singular(word))}", re.IGNORECASE)
    texts = [text for column in columns.values() for text in list(column.counts)[:500]]
    return sum(bool(pattern.search(text)) for text in texts) >= 1 or any(
        pattern.search(column.name) for column in columns.values()
    )


def find_currency(
    columns: Mapping[str, FeedColumn], price: str, named: str, default: str
) -> tuple[str, bool]:
    """The currency of the feed, else ``default``; and whether the feed says it.

    It is that of most price texts, of the currency column, of the price column's name, of other prices;
    without a default that of the language.
    """
    column = columns.get(price)
    votes = _stated(column) if column else Counter[str]()
    if not votes and named in columns:
        votes = _named(columns[named])
    if votes:
        return votes.most_common(1)[0][0], True
    words = re.split(r"[\s_()\[\]/.\-]+", column.name) if column else []
    codes = (currency_of(word) for word in words if len(word) > 2 or not word.isalnum())
    if code := next(filter(None, codes), None):
        return code, True
    for other in columns.values():
        if column and _OTHER_PRICE.search(other.key):
            votes += _stated(other)
    if votes:
        return votes.most_common(1)[0][0], True
    return default or ("EUR" if tongue_of(columns) in _EURO else "USD"), False


def _named(column: FeedColumn) -> Counter[str]:
    """Currency -> rows of a column of currencies."""
    votes: Counter[str] = Counter()
    for text, count in column.counts.items():
        if code := currency_of(text):
            votes[code] += count
    return votes


_EURO = frozenset({"de", "fr", "es", "it", "nl"})
"""Languages of which most shops that do not say otherwise count in euros."""


_OTHER_PRICE = re.compile(r"price|preis|prix|mrp|msrp|uvp|cost")


def _stated(column: FeedColumn) -> Counter[str]:
    """Currency -> texts that state it."""
    votes: Counter[str] = Counter()
    for text, count in column.counts.items():
        parsed = parse_money(tidy(text)) or parse_money(tidy(text), ",")
        if parsed and parsed[1]:
            votes[parsed[1]] += count
    return votes
