"""Columns that pack several facts into one cell."""

from __future__ import annotations

import json

import pytest

from catalog.feeds.base import Feed, RawRow
from catalog.feeds.rows import Rows
from catalog.inference.packed import expand_pairs


def expanded(cells: list, key: str = "info", **more: str) -> Feed:
    rows = Rows(
        RawRow(number=n, cells={"title": f"Mug {n}", key: cell, **more})
        for n, cell in enumerate(cells)
    )
    return expand_pairs(Feed(format="csv", rows=rows, names={"title": "Title", key: key}))


def first(feed: Feed) -> dict:
    cells = dict(feed.rows.first.cells)
    cells.pop("title")
    return cells


@pytest.mark.parametrize(
    ("cell", "cells"),
    [
        ("Rim:round|Lid type:flat", {"rim": "round", "lid_type": "flat"}),
        ("Rim=round,Lid=flat", {"rim": "round", "lid": "flat"}),
        ("Rim=round,Lid=", {"info": "Rim=round,Lid="}),
        ("Hue:red|Hue:blue|Rim:round", {"hue": ("red", "blue"), "rim": "round"}),
        ("Rim:round:2|Lid:flat:13", {"rim": "round", "lid": "flat"}),
        ("Outside:Rim:round|Inside:Glaze:white", {"rim": "round", "glaze": "white"}),
        (json.dumps({"Rim": "round", "Lid": "flat"}), {"rim": "round", "lid": "flat"}),
        (json.dumps([{"name": "Rim", "value": "round"}] * 2), {"rim": ("round", "round")}),
        (json.dumps([{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]), None),
        ("see: https://a.example, or: //b.example", None),
        ("a mug: for tea", None),
    ],
    ids=["pairs", "equals signs", "no value", "one name twice", "places", "sections", "object", "list of pairs",
         "mere names", "addresses", "a single pair"],
)  # fmt: skip
def test_packed_cells_become_columns(cell, cells):
    assert first(expanded([cell] * 4)) == (cells or {"info": cell})


def test_new_columns_are_called_as_in_the_cell():
    feed = expanded(["Lid Type:flat|Rim:round"] * 4)
    assert feed.names["lid_type"] == "Lid Type"


@pytest.mark.parametrize("key", ["attributes", "specs", "product_detail", "features"])
def test_a_single_pair_is_enough_where_the_column_says_what_it_is(key):
    assert first(expanded(["Rim:round", "Rim:oval"] * 2, key)) == {"rim": "round"}


@pytest.mark.parametrize(
    ("several", "packed"), [(4, True), (3, False)], ids=["four of ten", "three of ten"]
)
def test_cells_of_several_pairs_must_be_more_than_three_in_ten(several, packed):
    cells = ["Rim:round|Lid:flat"] * several + ["Rim:oval"] * (10 - several)
    assert ("rim" in first(expanded(cells))) is packed


OBJECT = json.dumps({"Rim": "round", "Lid": "flat"})


@pytest.mark.parametrize("cell", ["Rim:round|Lid:flat", OBJECT], ids=["pairs", "objects"])
@pytest.mark.parametrize(
    ("marked", "packed"), [(5, True), (4, False)], ids=["half", "less than half"]
)
def test_half_of_the_cells_must_be_packed(cell, marked, packed):
    cells = [cell] * marked + ["plain"] * (10 - marked)
    assert ("rim" in first(expanded(cells))) is packed


def test_four_hundred_cells_tell_whether_a_column_is_packed():
    cells = ["plain"] * 200 + ["Rim:round|Lid:flat"] * 200 + ["plain"] * 200
    assert "rim" in expanded(cells).names
    assert "rim" not in expanded([*cells[:399], "plain", *cells[400:]]).names


@pytest.mark.parametrize(("letters", "packed"), [(19_999, True), (20_000, False)])
def test_cells_of_twenty_thousand_letters_tell_nothing(letters, packed):
    cell = "Rim:round|Lid:".ljust(letters, "x")
    assert ("rim" in first(expanded([cell] * 4))) is packed


@pytest.mark.parametrize(("odd", "packed"), [(1, True), (2, False)])
def test_one_packed_cell_in_ten_may_be_odd(odd, packed):
    cells = ["Rim:round|Lid:flat"] * (10 - odd) + ["made in: "] * odd
    assert ("rim" in first(expanded(cells))) is packed


@pytest.mark.parametrize(
    ("letters", "packed"),
    [("aabb", True), ("aabc", False), ("a", True)],
    ids=["each twice", "half of them once", "a single row"],
)
def test_names_recur_or_are_no_columns(letters, packed):
    cells = [f"{letter}x:1|{letter}y:2" for letter in letters]
    assert ("info" not in first(expanded(cells))) is packed


def test_plain_cells_among_packed_ones_stay():
    feed = expanded(["Rim:round|Lid:flat"] * 3 + ["plain", ("a", "b")])
    plain, listed = list(feed.rows)[3:]
    assert plain.cells == {"title": "Mug 3", "info": "plain"}
    assert listed.cells == {"title": "Mug 4", "info": ("a", "b")}


def test_an_empty_object_among_others_is_gone():
    feed = expanded([OBJECT] * 19 + ["{}"])
    assert list(feed.rows)[19].cells == {"title": "Mug 19"}


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ({}, {"rim": "round", "info_price": "5"}),
        ({"rim": "round"}, {"rim": "round", "info_price": "5"}),
        ({"rim": "oval"}, {"rim": "oval", "info_rim": "round", "info_price": "5"}),
    ],
    ids=["new", "said again", "said otherwise"],
)
def test_columns_that_exist_and_roles_are_not_written_over(more, cells):
    assert first(expanded(["Rim:round|Price:5"] * 4, **more)) == cells


def test_in_a_large_feed_a_name_stands_in_one_row_of_two_hundred():
    common = ["Rim:round|Lid:flat"]
    small = expanded(common * 199 + ["Rim:oval|Rare:yes"])
    large = expanded(common * 200 + ["Rim:oval|Rare:yes"])
    enough = expanded(common * 398 + ["Rim:oval|Rare:yes"] * 2)
    assert list(small.rows)[-1].cells["rare"] == "yes"
    assert "rare" not in list(large.rows)[-1].cells
    assert list(enough.rows)[-1].cells["rare"] == "yes"


def test_two_hundred_and_fifty_names_become_columns():
    cell = "|".join(f"name{n}:x" for n in range(251))
    assert len(first(expanded([cell] * 4))) == 250


def test_lists_of_the_format_are_left_alone():
    assert first(expanded([("Rim:round", "Lid:flat")] * 4)) == {"info": ("Rim:round", "Lid:flat")}


def test_a_feed_without_packed_cells_is_left_alone():
    feed = Feed(format="csv", rows=Rows([RawRow(number=1, cells={"title": "Mug"})]))
    assert expand_pairs(feed) is feed
