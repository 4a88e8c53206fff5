"""Rows of a feed, held in memory or in a temporary file."""

from __future__ import annotations

import tempfile

import pytest

from catalog.errors import FeedError
from catalog.feeds import rows as rows_module
from catalog.feeds.base import RawRow
from catalog.feeds.rows import Rows

HELD = 64 * 1024 * 1024


def row(number: int, text: str = "x") -> RawRow:
    return RawRow(number=number, cells={"title": text})


def test_half_a_million_rows_are_held_and_one_more_is_refused():
    same = row(1)
    assert len(Rows(same for _ in range(500_000))) == 500_000
    with pytest.raises(FeedError, match=r"has more than 500,000 rows. Split it"):
        Rows(same for _ in range(500_001))


def test_no_rows_are_no_rows():
    assert not Rows() and list(Rows()) == []


@pytest.fixture
def no_disk(monkeypatch):
    """A temporary folder that takes nothing."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")


@pytest.mark.usefixtures("no_disk")
@pytest.mark.parametrize("as_list", [False, True], ids=["text", "list"])
def test_rows_of_sixty_four_megabytes_need_no_file_and_more_do(as_list):
    text = "x" * (HELD - 200)
    cell = (text, "") if as_list else text
    assert len(Rows([RawRow(number=1, cells={"title": cell})])) == 1
    longer = (text, "x") if as_list else text + "x"
    with pytest.raises(
        FeedError, match="too large for the temporary folder /nowhere/at/all: No such"
    ):
        Rows([RawRow(number=1, cells={"title": longer})])


@pytest.mark.usefixtures("no_disk")
def test_rows_weigh_something_without_any_text(monkeypatch):
    monkeypatch.setattr(rows_module, "IN_MEMORY", 1000)
    empty = [RawRow(number=number, cells={}) for number in range(6)]
    assert len(Rows(empty[:5])) == 5
    with pytest.raises(FeedError, match="set TMPDIR to a larger disk"):
        Rows(empty)


@pytest.mark.parametrize("bound", [HELD, 1], ids=["in memory", "in a file"])
def test_all_of_a_row_comes_back(monkeypatch, bound):
    monkeypatch.setattr(rows_module, "IN_MEMORY", bound)
    original = [
        RawRow(number=7, cells={"a": "Öl\n", "b": ("x", "")}, group="g", parent=True, problem="p"),
        RawRow(number=9, cells={}),
    ]
    assert list(Rows(original)) == original
    assert Rows(original).first == original[0]


def test_those_who_read_the_file_together_do_not_disturb_each_other(monkeypatch):
    monkeypatch.setattr(rows_module, "IN_MEMORY", 1)
    stored = Rows(row(number, "x" * 300_000) for number in range(10))
    assert [(ours.number, theirs.number) for ours, theirs in zip(stored, stored, strict=True)] == [
        (number, number) for number in range(10)
    ]


def test_rows_that_are_still_held_follow_those_in_the_file(monkeypatch):
    monkeypatch.setattr(rows_module, "IN_MEMORY", 450)
    assert [each.number for each in Rows(map(row, range(8)))] == list(range(8))
