"""Bounds on what is taken out of a feed."""

from __future__ import annotations

MAX_CELL = 200_000
"""Longest cell, in characters, that is looked at further."""
