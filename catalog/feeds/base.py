"""What every feed reader hands on: rows of text with their row numbers, and the limits all readers keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.feeds.rows import Rows

MAX_BYTES = 200 * 1024 * 1024
"""Largest feed file, in bytes."""
MAX_ROWS = 500_000
"""Most rows of one feed."""
MAX_COLUMNS = 2_000
"""Most columns of one feed."""

Cell = str | tuple[str, ...]
"""One cell: text, or several texts where the format itself has lists."""


@dataclass(slots=True, kw_only=True)
class RawRow:
    """One row of a feed as text, before anything is understood."""

    number: int
    """As people count: the first line of a table with a header is row 1, the first entry of a list is 1."""
    cells: dict[str, Cell]
    """Column key -> text; missing cells are absent."""
    group: str = ""
    """Rows with the same group are forms of one product; empty stands alone."""
    parent: bool = False
    """The row describes the product of its group and cannot be bought by itself."""
    problem: str = ""
    """Why the row cannot be used, found by the reader; empty when it can."""


PLACES = 5
"""Places of one kind of repair that are kept; the rest is counted."""


class RepairKind(StrEnum):
    """What was mended."""

    CHARACTER = "character"
    ENTITY = "entity"
    AMPERSAND = "ampersand"
    ENCODING = "encoding"
    LOST = "lost"
    """Seen, and not mended: half of a letter is gone."""


@dataclass(slots=True)
class Repairs:
    """What was mended in one feed."""

    counts: dict[RepairKind, int] = field(default_factory=dict)
    """How often."""
    places: dict[RepairKind, list[str]] = field(default_factory=dict)
    """The first places, in words: "line 7"."""

    def note(self, kind: RepairKind, place: str) -> None:
        """Count one more."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        places = self.places.setdefault(kind, [])
        if len(places) < PLACES and place not in places:
            places.append(place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that has been read."""

    format: str
    """As the ``--format`` option names it."""
    rows: Rows
    """In the order of the file."""
    title: str = ""
    """What the feed calls the shop; empty when it does not say."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Column key -> the name as it stands in the feed."""
    technical: frozenset[str] = frozenset()
    """Columns that the format defines as the merchant's own bookkeeping."""
    repairs: Repairs = field(default_factory=Repairs)
    """What was mended while it was read."""
    whole: frozenset[str] = frozenset()
    """Columns whose cells the format took apart; what is in an entry is one value, commas and all."""


def column_key(name: str) -> str:
    """The facet key of a column: its own name, lower case, words joined with ``_``; ``g:`` dropped."""
    bare = re.sub(r"^\s*[gc]:", "", name.replace("\ufeff", ""))
    bare = column_name(bare)
    return re.sub(r"[\W_]+", "_", bare.lower()).strip("_")[:80]


def column_name(name: str) -> str:
    """A column name without what an exporter adds for itself: "Color (product.metafields.x)", "Tags (x,y,z...)"."""
    return _HINT.sub("", name).strip()


_HINT = re.compile(
    r"\s*\((?:product\.metafields\..*|x,\s*y,\s*z[.\u2026]*|0\s*/\s*1|0 = no, 1 = yes|name:value:position)\)"
    r"|\s+[*#]$",
    re.IGNORECASE,
)


def unique_keys(names: Sequence[str]) -> list[str]:
    """A key for each column name; repeated and empty names get a number."""
    used_keys: set[str] = set()
    keys = []
    for position, name in enumerate(names, start=1):
        stem = column_key(name) or f"column_{position}"
        key, copy = stem, 2
        while key in used_keys:
            key, copy = f"{stem}_{copy}", copy + 1
        used_keys.add(key)
        keys.append(key)
    return keys


def text_of(cell: Cell | None) -> str:
    """The cell as one text, lists joined with commas."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else ", ".join(cell)


def entries(cell: Cell | None) -> tuple[str, ...]:
    """The entries of a cell that the format defines as a comma-separated list."""
    return tuple(part.strip() for part in text_of(cell).split(",") if part.strip())


def split_escaped(text: str, mark: str = ",") -> tuple[str, ...]:
    r"""The entries of a list in which a mark inside an entry stands behind a backslash: "Oak\, oiled, Pine"."""
    parts = re.split(rf"(?<!\\){re.escape(mark)}", text)
    return tuple(part.strip().replace(f"\\{mark}", mark) for part in parts if part.strip())


def split_pairs(text: str, mark: str = ":=") -> Iterator[tuple[str, str]]:
    """The pairs of "size=XS,color=Black" or "category:Computers|brand:Apple"; nothing for other text."""
    marks = re.escape(mark)
    pattern = rf"(?:^|[|,;\n])\s*([^\W\d][\w \-]{{0,39}}?)\s*[{marks}]"
    starts = list(re.finditer(pattern, text))
    if not starts or starts[0].start() != 0:
        return
    for this, following in zip(starts, [*starts[1:], None], strict=True):
        end = following.start() if following else len(text)
        yield this.group(1), text[this.end() : end].strip()
