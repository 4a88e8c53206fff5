"""Rows with a blank name: continuations of the product above, or mistakes."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError

LETTERS = "abcdefghijk"


def table(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def groups(feed) -> list[str]:
    return [row.group for row in feed.rows]


def sparse_table(filled: list[int]) -> str:
    """Three named rows of eleven cells, then rows without a name that fill so many of them."""
    header = ",".join(["name", *(f"col_{letter}" for letter in LETTERS[1:])])
    named = [",".join(f"{letter}{row}" for letter in LETTERS) for row in range(3)]
    blank = [",".join(["", *["x"] * count, *[""] * (10 - count)]) for count in filled]
    return table(header, *named, *blank)


@pytest.mark.parametrize(
    ("column", "group"), [("slug", "lap-1"), ("handle", "lap-1"), ("code", "Laptop")]
)
def test_continued_products_are_told_apart_by_slug_handle_or_name(read, column, group):
    feed = read(
        table(
            f"name,{column},optionGroups,optionValues",
            "Laptop,lap-1,Screen,13 inch",
            ",,,15 inch",
            "Mouse,mou-1,,",
        )
    )
    assert groups(feed)[:2] == [group, group]
    assert groups(feed)[2] != group


def test_options_of_a_product_become_columns_under_their_own_names(read):
    feed = read(
        table(
            "name,slug,optionGroups,optionValues,taxCategory,sku",
            "Laptop,lap,Screen size|RAM,13 inch|8 GB,standard,L1",
            ",,,15 inch| ,standard,L2",
            "Desk,desk,|Top,no name|Oak,standard,D1",
        )
    )
    assert [row.cells for row in feed.rows] == [
        {"name": "Laptop", "sku": "L1", "screen_size": "13 inch", "ram": "8 GB"},
        {"sku": "L2", "screen_size": "15 inch"},
        {"name": "Desk", "sku": "D1", "top": "Oak"},
    ]
    assert (feed.names["screen_size"], feed.names["ram"]) == ("Screen size", "RAM")
    assert {"optiongroups", "taxcategory"} <= feed.technical


@pytest.mark.parametrize("title", ["name", "title", "product name", "product title"])
def test_rows_that_fill_few_columns_continue_the_one_above(read, title):
    rows = sparse_table([2, 2]).replace("name", title, 1)
    assert groups(read(rows)) == ["a0", "a1", "a2", "a2", "a2"]


@pytest.mark.parametrize(
    ("filled", "continued"),
    [([7, 7], True), ([8, 8], False), ([2], False), ([2] * 9 + [8], True), ([2] * 8 + [8] * 2, False)],
    ids=["seven of ten", "eight of ten", "a single row", "one in ten is full", "two in ten are full"],
)  # fmt: skip
def test_rows_without_a_name_that_are_nearly_full_or_rare_are_mistakes(read, filled, continued):
    feed = read(sparse_table(filled))
    assert groups(feed)[-1] == ("a2" if continued else "")


def test_a_table_that_begins_without_a_name_continues_nothing(read):
    feed = read(table("name,a,b,c,d", ",1,,,", "Mug,1,2,3,4", ",1,,,", ",1,,,"))
    assert set(groups(feed)) == {""}


def test_a_row_that_cannot_be_used_keeps_its_number_and_problem(read):
    feed = read(
        table("name,slug,optionGroups,optionValues", "Mug,mug,Size,S,9,9", ",,,M", "Cup,cup,,")
    )
    first = feed.rows.first
    assert (first.number, first.problem) == (2, "the row has 6 cells, the header names 4")


def test_a_table_of_products_without_any_is_refused(read):
    with pytest.raises(FeedError, match="no rows below its column names"):
        read(table("name,slug,optionGroups,optionValues"))
