"""Lines in, lines out."""

import io
import json

import shop_of_fakes as fakes

from actions.parse import parse_lines


def run(*lines: str) -> list[dict]:
    out = io.StringIO()
    parse_lines(fakes.Parser(), lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_gets_one_line():
    answers = run('{"text": "red"}', "", '{"text": "\\ud800 blue"}')
    assert [answer["intent"]["name"] for answer in answers] == ["inform", "inform"]


def test_a_line_that_is_no_message_is_named_and_the_rest_goes_on():
    answers = run("{", "[]", '{"text": 3}', '{"text": "ok"}')
    assert [next(iter(answer)) for answer in answers] == ["error", "error", "error", "text"]
    assert "line 1" in answers[0]["error"]
