"""PrestaShop lists: what the shopper pays, features as facets, inactive products out."""

import pytest

HEAD = (
    "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Price tax included;Discount amount;"
    "Discount percent;Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Quantity;"
    "Available for order (0 = No, 1 = Yes);Feature(Name:Value:Position)"
)


def row(
    n,
    *,
    active=1,
    net="10.00",
    gross="12.00",
    discount=";;;",
    stock="3",
    order="",
    features="Wood:Ash:0",
):
    return f"{n};{active};Oar {n};Oars,Sea;{net};{gross};{discount};O{n};{stock};{order};{features}"


def take(shop, *rows):
    shop.take("\n".join([HEAD, *rows]))
    return {product.id: product for product in shop.stored.products}


def test_the_price_with_tax_is_paid_and_the_net_one_where_there_is_no_other(shop):
    products = take(shop, row(1), row(2, gross=""), row(3, net=""))
    assert [str(product.price.amount) for product in products.values()] == [
        "12.00",
        "10.00",
        "12.00",
    ]


@pytest.mark.parametrize(
    ("discount", "price"),
    [
        ("2.00;;2020-01-01;2098-01-01", "10.00"),
        (";25;2020-01-01;2098-01-01", "9.00"),
        (";25;2020-01-01;2020-02-01", "12.00"),
        (";25;0000-00-00;0000-00-00", "9.00"),
        ("0.00;0.00;;", "12.00"),
        ("12.00;;;", "12.00"),
    ],
)
def test_a_discount_counts_on_its_days_and_never_makes_a_thing_free(shop, discount, price):
    products = take(shop, row(1, discount=discount), row(2), row(3))
    assert str(products["O1"].price.amount) == price


def test_features_are_facets_with_all_their_values(shop):
    products = take(
        shop,
        row(1, features="Wood:Ash:0,Wood:Beech:1,Grip:Cork, natural:2"),
        row(2, features="Wood:Ash:0:1"),
        row(3, features=""),
    )
    assert products["O1"].facets["wood"] == ("Ash", "Beech")
    assert products["O1"].facets["grip"] == ("Cork, natural",)
    assert products["O2"].facets["wood"] == ("Ash",)
    assert "wood" not in products["O3"].facets


@pytest.mark.parametrize(
    ("stock", "order", "availability"),
    [
        ("3", "1", "in_stock"),
        ("0", "1", "out_of_stock"),
        ("3", "0", "out_of_stock"),
        ("", "", "unknown"),
    ],
)
def test_stock_is_what_can_be_ordered(shop, stock, order, availability):
    products = take(shop, row(1, stock=stock, order=order), row(2), row(3))
    assert str(products["O1"].availability) == availability


def test_an_inactive_product_is_refused(shop):
    products = take(shop, row(1), row(2, active=0), row(3))
    assert set(products) == {"O1", "O3"}
    assert [entry["reason"] for entry in shop.rejected] == ["the product is not active"]
