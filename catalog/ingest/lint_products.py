"""What hurts a shop in its products, one by one and beside each other: titles, prices, pictures, values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from catalog.ingest.findings import EXAMPLES, Finding
from catalog.types import Availability, Facet, FacetKind, Product, Value

_COLOUR = re.compile(r"colou?r|farbe|couleur")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_NAMED_VALUES = 60
"""Values up to which titles are compared with a facet; beyond, its values are names that titles abbreviate."""
_AGREEING = 0.8
"""Share of the titles naming a value that must agree with the facet for the others to be mistakes."""
_SEVERAL = 1.2
"""Values a product on average from which a facet holds several, and a title may name one of them."""
_MANY = 0.02
"""Share of products with another's title from which shoppers meet them daily."""
ABSURD_FACTOR = 1000
"""A piano costs 500 times its polish; a lost decimal mark makes 100, an item number as a price millions."""
PRICES_TO_COMPARE = 10
"""Fewer have no middle."""


@dataclass(slots=True)
class _Group:
    """Products with the same trouble."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, one: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(one)


def product_findings(
    products: Iterable[Product], facets: Sequence[Facet], *, named: bool
) -> list[Finding]:
    """Go through the products once.

    Args:
        products: of the import.
        facets: as they are served.
        named: whether one column holds the titles.
    """
    look = _CatalogLinter(facets, named=named)
    for product in products:
        look.at(product)
    return look.findings()


class _CatalogLinter:
    """Goes through the products once; titles that were put together from facets are not looked at."""

    def __init__(self, facets: Sequence[Facet], *, named: bool) -> None:
        self._titled = named
        self._asked = [facet.key for facet in facets if facet.askable and facet.weight > 0]
        self._facets = {facet.key: facet for facet in facets}
        self._words = {
            facet.key: {value.label.casefold(): value.value for value in facet.values}
            for facet in facets
            if facet.kind is FacetKind.CATEGORY and len(facet.values) <= _NAMED_VALUES
        }
        self._total = 0
        self._pictured = 0
        self._prices: dict[str, Decimal] = {}
        self._free, self._unpriced, self._bare, self._silent = (_Group() for _ in range(4))
        self._alike = _Group()
        self._first: dict[int, str] = {}
        self._titles: dict[int, str] = {}
        self._same_title = _Group()
        self._there: dict[str, Counter[Value]] = {key: Counter() for key in self._asked}
        self._agree: Counter[str] = Counter()
        self._with: Counter[str] = Counter()
        self._values: Counter[str] = Counter()
        self._contradict: dict[str, _Group] = {}

    def at(self, product: Product) -> None:
        """Look at one product."""
        self._total += 1
        if product.price is None:
            self._unpriced.add(product.id)
        else:
            self._prices[product.id] = product.price.amount
            if product.price.amount == 0:
                self._free.add(product.id)
        if product.image_url:
            self._pictured += 1
        else:
            self._bare.add(product.id)
        if not product.description:
            self._silent.add(product.id)
        self._apart(product)
        if product.availability is not Availability.OUT_OF_STOCK:
            for key in self._asked:
                self._there[key].update(product.facets.get(key, ()))
        self._named(product)

    def _apart(self, product: Product) -> None:
        signature = hash(tuple(product.facets.get(key, ()) for key in self._asked))
        if signature in self._first:
            self._alike.add(f"{self._first[signature]} = {product.id}")
        else:
            self._first[signature] = product.id
        if not self._titled:
            return
        title = hash(product.title.casefold())
        if title in self._titles:
            self._same_title.add(f"{self._titles[title]} = {product.id}")
        else:
            self._titles[title] = product.id

    def _named(self, product: Product) -> None:
        """Compare what the title names with what the facets say."""
        if not self._titled:
            return
        words = {word.casefold() for word in _WORD.findall(product.title)}
        for key, labels in self._words.items():
            values = product.facets.get(key)
            if not values:
                continue
            self._with[key] += 1
            self._values[key] += len(values)
            title_values = {labels[word] for word in words if word in labels}
            if not title_values:
                continue
            parts = {part for value in values for part in str(value).casefold().split()}
            if (
                title_values & set(values)
                or {str(title_value).casefold() for title_value in title_values} & parts
            ):
                self._agree[key] += 1
            else:
                mention, stated = sorted(map(str, title_values))[0], values[0]
                group = self._contradict.setdefault(key, _Group())
                group.add(f"{product.id} ({mention}, not {stated})")

    def findings(self) -> list[Finding]:
        """What was seen."""
        return [*self._of_offers(), *self._of_questions(), *self._of_names()]

    def _absurd(self) -> _Group | None:
        """Prices far beyond all others; None where there are none."""
        if len(self._prices) < PRICES_TO_COMPARE:
            return None
        usual = max(median(self._prices.values()), Decimal(1))
        group = _Group()
        for product_id, amount in self._prices.items():
            if amount > ABSURD_FACTOR * usual:
                group.add(product_id)
        return group if group.count else None

    def _of_offers(self) -> Iterable[Finding]:
        if self._free.count:
            yield _about(
                "price_zero", "high", "products cost nothing", self._free,
                "Set their price, or take them out of the feed.",
            )  # fmt: skip
        if absurd := self._absurd():
            yield _about(
                "price_absurd", "high", f"products cost over {ABSURD_FACTOR:,} times what most do", absurd,
                "Look for a lost decimal mark or a number in the wrong column.",
            )  # fmt: skip
        if self._prices and self._unpriced.count:
            yield _about(
                "price_missing", "high" if self._unpriced.count < 0.5 * self._total else "medium",
                "products have no price, so no budget can be met", self._unpriced,
                "Add their price to the feed.",
            )  # fmt: skip
        if not self._pictured:
            yield _about(
                "no_images", "medium", "no product has a picture", _Group(self._bare.count),
                "Add a column image_link with the address of a picture.",
            )  # fmt: skip
        elif self._bare.count:
            yield _about(
                "image_missing", "medium", "products have no picture", self._bare,
                "Add the address of a picture to each.",
            )  # fmt: skip
        if 0 < self._silent.count < self._total:
            yield _about(
                "description_missing", "low", "products have no description", self._silent,
                "A sentence or two helps search by meaning.",
            )  # fmt: skip

    def _of_questions(self) -> Iterable[Finding]:
        if self._alike.count and self._total > 1:
            severe = self._alike.count > _MANY * self._total
            yield _about(
                "indistinguishable", "medium" if severe else "low",
                "products are alike in everything that can be asked; no question tells them from another",
                self._alike,
                "Fill in what differs (size, colour, model), or make them variants of one product.",
            )  # fmt: skip
        for key in self._asked:
            facet = self._facets[key]
            unreachable_values = [
                value for value in facet.values
                if value.value not in self._there[key] and facet.kind is FacetKind.CATEGORY
            ]  # fmt: skip
            if unreachable_values:
                yield Finding(
                    kind="unreachable_values",
                    severity="low",
                    facet=key,
                    problem=f"values of {facet.label!r} are those of sold-out products alone, so they are not offered",
                    count=len(unreachable_values),
                    examples=tuple(value.label for value in unreachable_values[:EXAMPLES]),
                    advice="Nothing, if they come back; else take the products out of the feed.",
                )

    def _of_names(self) -> Iterable[Finding]:
        if self._same_title.count:
            yield _about(
                "same_title", "low", "products have the title of another", self._same_title,
                "Say in the title what differs, or make them variants of one product.",
            )  # fmt: skip
        for key, group in self._contradict.items():
            agreeing = self._agree[key]
            colour = bool(_COLOUR.search(key))
            single = self._values[key] <= _SEVERAL * self._with[key]
            believed = agreeing >= 3 and agreeing >= _AGREEING * (agreeing + group.count)
            if (believed and single) or (colour and agreeing >= group.count):
                label = self._facets[key].label
                yield _about(
                    "contradiction",
                    "high" if colour else "medium",
                    f"titles name another {label} than the product's {label!r}", group,
                    "Correct the title or the value.", facet=key,
                )  # fmt: skip


def _about(
    kind: str, severity: str, what: str, group: _Group, advice: str, *, facet: str = ""
) -> Finding:
    return Finding(
        kind=kind,
        severity=severity,
        facet=facet,
        problem=what,
        count=group.count,
        examples=tuple(group.examples),
        advice=advice,
    )


# ---- showing ----
