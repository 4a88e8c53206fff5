"""Cells that hold a whole structure as text: JSON, a Python literal or a Ruby hash.

{"Fabric": "Cotton", "Sizes": ["S", "M"]}
[{'name': 'Colour', 'value': 'Red'}, {'name': 'Fit', 'value': 'Slim'}]
{"product_specification"=>[{"key"=>"Type", "value"=>"Ring"}, {"value"=>"Gold"}]}
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_LONGEST = 50_000
"""Letters of the longest cell that is read as a structure."""
_DEEPEST = 6
"""Levels; deeper structures are documents, not properties."""
_NAMING = ("key", "name", "attribute", "attribute_name", "label", "title", "code", "k")
_TELLING = ("value", "values", "attribute_value", "text", "v")
_RUBY = re.compile(r'("(?:[^"\\]|\\.)*")|:(\w+)\s*=>|(=>)|\bnil\b')
_FAILURES = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)


def structure(text: str) -> Any:
    """The list or object that a text writes down; None for any other text."""
    body = text.strip()
    if body[:1] + body[-1:] not in {"{}", "[]"} or len(body) > _LONGEST:
        return None
    for read in (json.loads, _ruby) if "=>" in body else (json.loads, ast.literal_eval):
        try:
            value = read(body)
        except _FAILURES:
            continue
        if isinstance(value, list | dict):
            return value
    return None


def _ruby(body: str) -> Any:
    def as_json(match: re.Match[str]) -> str:
        quoted, symbol, arrow = match.groups()
        return quoted or (f'"{symbol}":' if symbol else ":" if arrow else "null")

    return json.loads(_RUBY.sub(as_json, body))


def pairs_of(node: Any) -> list[tuple[str, str]]:
    """The named facts of a structure, in its order; empty where it names none."""
    return [(name, value) for name, value in _pairs(node, _DEEPEST) if value]


def _pairs(node: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth == 0:
        return
    if isinstance(node, list):
        for entry in node:
            if isinstance(entry, list | dict):
                yield from _pairs(entry, depth - 1)
        return
    if not isinstance(node, Mapping):
        return
    name = next((node[key] for key in _NAMING if isinstance(node.get(key), str)), None)
    value_key = next((key for key in _TELLING if key in node), None)
    if value_key is not None and not isinstance(node[value_key], Mapping):
        if name:
            yield name.strip(), _text(node[value_key])
        return
    for key, value in node.items():
        if isinstance(value, Mapping) or (
            isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
        ):
            yield from _pairs(value, depth - 1)
        else:
            yield str(key).strip(), _text(value)


def entry_names(entries: Sequence[Any]) -> tuple[str, ...] | None:
    """What the entries of a list are called: its texts, or the name each object bears; None where they bear none."""
    names = []
    for raw_entry in entries:
        entry = raw_entry
        if isinstance(entry, Mapping):
            keys = [key for key in entry if key in _NAMING[1:]]
            keys += [key for key in entry if str(key).endswith(("_name", "name", "title"))]
            keys += [key for key in entry if key in _TELLING]
            if not keys:
                return None
            entry = entry[keys[0]]
        if isinstance(entry, list | tuple | Mapping):
            return None
        if entry is not None:
            names.append(str(entry).strip())
    return tuple(names)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " | ".join(filter(None, map(_text, value)))
    return str(value).strip() if isinstance(value, str) else json.dumps(value)
