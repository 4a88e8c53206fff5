"""Reads the training phrases, one YAML file an intent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.acts.templates import LIMIT, expand
from nlu.errors import PhrasesInvalid

FOLDER = Path(__file__).parents[1] / "phrases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One sentence people say."""

    label: str
    """Intent, or two joined by "+" where the sentence does both."""
    text: str
    """With placeholders such as {value}."""
    template: int
    """Number of the phrase it was expanded from; never split between training and calibration."""
    trained: bool = True
    """False for expansions beyond the share of a phrase: they count as exact hits only."""


def content_hash(language: str, folder: Path = FOLDER) -> str:
    """Changes when any phrase changes."""
    digest = hashlib.sha256()
    for path in sorted((folder / language).glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def load_phrases(language: str, folder: Path = FOLDER) -> list[Phrase]:
    """Read and expand all phrases of ``language``; raises ``PhrasesInvalid``."""
    results: list[Phrase] = []
    for path in sorted((folder / language).glob("*.yml")):
        for label, template in read_file(path):
            number = results[-1].template + 1 if results else 0
            results.extend(
                Phrase(label=label, text=text, template=number, trained=position < LIMIT)
                for position, text in enumerate(expand(template))
            )
    if not results:
        raise PhrasesInvalid(
            f"No training phrases in {folder / language}: add one YAML file an intent."
        )
    return results


def read_file(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (label, template) of one file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise PhrasesInvalid(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("phrases"), list):
        raise PhrasesInvalid(f"{path.name} must hold a list under 'phrases:'.")
    intent = path.stem
    yield from _labelled(path, intent, data["phrases"])
    for other, phrases in (data.get("also") or {}).items():
        yield from _labelled(path, f"{intent}+{other}", phrases)


def _labelled(path: Path, label: str, phrases: Sequence[object]) -> Iterator[tuple[str, str]]:
    for phrase in phrases:
        if not isinstance(phrase, str):
            raise PhrasesInvalid(
                f"{path.name}: {phrase!r} is not text; put it in quotes (yes, no and numbers need them)."
            )
        yield label, phrase
