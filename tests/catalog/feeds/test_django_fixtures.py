"""Relational dumps: records joined to products."""

from __future__ import annotations

import json

import pytest

from catalog.feeds.django_fixtures import join


def record(model: str, pk: int, **fields) -> dict:
    return {"model": f"shop.{model}", "pk": pk, "fields": fields}


RUG = record("product", 1, name="Rug", category=7, slug="rug", description="{}")
SMALL = record("productvariant", 11, product=1, name="S", sku="R-S")
LARGE = record("productvariant", 12, product=1, name="L", sku="R-L")
FLOOR = record("category", 7, name="Floor")


def joined(*records: dict) -> list[dict]:
    objects = join(records)
    assert objects is not None
    return objects


def test_a_product_has_its_variants_and_the_names_of_what_it_refers_to():
    (rug,) = joined(RUG, FLOOR, SMALL, LARGE)
    assert (rug["id"], rug["name"], rug["category"]) == ("1", "Rug", "Floor")
    assert [(variant["id"], variant["sku"]) for variant in rug["variants"]] == [
        ("11", "R-S"),
        ("12", "R-L"),
    ]


def test_a_reference_to_nothing_stays_as_it_is():
    assert joined(RUG)[0]["category"] == 7


def test_bookkeeping_and_nested_fields_are_left_out():
    (rug,) = joined(record("product", 1, name="Rug", slug="rug", seo_title="x", lft=3, tags=["a"]))
    assert rug == {"id": "1", "name": "Rug", "variants": []}


def test_plain_prose_takes_the_place_of_the_description():
    (rug,) = joined(record("product", 1, description="{blocks}", description_plaintext="Soft."))
    assert rug["description"] == "Soft." and "description_plaintext" not in rug


ATTRIBUTES = (
    record("attribute", 1, name="Material"),
    record("attribute", 2, name="Washable"),
    record("attributevalue", 1, name="Wool", attribute=1),
    record("attributevalue", 2, name="Washable: No", attribute=2, boolean=False),
)


def test_attributes_assigned_to_a_product_are_its_own():
    assigned = [
        record("assignedproductattributevalue", 1, product=1, value=1),
        record("assignedproductattributevalue", 2, product=1, value=2),
        record("assignedproductattributevalue", 3, product=2, value=1),
    ]
    (rug,) = joined(RUG, *ATTRIBUTES, *assigned)
    assert (rug["Material"], rug["Washable"]) == (["Wool"], [False])


def test_attributes_assigned_to_a_variant_are_found_through_the_assignment():
    (rug,) = joined(
        RUG,
        SMALL,
        LARGE,
        *ATTRIBUTES,
        record("assignedvariantattribute", 5, variant=12),
        record("assignedvariantattributevalue", 1, assignment=5, value=1),
    )
    small, large = rug["variants"]
    assert large["Material"] == ["Wool"] and "Material" not in small


def test_attributes_keep_the_order_of_their_assignments():
    colours = [record("attributevalue", n, name=f"colour {n}", attribute=1) for n in range(1, 9)]
    assignments = [record("assignedvariantattribute", n, variant=11) for n in range(1, 9)]
    values = [
        record("assignedvariantattributevalue", n, assignment=n, value=n) for n in range(1, 9)
    ]
    (rug,) = joined(RUG, SMALL, ATTRIBUTES[0], *colours, *assignments, *values)
    assert rug["variants"][0]["Material"] == [f"colour {n}" for n in range(1, 9)]


@pytest.mark.parametrize(
    "broken",
    [
        record("attributevalue", 3, attribute=1),
        record("attributevalue", 3, name="Wool", attribute=99),
        record("attributevalue", 4, name="Wool", attribute=1),
    ],
    ids=["no name", "no attribute", "another key"],
)
def test_an_attribute_that_leads_nowhere_is_left_out(broken):
    (rug,) = joined(
        RUG, *ATTRIBUTES, broken, record("assignedproductattributevalue", 1, product=1, value=3)
    )
    assert "Material" not in rug


def listing(pk: int, variant: int, channel: str | int, price: str | None) -> dict:
    return record(
        "productvariantchannellisting",
        pk,
        variant=variant,
        channel=channel,
        price_amount=price,
        currency="EUR",
    )


@pytest.mark.parametrize(
    ("listings", "price"),
    [
        ([(11, 1, "9.00"), (11, 2, "8.00"), (12, 2, "8.50")], "8.00"),
        ([(11, 10, "9.00"), (11, 9, "8.00")], "8.00"),
        ([(11, 1, None), (11, 1, "7.00")], "7.00"),
        ([(11, "²", "9.00")], "9.00"),
    ],
    ids=["listed most", "lowest number of equals", "without an amount", "no number"],
)
def test_the_price_is_that_of_the_channel_that_lists_most(listings, price):
    records = [listing(number, *entry) for number, entry in enumerate(listings)]
    small = joined(RUG, SMALL, LARGE, *records)[0]["variants"][0]
    assert (small["price"], small["currency"]) == (price, "EUR")


@pytest.mark.parametrize(
    ("quantities", "stock"), [(["3", "4"], "7"), ([None, "4"], "4"), (["2.0", "many"], "2")]
)
def test_the_stock_of_all_warehouses_is_added(quantities, stock):
    stocks = [
        record("stock", number, product_variant=11, quantity=quantity)
        for number, quantity in enumerate(quantities)
    ]
    assert joined(RUG, SMALL, *stocks)[0]["variants"][0]["stock_quantity"] == stock


def test_one_entry_in_ten_may_be_something_else():
    records = [record("category", number, name="x") for number in range(8)]
    assert join([RUG, *records, {"version": 1}]) is not None
    assert join([RUG, *records[:7], {"version": 1}]) is None


@pytest.mark.parametrize("field", ["model", "pk", "fields"])
def test_entries_without_the_shape_of_records_are_other_json(field):
    entry = {key: value for key, value in RUG.items() if key != field}
    assert join([entry]) is None


def test_a_dump_without_products_is_other_json():
    assert join([FLOOR]) is None


def test_a_dump_is_read_as_a_feed_of_its_products(read):
    feed = read(json.dumps([FLOOR, RUG, SMALL, LARGE]))
    assert [(row.group, row.parent, row.cells["name"]) for row in feed.rows] == [
        ("1", True, "Rug"),
        ("1", False, "S"),
        ("1", False, "L"),
    ]
