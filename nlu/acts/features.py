"""What the act model sees of a clause: words, pairs, letters, and the shape left when content words are masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.language import Wordlists
from nlu.text import words

PLACEHOLDERS = frozenset(
    {"{value}", "{facet}", "{noun}", "{number}", "{reference}", "{superlative}", "{critique}", "{title}"}
)
_MERGED = frozenset({"{value}", "{noun}"})
_ASKING = frozenset(
    "what which who whom whose when where why how do does did is are was were can could would will "
    "should shall may has have".split()
)


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
    full: list[str] = []
    for token in tokens:
        full.extend(wordlists.contractions.get(token, (token,)))
    kept: list[str] = []
    for index, token in enumerate(full):
        if token in courtesies and not (token == "like" and _verb_like(full, index)):
            continue
        if kept and token in _MERGED and kept[-1] in _MERGED:
            kept[-1] = "{value}" if "{value}" in (token, kept[-1]) else "{noun}"
        elif not (kept and token in PLACEHOLDERS and kept[-1] == token):
            kept.append(token)
    return kept or full


def _verb_like(tokens: Sequence[str], at: int) -> bool:
    return at > 0 and tokens[at - 1] in ("i", "would", "not", "you", "really", "we", "do", "look", "looks")


def masked(tokens: Sequence[str], wordlists: Wordlists) -> list[str]:
    """The tokens with every run of content words as one "_"."""
    kept: list[str] = []
    function, carrier = wordlists.groups["function"], wordlists.groups["carrier"]
    for token in tokens:
        shape = token if token in PLACEHOLDERS or token in function or token in carrier else "_"
        if not (shape == "_" and kept and kept[-1] == "_"):
            kept.append(shape)
    return kept


def features(tokens: Sequence[str], wordlists: Wordlists, *, question: bool) -> list[str]:
    """Names of the features of a clause; a name appears once."""
    found: dict[str, None] = {}
    framed = ["<", *tokens, ">"]
    for one, two in zip(framed, framed[1:], strict=False):
        found[f"w {one}"] = None
        found[f"b {one} {two}"] = None
    shape = ["<", *masked(tokens, wordlists), ">"]
    for index in range(len(shape) - 1):
        found[f"s {' '.join(shape[index : index + 2])}"] = None
        found[f"t {' '.join(shape[index : index + 3])}"] = None
    for token in tokens:
        if token not in PLACEHOLDERS:
            padded = f"^{token}$"
            for size in (3, 4):
                for at in range(len(padded) - size + 1):
                    found[f"c {padded[at : at + size]}"] = None
    found[f"n {min(len(tokens), 12) // 2}"] = None
    found[f"q {question}"] = None
    content = sum(1 for token in tokens if token not in wordlists.groups["function"])
    found[f"share {round(4 * content / max(len(tokens), 1))}"] = None
    function = wordlists.groups["function"]
    if not any(token in function for token in tokens):
        found["bare"] = None
    if tokens and (tokens[0] in _ASKING or question):
        found["asks"] = None
    if any(token in ("i", "my", "me", "we") for token in tokens):
        found["self"] = None
    if any(token in ("you", "your") for token in tokens):
        found["you"] = None
    return list(found)
