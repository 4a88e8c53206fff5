"""Multinomial logistic regression in numpy, calibrated by temperature.

Temperature scaling: Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

_BATCH = 384
"""Sentences a step: some twenty steps an epoch of the phrases that come with the assistant."""


def softmax(scores: Floats) -> Floats:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def fit(  # noqa: PLR0913 - keyword options of one small solver
    rows: Callable[[Whole], Floats],
    labels: Whole,
    weights: Floats,
    *,
    features: int,
    classes: int,
    epochs: int = 8,
    decay: float = 1e-6,
    rate: float = 0.05,
    start: Floats | None = None,
) -> Floats:
    """Weights [features + 1, classes] by Adam in mini-batches; the last row is the bias.

    Args:
        rows: Gives the inputs [n, features] of n row numbers, so that the whole never lies in memory.
        labels: Class of each row.
        weights: Importance of each row.
        features: Columns of the inputs.
        classes: Number of classes.
        epochs: Times every row is seen.
        decay: Strength of the pull towards zero.
        rate: Step size at the beginning; it falls to a tenth.
        start: Where to begin instead of at zero.
    """
    order = np.random.default_rng(7)
    solution = np.zeros((features + 1, classes), np.float32) if start is None else start.copy()
    first, second = np.zeros_like(solution), np.zeros_like(solution)
    scaled = (weights / weights.mean()).astype(np.float32)
    total = epochs * -(-len(labels) // _BATCH)
    step = 0
    for _ in range(epochs):
        shuffled = order.permutation(len(labels))
        for begin in range(0, len(labels), _BATCH):
            batch = shuffled[begin : begin + _BATCH]
            step += 1
            inputs = rows(batch)
            error = softmax(scores(inputs, solution))
            error[np.arange(len(batch)), labels[batch]] -= 1.0
            error *= scaled[batch, None] / len(batch)
            gradient: Floats = (
                np.concatenate([inputs.T @ error, error.sum(axis=0, keepdims=True)])
                + np.float32(decay) * solution
            )
            first = 0.9 * first + 0.1 * gradient
            second = 0.99 * second + 0.01 * gradient * gradient
            moved = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
            solution -= rate * (1.0 - 0.9 * step / total) * moved
    return solution


def scores(inputs: Floats, solution: Floats) -> Floats:
    """Scores [rows, classes] before the softmax."""
    result: Floats = inputs @ solution[:-1] + solution[-1]
    return result


@dataclass(slots=True)
class Neighbours:
    """Scores a label by how near its three nearest sentences are."""

    vectors: Any
    """float16 [sentences, dimension] of unit length, sorted by label."""
    labels: Whole
    """Class of each."""

    def __post_init__(self) -> None:
        """Sort by label, so that a label is one slice."""
        order = np.argsort(self.labels, kind="stable")
        self.vectors, self.labels = self.vectors[order].astype(np.float32), self.labels[order]

    def scores(self, inputs: Floats, classes: int) -> Floats:
        """Ten times the mean likeness of the three nearest, [rows, classes]."""
        likeness = inputs @ self.vectors.T
        class_scores = np.zeros((len(inputs), classes), np.float32)
        for label in range(classes):
            first, last = np.searchsorted(self.labels, (label, label + 1))
            part = likeness[:, first:last]
            count = min(3, last - first)
            if count:
                nearest = np.partition(part, part.shape[1] - count, axis=1)[:, -count:]
                class_scores[:, label] = 10.0 * nearest.mean(axis=1)
        return class_scores


def best_blend(parts: list[Floats], labels: NDArray[Any]) -> tuple[float, ...]:
    """One factor a part so that softmax of their sum is calibrated on held-out ``labels``."""
    grid = (0.0, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
    best, factors = float("inf"), tuple(1.0 for _ in parts)
    further = (0.0, 0.5, 1.0, 1.5)
    options: list[tuple[float, ...]] = [(a,) for a in grid[1:]]
    if len(parts) > 1:
        options = [(a, b, c) for a in grid[:9] for b in grid[:9] for c in further]
    rows = np.arange(len(labels))
    for option in options:
        mixed = sum(factor * part for factor, part in zip(option, parts, strict=True))
        probable = softmax(np.asarray(mixed, np.float32))[rows, labels]
        loss = float(-np.log(np.maximum(probable, 1e-6)).mean())
        if loss < best:
            best, factors = loss, option
    return factors
