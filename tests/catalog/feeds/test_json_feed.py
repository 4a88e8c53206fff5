"""JSON as shops write it: what becomes a row, a cell or a complaint."""

from __future__ import annotations

import json

import pytest

from catalog.errors import FeedError
from catalog.feeds import json_feed


def cells(read, entry: dict) -> dict:
    return read(json.dumps([entry])).rows.first.cells


def nested(depth: int) -> dict:
    entry: dict = {f"level{depth}": "deep"}
    for level in range(depth - 1, 0, -1):
        entry = {f"level{level}": entry}
    return {"title": "Mug", **entry}


@pytest.mark.parametrize("number", ["9.50", "1e3", "12345678901234567890", "-0.10"])
def test_numbers_stay_as_they_were_written(read, number):
    feed = read('[{"title": "Mug", "price": ' + number + "}]")
    assert feed.rows.first.cells["price"] == number


def test_what_says_nothing_is_absent(read):
    feed = read('[{"title": "Mug", "a": null, "b": " ", "c": [], "d": NaN, "e": {}, "?": "x"}]')
    assert feed.rows.first.cells == {"title": "Mug"}


def test_names_stay_as_they_were_written(read):
    feed = read('[{"title": "Mug", "Main Size": {"Outer Width": 9}}]')
    assert feed.names["main_size_outer_width"] == "Main Size_Outer Width"


def test_six_levels_are_properties_and_a_seventh_is_bookkeeping(read):
    key = "_".join(f"level{level}" for level in range(1, 7))
    assert cells(read, nested(6)) == {"title": "Mug", key: "deep"}
    assert cells(read, nested(7)) == {"title": "Mug"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ({"value": 9.5, "unit": "cm"}, {"size": "9.5 cm"}),
        ({"value": 9.5, "unit": None}, {"size_value": "9.5"}),
        ({"value": 9.5, "unit": "cm", "by": "us"}, {"size_value": "9.5", "size_unit": "cm", "size_by": "us"}),
        (["S", 4, True, None, " "], {"size": ("S", "4", "true")}),
        ([{"label": "Small", "href": "x"}, {"src": "y"}, {"hue": "z"}], {"size": ("Small", "y")}),
        ([{"name": "Rim", "value": "round"}, {"name": "Lid", "value": False}], {"rim": "round", "lid": "false"}),
        ([{"group": "Outside", "items": [{"name": "Rim", "value": "round"}]}], {"rim": "round"}),
    ],
    ids=["unit", "no unit", "more than a unit", "list", "objects with a text", "pairs", "groups of pairs"],
)  # fmt: skip
def test_values_with_a_shape_become_cells(read, value, cell):
    assert cells(read, {"title": "Mug", "size": value}) == {"title": "Mug", **cell}


def test_of_a_list_five_hundred_entries_are_read(read):
    assert len(cells(read, {"title": "Mug", "tags": [f"t{n}" for n in range(501)]})["tags"]) == 500


@pytest.mark.parametrize("key", ["variants", "SKUs", "offers", "variations", "models", "children"])
def test_lists_of_forms_become_rows_of_their_product(read, key):
    feed = read(json.dumps([{"sku": "M", "title": "Mug", key: [{"sku": "M1"}, {"sku": "M2"}]}]))
    assert [(row.cells["sku"], row.group, row.parent) for row in feed.rows] == [
        ("M", "M", True),
        ("M1", "M", False),
        ("M2", "M", False),
    ]


def test_a_product_without_forms_stands_alone(read):
    row = read('[{"sku": "M", "title": "Mug", "variants": []}]').rows.first
    assert (row.group, row.parent) == ("", False)


def test_forms_that_are_mere_texts_are_a_property(read):
    assert cells(read, {"title": "Mug", "models": ["A", "B"]})["models"] == ("A", "B")


