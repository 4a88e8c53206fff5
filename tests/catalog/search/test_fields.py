"""What a product can be found by, and how much each part counts."""

from catalog.search.fields import (
    DESCRIPTION,
    LONGEST_DESCRIPTION,
    SYNONYM,
    TITLE,
    VALUE,
    documents,
    fields_of,
    late_fields,
    marks_of,
)
from catalog.types import FacetKind, FacetValue
from tests.catalog.goods import FACETS, HOE, RAKE, SPADE, facet, tool, tool_shop

BY_KEY = {facet.key: facet for facet in FACETS}


def weights(product):
    return {field.text: field.weight for field in fields_of(product, BY_KEY)}


def test_the_title_counts_most_and_the_description_least():
    found = weights(RAKE)
    assert found["Leaf rake"] == TITLE
    assert found["steel"] == VALUE
    assert found["For lawns and beds."] == DESCRIPTION
    assert TITLE > VALUE > DESCRIPTION


def test_a_year_is_a_word_and_a_measured_number_is_none():
    assert "2021" in weights(HOE)
    assert not {"40", "40.0", "True"} & set(weights(RAKE))


def test_variants_are_words_too():
    assert "Long" in weights(SPADE)


def test_a_long_description_is_cut():
    product = tool("L", "Long", description="x" * (LONGEST_DESCRIPTION + 1))
    assert len(fields_of(product, {})[-1].text) == LONGEST_DESCRIPTION


def test_words_of_the_staff_and_names_of_yes_and_no_point_to_their_products():
    staff = facet(
        "material",
        FacetKind.CATEGORY,
        FacetValue(value="steel", label="steel", count=2, synonyms=("rustproof",)),
    )
    fold = facet("foldable", FacetKind.FLAG, True, False)
    marks = {
        mark.phrase: (list(mark.rows), mark.weight)
        for mark in marks_of(tool_shop(facets=(staff, fold)))
    }
    assert marks == {"rustproof": ([0, 1], SYNONYM), "foldable": ([0], VALUE)}


def test_a_late_product_has_the_words_of_the_staff_as_well():
    staff = facet(
        "material",
        FacetKind.CATEGORY,
        FacetValue(value="copper", label="copper", count=1, synonyms=("reddish",)),
    )
    texts = [field.text for field in late_fields(HOE, {"material": staff})]
    assert "reddish" in texts
    assert "reddish" not in [field.text for field in late_fields(RAKE, {"material": staff})]


def test_documents_are_the_fields_of_each_product():
    assert list(documents([RAKE, HOE], FACETS)) == [fields_of(RAKE, BY_KEY), fields_of(HOE, BY_KEY)]
