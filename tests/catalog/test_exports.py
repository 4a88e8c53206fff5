"""Exports as they come: which column is what, which facets are asked, what products are called."""

from __future__ import annotations

import pytest


def table(header: str, *rows: str, times: int = 1) -> str:
    return "\n".join((header, *rows * times)) + "\n"


def test_counts_of_what_others_did_are_not_asked(shop):
    rows = [f"Game {n},{n * 3 % 7},{n * 5 % 11},{n % 9},{n % 4 + 1}" for n in range(40)]
    shop.take(table("name,users_rated,loves_count,Global_Sales,players", *rows))
    asked = {facet.key for facet in shop.stored.facets if facet.askable}
    assert asked == {"players"}


def test_beside_the_price_no_other_price_is_asked(shop):
    rows = [f"Lamp {n},{n % 7 + 10},{n % 5 + 20},{n % 4 + 30}" for n in range(40)]
    shop.take(table("title,price,old_price,market price", *rows))
    assert [facet.key for facet in shop.stored.facets if facet.askable] == ["price"]


@pytest.mark.parametrize(
    ("header", "currency"),
    [("100g_USD", "USD"), ("Amount ($)", "USD"), ("prices.amountMin", "USD")],
)
def test_a_price_is_found_by_the_currency_in_its_name_or_as_the_least(shop, header, currency):
    rows = [f"Roast {n},{n % 7 + 4}.50,{n % 3}" for n in range(30)]
    shop.take(table(f"name,{header},level", *rows))
    price = shop.stored.products[0].price
    assert (str(price.amount), price.currency) == ("4.50", currency)


def test_the_currency_is_told_by_another_price(shop):
    rows = [f"Chair {n},{n + 10},SR {n + 20}" for n in range(20)]
    shop.take(table("title,price,old_price", *rows))
    assert shop.stored.products[0].price.currency == "SAR"


def test_rows_of_one_id_and_title_are_one_product(shop):
    rows = ["7,Trail shoe,Red,80", "7,Trail shoe,Blue,75", "8,Road shoe,Red,90"]
    shop.take(table("id,title,colour,price", *rows))
    first, second = shop.stored.products
    assert [variant.facets["colour"] for variant in first.variants] == [("Red",), ("Blue",)]
    assert str(first.price.amount) == "75.00" and second.title == "Road shoe"
    assert shop.rejected == []


def test_one_thing_in_two_departments_has_no_variants(shop):
    rows = ["7,Stool,Chairs,80", "7,Stool,Kitchen,80", "8,Sofa,Sofas,90"]
    shop.take(table("id,title,category,price", *rows))
    stool = shop.stored.products[0]
    assert stool.variants == () and stool.facets["category"] == ("Chairs", "Kitchen")


def test_rows_of_one_id_with_different_titles_are_still_refused(shop):
    report = shop.take(table("id,title,colour", "7,Shoe,Red", "7,Sandal,Blue", "8,Boot,Red"))
    assert report.rejected == 1


def test_a_name_many_products_share_is_told_with_its_short_description(shop):
    rows = [
        f"{['ALMA', 'BODO'][n % 2]},{['Shelf', 'Chair', 'Desk'][n % 3]} {n} cm,{n}"
        for n in range(30)
    ]
    shop.take(table("name,short_description,price", *rows))
    assert shop.stored.products[0].title == "ALMA Shelf 0 cm"


def test_a_maker_that_the_model_names_again_is_said_once(shop):
    rows = [f"acme,Acme Fold {n},{n}" for n in range(10)] + [
        f"zeta,Zeta Slim {n},{n}" for n in range(10)
    ]
    shop.take(table("brand_name,model,price", *rows))
    assert shop.stored.products[0].title == "Acme Fold 0"


def test_titles_put_together_name_makers_and_kinds_without_their_labels(shop):
    rows = [
        f"{['Acme', 'Zeta'][n % 2]},{['Ultrabook', 'Netbook'][n % 2]},1{n % 3}.5,{n * 9}"
        for n in range(20)
    ]
    shop.take(table("Company,TypeName,Inches,Price", *rows))
    assert shop.stored.products[0].title == "Acme, Ultrabook, 10.5 in"
    assert shop.facet("inches").label == "size"