@pytest.mark.parametrize(
    ("entry", "group"),
    [
        ({"item_id": 5, "sku": "S", "id": "7"}, "7"),
        ({"handle": "mug", "sku": "S"}, "S"),
        ({"product_id": 5, "handle": "mug"}, "mug"),
        ({"item_id": 5, "product_id": 6}, "6"),
        ({"item_id": 5}, "5"),
        ({"title": "Mug"}, "row-1"),
    ],
)
def test_a_product_with_forms_is_known_by_its_id_or_its_place(read, entry, group):
    assert read(json.dumps([{**entry, "variants": [{"size": "S"}]}])).rows.first.group == group


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        ({"new": [{"title": "a"}], "all": [{"title": "b"}, {"title": "c"}]}, ["b", "c"]),
        ({"all": [{"title": "b"}, 5], "new": [{"title": "a"}]}, ["a"]),
        ({"a": {"b": {"c": [{"title": "x"}]}}}, ["x"]),
    ],
    ids=["longest", "half of it objects", "three wrappers"],
)
def test_the_products_are_the_longest_list_of_objects(read, content, titles):
    assert [row.cells["title"] for row in read(json.dumps(content)).rows] == titles


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"a": {"b": {"c": {"d": [{"title": "x"}]}}}, "e": 1}', "an object"),
        ('["a", "b"]', "a list"),
        ('{"title": "Mug", "price": 5}', "an object"),
        ("{}", "an object"),
    ],
    ids=["four wrappers", "texts", "one product", "empty"],
)
def test_json_without_a_list_of_objects_is_refused_with_what_is_allowed(read, content, kind):
    with pytest.raises(FeedError, match=f"The feed is {kind} without a list of objects"):
        read(content)


def test_broken_json_is_told_with_its_place(read):
    with pytest.raises(FeedError, match="not valid JSON: line 2, column 11: Expecting"):
        read('[{"title": "Mug"},\n{"title": }]')


@pytest.mark.parametrize(
    ("lines", "read_rows"),
    [(['{"title": "Mug"}', "{oops", '{"title": "Cup"}'], 3), (['{"title": "Mug"}', "{oops"], 2)],
)
def test_a_broken_line_among_lines_is_set_aside(read, lines, read_rows):
    feed = read("\n\n".join(lines))
    broken = [row for row in feed.rows if row.problem]
    assert len(feed.rows) == read_rows
    assert [(row.number, row.problem) for row in broken] == [
        (3, "the entry is broken JSON, not an object")
    ]


def test_more_broken_lines_than_whole_ones_are_no_feed(read):
    with pytest.raises(FeedError, match="or one object per line"):
        read('{"title": "Mug"}\n{oops\n{oops\n')


@pytest.mark.parametrize(("entry", "kind"), [("5", "a str"), ("[1]", "a list"), ("null", "broken JSON")])  # fmt: skip
def test_entries_that_are_no_objects_are_told_by_what_they_are(read, entry, kind):
    feed = read('[{"title": "Mug"}, {"title": "Cup"}, ' + entry + "]")
    assert list(feed.rows)[2].problem == f"the entry is {kind}, not an object"


@pytest.mark.parametrize("size", [None, 10], ids=["at once", "piece by piece"])
def test_nesting_without_end_is_refused(read, monkeypatch, size):
    if size:
        monkeypatch.setattr(json_feed, "_AT_ONCE", size)
    with pytest.raises(FeedError, match="nested too deeply"):
        read('[{"a":' * 50_000)


@pytest.mark.parametrize(
    ("more", "place"),
    [(0, "line 1, column 16777216: Expecting"), (1, "Expecting")],
    ids=["at once", "piece by piece"],
)
def test_sixteen_megabytes_are_parsed_at_once(read, more, place):
    content = '[{"title": "'.ljust(16 * 1024 * 1024 - 5 + more, "x") + '"}, ]'
    with pytest.raises(FeedError, match=f"The feed is not valid JSON: {place}"):
        read(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"title": "Mug"}, {"title": }]', "The feed is not valid JSON: Expecting value"),
        ('{"a": 1, "b": ["x", "y"]}', "a list without a list of objects"),
    ],
)
def test_a_large_feed_that_is_none_is_refused_as_a_small_one(read, monkeypatch, content, message):
    monkeypatch.setattr(json_feed, "_AT_ONCE", 10)
    with pytest.raises(FeedError, match=message):
        read(content)


def test_a_feed_that_is_one_huge_value_is_refused(read, monkeypatch):
    monkeypatch.setattr(json_feed, "_AT_ONCE", 10)
    monkeypatch.setattr("catalog.feeds.json_stream.LONGEST_ENTRY", 40)
    monkeypatch.setattr("catalog.feeds.json_stream._CHUNK", 10)
    with pytest.raises(FeedError, match="one huge JSON value, not a list of products"):
        read('[{"title": "' + "x" * 100 + '"}]')


def test_of_a_large_feed_the_longest_list_is_read(read, monkeypatch):
    monkeypatch.setattr(json_feed, "_AT_ONCE", 10)
    feed = read('{"new": [{"title": "a"}], "all": [{"title": "b"}, {"title": "c"}]}')
    assert [(row.number, row.cells["title"]) for row in feed.rows] == [(1, "b"), (2, "c")]
