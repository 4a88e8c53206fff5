"""Facts that no column states and that titles, descriptions or specification sentences hide, made columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.feeds import RawRow
from catalog.feeds.rows import Rows
from catalog.inference.brands import find_makers, has_maker_column
from catalog.inference.columns import FeedColumn, cell_text
from catalog.inference.measurements import find_amounts
from catalog.inference.readings import ColumnReading
from catalog.parsing.clean import plain_text, tidy
from catalog.parsing.labels import plural, singular
from catalog.roles import Roles
from catalog.types import FacetKind

MAKER = "brand"
"""Key of the facet of makers read from titles."""
_LOOKED_AT = 20_000
"""Products; what recurs in a catalog recurs in so many of them."""
_SAMPLE = 4_000
"""Texts in which amounts are looked for; the search for them is the slowest part of understanding a feed."""
_KINDS = 40
"""Values up to which the words of a facet are words of kinds; of more they are names."""
_FEWEST = 12
"""Titles below which nothing is evidence."""
_GENERAL = re.compile(r"descr|detail|text|name|title|summary|spec|feature|info|highlight|bullet")
"""Columns about the whole product: what they hold is not named after them."""
_LONGEST = 2000
"""Letters of a text that are looked through; facts stand near the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFacet:
    """A facet that is read out of the texts of a column."""

    key: str
    """Facet key."""
    name: str
    """As a column would be called."""
    source: str
    """Column it is read from."""
    note: str
    """How it is read, for shop.yml."""
    alone: bool = False
    """The source is about one thing, such as "display", not about the whole product."""
    of: Callable[[str], str]
    """Text of the source -> the cell; empty where it says nothing."""


def find_facts(
    rows: Rows,
    columns: Mapping[str, FeedColumn],
    roles: Roles,
    readings: Mapping[str, ColumnReading],
    off: Collection[str],
) -> list[DerivedFacet]:
    """The facets hidden in texts, each only on evidence over the whole catalog.

    Args:
        rows: the feed, grouped.
        columns: what its columns say.
        roles: which column is the title, the description.
        readings: the facets that columns state.
        off: keys the staff switched off in shop.yml.
    """
    title = roles.title[0] if len(roles.title) == 1 else ""
    prose = [
        key
        for key, reading in readings.items()
        if reading.kind is FacetKind.CATEGORY and columns[key].mean_length >= 5
    ]
    sources = [key for key in (title, roles.description, *prose) if key]
    texts = _texts(rows, sources)
    occupied = {*columns, *readings}
    facts: list[DerivedFacet] = []
    if title and MAKER not in occupied and not has_maker_column(occupied):
        maker = _maker(title, texts[title], texts.get(roles.description, ()), readings)
        facts += [maker] if maker else []
    if title and not any("year" in key or "jahr" in key for key in occupied):
        facts += _year(title, texts[title])
    units = {reading.unit for reading in readings.values() if reading.unit}
    for source in sources:
        alone = source not in (title, roles.description) and not _GENERAL.search(source)
        stem = occupied | {fact.key for fact in facts}
        spoken = source.replace("_", " ")
        sample = texts[source][:: 1 + len(texts[source]) // _SAMPLE]
        for amount in find_amounts(source, sample, stem, units, alone=alone):
            evidence = f"the word {amount.word!r} behind it" if amount.word else "its unit"
            note = f"read out of {columns[source].name!r} by {evidence}"
            units.update(() if alone else (amount.unit,))
            facts.append(
                DerivedFacet(
                    key=amount.key,
                    name=columns[source].name if amount.name == spoken else amount.name,
                    source=source,
                    note=note,
                    alone=alone,
                    of=amount.of,
                )
            )
    return [fact for fact in facts if fact.key not in off]


def with_facts(
    rows: Rows, facts: Sequence[DerivedFacet], names: Mapping[str, str]
) -> tuple[Rows, dict[str, FeedColumn]]:
    """The rows with a cell for each fact, and the columns these cells make."""
    columns = {
        fact.key: FeedColumn(key=fact.key, name=names.get(fact.key, fact.name)) for fact in facts
    }

    def with_cells() -> Iterator[RawRow]:
        for row in rows:
            cells = dict(row.cells)
            for fact in facts:
                cell = fact.of(tidy(cell_text(row, fact.source)[:_LONGEST]))
                if cell:
                    cells[fact.key] = cell
                    if not row.problem:
                        columns[fact.key].add(cell)
            yield replace(row, cells=cells)

    extended = Rows(with_cells())
    for column in columns.values():
        column.rows = len(extended)
    return extended, columns


def _texts(rows: Iterable[RawRow], keys: Sequence[str]) -> dict[str, list[str]]:
    """Column -> its text in each product, the first row of a group standing for it."""
    texts: dict[str, list[str]] = {key: [] for key in keys}
    groups: set[str] = set()
    count = 0
    for row in rows:
        if row.problem or row.group in groups:
            continue
        if row.group:
            groups.add(row.group)
        for key in keys:
            texts[key].append(plain_text(cell_text(row, key)[:_LONGEST]))
        count += 1
        if count >= _LOOKED_AT:
            break
    return texts


_YEAR = re.compile(r"\s*((?:19|20)\d\d)\s+\S")
_LEAST_DATED = 0.6
"""Share of the titles that must begin with a year."""


def _year(title: str, titles: Sequence[str]) -> list[DerivedFacet]:
    """The year that titles begin with: "2018 Toyota RAV4"."""
    years = [_year_of(text) for text in titles]
    dated = [year for year in years if year]
    if len(titles) < _FEWEST or len(dated) < _LEAST_DATED * len(titles) or len(set(dated)) < 2:
        return []
    note = "read out of the titles, which begin with it"
    return [DerivedFacet(key="year", name="year", source=title, note=note, of=_year_of)]


def _year_of(title: str) -> str:
    match = _YEAR.match(title)
    return match.group(1) if match else ""


def _maker(
    title: str, titles: Sequence[str], prose: Sequence[str], readings: Mapping[str, ColumnReading]
) -> DerivedFacet | None:
    makers = find_makers([tidy(text) for text in titles], _named(readings), prose)
    if makers is None:
        return None
    note = "read out of the titles: the leading words that several products share"
    return DerivedFacet(key=MAKER, name=MAKER, source=title, note=note, of=makers.of)


def _named(readings: Mapping[str, ColumnReading]) -> set[str]:
    """What the other facets name: their values, and the words of the values of kinds."""
    names: set[str] = set()
    for reading in readings.values():
        if reading.kind is not FacetKind.CATEGORY:
            continue
        values = {str(value).casefold() for values in reading.values.values() for value in values}
        names |= values
        if len(values) <= _KINDS:
            names |= {word for value in values for word in value.split()}
    return names | {form(word) for word in list(names) for form in (singular, plural)}
