"""Shopify: stock that the shop does not count."""

from __future__ import annotations

import pytest

from catalog.feeds import read_feed


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "availability"),
    [
        ("", "0", "deny", "in stock"),
        ("shopify", "0", "deny", "out of stock"),
        ("shopify", "0", "continue", "backorder"),
        ("shopify", "3", "deny", "in stock"),
    ],
)
def test_a_blank_tracker_means_that_stock_is_not_counted(
    tmp_path, tracker, quantity, policy, availability
):
    path = tmp_path / "shop.csv"
    path.write_text(
        "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy\n"
        f"rug,Rug,80,{tracker},{quantity},{policy}\n"
    )
    (row,) = read_feed(path).rows
    assert row.cells["availability"] == availability


def test_without_a_column_of_trackers_the_quantity_counts(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(
        "Handle,Title,Variant Price,Variant Inventory Qty,Variant Inventory Policy\nrug,Rug,80,0,deny\n"
    )
    (row,) = read_feed(path).rows
    assert row.cells["availability"] == "out of stock"
