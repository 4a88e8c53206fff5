"""What shoppers type, made fit for the engine."""

from __future__ import annotations

import json

import pytest

from assistant.gateway.conversations.input_text import LONGEST_TEXT, check, clean
from assistant.gateway.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("red", "red"),
        ("  red\n", "red"),
        ("two\nlines", "two\nlines"),
        ("\x01open", "open"),
        ("\x01choice colour:1", "choice colour:1"),
        ("a\x00b\x07c\x7fd\x85e", "abcde"),
        ("cafe\u0301", "caf\u00e9"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("whole \ud83c\udf77 pair", "whole \U0001f377 pair"),
        ("/restart", "/restart"),
        ('/inform{"x":1}', '/inform{"x":1}'),
        ("{{7*7}} {slot} {0}", "{{7*7}} {slot} {0}"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
    ],
)
def test_clean_keeps_what_can_be_read(typed, read):
    assert clean(typed) == (read, False)


@pytest.mark.parametrize("typed", ["", "   ", "\x00\x01", "\u200b\u2060", "\ud800", "\n\t"])
def test_clean_leaves_nothing_of_what_cannot_be_read(typed):
    assert clean(typed)[0] == ""


def test_clean_cuts_long_texts():
    assert clean("x" * LONGEST_TEXT) == ("x" * LONGEST_TEXT, False)
    assert clean("x" * (LONGEST_TEXT + 1)) == ("x" * LONGEST_TEXT, True)
    text, cut = clean("e\u0301" * 60_000)
    assert cut and len(text) == LONGEST_TEXT


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "red", "choice_id": "a"},
        {"text": "   "},
        {"choice_id": ""},
        {"choice_id": "x" * 65},
        {"choice_id": "a b"},
        {"choice_id": "a\n"},
        {"text": "red", "client_message_id": ""},
        {"text": "red", "client_message_id": "x" * 201},
    ],
    ids=json.dumps,
)
def test_check_refuses_what_is_no_message(body):
    with pytest.raises(BadInput):
        check(**{"client_message_id": "c", **body})
