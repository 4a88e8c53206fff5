"""Item numbers and whole titles lead to their product."""

from catalog.search.exact import SHORTEST_CODE, ExactIndex
from tests.catalog.goods import FACETS, TOOLS, facet, tool


def index(first=0):
    return ExactIndex(TOOLS, {facet.key: facet for facet in FACETS}, first)


def test_a_product_is_found_by_its_number_and_by_that_of_a_variant():
    assert index().row("r100") == 0
    assert index().row("s200l") == 1
    assert index().row("r101") is None


def test_a_code_of_a_facet_that_nobody_is_asked_leads_to_the_product():
    assert index().row("4006381333931") == 0


def test_a_short_code_is_an_amount_and_no_number():
    assert len("123") < SHORTEST_CODE
    assert index().row("123") is None


def test_values_of_facets_that_are_asked_are_no_numbers():
    shop = [tool("A-1", "Saw", facets={"blade": ("x4000",)})]
    assert ExactIndex(shop, {"blade": facet("blade")}).row("x4000") is None


def test_an_id_wins_over_the_code_of_another_product():
    shop = [tool("A-1", "Saw", facets={"ean": ("b2222",)}), tool("B-2222", "Axe")]
    assert ExactIndex(shop, {"ean": facet("ean", askable=False)}).row("b2222") == 1


def test_equal_titles_are_all_found_and_rows_count_from_the_first():
    twice = [tool("1a", "Hand Hoe"), tool("2b", "hand hoe")]
    found = ExactIndex(twice, {}, first=7)
    assert list(found.titled("hand hoe")) == [7, 8]
    assert list(found.titled("hoe")) == []


def test_a_number_of_signs_alone_is_nobodys():
    assert ExactIndex([tool("--", "Broom")], {}).row("") is None
