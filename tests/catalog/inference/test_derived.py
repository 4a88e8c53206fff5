"""Facets read out of titles and descriptions where no column states them."""

from __future__ import annotations

import pytest

from catalog.feeds.base import RawRow
from catalog.feeds.rows import Rows
from catalog.inference.columns import profile
from catalog.inference.derived import DerivedFacet, find_facts, with_facts
from catalog.inference.readings import ColumnReading, read_column
from catalog.roles import Roles
from catalog.types import FacetKind

YEARS = ["2018", "2019", "2020"]
MAKERS = ["Osk", "Ekle", "Varn"]


def rows_of(titles: list[str], groups: list[str] | None = None, **texts: list[str]) -> Rows:
    return Rows(
        RawRow(
            number=n,
            cells={"title": title, **{key: column[n] for key, column in texts.items()}},
            group=groups[n] if groups else "",
        )
        for n, title in enumerate(titles)
    )


def facts_of(rows: Rows, *, off=(), description: str = "") -> list[DerivedFacet]:
    columns = profile(rows, {})
    readings = {
        key: read_column(column, ".")
        for key, column in columns.items()
        if key not in {"title", description}
    }
    roles = Roles(title=("title",), description=description)
    return find_facts(rows, columns, roles, readings, off)


def keys_of(rows: Rows, **more) -> set[str]:
    return {fact.key for fact in facts_of(rows, **more)}


def dated(count: int, plain: int = 0) -> list[str]:
    """Titles that begin with a year, and some that do not."""
    titles = [f"{YEARS[n % 3]} Cart {chr(97 + n)}" for n in range(count)]
    return titles + [f"Cart {chr(97 + n)}" for n in range(plain)]


@pytest.mark.parametrize(
    ("titles", "readable"),
    [
        (dated(12), True),
        (dated(11), False),
        (dated(12, 8), True),
        (dated(12, 9), False),
        ([f"2018 Cart {n}" for n in range(12)], False),
        ([f"{2100 + n} Cart" for n in range(12)], False),
        ([f"{year}" for year in YEARS * 4], False),
    ],
    ids=["twelve", "eleven", "most", "too few", "one year", "no years", "nothing behind"],
)
def test_the_year_is_read_where_most_titles_begin_with_one(titles, readable):
    assert ("year" in keys_of(rows_of(titles))) is readable


def test_the_year_is_not_read_where_a_column_states_it():
    assert "year" not in keys_of(rows_of(dated(12), model_year=YEARS * 4))
    assert "year" not in keys_of(rows_of(dated(12), baujahr=YEARS * 4))
    assert "year" not in keys_of(rows_of(dated(12)), off={"year"})


def test_forms_of_one_product_are_evidence_once():
    groups = [f"g{n % 11}" for n in range(22)]
    titles = [title for title in dated(11)] * 2
    assert "year" not in keys_of(rows_of(titles, groups))
    assert "year" in keys_of(rows_of(titles))


def test_rows_that_cannot_be_used_are_no_evidence():
    rows = [
        RawRow(number=n, cells={"title": title}, problem="" if n else "cut")
        for n, title in enumerate(dated(12))
    ]
    assert "year" not in keys_of(Rows(rows))


def maker_titles() -> list[str]:
    return [f"{MAKERS[n % 3]} {name}-{n}00" for n, name in enumerate(["RX", "QT", "ZP", "LM"] * 6)]


def test_the_maker_is_read_from_the_leading_words():
    (maker,) = [fact for fact in facts_of(rows_of(maker_titles())) if fact.key == "brand"]
    assert maker.of("Osk RX-100") == "Osk" and maker.of("Nobody RX-100") == ""
    assert maker.note == "read out of the titles: the leading words that several products share"


@pytest.mark.parametrize("column", ["brand", "manufacturer"])
def test_the_maker_is_not_read_where_a_column_states_it(column):
    assert "brand" not in keys_of(rows_of(maker_titles(), **{column: ["Some"] * 24}))


