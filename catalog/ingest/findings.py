"""What an import finds to be put right, as it is told and stored."""

from __future__ import annotations

from dataclasses import dataclass

EXAMPLES = 5
"""Products or values named with a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at."""

    kind: str
    """Short and stable, for programs: "price_zero"."""
    severity: str
    """"high" hurts sales or answers, "medium" hurts questions, "low" is worth knowing."""
    problem: str
    """In plain words."""
    count: int
    """Products, values or columns concerned."""
    examples: tuple[str, ...]
    """Product ids, or values where the finding is about values."""
    advice: str
    """What to do."""
    facet: str = ""
    """Facet key; empty when it is not about one."""
