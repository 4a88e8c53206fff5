"""Every platform's export arrives whole: prices, stock, variants, categories and facets as ``platforms.yml`` says."""

import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

TABLE = YAML(typ="safe").load(Path(__file__).with_name("platforms.yml").read_text("utf-8"))
BESIDE_FACETS = {"price", "stock", "title", "variants"}


def packed(content: bytes, pack: str) -> bytes:
    if pack == "gzip":
        return gzip.compress(content)
    if pack == "zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as members:
            members.writestr("export.csv", content)
        return archive.getvalue()
    return content


def is_price(money, expected) -> bool:
    amount, _, currency = str(expected).partition(" ")
    return money.amount == Decimal(amount) and currency in ("", money.currency)


def values(facets, key):
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in facets[key]]


def as_texts(expected):
    return [str(value) for value in (expected if isinstance(expected, list) else [expected])]


def test_the_table_is_long_enough():
    assert len(TABLE) >= 40
    assert len({entry["name"] for entry in TABLE}) == len(TABLE)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry["name"])
def test_an_export_arrives_whole(shop, entry):
    content = entry["feed"].encode(entry.get("encoding", "utf-8"))
    shop.take(packed(content, entry.get("pack", "")), entry.get("file", "feed.csv"))
    products = {product.id: product for product in shop.stored.products}
    assert set(products) == set(entry["products"])
    assert len(shop.rejected) == entry.get("rejected", 0)
    for number, expected in entry["products"].items():
        product = products[number]
        assert is_price(product.price, expected["price"]), (number, product.price)
        if "stock" in expected:
            assert str(product.availability) == expected["stock"], number
        assert product.title == expected.get("title", product.title)
        for key in expected.keys() - BESIDE_FACETS:
            assert values(product.facets, key) == as_texts(expected[key]), (number, key)
        if "variants" in expected:
            check_variants(product, expected["variants"])
    for key, unit in entry.get("units", {}).items():
        assert shop.facet(key).unit == unit


def check_variants(product, expected):
    variants = {variant.id: variant for variant in product.variants}
    assert set(variants) == set(expected)
    for number, (price, stock, facets) in expected.items():
        variant = variants[number]
        assert is_price(variant.price, price), (number, variant.price)
        assert str(variant.availability) == stock, number
        for key, value in facets.items():
            assert values(variant.facets, key) == [value], (number, key)
