"""A facet together with why it is as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.types import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredFacet:
    """A facet and why it is as it is."""

    facet: Facet
    """As inferred, before shop.yml."""
    reason: str
    """Why it is not asked; empty when it is."""
    merged: Mapping[str, Sequence[str]]
    """Value -> other spellings that were folded into it."""
    unread: Sequence[str]
    """Some texts that could not be read."""
    unit_assumed: bool = False
    """The unit is what is usual for a facet of this name; nothing in the feed says it."""
    note: str = ""
    """How it is read where no column states it; empty otherwise."""
