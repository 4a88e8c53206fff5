"""JSON read entry by entry."""

from __future__ import annotations

import io
import json

import pytest

from catalog.feeds import json_stream
from catalog.feeds.json_stream import JsonStream, TooLong


def stream_of(text: str) -> JsonStream:
    return JsonStream(io.StringIO(text), json.JSONDecoder().raw_decode)


def lists(text: str) -> list:
    return list(stream_of(text).lists())


@pytest.fixture(params=[1, 5, 1 << 20], ids=["letter by letter", "five letters", "all at once"])
def chunk(request, monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK", request.param)


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("[]", []),
        (" [ ] ", []),
        ("{}", []),
        ("[1, 2]", [(1, 1), (1, 2)]),
        ("[12345]", [(1, 12345)]),
        ('\n[\t{"a": "]"}\r\n, {"b": [1]} ]', [(1, {"a": "]"}), (1, {"b": [1]})]),
        ('{"a": [1], "b": "x", "c": {"d": [2]}}', [(1, 1), (2, 2)]),
        ('"text"', []),
    ],
    ids=["empty", "blank", "object", "numbers", "a long number", "spaces", "two lists", "a text"],
)
def test_entries_are_told_with_the_number_of_their_list(text, entries):
    assert lists(text) == entries


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("[1 2]", "]"),
        ("[1", "]"),
        ('{"a" 1}', ":"),
        ('{"a": 1', "}"),
        ('{"a": [1] "b": 2}', "}"),
    ],
)
def test_a_missing_mark_is_named(text, letter):
    with pytest.raises(json.JSONDecodeError, match=f"Expecting '{letter}'"):
        lists(text)


@pytest.mark.parametrize("text", ["", "[", "[1,", '{"a":', "[tru]"])
def test_a_missing_value_is_an_error(text):
    with pytest.raises(json.JSONDecodeError, match="Expecting value"):
        lists(text)


def test_a_list_within_three_wrappers_is_read_and_within_four_it_is_a_value():
    assert lists('{"a": {"b": {"c": [1]}}}') == [(1, 1)]
    assert lists('{"a": {"b": {"c": {"d": [1]}}}}') == []


def test_an_entry_comes_before_the_rest_is_read():
    text = io.StringIO('[{"a": 1}, ' + '{"b": 2}, ' * 300_000 + "{}]")
    stream = JsonStream(text, json.JSONDecoder().raw_decode).lists()
    assert next(stream) == (1, {"a": 1})
    assert text.tell() == 1 << 20


def test_an_entry_is_as_long_as_its_bound_and_no_longer(monkeypatch):
    assert json_stream.LONGEST_ENTRY == 32 * 1024 * 1024
    monkeypatch.setattr(json_stream, "LONGEST_ENTRY", 64)
    monkeypatch.setattr(json_stream, "_CHUNK", 16)
    assert lists(f'["{"x" * 64}"]') == [(1, "x" * 64)]
    with pytest.raises(TooLong):
        lists(f'["{"x" * 200}"]')
