"""Facets of a catalog, summed up from its products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from catalog.inference.askability import judge
from catalog.inference.column_roles import names_a_kind
from catalog.inference.columns import FeedColumn
from catalog.inference.measurements import QUANTITIES
from catalog.inference.readings import ColumnReading
from catalog.inferred import InferredFacet
from catalog.parsing.column_units import unit_in_name
from catalog.parsing.labels import label_of, plural, singular, spelled_out, value_text
from catalog.parsing.text import language
from catalog.types import Facet, FacetKind, FacetValue, Product, Value
from nlu.lexical.money import money_table
from nlu.lexical.units import unit_symbols

_SPELLED = 4
"""Letters from which a unit is written out: "inches", not "oz"."""
_MOST_KINDS = 500
"""Kinds of products that are counted; more are no kinds but names."""
_LEAST_OF_KIND = 5
"""Products of a kind below which its share of a facet is chance."""
_PRICE_NAMES = ("price", "cost", "budget", "prices")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """What is known of the whole catalog."""

    products: int
    currency: str
    priced: bool
    """The products have prices, not words for them."""


class Tally:
    """Counts the values of each facet while products pass by."""

    def __init__(self) -> None:
        self._sets: dict[str, Counter[tuple[Value, ...]]] = {}
        self._kinds: dict[tuple[str, Value], Counter[str]] = {}
        self.products = 0

    def add(self, product: Product) -> None:
        """Count one product."""
        self.products += 1
        for key, values in product.facets.items():
            if key not in self._sets:
                self._sets[key] = Counter()
            self._sets[key][values] += 1
        for kind in filter(names_a_kind, product.facets):
            for value in product.facets[kind]:
                if not isinstance(value, str):
                    break
                if (kind, value) not in self._kinds and len(self._kinds) < _MOST_KINDS:
                    self._kinds[kind, value] = Counter()
                if (kind, value) in self._kinds:
                    self._kinds[kind, value].update(product.facets.keys())

    def _within(self) -> dict[str, float]:
        """Facet -> its largest share within one kind of product."""
        results: dict[str, float] = {}
        for (kind, _), counts in self._kinds.items():
            if counts[kind] >= _LEAST_OF_KIND:
                for key, count in counts.items():
                    results[key] = max(results.get(key, 0.0), count / counts[kind])
        return results

    def sum_up(
        self,
        readings: Mapping[str, ColumnReading],
        columns: Mapping[str, FeedColumn],
        currency: str,
        locale: str = "en",
    ) -> list[InferredFacet]:
        """The facets that at least one product has, price first, then in the order of the feed.

        Args:
            readings: how each column is read.
            columns: what the feed's columns say.
            currency: of prices.
            locale: of the labels.
        """
        place = {key: position for position, key in enumerate(readings)}
        order = sorted(self._sets, key=lambda key: (key != "price", place.get(key, -1)))
        price = ColumnReading(kind=FacetKind.NUMBER, values={}, unit=currency)
        within = self._within()
        priced = "price" in self._sets and readings.get("price", price) is price
        whole = _Whole(products=self.products, currency=currency, priced=priced)
        facets = [
            _facet(
                key,
                columns.get(key),
                readings.get(key, price),
                _singly(self._sets[key]),
                self._sets[key].total(),
                within.get(key, 0.0),
                whole,
            )
            for key in order
        ]
        facets = _without_score_sheets(facets)
        return (
            facets if locale[:2] == "en" else [_worded(facet, columns, locale) for facet in facets]
        )


_MOST_PERCENTS = 3
"""Percentages beyond which they are the marks of a test report, which no shopper has a wish about."""


def _without_score_sheets(facets: list[InferredFacet]) -> list[InferredFacet]:
    percents = [inferred.facet.key for inferred in facets if inferred.facet.unit == "%"]
    if len(percents) <= _MOST_PERCENTS:
        return facets
    return [
        replace(inferred, facet=replace(inferred.facet, knowable=min(inferred.facet.knowable, 0.2)))
        if inferred.facet.key in percents
        else inferred
        for inferred in facets
    ]


def _worded(
    inferred: InferredFacet, columns: Mapping[str, FeedColumn], locale: str
) -> InferredFacet:
    """The facet with a label in the catalog's own language."""
    column = columns.get(inferred.facet.key)
    usual_names = language(locale).facet_names.get(inferred.facet.key, ())
    name = column.name if column else inferred.facet.key
    label = spelled_out(label_of(unit_in_name(name)[1] or name, locale), locale)
    if inferred.facet.key == "price" and usual_names:
        label = label_of(usual_names[0], locale)
    key_name = inferred.facet.key.replace("_", " ")
    names = tuple(dict.fromkeys((label.lower(), *map(str.lower, usual_names), key_name)))
    return replace(inferred, facet=replace(inferred.facet, label=label, names=names))


def _singly(tuples: Counter[tuple[Value, ...]]) -> Counter[Value]:
    counts: Counter[Value] = Counter()
    for values, products in tuples.items():
        for value in values:
            counts[value] += products
    return counts


def _facet(
    key: str,
    column: FeedColumn | None,
    reading: ColumnReading,
    counts: Counter[Value],
    covered: int,
    within: float,
    whole: _Whole,
) -> InferredFacet:
    total, currency = whole.products, whole.currency
    judgement = judge(key, column, reading, counts, covered, total, within, priced=whole.priced)
    name = column.name if column else key
    stem = unit_in_name(name)[1] or name
    measured = (
        unit_symbols().get(stem.lower(), "") if stem[-1:] == "s" and len(stem) >= _SPELLED else ""
    )
    label = QUANTITIES.get(measured, "") or spelled_out(label_of(stem), "en")  # "Inches" is a size
    number = reading.kind is FacetKind.NUMBER
    numbers = [float(value) for value in counts] if number else []
    facet = Facet(
        key=key,
        label=label,
        kind=reading.kind,
        unit=_unit(key, reading, currency) if number else None,
        askable=judgement.askable,
        knowable=judgement.knowable,
        coverage=round(covered / total, 4),
        values=()
        if number
        else tuple(
            FacetValue(value=value, label=value_text(value), count=count)
            for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
        ),
        minimum=min(numbers, default=None),
        maximum=max(numbers, default=None),
        names=_names(key, label),
    )
    return InferredFacet(
        facet=facet,
        reason=judgement.reason,
        merged=reading.merged,
        unread=reading.unread,
        unit_assumed=reading.unit_assumed,
    )


def _unit(key: str, reading: ColumnReading, currency: str) -> str | None:
    """The unit; of further prices the currency."""
    if reading.unit and reading.unit.upper() in money_table().codes:
        return reading.unit.upper()
    money = {"price", "cost", "fee", "msrp"} & set(key.split("_"))
    return reading.unit or (currency if money else None)


def _names(key: str, label: str) -> tuple[str, ...]:
    if key == "price":
        return _PRICE_NAMES
    said_as = label.lower()
    head, _, last = said_as.rpartition(" ")
    forms = (f"{head} {form}".strip() for form in (last, singular(last), plural(singular(last))))
    return tuple(dict.fromkeys((said_as, *forms, key.replace("_", " "))))
