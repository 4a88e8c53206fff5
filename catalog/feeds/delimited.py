"""CSV and its relatives: the delimiter found by evidence, quotes checked, rows kept as text."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator

from catalog.errors import FeedError
from catalog.feeds.base import MAX_BYTES, MAX_COLUMNS, Feed, RawRow, collect, unique_keys
from catalog.feeds.sniff import decode

_DELIMITERS = ",;\t|"
_END = "\x04end of feed\x04"


def read_delimited(data: bytes) -> Feed:
    """Rows of a CSV, TSV or semicolon file; the first line names the columns.

    Raises:
        FeedError: no table can be found, or a quote is never closed.
    """
    text = decode(data)
    csv.field_size_limit(MAX_BYTES)
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    header = next((record for _, record in records if any(cell.strip() for cell in record)), None)
    if header is None:
        raise FeedError(
            "The feed is empty. A feed needs a line of column names and at least one product."
        )
    _check_header(header)
    keys = unique_keys(header)
    names = {key: name.strip() for key, name in zip(keys, header, strict=True)}
    return Feed(format="csv", rows=collect(_rows(records, keys)), names=names)


def _rows(records: Iterator[tuple[int, list[str]]], keys: list[str]) -> Iterator[RawRow]:
    width = len(keys)
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        cells = {key: cell for key, cell in zip(keys, record, strict=False) if cell.strip()}
        problem = ""
        if any(cell.strip() for cell in record[width:]):
            problem = f"the row has {len(record)} cells, the header names {width}"
        yield RawRow(number=number, cells=dict(cells), problem=problem)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered records; a sentinel line behind the last shows whether a quote was left open."""
    ending = "" if text.endswith(("\n", "\r")) else "\n"
    lines = itertools.chain(
        io.StringIO(text, newline=""),
        [ending + _END + "\n"] if not ending else [ending, _END + "\n"],
    )
    reader = csv.reader(lines, delimiter=delimiter)
    previous = 0
    try:
        for number, record in enumerate(reader, start=1):
            if record == [_END]:
                return
            if record and _END in record[-1]:
                raise FeedError(
                    f'Row {number} of the feed opens a quote (") that is never closed. '
                    "Close it, or write a quote inside a cell twice."
                )
            previous = number
            yield number, record
    except csv.Error as error:
        raise FeedError(
            f"The feed cannot be read as a table after row {previous}: {error}."
        ) from error


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the same number of cells, most cells first."""
    sample = text[:262144]
    if len(sample) < len(text):
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
    named = [cell for cell in header if cell.strip()]
    if len(header) > MAX_COLUMNS:
        raise FeedError(
            f"The feed has {len(header):,} columns, at most {MAX_COLUMNS:,} are allowed. "
            "Export only the columns that describe the products."
        )
    if len(named) < 1 or all(_is_number(cell) for cell in named):
        raise FeedError(
            f"The first line of the feed must name the columns; found {', '.join(named[:5]) or 'nothing'!s}. "
            "Add a line such as: id,title,price."
        )


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).replace(",", "", 1).lstrip("-").isdigit()
