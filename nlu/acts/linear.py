"""Multinomial logistic regression in numpy, and temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks")."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def softmax(scores: Floats) -> Floats:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def fit(
    inputs: Floats,
    labels: NDArray[Any],
    weights: Floats,
    *,
    classes: int,
    steps: int = 70,
    decay: float = 1e-4,
    rate: float = 0.08,
    start: Floats | None = None,
) -> Floats:
    """Weights [features + 1, classes] by full-batch Adam; the last row is the bias."""
    count = len(inputs)
    padded = np.concatenate([inputs, np.ones((count, 1), np.float32)], axis=1)
    solution = np.zeros((padded.shape[1], classes), np.float32) if start is None else start.copy()
    first, second = np.zeros_like(solution), np.zeros_like(solution)
    target = np.zeros((count, classes), np.float32)
    target[np.arange(count), labels] = 1.0
    scale = (weights / weights.sum())[:, None].astype(np.float32)
    for step in range(1, steps + 1):
        error = (softmax(padded @ solution) - target) * scale
        gradient = padded.T @ error + decay * solution
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient * gradient
        moved = rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        solution -= moved * (1.0 - 0.7 * step / steps)
    return solution


def scores(inputs: Floats, solution: Floats) -> Floats:
    """Scores [rows, classes] before the softmax."""
    result: Floats = inputs @ solution[:-1] + solution[-1]
    return result


def best_blend(parts: list[Floats], labels: NDArray[Any]) -> tuple[float, ...]:
    """One factor a part so that softmax of their sum is calibrated on held-out ``labels``."""
    grid = (0.0, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
    best, factors = float("inf"), tuple(1.0 for _ in parts)
    options = [(a,) for a in grid[1:]] if len(parts) == 1 else [(a, b) for a in grid for b in grid]
    rows = np.arange(len(labels))
    for option in options:
        mixed = sum(factor * part for factor, part in zip(option, parts, strict=True))
        probable = softmax(np.asarray(mixed, np.float32))[rows, labels]
        loss = float(-np.log(np.maximum(probable, 1e-6)).mean())
        if loss < best:
            best, factors = loss, option
    return factors
