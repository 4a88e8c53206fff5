"""Names of columns, lists inside cells, and the account of what was mended."""

from __future__ import annotations

import pytest

from catalog.feeds.base import (
    RepairKind,
    Repairs,
    column_key,
    column_name,
    entries,
    split_escaped,
    split_pairs,
    text_of,
    unique_keys,
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Entrance Fee", "entrance_fee"),
        ("g:id", "id"),
        (" c:heel", "heel"),
        ("kg:total", "kg_total"),
        ("\ufeffSKU", "sku"),
        ("Größe", "größe"),
        ("__hidden--field__", "hidden_field"),
        ("Fabric (product.metafields.custom.fabric)", "fabric"),
        ("Tags (x, y, z...)", "tags"),
        ("Published (0 = no, 1 = yes)", "published"),
        ("Images (name:value:position)", "images"),
        ("Title *", "title"),
        ("Weight (kg)", "weight_kg"),
        ("!?", ""),
    ],
)
def test_the_key_of_a_column_is_its_own_name_in_small_letters(name, key):
    assert column_key(name) == key


def test_a_key_has_at_most_eighty_letters():
    assert column_key("a" * 80) == "a" * 80
    assert column_key("a" * 81) == "a" * 80


def test_the_name_of_a_column_keeps_its_capitals_and_units():
    assert column_name("  Weight (kg) #") == "Weight (kg)"


def test_repeated_and_empty_names_get_numbers_that_nobody_else_has():
    names = ["Size", "", "size", "SIZE", "Size 2", "?"]
    assert unique_keys(names) == ["size", "column_2", "size_2", "size_3", "size_2_2", "column_6"]


@pytest.mark.parametrize(
    ("cell", "text"), [(None, ""), ("red", "red"), (("red", "blue"), "red, blue")]
)
def test_a_cell_is_one_text(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", ["a , b,, c,", ("a", "b", " c ")])
def test_entries_of_a_list_are_told_apart_by_commas(cell):
    assert entries(cell) == ("a", "b", "c")


def test_a_mark_behind_a_backslash_belongs_to_the_entry():
    assert split_escaped(r"Oak\, oiled, Pine,,") == ("Oak, oiled", "Pine")
    assert split_escaped(r"5\|6|7", "|") == ("5|6", "7")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("size=XS,color=Black", [("size", "XS"), ("color", "Black")]),
        ("category:Rods|maker: Osk ", [("category", "Rods"), ("maker", "Osk")]),
        ("made of=Wool, soft,care=cold", [("made of", "Wool, soft"), ("care", "cold")]),
        ("ratio=4:3", [("ratio", "4:3")]),
        ("Wool, care=cold", []),
        ("2nd=Black", []),
        ("plain", []),
        ("", []),
    ],
)
def test_pairs_are_taken_apart_where_the_text_begins_with_one(text, pairs):
    assert list(split_pairs(text)) == pairs


def test_the_marks_of_a_pair_can_be_chosen():
    assert list(split_pairs("ratio:4=x", mark=":")) == [("ratio", "4=x")]
    assert list(split_pairs("ratio=4", mark=":")) == []


def test_a_name_of_forty_letters_is_a_name_and_a_longer_one_a_sentence():
    assert list(split_pairs("a" * 40 + "=1")) == [("a" * 40, "1")]
    assert list(split_pairs("a" * 41 + "=1")) == []


def test_repairs_are_all_counted_and_five_places_are_told():
    repairs = Repairs()
    for line in (1, 1, 2, 3, 4, 5, 6):
        repairs.note(RepairKind.ENTITY, f"line {line}")
    repairs.note(RepairKind.LOST, "line 9")
    assert repairs.counts == {RepairKind.ENTITY: 7, RepairKind.LOST: 1}
    assert repairs.places[RepairKind.ENTITY] == [f"line {line}" for line in (1, 2, 3, 4, 5)]
    assert repairs.places[RepairKind.LOST] == ["line 9"]
