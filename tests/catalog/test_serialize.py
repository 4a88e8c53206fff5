"""The JSON that pages get of a product."""

import pytest

from catalog.serialize import image_address, money_to_json, product_to_json
from tests.catalog.goods import HOE, SPADE, money


def test_a_product_shows_all_it_has():
    shown = product_to_json(SPADE)
    assert shown["price"] == {"amount": "34.00", "currency": "EUR"}
    assert shown["availability"] == "out_of_stock"
    assert shown["facets"]["material"] == ["steel", "ash wood"]
    assert shown["variants"][0]["id"] == "S-200-L"
    assert shown["variants"][0]["price"]["amount"] == "36.00"


def test_a_price_that_nobody_gave_is_none_and_never_nought():
    assert product_to_json(HOE)["price"] is None


def test_a_price_has_two_places():
    assert money_to_json(money("5"))["amount"] == "5.00"


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("", ""),
        ("https://pictures.example/a.png", "https://pictures.example/a.png"),
        ("rake.png", "/images/rake.png"),
        ("images/rake.png", "/images/rake.png"),
        ("/images/rake.png", "/images/rake.png"),
    ],
)
def test_pictures_of_the_shop_are_served_from_its_folder(image, address):
    assert image_address(image) == address
