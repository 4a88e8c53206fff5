"""What the assistant says, as data: texts by key from a YAML file per language, and how facts are worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.advisor.errors import WordingError
from catalog.types import Constraint, Facet, FacetKind, Money, Operator, Value

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
"""Currencies written with a sign before the amount; all others with their code behind it."""


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
        return f"{text} {unit}" if unit else text

    def money(self, money: Money, *, whole: bool = False) -> str:
        """Return a price: "€19.90"; ``whole`` leaves out the decimals."""
        amount = f"{money.amount:,.0f}" if whole else f"{money.amount:,.2f}"
        sign = SIGNS.get(money.currency)
        return f"{sign}{amount}" if sign else f"{amount} {money.currency}"

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
        return self.say(
            "option.between", low=self.number(low or 0, unit), high=self.number(high or 0, unit)
        )

    def wish(self, constraint: Constraint, facet: Facet | None, *, shared: bool = False) -> str:
        """Return a wish as a short phrase: "red", "under €20", "not wireless".

        Args:
            constraint: The wish.
            facet: What it is about; None for a facet the shop no longer has.
            shared: Another facet has the same value, so the phrase needs the facet's name.
        """
        label = facet.label if facet else constraint.facet
        operator = constraint.operator
        values = [self.value(value, facet) for value in constraint.values]
        if facet and facet.kind is FacetKind.FLAG and len(constraint.values) == 1:
            wanted = bool(constraint.values[0]) == (operator in (Operator.EQ, Operator.IN))
            refused = "wish.no_quality" if self.is_quality(label) else "wish.no_flag"
            return self.say("wish.flag" if wanted else refused, label=label)
        if operator is Operator.BETWEEN and len(values) == 2:
            text = self.say("wish.between", low=values[0], high=values[1])
        else:
            text = self.say(f"wish.{operator.value}", value=self.say("wish.or").join(values))
        bare = any(not isinstance(value, str) for value in constraint.values) and not (
            facet and facet.unit
        )
        if shared or bare or facet is None:
            return self.say("wish.labelled", label=label, wish=text)
        return text


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
