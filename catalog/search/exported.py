"""What the two ways to build the encoder share: what a written graph needs, and what it is tried with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What is needed to run a graph that was just written."""

    tokenizer: Any
    """A ``tokenizers.Tokenizer``."""
    dimension: int
    """Length of a vector."""
    max_tokens: int
    """Longer texts are cut."""
    pad_id: int
    """Token that fills short rows of a batch."""
    pooling: str
    """How token vectors become one; done inside the graph."""
    agreement: float
    """Smallest cosine, 0 to 1, to the original on sample sentences; 1 when built from its weights."""
    lower_case: bool
    """Texts are lower-cased before the tokenizer sees them."""
    prompts: Mapping[str, str]
    """Prefixes by task."""


AGREEMENT = 0.99
"""Cosine of the shrunk graph to the whole: less would change which products are nearest."""


SAMPLES = (
    "red",
    "a light red wine to go with fish",
    "wireless over-ear headphones for the gym, under 80 euro",
    "Something warm and easy for a first date; nothing sweet, please.",
    "an oak dining table for six people, at most 180 cm long and not too heavy to move around the flat",
    "Kopfhörer für Kinder",
    "une robe d'été légère et bleue",
    "SKU 4711-B",
)
"""Short and long, of several kinds of goods and languages."""