def test_the_marks_of_a_test_report_are_hardly_known(shop):
    rows = [
        f"Phone {n},{n % 30 + 60}%,{n % 20 + 70}%,{n % 25 + 50}%,{n % 15 + 80}%,{n % 5}"
        for n in range(60)
    ]
    shop.take(table("title,display,camera,noise,battery,cameras", *rows))
    assert shop.facet("display").knowable < 0.3 < shop.facet("cameras").knowable


def test_the_year_of_a_name_is_no_duration_and_a_letter_that_abbreviates_no_unit(shop):
    rows = [f"Book {n},{n % 30 + 1970},{n % 9 + 20}" for n in range(60)]
    shop.take(table("title,publication year,Zoom wide (W)", *rows))
    assert (shop.facet("publication_year").label, shop.facet("publication_year").unit) == (
        "publication year",
        None,
    )
    assert (shop.facet("zoom_wide_w").label, shop.facet("zoom_wide_w").unit) == ("zoom wide", None)


def test_disks_are_of_one_unit(shop):
    disks = ["256 GB SSD", "1 TB SSD", "512 GB SSD", "2 TB SSD"]
    shop.take(
        table("title,storage", *(f"Laptop {n},{disks[n % 4]} drive {n % 7}" for n in range(40)))
    )
    sizes = [
        values
        for facet in shop.stored.facets
        if facet.unit == "GB"
        for values in shop.values(facet.key)
    ]
    assert sizes[:4] == [(256.0,), (1000.0,), (512.0,), (2000.0,)]


def test_a_resolution_is_read_without_its_unit(shop):
    screens = ["Full HD 1920x1080", "IPS Panel 1366x768", "Touchscreen 2560x1440", "4K 3840x2160"]
    shop.take(table("title,display", *(f"Laptop {n},{screens[n % 4]}" for n in range(40))))
    assert ("1366 x 768",) in shop.values("display_resolution")


def test_makers_stand_behind_a_year(shop):
    cars = ["Acme C-4 SE", "Zeta RX-350", "Borg G-20 Sport"]
    shop.take(
        table("name,price", *(f"20{n % 9 + 10} {cars[n % 3]} {n},{n + 900}" for n in range(45)))
    )
    assert shop.values("brand")[:3] == [("Acme",), ("Zeta",), ("Borg",)]


def test_possessives_are_one_value(shop):
    shop.take(
        table(
            "title,ideal for",
            *(f"Shirt {n},{['Women', 'Women’s', 'Men'][n % 3]}" for n in range(30)),
        )
    )
    assert {value.label for value in shop.facet("ideal_for").values} == {"Women", "Men"}


def test_plain_texts_beside_packed_ones_are_kept(shop):
    cells = ['"Model: Iris 8\nType: Shared"', "Onboard"]
    shop.take(table("title,graphics", *(f"Laptop {n},{cells[n % 3 > 1]}" for n in range(30))))
    assert shop.values("model")[0] == ("Iris 8",) and shop.values("graphics")[2] == ("Onboard",)


def test_a_price_said_with_about_is_a_price(shop):
    shop.take(table("name,price", *(f"Phone {n},About {n + 90} EUR" for n in range(12))))
    assert str(shop.stored.products[0].price.amount) == "90.00"


def test_a_facet_few_products_have_is_asked_within_its_kind(shop):
    plants = [f"Plant {n},Green plants,{n % 5 + 3},,{['Sun', 'Shade'][n % 2]}" for n in range(90)]
    screens = [f"Monitor {n},Monitors,{n % 7 + 90},{n % 4 + 22}," for n in range(10)]
    shop.take(table("title,product category,price,screen size,light", *plants, *screens))
    assert shop.facet("screen_size").askable


def test_a_feed_without_column_names_is_read(shop):
    rows = [f'2022-12-29,Phone Acme {n} Black,"{n + 100},99 zł"' for n in range(20)]
    assert shop.take("\n".join(rows) + "\n").accepted == 20
    first = shop.stored.products[0]
    assert (first.title, str(first.price.amount), first.price.currency) == (
        "Phone Acme 0 Black",
        "100.99",
        "PLN",
    )


def test_what_exporters_add_to_column_names_is_left_out(shop):
    header = "Product ID;Name *;Categories (x,y,z...);Price tax excluded;Wholesale price;Feature(Name:Value:Position)"
    rows = [
        f"{n};Mug {n};Home,{['Art', 'Kitchen'][n % 2]};{n % 9 + 5}.90;3.2;Body:{['Clay', 'Glass'][n % 2]}:1"
        for n in range(30)
    ]
    shop.take(table(header, *rows))
    assert str(shop.stored.products[0].price.amount) == "5.90"
    assert shop.facet("categories").label == "categories"
    assert shop.values("body")[:2] == [("Clay",), ("Glass",)]


