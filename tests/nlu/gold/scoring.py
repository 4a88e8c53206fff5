"""Compares parses with the gold messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.parser import Parser
from nlu.types import ParsedMessage
from tests.nlu.gold.reading import Message, Wish, normal


@dataclass(slots=True)
class Score:
    """Counts of a set of messages."""

    messages: int = 0
    exact: int = 0
    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.messages + other.messages,
            self.exact + other.exact,
            self.right + other.right,
            self.found + other.found,
            self.wanted + other.wanted,
        )

    @property
    def f1(self) -> float:
        """Of constraints: facet, operator and values all right."""
        return 2 * self.right / max(self.found + self.wanted, 1)

    @property
    def share(self) -> float:
        """Of messages in which everything is right."""
        return self.exact / max(self.messages, 1)


def wishes_of(parsed: ParsedMessage) -> list[Wish]:
    """The constraints in the form of the gold messages; two bounds of a facet are a range."""
    found: list[Wish] = []
    for c in parsed.constraints:
        found.extend(normal(Wish(c.facet, c.operator, tuple(c.values), c.strength == "prefer")))
    merged: list[Wish] = []
    for wish in found:
        last = merged[-1] if merged else None
        if last and last.facet == wish.facet and (last.operator, wish.operator) == (">=", "<="):
            merged[-1] = Wish(wish.facet, "between", (*last.values, *wish.values), wish.prefer)
        else:
            merged.append(wish)
    return merged


def score_one(message: Message, parsed: ParsedMessage) -> Score:
    """The counts of one message."""
    left = wishes_of(parsed)
    right = wanted = 0
    strict = True
    for wish in sorted(message.wishes, key=lambda w: w.optional):
        hit = next((w for w in left if wish.same(w)), None)
        if hit is None:
            strict = strict and wish.optional
            wanted += not wish.optional
            continue
        left.remove(hit)
        if not wish.optional:
            right, wanted = right + 1, wanted + 1
            strict = strict and wish.same(hit, strictly=True)
    exact = strict and not left and not missing(message, parsed)
    return Score(1, int(exact), right, right + len(left), wanted)


def missing(message: Message, parsed: ParsedMessage) -> list[str]:
    """The other parts that were not found; critiques beyond the expected count too."""
    had = others_of(parsed)
    asked = [part for part in message.others if not part.endswith("?")]
    gone = [part for part in asked if part not in had]
    allowed = {part.removesuffix(" ?") for part in message.others}
    extra = [part for part in had if part.startswith("critique") and part not in allowed]
    return [*gone, *(f"not {part}" for part in extra)]


def others_of(parsed: ParsedMessage) -> list[str]:
    """Everything found besides constraints, as the gold messages write it."""
    sign = {-1: "-", 1: "+"}
    had = [f"act {act}" for act in parsed.acts]
    had += [f"about {facet}" for facet in parsed.facets]
    had += [f"critique {c.facet} {sign[c.direction]}" for c in parsed.critiques]
    had += [
        f"ref superlative {r.facet} {sign[r.direction]}"
        for r in parsed.references
        if r.kind == "superlative" and r.direction
    ]
    for quantity in parsed.quantities:
        low, high = quantity.minimum, quantity.maximum
        if low is None:
            had.append(f"quantity {'<=' if quantity.inclusive else '<'}{high:g}")
        else:
            had.append(f"quantity {low:g}..{high:g}" if high is not None else f"quantity >{low:g}")
    return had


def score(parser: Parser, messages: Sequence[Message]) -> Score:
    """The counts of many messages."""
    return sum((score_one(m, parser.parse(m.text)) for m in messages), Score())
