"""JSON feeds: an array, JSON lines, or an object with the list of products somewhere inside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.errors import FeedError
from catalog.feeds import fixtures
from catalog.feeds.base import Cell, Feed, RawRow, collect, column_key, column_order
from catalog.feeds.sniff import decode

_DEPTH = 5
_VARIANT_KEYS = frozenset({"variants", "skus", "offers", "variations", "models", "children"})
_TEXT_KEYS = ("name", "title", "value", "label", "src", "url", "href", "text")
_ID_KEYS = ("id", "sku", "handle", "product_id", "item_id")


def read_json(data: bytes) -> Feed:
    """Rows of a JSON feed; nested objects become ``parent_child`` columns, lists become several texts.

    Raises:
        FeedError: the text is no JSON, or holds no list of objects.
    """
    text = decode(data).strip()
    try:
        parsed = _loads(text)
    except json.JSONDecodeError as error:
        lines = _json_lines(text)
        if lines is None:
            raise FeedError(
                f"The feed is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
                "Allowed are an array of objects, or one object per line."
            ) from error
        return _feed(lines)
    except RecursionError as error:
        raise FeedError("The feed is nested too deeply to be a list of products.") from error
    return _feed(list(enumerate(_products(parsed), start=1)))


def _feed(entries: list[tuple[int, Any]]) -> Feed:
    names: dict[str, str] = {}
    joined = fixtures.join([entry for _, entry in entries]) if entries else None
    if joined is not None:
        entries = list(enumerate(joined, start=1))
    rows = collect(row for number, entry in entries for row in _rows(number, entry, names))
    column_order(rows)
    return Feed(format="json", rows=rows, names=names)


def _loads(text: str) -> Any:
    """JSON with its numbers left as the text they were written in."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _json_lines(text: str) -> list[tuple[int, Any]] | None:
    """(line number, value or None where the line is broken); None when the text is not JSON lines at all."""
    entries: list[tuple[int, Any]] = []
    good = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = _loads(line)
        except (json.JSONDecodeError, RecursionError):
            value = None
        good += isinstance(value, dict)
        entries.append((number, value))
    return entries if good and good * 2 >= len(entries) else None


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
        found = "broken JSON" if entry is None else f"a {type(entry).__name__}"
        yield RawRow(number=number, cells={}, problem=f"the entry is {found}, not an object")
        return
    variants: list[Mapping[str, Any]] = []
    cells: dict[str, Cell] = {}
    for name, value in entry.items():
        key = column_key(name)
        if (
            key in _VARIANT_KEYS
            and isinstance(value, list)
            and value
            and all(isinstance(v, dict) for v in value)
        ):
            variants = value
            continue
        _flatten(str(name), value, cells, names, 0)
    if not variants:
        yield RawRow(number=number, cells=cells)
        return
    group = next((str(cells[key]) for key in _ID_KEYS if cells.get(key)), f"row-{number}")
    yield RawRow(number=number, cells=cells, group=group, parent=True)
    for variant in variants:
        inner: dict[str, Cell] = {}
        for name, value in variant.items():
            _flatten(str(name), value, inner, names, 0)
        yield RawRow(number=number, cells=inner, group=group)


def _flatten(
    name: str, value: Any, cells: dict[str, Cell], names: dict[str, str], depth: int
) -> None:
    if value is None or depth > _DEPTH:
        return
    if isinstance(value, Mapping):
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
    name: str, values: list[Any], cells: dict[str, Cell], names: dict[str, str]
) -> None:
    texts: list[str] = []
    for value in values[:500]:
        if isinstance(value, Mapping):
            pair = {column_key(str(key)): inner for key, inner in value.items()}
            if isinstance(pair.get("name"), str) and isinstance(pair.get("value"), str | bool):
                _flatten(pair["name"], pair["value"], cells, names, _DEPTH)
                continue
            value = next((pair[key] for key in _TEXT_KEYS if isinstance(pair.get(key), str)), None)  # noqa: PLW2901
        if isinstance(value, str | bool) and _scalar(value).strip():
            texts.append(_scalar(value))
    if texts:
        key = column_key(name)
        cells[key] = tuple(texts)
        names.setdefault(key, name)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
