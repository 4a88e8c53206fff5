"""What the act model sees of a clause: words, pairs, letters, and the shape left when content words are masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from nlu.language import Wordlists
from nlu.text import words

PLACEHOLDERS = frozenset(
    {
        "{value}",
        "{facet}",
        "{noun}",
        "{number}",
        "{reference}",
        "{superlative}",
        "{critique}",
        "{title}",
    }
)
_MERGED = frozenset({"{value}", "{noun}"})


def phrase_tokens(text: str, wordlists: Wordlists) -> tuple[list[str], bool]:
    """Tokens of a training phrase and whether it ends as a question."""
    tokens: list[str] = []
    for piece in text.replace("{", " {").replace("}", "} ").split():
        if piece in PLACEHOLDERS:
            tokens.append(piece)
        else:
            tokens.extend(word.text for word in words(piece) if not word.sign)
    return normalised(tokens, wordlists), text.rstrip().endswith("?")


def normalised(tokens: Iterable[str], wordlists: Wordlists) -> list[str]:
    """Contractions written out, courtesies dropped, neighbouring values merged into one."""
    courtesies = wordlists.groups["courtesies"]
    opening = wordlists.groups["opening_courtesies"]
    full: list[str] = []
    for token in tokens:
        full.extend(wordlists.contractions.get(token, (token,)))
    normal_tokens: list[str] = []
    for index, token in enumerate(full):
        if token in courtesies and not _verb_like(full, index, wordlists):
            continue
        if not index and token in opening:
            continue
        if normal_tokens and token in _MERGED and normal_tokens[-1] in _MERGED:
            normal_tokens[-1] = "{value}" if "{value}" in (token, normal_tokens[-1]) else "{noun}"
        elif not (normal_tokens and token in PLACEHOLDERS and normal_tokens[-1] == token):
            normal_tokens.append(token)
    return normal_tokens or full


def _verb_like(tokens: Sequence[str], at: int, wordlists: Wordlists) -> bool:
    """Whether a word that may be a mere filler ("like") is a verb here ("I like")."""
    groups = wordlists.groups
    return (
        at > 0 and tokens[at] in groups["filler_verbs"] and tokens[at - 1] in groups["before_like"]
    )


def masked(tokens: Sequence[str], wordlists: Wordlists) -> list[str]:
    """The tokens with every run of content words as one "_"."""
    shapes: list[str] = []
    function, carrier = wordlists.groups["function"], wordlists.groups["carrier"]
    for token in tokens:
        shape = token if token in PLACEHOLDERS or token in function or token in carrier else "_"
        if not (shape == "_" and shapes and shapes[-1] == "_"):
            shapes.append(shape)
    return shapes


def familiar_words(templates: Iterable[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """How many templates of (number, tokens) hold each word; given those about the shop."""
    occurrences = {(template, token) for template, tokens in templates for token in tokens}
    return dict(Counter(token for _, token in occurrences))


def features(
    tokens: Sequence[str],
    wordlists: Wordlists,
    *,
    question: bool,
    familiar: Mapping[str, int] | None = None,
    own: int = 0,
) -> list[str]:
    """Names of the features of a clause; a name appears once.

    Args:
        tokens: Normalised.
        wordlists: Of the language.
        question: Whether it ends as one.
        familiar: Words shoppers use with a shop, with the number of templates that hold them.
        own: 1 for a sentence of one of those templates, which must not vouch for itself.
    """
    names = [*_sequences(tokens, wordlists), *_letters(tokens)]
    names.extend(_traits(tokens, wordlists, question=question))
    if familiar is not None:
        names.extend(_strangeness(tokens, wordlists, familiar, own, question=question))
    return list(dict.fromkeys(names))


def _strangeness(
    tokens: Sequence[str],
    wordlists: Wordlists,
    familiar: Mapping[str, int],
    own: int,
    *,
    question: bool,
) -> Iterator[str]:
    """How many content words nobody says to a shop, with the frame they stand in."""
    function, carrier = wordlists.groups["function"], wordlists.groups["carrier"]
    content = [
        t for t in tokens if t not in PLACEHOLDERS and t not in function and t not in carrier
    ]
    strange = sum(1 for token in content if familiar.get(token, 0) <= own)
    count = f"new {min(strange, 3)}"
    yield count
    slots = any(token in PLACEHOLDERS for token in tokens)
    asks = question or (bool(tokens) and tokens[0] in wordlists.groups["asking"])
    yield f"{count} asks {asks} slots {slots}"
    if tokens:
        yield f"{count} first {tokens[0] if tokens[0] in function else '_'}"
    yield f"{count} self {not wordlists.groups['says_self'].isdisjoint(tokens)}"


def _sequences(tokens: Sequence[str], wordlists: Wordlists) -> Iterator[str]:
    framed = ["<", *tokens, ">"]
    for word, following in pairwise(framed):
        yield f"w {word}"
        yield f"b {word} {following}"
    shape = ["<", *masked(tokens, wordlists), ">"]
    for index in range(len(shape) - 1):
        yield f"s {' '.join(shape[index : index + 2])}"
        yield f"t {' '.join(shape[index : index + 3])}"


def _letters(tokens: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        if token not in PLACEHOLDERS:
            padded = f"^{token}$"
            for size in (3, 4):
                for at in range(len(padded) - size + 1):
                    yield f"c {padded[at : at + size]}"


def _traits(tokens: Sequence[str], wordlists: Wordlists, *, question: bool) -> Iterator[str]:
    groups = wordlists.groups
    content = sum(1 for token in tokens if token not in groups["function"])
    yield f"n {min(len(tokens), 12) // 2}"
    yield f"q {question}"
    yield f"share {round(4 * content / max(len(tokens), 1))}"
    if content == len(tokens):
        yield "bare"
    if tokens and (tokens[0] in groups["asking"] or question):
        yield "asks"
    for name in ("self", "you"):
        if not groups[f"says_{name}"].isdisjoint(tokens):
            yield name
