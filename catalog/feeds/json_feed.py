"""JSON feeds: an array, JSON lines, or an object with the list of products somewhere inside."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.errors import FeedError
from catalog.feeds import django_fixtures
from catalog.feeds.base import Cell, Feed, RawRow, column_key
from catalog.feeds.json_stream import JsonStream, TooLong
from catalog.feeds.rows import Rows
from catalog.feeds.source import HEAD, Source

_DEPTH = 5
"""Deeper nesting is bookkeeping of the exporting program, never a property a shopper names."""
_AT_ONCE = 16 * 1024 * 1024
"""Bytes of the largest feed that is parsed in one go."""
_LONGEST_LINE = 32 * 1024 * 1024
"""A line above it is one document, not one product a line; it bounds the memory of the attempt."""
_TOO_DEEP = "The feed is nested too deeply to be a list of products."
_VARIANT_KEYS = frozenset({"variants", "skus", "offers", "variations", "models", "children"})
_TEXT_KEYS = ("name", "title", "value", "label", "src", "url", "href", "text")
_ID_KEYS = ("id", "sku", "handle", "product_id", "item_id")


def read_json(source: Source) -> Feed:
    """Rows of a JSON feed; nested objects become ``parent_child`` columns, lists become several texts.

    Raises:
        FeedError: the text is no JSON, or holds no list of objects.
    """
    lines = _first_line_is_an_object(source)
    if lines and source.size > HEAD:
        return feed_of(_json_lines(source))
    if source.size > _AT_ONCE:
        return _read_large(source)
    with source.open() as file:
        text = file.read().strip()
    try:
        parsed = _loads(text)
    except json.JSONDecodeError as error:
        entries = list(_json_lines(source)) if "\n" in text else []
        good = sum(isinstance(value, dict) for _, value in entries)
        if not good or good * 2 < len(entries):
            raise FeedError(
                f"The feed is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
                "Allowed are an array of objects, or one object per line."
            ) from error
        return feed_of(entries)
    except RecursionError as error:
        raise FeedError(_TOO_DEEP) from error
    return feed_of(list(enumerate(_products(parsed), start=1)))


def feed_of(entries: Iterable[tuple[int, Any]], format: str = "json") -> Feed:
    """The feed of numbered entries; anything that is no object becomes a row with a problem."""
    names: dict[str, str] = {}
    if isinstance(entries, list) and entries:
        joined = django_fixtures.join([entry for _, entry in entries])
        if joined is not None:
            entries = list(enumerate(joined, start=1))
    rows = Rows(row for number, entry in entries for row in _rows(number, entry, names))
    return Feed(format=format, rows=rows, names=names)


def _loads(text: str) -> Any:
    """JSON with its numbers left as the text they were written in."""
    return _DECODER.decode(text)


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _first_line_is_an_object(source: Source) -> bool:
    """Whether each line is an entry of its own, judged by the first two."""
    lines = [line for line in source.start().splitlines()[:-1] if line.strip()][:2]
    try:
        return len(lines) == 2 and all(isinstance(_loads(line), dict) for line in lines)
    except (json.JSONDecodeError, RecursionError):
        return False


def _json_lines(source: Source) -> Iterator[tuple[int, Any]]:
    """(line number, value or None where the line is broken)."""
    with source.open() as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                yield number, _loads(line)
            except (json.JSONDecodeError, RecursionError):
                yield number, None


def _read_large(source: Source) -> Feed:
    """The longest list of objects of a feed that is too large to be held at once."""
    try:
        with source.open() as file:
            sizes = Counter(
                number
                for number, entry in JsonStream(file, _DECODER.raw_decode).lists()
                if isinstance(entry, dict)
            )
        if not sizes:
            _products([])
        best = sizes.most_common(1)[0][0]
        with source.open() as file:
            stream = JsonStream(file, _DECODER.raw_decode).lists()
            wanted = (entry for number, entry in stream if number == best)
            return feed_of(enumerate(wanted, start=1))
    except json.JSONDecodeError as error:
        raise FeedError(
            f"The feed is not valid JSON: {error.msg}. "
            "Allowed are an array of objects, or one object per line."
        ) from error
    except TooLong as error:
        raise FeedError(
            "The feed is one huge JSON value, not a list of products. "
            "Allowed are an array of objects, or one object per line."
        ) from error
    except RecursionError as error:
        raise FeedError(_TOO_DEEP) from error


def _products(parsed: Any) -> list[Any]:
    """The list of products in a parsed feed: the longest list of objects."""
    lists = sorted(_lists(parsed, 0), key=len, reverse=True)
    if lists:
        return lists[0]
    if (
        isinstance(parsed, dict)
        and parsed
        and all(isinstance(value, dict) for value in parsed.values())
    ):
        return [{"id": key, **value} for key, value in parsed.items()]
    kind = (
        "an object"
        if isinstance(parsed, dict)
        else "a list"
        if isinstance(parsed, list)
        else "a single value"
    )
    raise FeedError(
        f"The feed is {kind} without a list of objects in it. "
        'Allowed is [{"title": ...}, ...], such a list inside one object, or one object per line.'
    )


def _lists(value: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(value, list):
        if sum(isinstance(entry, dict) for entry in value) * 2 > len(value):
            yield value
    elif isinstance(value, dict) and depth < 3:
        for inner in value.values():
            yield from _lists(inner, depth + 1)


def _rows(number: int, entry: Any, names: dict[str, str]) -> Iterator[RawRow]:
    if not isinstance(entry, Mapping):
        kind = "broken JSON" if entry is None else f"a {type(entry).__name__}"
        yield RawRow(number=number, cells={}, problem=f"the entry is {kind}, not an object")
        return
    variants: list[Mapping[str, Any]] = []
    cells: dict[str, Cell] = {}
    for name, value in entry.items():
        key = column_key(name)
        if key in _VARIANT_KEYS and _are_objects(value):
            variants = value
            continue
        _flatten(str(name), value, cells, names, 0)
    if not variants:
        yield RawRow(number=number, cells=cells)
        return
    group = next((str(cells[key]) for key in _ID_KEYS if cells.get(key)), f"row-{number}")
    yield RawRow(number=number, cells=cells, group=group, parent=True)
    options = _option_names(entry)
    for variant in variants:
        inner: dict[str, Cell] = {}
        for name, value in variant.items():
            _flatten(options.get(column_key(str(name)), str(name)), value, inner, names, 0)
        yield RawRow(number=number, cells=inner, group=group)


def _option_names(entry: Mapping[str, Any]) -> dict[str, str]:
    """option1 -> "Hand", where a product names the options that its variants only number."""
    options = entry.get("options")
    if not _are_objects(options):
        return {}
    return {
        f"option{place}": option["name"]
        for place, option in enumerate(options or (), start=1)
        if isinstance(option.get("name"), str) and option["name"].strip()
    }


def _flatten(
    name: str, value: Any, cells: dict[str, Cell], names: dict[str, str], depth: int
) -> None:
    if value is None or depth > _DEPTH:
        return
    if isinstance(value, Mapping):
        if set(value) == {"value", "unit"} and isinstance(value["unit"], str):
            amount = _scalar(value["value"])
            _flatten(name, f"{amount} {value['unit']}", cells, names, depth + 1)
            return
        for inner, item in value.items():
            _flatten(f"{name}_{inner}", item, cells, names, depth + 1)
        return
    key = column_key(name)
    if not key:
        return
    if isinstance(value, list):
        _flatten_list(name, value, cells, names)
        return
    text = _scalar(value)
    if text.strip():
        cells[key] = text
        names.setdefault(key, name)


def _flatten_list(
    name: str, values: list[Any], cells: dict[str, Cell], names: dict[str, str], depth: int = 0
) -> None:
    texts: list[str] = []
    for value in values[:500]:
        if isinstance(value, Mapping):
            pair = {column_key(str(key)): inner for key, inner in value.items()}
            if isinstance(pair.get("name"), str) and isinstance(pair.get("value"), str | bool):
                _flatten(pair["name"], pair["value"], cells, names, _DEPTH)
                continue
            grouped = [inner for inner in value.values() if _are_objects(inner)]
            if grouped and depth < _DEPTH:  # {"group": "General", "items": [{"name": ...}]}
                for inner in grouped:
                    _flatten_list(name, inner, cells, names, depth + 1)
                continue
            value = next((pair[key] for key in _TEXT_KEYS if isinstance(pair.get(key), str)), None)  # noqa: PLW2901
        if isinstance(value, str | bool) and _scalar(value).strip():
            texts.append(_scalar(value))
    if texts:
        key = column_key(name)
        cells[key] = tuple(texts)
        names.setdefault(key, name)


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
