"""What kinds of acts there are."""

from __future__ import annotations

LIGHT = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "praise",
        "complaint",
        "dont_care",
        "dont_know",
        "gift",
        "repeat",
    }
)
"""Acts that may stand beside a wish in one clause."""
QUESTIONS = frozenset(
    {"product_question", "catalog_question", "explain_term", "ask_why", "compare"}
)
"""Acts that ask about what they name."""
LEANING = frozenset({"ask_why", "help", "explain_term", "product_question", "undo"})
"""Acts that say nothing by themselves behind or before a statement: what they are about is said there."""
