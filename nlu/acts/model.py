"""The act model: trained from the phrases in seconds, kept under ``models/nlu`` by content hash."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.acts import linear
from nlu.acts.features import features
from nlu.acts.phrases import content_hash, load_phrases
from nlu.acts.vectors import encoder_print
from nlu.language import Wordlists
from nlu.types import TextEncoder

logger = logging.getLogger(__name__)

VERSION = "11"
"""Change it when features or training change."""
_SURE = 0.92
"""Confidence from which the neighbours are not asked."""


@dataclass(slots=True)
class ActModel:
    """Scores of labels for a clause, from words alone or from words and sentence vectors."""

    labels: tuple[str, ...]
    """Intents, or two joined by "+"."""
    index: dict[str, int]
    """Feature -> row of ``solution``."""
    solution: linear.Floats
    """Weights of the words model."""
    alone: float
    """Temperature factor of the words model by itself."""
    exact_labels: dict[str, str]
    """Normalised training sentences and their label, for exact hits."""
    familiar: dict[str, int]
    """Words shoppers use with a shop."""
    meaning: linear.Floats | None = None
    """Weights of the sentence-vector model; None without an encoder."""
    near: linear.Neighbours | None = None
    """Vectors of the phrases themselves; None without an encoder."""
    blend: tuple[float, ...] = (1.0, 1.0, 0.0)
    """Factors of words, vectors and neighbours when all are used."""
    wordlists: Wordlists = field(repr=False, default=None)  # type: ignore[assignment]

    def predict(
        self,
        tokens: Sequence[str],
        text: str,
        *,
        question: bool,
        encoder: TextEncoder | None = None,
        sure: float = _SURE,
    ) -> tuple[str, float]:
        """The most likely label and its probability; ``encoder`` is asked when words are less than ``sure``."""
        exact = self.exact_labels.get(" ".join(tokens))
        if exact is not None:
            return exact, 0.99
        names = features(tokens, self.wordlists, question=question, familiar=self.familiar)
        columns = columns_of(names, self.index)
        score = self.solution[columns].sum(axis=0) * scale_of(len(columns)) + self.solution[-1]
        probable = linear.softmax(self.alone * score)
        if encoder is not None and self.meaning is not None and probable.max() < sure:
            vector = np.asarray(encoder.encode([text]), np.float32)
            mixed = self.blend[0] * score + self.blend[1] * linear.scores(vector, self.meaning)[0]
            if self.near is not None and self.blend[2]:
                mixed = mixed + self.blend[2] * self.near.scores(vector, len(self.labels))[0]
            probable = linear.softmax(mixed)
        best = int(probable.argmax())
        return self.labels[best], float(probable[best])


def scale_of(count: int) -> float:
    """What a clause with so many features is multiplied with."""
    return float(3.0 / np.sqrt(max(count, 1)))


def load_model(
    wordlists: Wordlists, *, encoder: TextEncoder | None = None, models: Path | None = None
) -> ActModel:
    """The model of a language: from ``models``/nlu when it is there, else trained (and kept there)."""
    name = _file_name(wordlists, encoder)
    path = models / "nlu" / name if models is not None else None
    if path is not None and path.is_file():
        loaded = _load(path, wordlists)
        if loaded is not None:
            return loaded
    store = None
    if models is not None and encoder is not None:
        vectors_file = f"phrases-{wordlists.language}-{encoder_print(encoder)}.npz"
        store = models / "nlu" / vectors_file
    from nlu.acts.training import train

    trained = train(load_phrases(wordlists.language), wordlists, encoder, store=store)
    if path is not None:
        _save(trained, path)
    return trained


def _file_name(wordlists: Wordlists, encoder: TextEncoder | None) -> str:
    digest = hashlib.sha256(VERSION.encode())
    digest.update(content_hash(wordlists.language).encode())
    for group in ("function", "carrier", "courtesies", "opening_courtesies"):
        digest.update(" ".join(sorted(wordlists.groups[group])).encode())
    digest.update(repr(sorted(wordlists.contractions.items())).encode())
    if encoder is not None:
        digest.update(encoder_print(encoder).encode())
    kind = "vectors" if encoder is not None else "words"
    return f"acts-{wordlists.language}-{kind}-{digest.hexdigest()[:16]}.npz"


def columns_of(names: Sequence[str], index: dict[str, int]) -> Any:
    """Positions of the features that the model knows."""
    return np.array([index[name] for name in names if name in index], np.int64)


def _save(model: ActModel, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "labels": model.labels,
        "index": list(model.index),
        "alone": model.alone,
        "blend": model.blend,
        "known": model.exact_labels,
        "familiar": model.familiar,
    }
    arrays: dict[str, Any] = {"solution": model.solution.astype(np.float16)}
    if model.meaning is not None:
        arrays["meaning"] = model.meaning
    if model.near is not None:
        arrays["near"] = model.near.vectors.astype(np.float16)
        arrays["near_labels"] = model.near.labels
    partial = path.with_name(f".{os.getpid()}-{path.name}")
    with partial.open("wb") as file:
        np.savez_compressed(file, about=np.array(json.dumps(about)), **arrays)
    partial.replace(path)


def _load(path: Path, wordlists: Wordlists) -> ActModel | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            return ActModel(
                labels=tuple(about["labels"]),
                index={name: position for position, name in enumerate(about["index"])},
                solution=stored["solution"].astype(np.float32),
                alone=about["alone"],
                exact_labels=about["known"],
                familiar=about["familiar"],
                near=linear.Neighbours(stored["near"], stored["near_labels"])
                if "near" in stored
                else None,
                meaning=stored.get("meaning"),
                blend=tuple(about["blend"]),
                wordlists=wordlists,
            )
    except (OSError, ValueError, KeyError) as error:
        logger.warning("Act model %s cannot be read (%s); training it again.", path.name, error)
        return None
