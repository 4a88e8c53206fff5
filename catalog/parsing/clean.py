"""Plain text out of whatever a feed holds: no markup, no scripts, no invisible characters."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from catalog.parsing.limits import MAX_CELL
from catalog.parsing.wordlist import words

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")
_ESCAPED_AT_MOST = 3
"""How often over markup may be escaped: "&lt;b&gt;" is markup to the next program that shows it."""
_SPACES = re.compile(r"[^\S\n]+")
_BLOCKS = words("p br div li ul ol tr table h1 h2 h3 h4 h5 h6 section article dt dd blockquote")
_SILENT = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title"}
)


def tidy(text: str) -> str:
    """One line of text: markup, control characters and surplus white space removed."""
    if _is_plain(text) or (text.isascii() and text.isalnum()):
        return text.strip()
    return " ".join(plain_text(text).split())


def _is_plain(text: str) -> bool:
    """Whether there is nothing to clean, which is so for most texts and quickly seen."""
    return (
        len(text) <= MAX_CELL
        and text.isprintable()
        and "<" not in text
        and "&" not in text
        and "  " not in text
    )


def plain_text(text: str) -> str:
    """Text without markup, scripts and invisible characters; blocks end a line."""
    if _is_plain(text):
        return text.strip()
    clean = _UNSEEN.sub("", text[:MAX_CELL])
    for _ in range(_ESCAPED_AT_MOST):
        if not _MARKUP.search(clean):
            break
        clean = _UNSEEN.sub("", _without_markup(clean))
    lines = (_SPACES.sub(" ", line).strip() for line in clean.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _without_markup(text: str) -> str:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(f"<div>{text}</div>".encode(), parser)
    if root is None:
        return re.sub(r"<[^>]*>?", " ", text)
    pieces: list[str] = []
    # an explicit stack: feeds may nest deeper than Python recurses
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, closing = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if closing:
            if tag in _BLOCKS:
                pieces.append("\n")
            pieces.append(element.tail or "")
            continue
        stack.append((element, True))
        if tag in _SILENT:
            continue
        if tag in _BLOCKS:
            pieces.append("\n")
        pieces.append(element.text or "")
        stack.extend((child, False) for child in reversed(element))
    return "".join(pieces)


def slug(text: str) -> str:
    """Lower-case letters and digits joined with ``-``: an id from a title."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80]
