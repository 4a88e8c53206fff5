"""Reads knowledge files; what is wrong in one is said with its file and line, and the rest works."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import KnowledgeError
from catalog.knowledge.types import Concept, Doubt, Knowledge, KnownWish, Reason, Use, WishKind

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
_HEAD_ENDS = re.compile(r"^facets:", re.MULTILINE)
"""What stands above is enough to recognise a kind; reading all of every file takes a second."""
_BOUND = re.compile(r"(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)")
SECTIONS = (
    *("kind", "noun", "nouns", "recognise", "facets", "words", "also", "includes"),
    *("terms", "uses", "doubts", "goes_with", "use_question"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindHead:
    """What tells a kind of goods, read without the rest of its file."""

    kind: str
    """Name of the file."""
    words: tuple[str, ...]
    """Words for the things themselves, lower case."""
    path: Path
    """The file."""


def shipped(language: str, kind: str) -> Path:
    """Return where the file of a kind is that comes with the software; it need not exist."""
    return FOLDER / language / f"{kind}.yml"


def kind_heads(language: str, own: Path | None = None) -> Iterator[KindHead]:
    """Yield the beginnings of every kind known in a language; a shop's own file hides the one shipped.

    A file of the shop that cannot be read hides nothing.
    """
    paths = {path.stem: [path] for path in sorted((FOLDER / language).glob("*.yml"))}
    for path in sorted(own.glob("*.yml")) if own is not None else ():
        paths.setdefault(path.stem, []).insert(0, path)
    for kind, places in paths.items():
        for path in places:
            try:
                yield KindHead(kind=kind, words=_recognised_by(path), path=path)
                break
            except KnowledgeError as error:
                logger.warning("%s", error)


def _recognised_by(path: Path) -> tuple[str, ...]:
    head = _HEAD_ENDS.split(_text(path), maxsplit=1)[0]
    recognise = _mapping(path, _mapping(path, _parsed(path, head)).get("recognise") or {})
    return _texts(path, recognise.get("words", ()))


def read_knowledge(path: Path) -> Knowledge:
    """Read one file.

    Raises:
        KnowledgeError: with the file, the line where there is one, what was found and what is allowed.
    """
    data = _mapping(path, _parsed(path, _text(path)))
    unknown = [key for key in data if key not in SECTIONS]
    if unknown:
        raise KnowledgeError(
            f"{_place(path, unknown[0])}: unknown section {unknown[0]!r}; allowed are {', '.join(SECTIONS)}."
        )
    concepts = {
        key: _concept(path, key, _mapping(path, entry))
        for key, entry in _section(path, data, "facets").items()
    }
    uses = {
        name: _use(path, name, _mapping(path, entry), concepts)
        for name, entry in _section(path, data, "uses").items()
    }
    words: dict[str, tuple[KnownWish, ...]] = {}
    used_for: dict[str, str] = {}
    for word, entry in _section(path, data, "words").items():
        meaning = dict(_mapping(path, entry))
        use = meaning.pop("use", None)
        if use is not None:
            if use not in uses:
                allowed = ", ".join(uses)
                raise KnowledgeError(
                    f"{_place(path, 'words', word)}: unknown use {use!r}; allowed are {allowed}."
                )
            used_for[word.lower()] = str(use)
        if meaning:
            words[word.lower()] = _wishes(path, meaning, concepts, ("words", word))
    return Knowledge(
        kind=path.stem,
        noun=str(data.get("noun", path.stem)),
        nouns=str(data.get("nouns", path.stem)),
        concepts=concepts,
        words=words,
        used_for=used_for,
        also=_lists(path, data, "also"),
        includes=_lists(path, data, "includes"),
        terms={term.lower(): str(text) for term, text in _section(path, data, "terms").items()},
        uses=uses,
        doubts=tuple(_doubt(path, entry, concepts) for entry in data.get("doubts") or ()),
        goes_with={k: str(v) for k, v in _section(path, data, "goes_with").items()},
        use_question=str(data.get("use_question", "")),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            f"{path}: cannot be read as UTF-8 ({error}); save it as UTF-8."
        ) from error


def _parsed(path: Path, text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        raise KnowledgeError(f"{path}{line}: {error.problem or 'no YAML'}.") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise KnowledgeError(f"{path}: no YAML ({error}).") from error


def _place(path: Path, *keys: str) -> str:
    """Return the file with the line on which the last of the keys stands, each looked for behind the one before."""
    text = _text(path)
    at = 0
    for key in keys:
        found = re.compile(rf"(?<![\w-])['\"]?{re.escape(key)}['\"]?\s*:").search(text, at)
        at = found.start() if found else at
    return f"{path}:{text.count(chr(10), 0, at) + 1}"


def _mapping(path: Path, data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise KnowledgeError(f"{path}: {data!r} stands where names with values are expected.")
    return {str(key): value for key, value in data.items()}


def _section(path: Path, data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _mapping(path, data.get(name) or {})


def _texts(path: Path, data: Any) -> tuple[str, ...]:
    if isinstance(data, str) or not isinstance(data, Sequence):
        raise KnowledgeError(f"{path}: {data!r} stands where a list of words is expected.")
    return tuple(str(text).lower() for text in data)


def _lists(path: Path, data: Mapping[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    section = _section(path, data, name)
    return {key.lower(): _texts(path, entry) for key, entry in section.items()}


def _concept(path: Path, key: str, data: Mapping[str, Any]) -> Concept:
    scale = data.get("scale")
    try:
        return Concept(
            names=_texts(path, data["names"]),
            asked=_texts(path, data.get("asked", ())),
            question=str(data["question"]),
            why=str(data["why"]),
            order=int(data["order"]),
            unit=str(data.get("unit", "")),
            scale=(float(scale[0]), float(scale[1])) if scale else None,
            better=str(data.get("better", "")),
        )
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise KnowledgeError(
            f"{_place(path, 'facets', key)}: the facet {key!r} needs names, question, why and order; {error}."
        ) from error


def _wishes(
    path: Path, data: Mapping[str, Any], concepts: Mapping[str, Concept], within: tuple[str, ...]
) -> tuple[KnownWish, ...]:
    return tuple(_wish(path, key, value, concepts, within) for key, value in data.items())


def _wish(
    path: Path,
    key: str,
    value: Any,
    concepts: Mapping[str, Concept],
    within: tuple[str, ...],
) -> KnownWish:
    if key not in concepts:
        allowed = ", ".join(concepts)
        raise KnowledgeError(
            f"{_place(path, *within, key)}: unknown facet {key!r}; allowed are {allowed}."
        )
    if isinstance(value, list):
        return KnownWish(concept=key, kind=WishKind.WORDS, words=_texts(path, value))
    bound = _BOUND.fullmatch(str(value))
    if bound is not None:
        return KnownWish(concept=key, kind=WishKind.BOUND, operator=bound[1], bound=float(bound[2]))
    if value in ("high", "low", "yes", "no"):
        return KnownWish(concept=key, kind=WishKind(value))
    raise KnowledgeError(
        f'{_place(path, *within, key)}: {value!r} for {key}; allowed are high, low, "yes", "no", '
        'a bound such as ">= 16" or a list of words.'
    )


def _use(path: Path, name: str, data: Mapping[str, Any], concepts: Mapping[str, Concept]) -> Use:
    reasons = []
    for entry in data.get("wants") or ():
        wanted = dict(_mapping(path, entry))
        because = str(wanted.pop("because", ""))
        reasons += [
            Reason(wish=w, because=because) for w in _wishes(path, wanted, concepts, ("uses", name))
        ]
    return Use(name=name, names=_texts(path, data.get("names", ())), wants=tuple(reasons))


def _doubt(path: Path, data: Any, concepts: Mapping[str, Concept]) -> Doubt:
    entry = _mapping(path, data)
    when = _wishes(path, _mapping(path, entry.get("when")), concepts, ("doubts",))
    return Doubt(when=when, say=str(entry.get("say", "")))
