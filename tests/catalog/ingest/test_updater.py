"""Updates are written as the feed of the shop is, and read so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.edit import apply_edit, edit_of
from catalog.errors import FeedError
from catalog.ingest.importer import import_feed
from catalog.ingest.updater import update_shop
from catalog.storage.change_log import read_changes
from catalog.storage.generation import load_generation
from catalog.storage.load import load_catalog

GERMAN = "Artikelnummer;Bezeichnung;Preis;Gewicht;Farbe\n" + "".join(
    f"B-{n};Bank Modell {n};{n}.{n}49,90 €;{n},5 kg;{'Eiche' if n % 2 else 'Buche'}\n"
    for n in range(1, 9)
)
ENGLISH = "sku,name,price,weight,colour\n" + "".join(
    f"B-{n},Bench model {n},€{n}049.90,{n}.5 kg,{'oak' if n % 2 else 'beech'}\n"
    for n in range(1, 9)
)


def shop_of(folder, feed):
    path = folder / "feed.csv"
    path.write_text(feed, encoding="utf-8")
    import_feed(path, folder / "shop")
    return folder / "shop"


def after(shop, folder, text, name="update.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    report = update_shop(shop, path)
    catalog = load_catalog(shop)
    changes = {
        change.id: change.product for change in read_changes(load_generation(shop).folder).changes
    }
    return apply_edit(catalog, edit_of(catalog, changes)), report


@pytest.mark.parametrize(
    ("price", "amount"),
    [("1.199", "1199"), ("1.199,00 €", "1199"), ("899,5", "899.5"), ("12", "12")],
)
def test_a_german_update_is_read_with_the_mark_of_the_import(tmp_path, price, amount):
    shop = shop_of(tmp_path, GERMAN)
    catalog, _ = after(shop, tmp_path, f"Artikelnummer;Preis\nB-1;{price}\n")
    assert catalog.product("B-1").price.amount == Decimal(amount)


@pytest.mark.parametrize(("price", "amount"), [("1.199", "1.199"), ("1,199", "1199")])
def test_an_english_update_likewise(tmp_path, price, amount):
    shop = shop_of(tmp_path, ENGLISH)
    catalog, _ = after(shop, tmp_path, f'sku,price\nB-1,"{price}"\n')
    assert catalog.product("B-1").price.amount == Decimal(amount)


def test_numbers_of_json_have_no_language(tmp_path):
    shop = shop_of(tmp_path, GERMAN)
    lines = '{"id": "B-1", "price": 1.5}\n{"id": "B-2", "price": "1.500"}\n'
    catalog, _ = after(shop, tmp_path, lines, "update.jsonl")
    assert catalog.product("B-1").price.amount == Decimal("1.5")
    assert catalog.product("B-2").price.amount == Decimal("1500")


def test_other_numbers_have_the_mark_of_the_import_too(tmp_path):
    shop = shop_of(tmp_path, GERMAN)
    catalog, _ = after(shop, tmp_path, "Artikelnummer;Gewicht\nB-1;2,25 kg\n")
    assert catalog.product("B-1").facets["gewicht"] == (2.25,)


def test_the_columns_of_the_feed_are_known_by_their_own_names(tmp_path):
    shop = shop_of(tmp_path, GERMAN)
    text = "Artikelnummer;Bezeichnung;Preis;Farbe\nB-9;Bank neu;10,00;Esche\n"
    catalog, report = after(shop, tmp_path, text)
    assert (report.added, catalog.product("B-9").title) == (1, "Bank neu")
    assert catalog.product("B-9").facets["farbe"] == ("Esche",)


def test_a_sale_price_is_paid_when_it_is_lower(tmp_path):
    shop = shop_of(tmp_path, ENGLISH)
    text = "sku,price,sale_price\nB-1,80,60\nB-2,80,90\nB-3,80,0\nB-4,80,\n"
    catalog, _ = after(shop, tmp_path, text)
    prices = [catalog.product(f"B-{n}").price.amount for n in range(1, 5)]
    assert prices == [60, 80, 80, 80]


def test_an_update_in_another_encoding_is_read_as_a_feed_is(tmp_path):
    shop = shop_of(tmp_path, GERMAN)
    path = tmp_path / "update.csv"
    path.write_bytes(
        "Artikelnummer;Bezeichnung;Farbe\nB-1;Bänke für draußen;Lärche\n".encode("cp1252")
    )
    update_shop(shop, path)
    changes = read_changes(load_generation(shop).folder).changes
    assert changes[0].product.title == "Bänke für draußen"


def test_a_file_without_a_column_of_ids_says_which_it_has(tmp_path):
    shop = shop_of(tmp_path, GERMAN)
    path = tmp_path / "update.csv"
    path.write_text("Preis;Farbe\n12;rot\n")
    with pytest.raises(FeedError, match=r"no column id; it has Preis, Farbe"):
        update_shop(shop, path)
