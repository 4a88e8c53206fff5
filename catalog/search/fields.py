"""What of a product its words are taken from, and how much a word counts there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from catalog.search.inverted_index import Field, PhraseRows, phrase_of
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, Product, Value

TITLE, VALUE, SYNONYM, VARIANT, DESCRIPTION = 3.0, 2.0, 1.5, 1.0, 0.5
LONGEST_DESCRIPTION = 2_000
"""Letters; what a product is stands at the start, and long texts match everything."""


def fields_of(product: Product, facets: dict[str, Facet]) -> list[Field]:
    """Everything a product itself says; the same whatever the staff write into shop.yml."""
    fields = [
        Field(text=product.title, weight=TITLE, strong=True),
        Field(text=product.id, weight=VALUE, strong=True),
    ]
    for key, values in product.facets.items():
        unit = facets[key].unit if key in facets else ""
        for value in values:
            text = _text(value, unit)
            if text:
                fields.append(Field(text=text, weight=VALUE, strong=True))
    for variant in product.variants:
        fields.append(Field(text=variant.title, weight=VARIANT, strong=True))
    if product.description:
        text = product.description[:LONGEST_DESCRIPTION]
        fields.append(Field(text=text, weight=DESCRIPTION, strong=False))
    return fields


def _text(value: Value, unit: str | None) -> str:
    if isinstance(value, str):
        return value
    # Years are typed as words; other numbers come with a unit and belong to filters.
    if isinstance(value, bool) or unit is not None or not 1000 <= value <= 2999:
        return ""
    return str(int(value)) if float(value).is_integer() else ""


def marks_of(catalog: Catalog) -> list[PhraseRows]:
    """Words that the staff gave to values, and the names of yes/no facets, with the products they mean."""
    marks = []
    for facet in catalog.facets.values():
        if facet.kind is FacetKind.NUMBER:
            continue
        for facet_value in facet.values:
            is_yes = facet_value.value is True and facet.kind is FacetKind.FLAG
            names = [*([facet.label] if is_yes else []), *facet_value.synonyms]
            if not names:
                continue
            column = catalog.column(facet.key)
            if facet_value.value not in column.values:
                continue
            rows = np.unique(column.rows[column.codes == column.values.index(facet_value.value)])
            weight = VALUE if is_yes else SYNONYM
            phrases = {phrase_of(name) for name in names} - {""}
            marks += [
                PhraseRows(phrase=phrase, rows=rows, weight=weight) for phrase in sorted(phrases)
            ]
    return marks


def late_fields(product: Product, facets: dict[str, Facet]) -> list[Field]:
    """The same as ``fields_of`` and ``marks_of`` together, for one product."""
    fields = fields_of(product, facets)
    for key, values in product.facets.items():
        facet = facets.get(key)
        if facet is None or facet.kind is FacetKind.NUMBER:
            continue
        if facet.kind is FacetKind.FLAG and values[0] is True:
            fields.insert(0, Field(facet.label, VALUE, strong=True, whole=True))
        for value in facet.values:
            if value.value in values:
                names = (Field(name, SYNONYM, strong=True, whole=True) for name in value.synonyms)
                fields = [*names, *fields]
    return fields


def documents(products: Iterable[Product], facets: Iterable[Facet]) -> Iterable[list[Field]]:
    """The fields of each product, one after the other."""
    by_key = {facet.key: facet for facet in facets}
    for product in products:
        yield fields_of(product, by_key)
