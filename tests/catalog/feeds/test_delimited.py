"""Tables as text: delimiter, quotes, header, and rows that do not fit it."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError

MEGABYTE = 1024 * 1024


def cells(feed) -> list[dict]:
    return [row.cells for row in feed.rows]


def problems(feed) -> list[str]:
    return [row.problem for row in feed.rows]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("title;size, colour;price\nMug;9, red;5\nCup;8, blue;6\n", ["title", "size_colour", "price"]),
        ("title, full;note\nMug;a,b,c\nCup;d\nJug;e,f,g,h\n", ["title_full", "note"]),
        ("title\nMug, red\nCup, blue\n", ["title"]),
        ('title|note\n"Mug|red"|a\nCup|b\n', ["title", "note"]),
    ],
    ids=["most cells", "the same number of cells", "none at all", "quoted"],
)  # fmt: skip
def test_the_delimiter_is_what_cuts_all_rows_alike(read, content, header):
    assert list(read(content).names) == header


def test_quotes_hold_delimiters_line_ends_and_quotes(read):
    feed = read('title,note\n"Mug, red","12"" wide\nand tall"\nCup,x\n')
    assert cells(feed)[0] == {"title": "Mug, red", "note": '12" wide\nand tall'}


def test_rows_are_numbered_as_in_the_file_and_blank_ones_are_left_out(read):
    feed = read("title,price\nMug,5\n , \n\nCup,6\n")
    assert [row.number for row in feed.rows] == [2, 5]


def test_blank_lines_above_the_column_names_are_passed_over(read):
    assert cells(read("\n,\ntitle,price\nMug,5\n")) == [{"title": "Mug", "price": "5"}]


def test_a_table_of_nothing_but_delimiters_is_empty(read):
    with pytest.raises(FeedError, match="The feed is empty"):
        read(",,\n\n, ,\n")


def test_names_of_columns_stand_as_in_the_feed_without_hints_of_the_exporter(read):
    feed = read("Main Title *, (0/1) ,Weight (kg)\nMug,5,6\n")
    assert list(feed.names.values()) == ["Main Title", "(0/1)", "Weight (kg)"]


def test_blank_cells_are_absent(read):
    assert cells(read("title,price,note\nMug, ,\n")) == [{"title": "Mug"}]


def test_a_quote_that_is_never_closed_is_told_with_its_row(read):
    with pytest.raises(FeedError, match=r'Row 3 of the feed opens a quote \("\) that is never'):
        read('title,price\nMug,5\n"Cup,6\nJug,7\n')


def test_a_cell_of_sixteen_megabytes_is_read_and_a_longer_one_is_an_open_quote(read):
    longest = "x" * (16 * MEGABYTE)
    assert cells(read(f'title,note\nMug,"{longest}"\nCup,y\n'))[1] == {"title": "Cup", "note": "y"}
    with pytest.raises(FeedError, match=r"Row 2 of the feed opens a quote"):
        read(f'title,note\nMug,"{longest}x"\nCup,y\n')


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Mug,5,red,", ""),
        ("Mug,5,red,, ", ""),
        ("Mug,5,red,round", "the row has 4 cells, the header names 3"),
        ("Mug,5", ""),
    ],
)
def test_a_row_with_more_cells_than_columns_is_set_aside(read, row, problem):
    assert problems(read(f"title,price,colour\n{row}\nCup,6,blue\n"))[0] == problem


@pytest.mark.parametrize(
    ("end", "problem"),
    [
        ("Cup,6", "the feed ends in the middle of this row; export it again"),
        ("Cup,6\n", ""),
        ("Cup,6,bl", ""),
    ],
    ids=["cut", "short and ended", "all columns"],
)
def test_a_last_row_that_stops_before_its_columns_is_cut(read, end, problem):
    assert problems(read(f"title,price,colour\nMug,5,red\n{end}"))[-1] == problem


def test_the_last_row_is_not_cut_where_others_are_as_short(read):
    feed = read("title,price,colour\nMug,5\nJug,7,red\nCup,6")
    assert problems(feed) == ["", "", ""]
    assert cells(feed)[-1] == {"title": "Cup", "price": "6"}


def test_two_thousand_columns_are_read_and_one_more_is_refused(read):
    names = [f"c{number}" for number in range(2001)]
    assert len(read(f"{','.join(names[:2000])}\nMug,5\n").names) == 2000
    with pytest.raises(FeedError, match="has 2,001 columns, at most 2,000 are allowed"):
        read(f"{','.join(names)}\nMug,5\n")


@pytest.mark.parametrize("header", ["1,2.5,-3", "1,,2"])
def test_numbers_are_no_names_of_columns(read, header):
    with pytest.raises(FeedError, match=r"must name the columns; found 1, 2?.*id,title,price"):
        read(f"{header}\nMug,5,6\n")


@pytest.mark.parametrize(
    "fact", ["https://mugs.example/1", "2024-05-06", "6.5.2024", "$5", "5,50 EUR", "5.50€"]
)
def test_a_first_line_with_a_fact_is_a_product_already(read, fact):
    feed = read(f"Mug;{fact};red\nCup;{fact};blue\n")
    assert list(feed.names.values()) == ["Column 1", "Column 2", "Column 3"]
    assert [(row.number, row.cells["column_1"]) for row in feed.rows] == [(1, "Mug"), (2, "Cup")]


@pytest.mark.parametrize("name", ["ID", "sku", " title ", "Name", "price"])
def test_a_first_line_with_a_usual_name_names_the_columns(read, name):
    assert len(read(f"{name};2024-05-06\nMug;5\n").rows) == 1
