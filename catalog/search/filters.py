"""Filters as they stand in an address, ``facet.price=10-20``, turned into constraints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.errors import FilterError
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator, Value
from nlu.lexical.flags import read_flag
from nlu.lexical.numbers import read_decimal
from nlu.lexical.words import fold

Mask = NDArray[np.bool_]
Filters = Mapping[str, Sequence[str]] | Sequence[Constraint]

_NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
_MONEY = r"\s*[^\d\s<>=.,+–—-]{0,3}\s*"
_UNIT = r"\s*[^\d\s<>=–—-]*"
_COMPARED = re.compile(rf"(<=|>=|<|>|=)?{_MONEY}({_NUMBER}){_UNIT}")
_BETWEEN = re.compile(rf"{_MONEY}({_NUMBER})?\s*(?:-|–|—|\.\.){_MONEY}({_NUMBER})?{_UNIT}")


def constraint_from(facet: Facet, text: str) -> Constraint:
    """Read one filter of one facet.

    Numbers take "20", "<20", "<=20", ">20", ">=20", "10-20", "10..20", "10.." and "..20", with a unit or
    without; both ends belong to a range. Other facets take a value; yes/no facets take yes and no.

    Raises:
        FilterError: A number facet was given something else, or a yes/no facet neither.
    """
    if facet.kind is FacetKind.NUMBER:
        return _number(facet, text.strip())
    value: Value = text
    if facet.kind is FacetKind.FLAG:
        flag = read_flag(text)
        if flag is None:
            raise FilterError(
                f'The filter facet.{facet.key} takes "yes" or "no", not {text[:60]!r}.'
            )
        value = flag
    else:
        same = (
            facet_value.value
            for facet_value in facet.values
            if fold(str(facet_value.value)) == fold(text).strip()
        )
        value = next(same, text)
    return Constraint(facet=facet.key, operator=Operator.EQ, values=(value,), unit=facet.unit)


def _number(facet: Facet, text: str) -> Constraint:
    interval = _BETWEEN.fullmatch(text)
    comparison = None if text.startswith("..") or text.endswith("..") else _COMPARED.fullmatch(text)
    values: tuple[Value, ...]
    if comparison:
        operator, values = Operator(comparison[1] or "="), (_float(facet, comparison[2]),)
    elif interval and interval[1] and interval[2]:
        low, high = sorted((_float(facet, interval[1]), _float(facet, interval[2])))
        operator, values = Operator.BETWEEN, (low, high)
    elif interval and interval[1]:
        operator, values = Operator.GE, (_float(facet, interval[1]),)
    elif interval and interval[2]:
        operator, values = Operator.LE, (_float(facet, interval[2]),)
    else:
        raise FilterError(
            f'The filter facet.{facet.key} takes a number, "10-20", "<20" or ">=5", not {text[:60]!r}.'
        )
    return Constraint(facet=facet.key, operator=operator, values=values, unit=facet.unit)


def _float(facet: Facet, text: str) -> float:
    number = read_decimal(text)
    if number is None:
        raise FilterError(f"The filter facet.{facet.key} takes a number, not {text[:60]!r}.")
    return float(number)


def allowed_by(catalog: Catalog, filters: Filters) -> Mask | None:
    """Return the products that pass, [n]; None when nothing is filtered.

    Several values of one facet are alternatives, several facets must all hold.

    Raises:
        FilterError: A facet the shop does not have, or a value its facet cannot have.
    """
    if not filters:
        return None
    allowed = np.ones(len(catalog), dtype=bool)
    if not isinstance(filters, Mapping):
        return catalog.fits(list(filters))
    for key, texts in filters.items():
        facet = catalog.facets.get(key)
        if facet is None:
            known_facets = ", ".join(sorted(catalog.facets))
            raise FilterError(f"The shop has no facet {key[:60]!r}; it has {known_facets}.")
        either = np.zeros(len(catalog), dtype=bool)
        for text in texts:
            either |= catalog.matches(constraint_from(facet, text))
        if texts:
            allowed &= either
    return allowed
