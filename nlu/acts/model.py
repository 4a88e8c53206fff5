"""The act model: trained from the phrases in seconds, kept under ``models/nlu`` by content hash."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.acts import linear
from nlu.acts.features import familiar_words, features, phrase_tokens
from nlu.acts.phrases import Phrase, content_hash, load_phrases
from nlu.language import Wordlists
from nlu.types import Encoder

logger = logging.getLogger(__name__)

VERSION = "6"
"""Change it when features or training change."""
_MAX_FEATURES = 7000
_ENCODED_PER_PHRASE = 2
_SURE = 0.92
_ANYTHING = frozenset({"out_of_scope", "inform"})
"""What people say of other things and of products: their words tell nothing of a shop."""
_FILLERS = {
    "{value}": ("red", "wireless", "leather", "Italian", "small blue", "vegan", "oak", "black"),
    "{facet}": ("colour", "price", "size", "material", "brand", "weight"),
    "{noun}": ("wine", "headphones", "sofa", "phone", "jacket", "car"),
    "{number}": ("20", "50 euros", "under 100", "13"),
    "{reference}": ("the second one", "that one", "the first one", "the last one"),
    "{superlative}": ("cheapest", "most expensive", "lightest", "best"),
    "{critique}": ("cheaper", "bigger", "lighter", "too expensive"),
    "{title}": ("the Barolo", "the Sony XM5", "the Aston chair"),
}


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
    known: dict[str, str]
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
        encoder: Encoder | None = None,
        sure: float = _SURE,
    ) -> tuple[str, float]:
        """The most likely label and its probability; ``encoder`` is asked when words are less than ``sure``."""
        exact = self.known.get(" ".join(tokens))
        if exact is not None:
            return exact, 0.99
        names = features(tokens, self.wordlists, question=question, familiar=self.familiar)
        found = _columns(names, self.index)
        score = self.solution[found].sum(axis=0) * _weight(len(found)) + self.solution[-1]
        probable = linear.softmax(self.alone * score)
        if encoder is not None and self.meaning is not None and probable.max() < sure:
            vector = np.asarray(encoder.encode([text]), np.float32)
            mixed = self.blend[0] * score + self.blend[1] * linear.scores(vector, self.meaning)[0]
            if self.near is not None and self.blend[2]:
                mixed = mixed + self.blend[2] * self.near.scores(vector, len(self.labels))[0]
            probable = linear.softmax(mixed)
        best = int(probable.argmax())
        return self.labels[best], float(probable[best])


def _weight(count: int) -> float:
    return float(3.0 / np.sqrt(max(count, 1)))


def load_model(
    wordlists: Wordlists, *, encoder: Encoder | None = None, models: Path | None = None
) -> ActModel:
    """The model of a language: from ``models``/nlu when it is there, else trained (and kept there)."""
    name = _file_name(wordlists, encoder)
    path = models / "nlu" / name if models is not None else None
    if path is not None and path.is_file():
        loaded = _load(path, wordlists)
        if loaded is not None:
            return loaded
    trained = train(load_phrases(wordlists.language), wordlists, encoder)
    if path is not None:
        _save(trained, path)
    return trained


def _file_name(wordlists: Wordlists, encoder: Encoder | None) -> str:
    digest = hashlib.sha256(VERSION.encode())
    digest.update(content_hash(wordlists.language).encode())
    for group in ("function", "carrier", "courtesies"):
        digest.update(" ".join(sorted(wordlists.groups[group])).encode())
    digest.update(repr(sorted(wordlists.contractions.items())).encode())
    if encoder is not None:
        probe = np.asarray(encoder.encode(["a red wine for tonight"]), np.float32)
        digest.update(np.round(probe, 2).tobytes())
    kind = "vectors" if encoder is not None else "words"
    return f"acts-{wordlists.language}-{kind}-{digest.hexdigest()[:16]}.npz"


def train(phrases: Sequence[Phrase], wordlists: Wordlists, encoder: Encoder | None) -> ActModel:
    """Fit words and vectors, calibrate on a fifth of the phrases, then fit again on all."""
    labels = tuple(sorted({phrase.label for phrase in phrases}))
    known = _exact([(p.label, phrase_tokens(p.text, wordlists)[0]) for p in phrases])
    phrases = [phrase for phrase in phrases if phrase.trained]
    target = np.array([labels.index(phrase.label) for phrase in phrases])
    prepared = [phrase_tokens(phrase.text, wordlists) for phrase in phrases]
    familiar = familiar_words(
        (phrase.template, tokens)
        for phrase, (tokens, _) in zip(phrases, prepared, strict=True)
        if phrase.label not in _ANYTHING
    )
    named = [
        features(
            tokens,
            wordlists,
            question=asks,
            familiar=familiar,
            own=int(phrase.label not in _ANYTHING),
        )
        for phrase, (tokens, asks) in zip(phrases, prepared, strict=True)
    ]
    index = _index(named)
    columns = [_columns(names, index) for names in named]
    weights = _weights(phrases)
    held = _held_out(phrases)
    size: dict[str, Any] = {"classes": len(labels), "features": len(index)}

    def rows(numbers: linear.Whole) -> linear.Floats:
        return _dense([columns[number] for number in numbers], len(index))

    kept, out = np.flatnonzero(~held), np.flatnonzero(held)
    partial = linear.fit(lambda n: rows(kept[n]), target[kept], weights[kept], **size)
    model = ActModel(
        labels=labels,
        index=index,
        solution=linear.fit(rows, target, weights, **size, start=partial, epochs=4, rate=0.02),
        alone=linear.best_blend([linear.scores(rows(out), partial)], target[out])[0],
        known=known,
        familiar=familiar,
        wordlists=wordlists,
    )
    if encoder is not None:
        _add_vectors(
            model,
            encoder,
            phrases,
            target,
            weights,
            held,
            lambda n: linear.scores(rows(n), partial),
        )
    return model


def _add_vectors(
    model: ActModel,
    encoder: Encoder,
    phrases: Sequence[Phrase],
    target: linear.Whole,
    weights: linear.Floats,
    held: Any,
    words_scores: Callable[[linear.Whole], linear.Floats],
) -> None:
    """Fit the sentence-vector part on a few sentences of each phrase, and the blend of both parts."""
    chosen = _chosen(phrases)
    vectors = _encode(encoder, [_filled(phrases[number]) for number in chosen])
    inside, outside = np.flatnonzero(~held[chosen]), np.flatnonzero(held[chosen])
    labels, shares = target[chosen], weights[chosen]
    size: dict[str, Any] = {
        "classes": len(model.labels),
        "features": vectors.shape[1],
        "epochs": 30,
    }
    part = linear.fit(
        lambda n: vectors[inside[n]], labels[inside], shares[inside], rate=0.1, decay=3e-5, **size
    )
    model.meaning = linear.fit(lambda n: vectors[n], labels, shares, rate=0.1, decay=3e-5, **size)
    inner = linear.Neighbours(vectors[inside].astype(np.float16), labels[inside])
    parts = [
        words_scores(chosen[outside]),
        linear.scores(vectors[outside], part),
        inner.scores(vectors[outside], len(model.labels)),
    ]
    model.near = linear.Neighbours(vectors.astype(np.float16), labels)
    model.blend = linear.best_blend(parts, labels[outside])


def _columns(names: Sequence[str], index: dict[str, int]) -> Any:
    return np.array([index[name] for name in names if name in index], np.int64)


def _dense(columns: Sequence[Any], width: int) -> linear.Floats:
    rows = np.zeros((len(columns), width), np.float32)
    for row, found in zip(rows, columns, strict=True):
        row[found] = _weight(len(found))
    return rows


def _index(named: Sequence[Sequence[str]]) -> dict[str, int]:
    counts = Counter(name for names in named for name in names)
    frequent = [name for name, count in counts.most_common(_MAX_FEATURES) if count > 1]
    return {name: position for position, name in enumerate(frequent)}


def _weights(phrases: Sequence[Phrase]) -> linear.Floats:
    """Sentences of one phrase share its weight, and rare intents count a little more."""
    per_phrase = Counter(phrase.template for phrase in phrases)
    per_label = Counter(phrase.label for phrase in phrases)
    return np.array(
        [per_phrase[p.template] ** -0.6 * per_label[p.label] ** -0.3 for p in phrases], np.float32
    )


def _held_out(phrases: Sequence[Phrase]) -> Any:
    rng = random.Random(7)  # noqa: S311 - a fixed split, nothing secret
    templates = sorted({phrase.template for phrase in phrases})
    chosen = set(rng.sample(templates, len(templates) // 5))
    return np.array([phrase.template in chosen for phrase in phrases])


def _exact(sentences: Sequence[tuple[str, list[str]]]) -> dict[str, str]:
    """Sentences that mean one thing only."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for label, tokens in sentences:
        key = " ".join(tokens)
        if found.setdefault(key, label) != label:
            doubtful.add(key)
    return {key: label for key, label in found.items() if key not in doubtful}


def _chosen(phrases: Sequence[Phrase]) -> Any:
    seen: Counter[int] = Counter()
    chosen = []
    for position, phrase in enumerate(phrases):
        seen[phrase.template] += 1
        if seen[phrase.template] <= _ENCODED_PER_PHRASE:
            chosen.append(position)
    return np.array(chosen)


def _filled(phrase: Phrase) -> str:
    text = phrase.text
    for slot, options in _FILLERS.items():
        if slot in text:
            text = text.replace(slot, options[phrase.template % len(options)])
    return text


def _encode(encoder: Encoder, texts: list[str]) -> linear.Floats:
    return np.concatenate(
        [
            np.asarray(encoder.encode(texts[i : i + 256]), np.float32)
            for i in range(0, len(texts), 256)
        ]
    )


def _save(model: ActModel, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "labels": model.labels,
        "index": list(model.index),
        "alone": model.alone,
        "blend": model.blend,
        "known": model.known,
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
                known=about["known"],
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
