"""WooCommerce exports, English and German."""

import pytest

HEAD = (
    "ID,Type,SKU,Name,Published,Visibility in catalog,Short description,In stock?,Regular price,Sale price,"
    "Date sale price starts,Date sale price ends,Categories,Parent,Attribute 1 name,Attribute 1 value(s)"
)
HEAD_DE = (
    "ID,Typ,Artikelnummer,Name,Veröffentlicht,Sichtbarkeit im Katalog,Kurzbeschreibung,Vorrätig?,Regulärer Preis,"
    "Angebotspreis,Datum an dem der Angebotspreis beginnt,Datum an dem der Angebotspreis endet,Kategorien,"
    "Übergeordnetes Produkt,Attribut 1 Name,Attribut 1 Wert(e)"
)


def feed(head, *rows):
    return "\n".join([head, *rows])


def test_an_escaped_comma_belongs_to_the_value(shop):
    rows = [
        rf'{n},simple,PL-{n},Plant {n},1,visible,A plant.,1,{n}.50,,,,"Herbs\, Salads > Mint, Garden",,'
        r'Grower,"Moor\, Kent"'
        for n in range(1, 9)
    ]
    shop.take(feed(HEAD, *rows))
    product = shop.stored.products[0]
    assert product.facets["categories"] == ("Herbs, Salads", "Mint", "Garden")
    assert product.facets["grower"] == ("Moor, Kent",)


def test_values_are_apart_at_plain_commas_and_numbers_are_not(shop):
    rows = [
        f'{n},simple,PL-{n},Plant {n},1,visible,A plant.,1,{n}.50,,,,Garden,,{name},"{values}"'
        for n, (name, values) in enumerate(
            [
                ("Colour", "Red, Blue"),
                ("Colour", "Blue,White"),
                ("Colour", "Red"),
                ("Colour", "White, Red"),
            ],
            1,
        )
    ]
    shop.take(feed(HEAD, *rows))
    assert shop.values("colour") == [("Red", "Blue"), ("Blue", "White"), ("Red",), ("White", "Red")]


@pytest.mark.parametrize(
    ("starts", "ends", "price"),
    [
        ("2020-02-01", "2020-02-28", "30.00"),
        ("2039-02-01", "", "30.00"),
        ("2020-02-01", "2039-02-28", "21.00"),
        ("2020-02-01", "", "21.00"),
        ("", "2039-02-28", "21.00"),
        ("", "", "21.00"),
    ],
)
@pytest.mark.parametrize("head", [HEAD, HEAD_DE], ids=["english", "german"])
def test_a_sale_counts_on_its_days(shop, starts, ends, price, head):
    rows = [
        f"{n},simple,PL-{n},Plant {n},1,visible,A plant.,1,30.00,21.00,{starts},{ends},Garden,,Colour,Red"
        for n in range(1, 5)
    ]
    shop.take(feed(head, *rows))
    assert {str(product.price.amount) for product in shop.stored.products} == {price}
    assert not {"sale_starts", "sale_ends"} & set(shop.stored.products[0].facets)


def test_a_german_export_has_variants_prices_and_categories(shop):
    rows = []
    for n in range(1, 5):
        rows += [
            f'{n}0,variable,K-{n},Kanne {n},1,visible,Eine Kanne.,1,,,,,"Küche > Kannen",,Farbe,"Rot, Blau"',
            f'{n}1,variation,K-{n}-R,Kanne {n},1,visible,,1,"1.0{n}9,50",,,,,K-{n},Farbe,Rot',
            f'{n}2,variation,K-{n}-B,Kanne {n},1,visible,,0,"2.0{n}9,50",,,,,id:{n}0,Farbe,Blau',
        ]
    shop.take(feed(HEAD_DE, *rows))
    product = shop.stored.products[0]
    assert (product.id, str(product.price.amount)) == ("K-1", "1019.50")
    assert [(v.id, v.facets["farbe"], str(v.availability)) for v in product.variants] == [
        ("K-1-R", ("Rot",), "in_stock"),
        ("K-1-B", ("Blau",), "out_of_stock"),
    ]
    assert product.facets["categories"] == ("Küche", "Kannen")


def test_what_is_hidden_is_refused_with_its_reason(shop):
    rows = [
        f"{n},simple,PL-{n},Plant {n},1,visible,A plant.,1,{n}.50,,,,Garden,,," for n in range(1, 5)
    ]
    rows += [
        "8,simple,PL-8,Draft,0,visible,A plant.,1,9.50,,,,Garden,,,",
        "9,simple,PL-9,Secret,1,hidden,A plant.,1,9.50,,,,Garden,,,",
    ]
    shop.take(feed(HEAD, *rows))
    assert [entry["reason"] for entry in shop.rejected] == [
        "the product is not published",
        "the product is hidden from the catalog",
    ]
