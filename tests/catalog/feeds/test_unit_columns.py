"""A unit in a column of its own belongs to the numbers beside it."""

import pytest


def take(shop, name, units):
    rows = "".join(f"p{n},Rope {n},{n + 5},{n % 7 + 2},{unit}\n" for n, unit in enumerate(units))
    shop.take(f"id,title,price,length,{name}\n{rows}")
    return shop.stored.products


@pytest.mark.parametrize("name", ["length_unit", "length unit", "length_uom", "Length Units"])
def test_the_unit_is_the_facets(shop, name):
    products = take(shop, name, ["m"] * 12)
    assert shop.facet("length").unit == "m"
    assert products[1].facets["length"] == (3.0,)
    assert "length_unit" not in products[0].facets


def test_rows_in_other_units_are_converted(shop):
    products = take(shop, "length_unit", ["m"] * 10 + ["cm"] * 2)
    assert products[11].facets["length"] == (0.06,)


def test_a_column_that_holds_no_units_stays(shop):
    products = take(shop, "length_unit", ["warehouse", "shelf"] * 6)
    assert products[0].facets["length_unit"] == ("warehouse",)
    assert shop.facet("length").unit is None
