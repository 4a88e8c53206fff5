"""Plain text: no markup, no scripts, nothing invisible."""

from __future__ import annotations

import pytest

from catalog.parsing.clean import plain_text, slug, tidy

MAX = 200_000


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  oak  ", "oak"),
        ("oak  and\tash\n", "oak and ash"),
        ("oak\r\rash", "oak ash"),
        ("oak\u00a0ash", "oak ash"),
        ("", ""),
        ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("a <b>bold</b> move", "a bold move"),
        ("Salt &amp; Co", "Salt & Co"),
        ("5&#8364; &#x20AC;", "5€ €"),
        ("R&D;", "R&D;"),
    ],
)
def test_a_tidy_text_is_one_line_without_markup(text, plain):
    assert tidy(text) == plain


@pytest.mark.parametrize(
    "letter",
    ["\x00", "\x08", "\x1f", "\x7f", "\x9f", "\u00ad", "\u200b", "\u200e", "\u202e",
     "\u2060", "\u2066", "\ufeff", "\uffff", "\ud800"],
    ids=lambda letter: f"{ord(letter):04x}",
)  # fmt: skip
def test_letters_that_nobody_sees_are_removed(letter):
    assert tidy(f"o{letter}ak") == plain_text(f"o{letter}ak") == "oak"
    assert plain_text(f"o{letter}ak <b>wood</b>&#8203;") == "oak wood"


def test_letters_that_join_others_are_left():
    family = "\U0001f468\u200d\U0001f469"
    assert tidy(f"{family} \u0915\u094d\u200d\u0937") == f"{family} \u0915\u094d\u200d\u0937"


@pytest.mark.parametrize(
    "tag",
    ["p", "br", "div", "li", "tr", "h1", "h6", "dt", "dd", "blockquote", "section", "article", "table"],
)  # fmt: skip
def test_blocks_end_a_line(tag):
    inner = f"<{tag}>ash" if tag == "br" else f"<{tag}>ash</{tag}>"
    if tag == "tr":
        inner = "<table><tr><td>ash</td></tr></table>"
    assert plain_text(f"oak {inner}") == "oak\nash"


@pytest.mark.parametrize(
    "tag", ["script", "style", "template", "noscript", "iframe", "object", "svg"]
)
def test_what_is_not_shown_is_no_text(tag):
    assert plain_text(f"oak <{tag}>alert(1)</{tag}> ash") == "oak ash"


@pytest.mark.parametrize("tag", ["b", "span", "td", "a"])
def test_other_tags_leave_their_text_where_it_is(tag):
    assert plain_text(f"oak <{tag} href='x'>and</{tag}> ash") == "oak and ash"


def test_comments_and_instructions_are_no_text():
    assert plain_text("oak <!-- no --> and <?php no ?> ash") == "oak and ash"


@pytest.mark.parametrize(
    ("times", "plain"),
    [(1, "oak bold"), (2, "oak bold"), (3, "oak <b>bold</b>")],
)
def test_markup_is_taken_off_three_times(times, plain):
    text = "oak <b>bold</b>"
    for _ in range(times):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain_text(text) == plain


def test_two_hundred_thousand_letters_are_looked_at():
    assert len(tidy("x" * MAX)) == MAX
    assert len(tidy("x " * MAX)) == MAX - 1
    assert len(plain_text("x\n" * MAX)) == MAX - 1
    assert len(plain_text("x," * MAX)) == MAX
    assert plain_text("x" * (MAX - 1) + "yz,") == "x" * (MAX - 1) + "y"


def test_markup_that_is_none_is_left_out_too():
    assert "<" not in plain_text("oak <b><i unclosed")
    assert plain_text("<b></b>") == plain_text("<!-- -->") == ""


def test_tags_may_be_nested_deeper_than_programs_recurse():
    assert plain_text("<b>" * 2000 + "oak") in {"oak", ""}
    assert plain_text("oak " + "<b>" * 200 + "ash") == "oak ash"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crème Brûlée", "creme-brulee"),
        ("  -- A & B -- ", "a-b"),
        ("№ 5!", "no-5"),
        ("Стол", ""),
        ("x" * 81, "x" * 80),
        ("½ l", "12-l"),
    ],
)
def test_a_slug_is_small_ascii_letters_and_digits(text, expected):
    assert slug(text) == expected
