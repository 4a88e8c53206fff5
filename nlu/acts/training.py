"""Trains the act model from the phrases: words, sentence vectors, neighbours, and how much each counts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu.acts import linear
from nlu.acts.features import familiar_words, features, phrase_tokens
from nlu.acts.labels import LIGHT
from nlu.acts.model import ActModel, columns_of, scale_of
from nlu.acts.phrases import Phrase
from nlu.acts.vectors import encode_all
from nlu.language import Wordlists
from nlu.types import TextEncoder

_MAX_FEATURES = 5000
"""Word features kept; rarer ones are words of single phrases."""
_ENCODED_PER_PHRASE = 2
"""Fillings of a template that are encoded; further ones lie beside them."""
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


def train(
    phrases: Sequence[Phrase],
    wordlists: Wordlists,
    encoder: TextEncoder | None,
    *,
    store: Path | None = None,
) -> ActModel:
    """Fit words and vectors, calibrate on a fifth of the phrases, then fit again on all.

    ``store`` is the file that keeps sentence vectors from one training to the next.
    """
    labels = tuple(sorted({phrase.label for phrase in phrases}))
    exact_labels = _exact([(p.label, phrase_tokens(p.text, wordlists)[0]) for p in phrases])
    phrases = [phrase for phrase in phrases if phrase.trained]
    target = np.array([labels.index(phrase.label) for phrase in phrases])
    prepared = [phrase_tokens(phrase.text, wordlists) for phrase in phrases]
    familiar = familiar_words(
        (phrase.template, tokens)
        for phrase, (tokens, _) in zip(phrases, prepared, strict=True)
        if phrase.label not in _ANYTHING
    )
    feature_names = [
        features(
            tokens,
            wordlists,
            question=asks,
            familiar=familiar,
            own=int(phrase.label not in _ANYTHING),
        )
        for phrase, (tokens, asks) in zip(phrases, prepared, strict=True)
    ]
    index = _index(feature_names)
    columns = [columns_of(names, index) for names in feature_names]
    weights = _weights(phrases)
    holdout = _held_out(phrases)
    size: dict[str, Any] = {"classes": len(labels), "features": len(index)}

    def rows(numbers: linear.Whole) -> linear.Floats:
        return _dense([columns[number] for number in numbers], len(index))

    train_rows, test_rows = np.flatnonzero(~holdout), np.flatnonzero(holdout)
    partial = linear.fit(
        lambda n: rows(train_rows[n]), target[train_rows], weights[train_rows], **size
    )
    model = ActModel(
        labels=labels,
        index=index,
        solution=linear.fit(rows, target, weights, **size, start=partial, epochs=4, rate=0.02),
        alone=linear.best_blend([linear.scores(rows(test_rows), partial)], target[test_rows])[0],
        exact_labels=exact_labels,
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
            holdout,
            lambda n: linear.scores(rows(n), partial),
            store,
        )
    return model


def _add_vectors(
    model: ActModel,
    encoder: TextEncoder,
    phrases: Sequence[Phrase],
    target: linear.Whole,
    weights: linear.Floats,
    holdout: Any,
    words_scores: Callable[[linear.Whole], linear.Floats],
    store: Path | None,
) -> None:
    """Fit the sentence-vector part on a few sentences of each phrase, and the blend of both parts."""
    chosen = _chosen(phrases)
    vectors = encode_all(encoder, [_filled(phrases[number]) for number in chosen], store)
    inside, outside = np.flatnonzero(~holdout[chosen]), np.flatnonzero(holdout[chosen])
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


def _dense(columns: Sequence[Any], width: int) -> linear.Floats:
    rows = np.zeros((len(columns), width), np.float32)
    for row, positions in zip(rows, columns, strict=True):
        row[positions] = scale_of(len(positions))
    return rows


def _index(feature_names: Sequence[Sequence[str]]) -> dict[str, int]:
    counts = Counter(name for names in feature_names for name in names)
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
    """What sentences of the phrases mean, word for word: all they stand under, unless those exclude each other."""
    labels: dict[str, dict[str, None]] = {}
    for label, tokens in sentences:
        labels.setdefault(" ".join(tokens), {})[label] = None
    results = {}
    for key, several in labels.items():
        acts = dict.fromkeys(act for label in several for act in label.split("+"))
        if len(several) == 1 or LIGHT.issuperset(acts):
            results[key] = "+".join(acts)
    return results


def _chosen(phrases: Sequence[Phrase]) -> Any:
    counts: Counter[int] = Counter()
    chosen = []
    for position, phrase in enumerate(phrases):
        counts[phrase.template] += 1
        if counts[phrase.template] <= _ENCODED_PER_PHRASE:
            chosen.append(position)
    return np.array(chosen)


def _filled(phrase: Phrase) -> str:
    text = phrase.text
    for slot, options in _FILLERS.items():
        if slot in text:
            text = text.replace(slot, options[phrase.template % len(options)])
    return text
