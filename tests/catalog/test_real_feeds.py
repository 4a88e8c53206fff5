"""Real exports arrive whole: every price, variant and category beside a plain reading of the same file."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from catalog.ingest.importer import import_feed
from catalog.storage.generation import load_generation

GOOGLE = "{http://base.google.com/ns/1.0}"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key.strip(): (cell or "").strip() for key, cell in row.items() if key}
            for row in csv.DictReader(file)
        ]


def taken(path: Path, folder: Path):
    report = import_feed(path, folder)
    return report, load_generation(folder).products


def prices_by_title(products) -> dict[str, list[Decimal | None]]:
    prices = defaultdict(list)
    for product in products:
        prices[product.title].append(product.price.amount if product.price else None)
    return {title: sorted(amounts, key=str) for title, amounts in prices.items()}


@pytest.mark.parametrize(
    ("feed", "title", "price"),
    [
        ("headphones/headphones.csv", "name", "price"),
        ("keyboards/keyboard.csv", "name", "price"),
        ("cars/openintro_cars04.csv", "name", "msrp"),
        ("wine/XWines_Test_100_wines.csv", "WineName", ""),
        ("candy/fivethirtyeight_candy_rankings.csv", "competitorname", ""),
    ],
)
def test_a_plain_table_keeps_every_title_and_price(tmp_path, real_data, feed, title, price):
    path = real_data / "catalogs" / feed
    report, products = taken(path, tmp_path / "shop")
    expected = defaultdict(list)
    for row in rows_of(path):
        expected[" ".join(row[title].split())].append(
            Decimal(row[price]) if row.get(price) else None
        )
    assert report.rejected == 0
    got = prices_by_title(products)
    wrong = {
        name for name, amounts in expected.items() if got.get(name) != sorted(amounts, key=str)
    }
    assert len(wrong) <= 0.01 * len(expected), sorted(wrong)[:5]


@pytest.mark.parametrize("feed", ["cars/ggplot2_mpg.csv", "cars/cars.json"])
def test_tables_without_prices_keep_every_row(tmp_path, real_data, feed):
    path = real_data / "catalogs" / feed
    rows = json.loads(path.read_text()) if path.suffix == ".json" else rows_of(path)
    report, products = taken(path, tmp_path / "shop")
    assert (report.accepted, report.rejected) == (len(rows), 0)
    assert all(product.price is None for product in products)


@pytest.mark.parametrize("feed", ["hotel_db.json", "restaurant_db.json", "attraction_db.json"])
def test_places_keep_their_name_area_and_kind(tmp_path, real_data, feed):
    path = real_data / "catalogs" / "restaurants" / feed
    rows = json.loads(path.read_text())
    report, products = taken(path, tmp_path / "shop")
    assert (report.accepted, report.rejected) == (len(rows), 0)
    assert [product.title for product in products] == [row["name"] for row in rows]
    assert [product.facets["area"] for product in products] == [(row["area"],) for row in rows]


@pytest.mark.parametrize(
    "feed",
    [
        "shopifypartners_apparel.csv",
        "shopifypartners_home-and-garden.csv",
        "shopifypartners_jewelery.csv",
        "packt_Product-data.csv",
    ],
)
def test_shopify_exports_keep_prices_variants_and_tags(tmp_path, real_data, feed):
    path = real_data / "feeds" / "shopify" / feed
    forms = defaultdict(list)
    heads = {}
    for row in rows_of(path):
        heads.setdefault(row["Handle"], row)
        if row["Variant Price"]:
            forms[row["Handle"]].append(Decimal(row["Variant Price"]))
    _, products = taken(path, tmp_path / "shop")
    assert {product.id for product in products} == set(forms)
    for product in products:
        amounts = forms[product.id]
        assert product.price.amount in amounts
        variants = [variant.price.amount for variant in product.variants]
        assert variants == (amounts if len(amounts) > 1 else []), product.id
        tags = {
            tag.strip().casefold() for tag in heads[product.id]["Tags"].split(",") if tag.strip()
        }
        got = {str(value).casefold() for value in product.facets.get("tags", ())}
        assert len(got) == len(tags), product.id


def test_a_woocommerce_export_keeps_prices_variants_and_categories(tmp_path, real_data):
    path = real_data / "feeds" / "woocommerce" / "sample_products.csv"
    rows = rows_of(path)
    _, products = taken(path, tmp_path / "shop")
    kinds = {row["SKU"]: row["Type"].split(",")[0] for row in rows}
    visible = {sku for sku, kind in kinds.items() if kind != "variation"}
    assert {product.id for product in products} <= visible
    assert len(products) >= 0.9 * len(visible)
    paid = {
        row["SKU"]: Decimal(row["Sale price"] or row["Regular price"])
        for row in rows
        if row["Sale price"] or row["Regular price"]
    }
    families = defaultdict(set)
    for row in rows:
        if row["Type"].startswith("variation"):
            families[row["Parent"].removeprefix("id:")].add(row["SKU"])
    for product in products:
        if product.id in paid:
            assert product.price.amount == paid[product.id]
        if product.variants:
            assert {variant.id for variant in product.variants} == families[product.id]
        row = next(row for row in rows if row["SKU"] == product.id)
        levels = {
            level
            for part in row["Categories"].split(",")
            for level in re.split(r"\s*>\s*", part.strip())
        }
        assert set(product.facets["categories"]) == levels - {""}


@pytest.mark.parametrize("feed", ["trading_cards.xml", "celebird_watch.xml"])
def test_google_feeds_keep_prices_and_brands(tmp_path, real_data, feed):
    path = real_data / "feeds" / "google" / feed
    items = ElementTree.parse(path).getroot().findall("./channel/item")
    _, products = taken(path, tmp_path / "shop")
    paid = {}
    for item in items:
        text = item.findtext(f"{GOOGLE}sale_price") or item.findtext(f"{GOOGLE}price")
        amount, _, currency = text.partition(" ")
        paid[item.findtext(f"{GOOGLE}id")] = (Decimal(amount.replace(",", "")), currency)
    sold = {
        form.id: (form.price.amount, form.price.currency)
        for product in products
        for form in (product.variants or (product,))
    }
    assert sold == paid
    brands = {item.findtext(f"{GOOGLE}brand") for item in items} - {None}
    got = {value for product in products for value in product.facets.get("brand", ())}
    assert len(brands) < 2 or got == brands


def test_a_vendure_export_keeps_prices_variants_and_facets(tmp_path, real_data):
    path = real_data / "feeds" / "vendure" / "products.csv"
    names, forms, brands = [], defaultdict(list), {}
    for row in rows_of(path):
        if row["name"]:
            names.append(row["name"])
            brands[row["name"]] = re.findall(r"brand:([^|]+)", row["facets"])
        forms[names[-1]].append(Decimal(row["price"]))
    _, products = taken(path, tmp_path / "shop")
    assert sorted(product.title for product in products) == sorted(names)
    for product in products:
        assert product.price.amount == min(forms[product.title])
        amounts = forms[product.title]
        assert len(product.variants) == (len(amounts) if len(amounts) > 1 else 0), product.title
        assert list(product.facets.get("brand", ())) == brands[product.title]


def test_every_diamond_keeps_its_price_and_cut(tmp_path, real_data):
    path = real_data / "catalogs" / "diamonds" / "ggplot2_diamonds.csv"
    rows = rows_of(path)
    report, products = taken(path, tmp_path / "shop")
    assert (report.accepted, report.rejected) == (len(rows), 0)
    for row, product in zip(rows, products, strict=True):
        assert product.price.amount == Decimal(row["price"])
        assert product.facets["cut"] == (row["cut"],)
        assert product.facets["carat"] == (float(row["carat"]),)


def test_a_relational_demo_shop_keeps_its_products(tmp_path, real_data):
    path = real_data / "catalogs" / "saleor" / "populatedb_data.json"
    entries = json.loads(path.read_text())
    names = {entry["fields"]["name"] for entry in entries if entry["model"] == "product.product"}
    _, products = taken(path, tmp_path / "shop")
    assert {product.title for product in products} == names
    assert all(product.price is not None for product in products)
