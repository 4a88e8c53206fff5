"""What the assistant says, as data: texts by key from a YAML file per language, and how facts are worded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.advisor.errors import WordingError
from catalog.types import Constraint, Facet, FacetKind, Money, Operator, Value
from nlu.lexical.money import sign_of

LONGEST_SHARED = 8
"""Words of a value in which something shared is looked for; longer ones are sentences."""
CODE_LENGTH = 4
"""Characters of the longest value that may be a mere code."""


class Wording:
    """The texts of one language.

    Args:
        texts: Key, dotted for nested entries, -> one text or several used in turn.
        source: Named in error messages.
    """

    def __init__(self, texts: Mapping[str, tuple[str, ...]], source: str = "wording") -> None:
        self._texts = texts
        self._source = source

    @classmethod
    def load(cls, folder: Path, language: str) -> Wording:
        """Read ``<language>.yml``; a language without a file falls back to English.

        Raises:
            WordingError: There is no file, or it is not a table of texts.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        path = folder / f"{language}.yml"
        if not path.is_file():
            path = folder / "en.yml"
        try:
            data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        except (OSError, YAMLError) as error:
            raise WordingError(f"The wording file {path} cannot be read: {error}") from error
        if not isinstance(data, dict):
            raise WordingError(f"The wording file {path} must be a table of texts.")
        return cls(_flatten(data), str(path))

    def say(self, key: str, turn: int = 0, /, **values: Any) -> str:
        """Return the text of a key, filled in.

        Args:
            key: Dotted, as in the file.
            turn: Which of several texts to use, counted round.
            values: What the names in braces stand for.

        Raises:
            WordingError: No such key, or it names something that is not given.
        """
        texts = self._texts.get(key)
        if not texts:
            raise WordingError(f"{self._source} has no text “{key}”; add one.")
        try:
            return texts[turn % len(texts)].format_map(values)
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            names = ", ".join(sorted(values)) or "nothing"
            raise WordingError(
                f"{self._source}, “{key}”: {error} cannot be filled in; it may name {names}."
            ) from error

    def every(self, key: str) -> tuple[str, ...]:
        """Return all texts of a key, such as the phrases by which something is recognised."""
        return self._texts.get(key, ())

    def count(self, number: int) -> str:
        """Return a count as the language writes it: "2,946"."""
        return self._signed(f"{number:,}")

    def _signed(self, number: str) -> str:
        """Return a number written with "," for thousands and "." for decimals as the language does."""
        signs = str.maketrans(",.", self.say("signs.thousands") + self.say("signs.decimal"))
        return number.translate(signs)

    def join(self, parts: Sequence[str]) -> str:
        """Return "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        comma, last = self.say("list_comma"), self.say("list_and")
        return comma.join(parts[:-1]) + last + parts[-1]

    def number(self, value: float, unit: str | None) -> str:
        """Return a number with its unit: "€20", "13.5 %", "75 cm"."""
        if unit and unit.isupper() and len(unit) == 3:
            amount = Decimal(str(value))
            whole = amount == amount.to_integral_value()
            return self.money(Money(amount=amount, currency=unit), whole=whole)
        text = f"{value:.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
        return f"{self._signed(text)} {unit}" if unit else self._signed(text)

    def money(self, money: Money, *, whole: bool = False) -> str:
        """Return a price: "€19.90"; ``whole`` leaves out the decimals."""
        amount = self._signed(f"{money.amount:,.0f}" if whole else f"{money.amount:,.2f}")
        sign = sign_of(money.currency)
        if sign is None:
            return f"{amount} {money.currency}"
        return self.say("signs.money", amount=amount, sign=sign)

    def value(self, value: Value, facet: Facet | None) -> str:
        """Return one value as said to a shopper."""
        if isinstance(value, bool):
            return self.say("option.yes" if value else "option.no")
        if isinstance(value, str):
            return value
        return self.number(value, facet.unit if facet else None)

    def is_quality(self, label: str) -> bool:
        """Whether a yes-or-no facet says how a thing is ("wireless"), not what it has ("strap")."""
        endings = tuple(self.say("quality_endings").split())
        return len(label) > 4 and label.casefold().endswith(endings)

    def range(self, low: float | None, high: float | None, unit: str | None) -> str:
        """Return the label of a range of numbers."""
        if low is None and high is not None:
            return self.say("option.below", high=self.number(high, unit))
        if high is None and low is not None:
            return self.say("option.above", low=self.number(low, unit))
        return self.say("option.between", **self._ends(low or 0, high or 0, unit))

    def _ends(self, low: float, high: float, unit: str | None) -> dict[str, str]:
        """Return both ends of a range; a unit that stands behind is said once: "16 to 17 mpg"."""
        first, last = self.number(low, unit), self.number(high, unit)
        behind = last.lstrip("-.,0123456789")
        return {"low": first if behind == last else first.removesuffix(behind), "high": last}

    def wish(self, constraint: Constraint, facet: Facet | None, *, shared: bool = False) -> str:
        """Return a wish as a short phrase: "red", "under €20", "not wireless".

        Args:
            constraint: The wish.
            facet: What it is about; None for a facet the shop no longer has.
            shared: Another facet has the same value, so the phrase needs the facet's name.
        """
        label = facet.label if facet else constraint.facet
        operator = constraint.operator
        part = _shared_part(constraint.values, facet)
        values = [part] if part else [self.value(value, facet) for value in constraint.values]
        if facet and facet.kind is FacetKind.FLAG and len(constraint.values) == 1:
            wanted = bool(constraint.values[0]) == (operator in (Operator.EQ, Operator.IN))
            refused = "wish.no_quality" if self.is_quality(label) else "wish.no_flag"
            return self.say("wish.flag" if wanted else refused, label=label)
        if operator is Operator.BETWEEN and len(values) == 2:
            low, high = (float(value) for value in constraint.values)
            text = self.say("wish.between", **self._ends(low, high, facet.unit if facet else None))
        else:
            text = self.say(f"wish.{operator.value}", value=self.say("wish.or").join(values))
        if facet is None or shared or any(_is_code(value) for value in constraint.values):
            against = operator in (Operator.NE, Operator.NOT_IN)
            key = "wish.labelled_refusal" if against else "wish.labelled"
            return self.say(key, label=label, wish=text)
        if facet.unit or all(isinstance(value, str) for value in constraint.values):
            return text
        if not self._counts(label):
            return self.say("wish.labelled", label=label, wish=text)
        is_single = constraint.values == (1.0,)
        return self.say("wish.counted", label=label[:-1] if is_single else label, wish=text)

    def _counts(self, label: str) -> bool:
        """Whether the name of a number says what is counted: "stars", "berths", but not "weight"."""
        last = label.casefold().rsplit(" ", 1)[-1]
        endings, others = self.every("counted_endings"), self.every("uncounted_endings")
        return len(last) > 3 and last.endswith(endings) and not last.endswith(others)


def _shared_part(values: Sequence[Value], facet: Facet | None) -> str:
    """What several values have in common and no other has: the "Intel" of seven processors; else ""."""
    texts = [value for value in values if isinstance(value, str)]
    if facet is None or len(texts) < 2 or len(texts) < len(values):
        return ""
    words = min(texts, key=len).split()
    if len(words) > LONGEST_SHARED:
        return ""
    runs = (
        " ".join(words[first : first + size])
        for size in range(len(words), 0, -1)
        for first in range(len(words) - size + 1)
    )
    others = [str(entry.value) for entry in facet.values if entry.value not in texts]
    for run in runs:
        within = re.compile(rf"(?<!\w){re.escape(run)}(?!\w)", re.IGNORECASE)
        if all(map(within.search, texts)) and not any(map(within.search, others)):
            return run
    return ""


def _is_code(value: Value) -> bool:
    """Whether a value says nothing without the name of what it is about: "XL", "28", "16GB"."""
    return isinstance(value, str) and len(value) <= CODE_LENGTH and value == value.upper()


def _flatten(data: Mapping[Any, Any], prefix: str = "") -> dict[str, tuple[str, ...]]:
    texts: dict[str, tuple[str, ...]] = {}
    for name, entry in data.items():
        key = f"{prefix}{name}"
        if isinstance(entry, Mapping):
            texts.update(_flatten(entry, f"{key}."))
        elif isinstance(entry, list):
            texts[key] = tuple(str(text) for text in entry)
        else:
            texts[key] = (str(entry),)
    return texts