@pytest.mark.parametrize("kinds", [["Osk", "Ekle", "Varn"], ["Osks", "Ekles tall", "Varns"]])
def test_words_that_other_facets_use_are_no_makers(kinds):
    assert "brand" not in keys_of(rows_of(maker_titles(), kind=kinds * 8))


@pytest.mark.parametrize(("kinds", "readable"), [(40, False), (41, True)])
def test_words_of_up_to_forty_kinds_are_no_makers(kinds, readable):
    titles = [f"{MAKERS[n % 3]} {'abcdefgh'[n % 8].upper()}X-{n}00" for n in range(82)]
    styles = [f"{MAKERS[n % kinds % 3]} like {n % kinds}" for n in range(82)]
    assert ("brand" in keys_of(rows_of(titles, style=styles))) is readable


WATTS = [f"Lamp {chr(97 + n % 26)} with {5 + n % 7} W light" for n in range(24)]


def test_amounts_are_read_out_of_titles_and_said_how():
    (power,) = facts_of(rows_of(WATTS))
    assert (power.source, power.of("Lamp with 9 W light")) == ("title", "9 W")
    assert power.note in {
        "read out of 'title' by the word 'light' behind it",
        "read out of 'title' by its unit",
    }


def test_amounts_are_not_read_where_a_column_counts_in_their_unit():
    drain = [f"{5 + n % 7} W" for n in range(24)]
    assert keys_of(rows_of(WATTS, drain=drain)) == set()


def test_what_a_column_about_one_thing_says_is_called_after_it():
    screens = [f"{10 + n % 9}.5 inches, very bright" for n in range(24)]
    rows = rows_of([f"Thing {chr(97 + n)}" for n in range(24)], screen=screens, info=screens)
    alone = {fact.source: fact.alone for fact in facts_of(rows)}
    assert alone["screen"] is True and not alone.get("info", False)


@pytest.mark.parametrize(("text", "readable"), [("1{n} W.", True), ("{n} W.", False)])
def test_texts_of_less_than_five_letters_hide_nothing(text, readable):
    things = [f"Thing {chr(97 + n)}" for n in range(24)]
    rows = rows_of(things, rim=[text.format(n=n % 7) for n in range(24)])
    columns = profile(rows, {})
    readings = {"rim": ColumnReading(kind=FacetKind.CATEGORY, values={})}
    facts = find_facts(rows, columns, Roles(title=("title",)), readings, ())
    assert bool(facts) is readable


def test_numbers_hide_nothing():
    rows = rows_of([f"Thing {chr(97 + n)}" for n in range(24)], rim=[f"{n % 7}00 W" for n in range(24)])  # fmt: skip
    assert keys_of(rows) == set()


def fact(key: str = "year") -> DerivedFacet:
    return DerivedFacet(
        key=key, name="Year", source="title", note="", of=lambda text: text[:4].strip("abc")
    )


def test_facts_become_cells_and_columns():
    rows = Rows(
        [
            RawRow(number=1, cells={"title": " 2018 <b>Cart</b>"}),
            RawRow(number=2, cells={"title": "abc"}),
            RawRow(number=3, cells={"title": "2019 Cart"}, problem="cut"),
        ]
    )
    extended, columns = with_facts(rows, [fact()], {})
    assert [row.cells.get("year") for row in extended] == ["2018", None, "2019"]
    assert (columns["year"].counts, columns["year"].rows, columns["year"].name) == (
        {"2018": 1},
        3,
        "Year",
    )
    assert with_facts(rows, [fact()], {"year": "Jahr"})[1]["year"].name == "Jahr"


def test_two_thousand_letters_of_a_text_are_looked_at():
    last_word = DerivedFacet(
        key="end", name="end", source="title", note="", of=lambda text: text.rpartition(" ")[2]
    )
    rows = rows_of(["x" * 1995 + " " + "y" * 20])
    assert with_facts(rows, [last_word], {})[0].first.cells["end"] == "y" * 4
