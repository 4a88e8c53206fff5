"""CSV and its relatives: the delimiter found by evidence, quotes checked, rows kept as text."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from catalog.errors import FeedError
from catalog.feeds.base import MAX_COLUMNS, Feed, RawRow, column_name, unique_keys
from catalog.feeds.rows import Rows
from catalog.feeds.source import HEAD, Source

_DELIMITERS = ",;\t|"
_END = "\x04end of feed\x04"
_CUT = "\x04no end of line\x04"
_LONGEST_CELL = 16 * 1024 * 1024
"""Letters of the longest cell that is read at all; more is an unclosed quote."""


def read_delimited(source: Source) -> Feed:
    """Rows of a CSV, TSV or semicolon file; the first line names the columns.

    Raises:
        FeedError: no table can be found, or a quote is never closed.
    """
    csv.field_size_limit(_LONGEST_CELL)
    delimiter = _delimiter(source)
    with source.open() as text:
        records = _records(text, delimiter)
        header = next(
            (record for _, record in records if any(cell.strip() for cell in record)), None
        )
        if header is None:
            raise FeedError(
                "The feed is empty. A feed needs a line of column names and at least one product."
            )
        header = [cell for cell in header if cell != _CUT]
        if _is_product(header):
            names = {f"column_{place}": f"Column {place}" for place in range(1, len(header) + 1)}
            all_records = itertools.chain([(1, header)], records)
            return Feed(format="csv", rows=Rows(_rows(all_records, list(names))), names=names)
        _check_header(header)
        keys = unique_keys(header)
        names = {
            key: column_name(name) or name.strip() for key, name in zip(keys, header, strict=True)
        }
        return Feed(format="csv", rows=Rows(_rows(records, keys)), names=names)


def _rows(records: Iterator[tuple[int, list[str]]], keys: list[str]) -> Iterator[RawRow]:
    width, whole = len(keys), True
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        last = record[-1] == _CUT
        cells = {
            key: cell
            for key, cell in zip(keys, record, strict=False)
            if cell.strip() and cell != _CUT
        }
        problem = ""
        if last and whole and len(record) - 1 < width:
            problem = "the feed ends in the middle of this row; export it again"
        elif not last and any(cell.strip() for cell in record[width:]):
            problem = f"the row has {len(record)} cells, the header names {width}"
        whole = whole and len(record) >= width
        yield RawRow(number=number, cells=dict(cells), problem=problem)


def _records(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered records; a sentinel line behind the last shows whether a quote was left open."""
    reader = csv.reader(_with_end(text, delimiter), delimiter=delimiter)
    previous = 0
    try:
        for number, record in enumerate(reader, start=1):
            if record == [_END]:
                return
            if record and _END in record[-1]:
                raise FeedError(_unclosed(number))
            previous = number
            yield number, record
    except csv.Error as error:
        if "field limit" in str(error):
            raise FeedError(_unclosed(previous + 1)) from error
        raise FeedError(
            f"The feed cannot be read as a table after row {previous}: {error}."
        ) from error


def _with_end(text: TextIO, delimiter: str) -> Iterator[str]:
    """The lines, the sentinel behind them; no piece is longer than the longest cell.

    A last line that does not end gets a cell more, which tells that it may have been cut.
    """
    while piece := text.readline(_LONGEST_CELL + 1):
        whole = piece.endswith(("\n", "\r")) or len(piece) > _LONGEST_CELL
        yield piece if whole else f"{piece}{delimiter}{_CUT}\n"
    yield _END + "\n"


def _unclosed(number: int) -> str:
    return (
        f'Row {number} of the feed opens a quote (") that is never closed. '
        "Close it, or write a quote inside a cell twice."
    )


def _delimiter(source: Source) -> str:
    """The delimiter that cuts the first lines into the same number of cells, most cells first."""
    sample = source.start()
    if source.size > HEAD:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            first = 0
            for record in itertools.islice(reader, 60):
                if any(cell.strip() for cell in record):
                    first = first or len(record)
                    widths[len(record)] += 1
        except csv.Error:
            continue
        if first < 2:
            continue
        share = widths[first] / sum(widths.values())
        if share * min(first, 12) ** 0.5 > score:
            best, score = delimiter, share * min(first, 12) ** 0.5
    return best


def _check_header(header: list[str]) -> None:
    column_names = [cell for cell in header if cell.strip()]
    if len(header) > MAX_COLUMNS:
        raise FeedError(
            f"The feed has {len(header):,} columns, at most {MAX_COLUMNS:,} are allowed. "
            "Export only the columns that describe the products."
        )
    if len(column_names) < 1 or all(_is_number(cell) for cell in column_names):
        raise FeedError(
            f"The first line of the feed must name the columns; found {', '.join(column_names[:5]) or 'nothing'!s}. "
            "Add a line such as: id,title,price."
        )


_NO_NAME = re.compile(
    r"\s*(?:https?://\S+|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|[$\u20ac\u00a3\u20b9]\s?\d[\d.,]*|"
    r"\d[\d.,\s]*[.,]\d{2}\s?(?:[$\u20ac\u00a3\u20b9]|[^\W\d]{2,3}))\s*"
)


def _is_product(header: list[str]) -> bool:
    """Whether the first line is a product already: a date, an address or a price names no column."""
    return any(map(_NO_NAME.fullmatch, header)) and not any(
        cell.strip().lower() in {"id", "sku", "title", "name", "price"} for cell in header
    )


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).replace(",", "", 1).lstrip("-").isdigit()