def test_details_stand_behind_their_section(shop):
    rows = [
        f"{n}\tBoot {n}\tGeneral:Sole:{['Rubber', 'Leather'][n % 2]},General:Lining:Wool"
        for n in range(30)
    ]
    shop.take(table("id\ttitle\tproduct_detail", *rows))
    assert shop.values("sole")[:2] == [("Rubber",), ("Leather",)]


def test_a_german_woocommerce_export_is_one(shop):
    header = (
        "ID,Typ,Artikelnummer,Name,Veröffentlicht,Sichtbarkeit im Katalog,Beschreibung,Vorrätig?,"
        "Regulärer Preis,Kategorien,Attribut 1 Name,Attribut 1 Wert(e)"
    )
    rows = [
        f"{n},simple,S{n},Tasse {n},1,visible,Eine schöne Tasse für den Tee und mit Liebe gemacht,1,"
        f'"{n + 5},90",Küche > Tassen,Farbe,{["Rot", "Blau"][n % 2]}'
        for n in range(60)
    ]
    assert shop.take(table(header, *rows)).format == "woocommerce"
    first = shop.stored.products[0]
    assert (str(first.price.amount), first.price.currency) == ("5.90", "EUR")
    assert first.facets["farbe"] == ("Rot",)


def test_prices_specs_and_measures_deep_in_json_are_found(shop):
    one = """{"title": "Desk %d", "pricing": {"current": {"amount": %d, "currency": "GBP"}},
        "size": {"width": {"value": %d, "unit": "cm"}},
        "specs": [{"group": "General", "items": [{"name": "Wood", "value": "%s"}]}]}"""
    entries = [one % (n, n + 50, n % 7 + 90, ["Oak", "Pine"][n % 2]) for n in range(20)]
    shop.take(f"[{','.join(entries)}]", "feed.json")
    price = shop.stored.products[0].price
    assert (str(price.amount), price.currency) == ("50.00", "GBP")
    assert shop.facet("size_width").unit == "cm" and shop.values("wood")[:2] == [
        ("Oak",),
        ("Pine",),
    ]


def test_amounts_between_slashes_are_read(shop):
    rows = [
        f'"Acme {n} ({[4, 8, 16][n % 3]} GB/{[128, 256, 512][n % 3]} GB SSD/Dos)",{n}'
        for n in range(30)
    ]
    shop.take(table("title,price", *rows))
    assert shop.values("ssd")[:2] == [(128.0,), (256.0,)]


def test_an_item_number_is_preferred_to_the_count_of_rows(shop):
    rows = [f"{n},A-{n},Stool {n},{['Chairs', 'Kitchen'][n % 2]}" for n in range(20)]
    shop.take(table("index,item_id,name,category", *rows, "20,A-3,Stool 3,Kids"))
    assert len(shop.stored.products) == 20
    assert shop.stored.products[3].id == "A-3"
    assert shop.stored.products[3].facets["category"] == ("Kitchen", "Kids")


def test_a_dump_called_after_a_marketplace_does_not_name_the_goods(shop):
    shop.take(table("name,price", *(f"Thing {n},{n}" for n in range(9))), "flipkart.csv")
    assert shop.stored.config["nouns"] == "products"


@pytest.mark.parametrize("name", ["num_cores", "No. of cores", "Num of cores"])
def test_counts_are_spelled_out_in_labels(shop, name):
    shop.take(table(f"title,{name}", *(f"Phone {n},{n % 4 + 2}" for n in range(12))))
    assert [f.label for f in shop.stored.facets] == ["number of cores"]


def test_of_prices_in_several_currencies_the_shops_own_is_taken(shop):
    rows = [f"Phone {n},€ {n + 50}.00" for n in range(12)]
    shop.take(table("name,price", *rows, "Phone X,$ 123.76 / £ 189.99 / € 497.29"))
    last = shop.stored.products[-1].price
    assert (str(last.amount), last.currency) == ("497.29", "EUR")


def test_the_year_titles_begin_with_is_a_facet(shop):
    shop.take(table("name,price", *(f"20{n % 9 + 10} Acme C-4 {n},{n + 900}" for n in range(45))))
    year = shop.facet("year")
    assert year.askable and (year.minimum, year.maximum) == (2010.0, 2018.0)
