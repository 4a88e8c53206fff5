"""Columns as evidence: what they hold, and what is not remembered."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError
from catalog.feeds.base import RawRow
from catalog.inference.columns import (
    FeedColumn,
    cell_text,
    decimal_mark,
    is_numeric,
    profile,
)

PROSE = "A long tale of how the thing number {} was made by hand in a small shop by the sea"


def raw_rows(count: int, **texts) -> list[RawRow]:
    """Rows whose cells are made of patterns: "{n}" is the row's number, a list goes round."""
    return [
        RawRow(
            number=n,
            cells={
                key: pattern[n % len(pattern)] if isinstance(pattern, list) else pattern.format(n)
                for key, pattern in texts.items()
                if not isinstance(pattern, list) or pattern[n % len(pattern)]
            },
        )
        for n in range(count)
    ]


def column(*cells) -> FeedColumn:
    return profile([RawRow(number=n, cells={"c": cell}) for n, cell in enumerate(cells)], {})["c"]


def test_a_column_counts_its_texts_and_forgets_stand_ins():
    oak = column("oak", "oak", "ash", "n/a", "-")
    assert (oak.counts, oak.filled, oak.rows) == ({"oak": 2, "ash": 1}, 3, 5)
    assert (oak.coverage, oak.uniqueness, oak.mean_length) == (0.6, 2 / 3, 3.0)


def test_entries_of_lists_are_counted_singly():
    listed = column(("oak", "n/a"), ("oak", "ash"))
    assert (listed.counts, listed.filled, listed.listed) == ({"oak": 2, "ash": 1}, 2, True)


def test_a_column_without_texts_says_nothing():
    empty = column("n/a")
    assert (empty.coverage, empty.uniqueness, empty.mean_length) == (0.0, 0.0, 0.0)


def test_rows_with_a_problem_say_nothing():
    rows = [
        RawRow(number=1, cells={"c": "oak"}),
        RawRow(number=2, cells={"c": "x", "d": "y"}, problem="cut"),
    ]
    columns = profile(rows, {"c": "C"}, frozenset({"d"}))
    assert (columns["c"].rows, columns["c"].counts, columns["c"].name) == (1, {"oak": 1}, "C")
    assert (columns["d"].filled, columns["d"].name, columns["d"].whole) == (0, "d", True)


def test_two_thousand_columns_are_taken_and_one_more_is_refused():
    cells = {f"c{n}": "x" for n in range(2000)}
    assert len(profile([RawRow(number=1, cells=cells)], {})) == 2000
    with pytest.raises(FeedError, match="more than 2,000 columns"):
        profile([RawRow(number=1, cells={**cells, "more": "x"})], {})


def test_twenty_thousand_addresses_are_remembered_and_the_rest_counted():
    pages = column(*(f"http://a.example/{n}" for n in range(20_001)), "oak")
    assert (len(pages.counts), pages.forgotten, pages.uniqueness) == (20_001, 1, 1.0)


def test_prose_is_remembered_up_to_its_bound_and_the_rest_counted():
    tales = column("x" * (32 * 1024 * 1024), "y" * 121, "z" * 121, "w" * 120)
    assert (len(tales.counts), tales.forgotten, tales.uniqueness) == (3, 1, 1.0)
    assert "z" * 121 not in tales.counts


@pytest.mark.parametrize(
    ("columns", "mark"),
    [
        ([["1,5", "2,25"]], ","),
        ([["1.5", "2.25"]], "."),
        ([["1,5", "2,25"], ["1.5", "2.25"]], "."),
        ([["12", "5"]], "."),
        ([["1,5", "red", "blue"]], "."),
        ([["1,5", "2,25"], ["1.5", "a", "b", "c"]], ","),
        ([["1,5" + " and more of it" * 3, "2,25" + " and more of it" * 3]], "."),
        ([], "."),
    ],
    ids=["comma", "dot", "both", "neither", "few", "few dots", "prose", "nothing"],
)
def test_the_decimal_mark_is_a_comma_where_nothing_speaks_for_the_dot(columns, mark):
    assert decimal_mark(column(*texts) for texts in columns) == mark


def test_mostly_bare_numbers_are_numeric():
    assert is_numeric(column(*["5"] * 9, "oak"))
    assert not is_numeric(column(*["5"] * 8, "oak", "ash"))


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (" oak ", "oak"), ("n/a", ""), (("oak", "ash"), "oak, ash"), ((), "")],
)
def test_the_text_of_a_cell_is_empty_where_it_says_nothing(cell, text):
    cells = {} if cell is None else {"wood": cell}
    assert cell_text(RawRow(number=1, cells=cells), "wood") == text
