"""The counts beside what was found are those of counting by hand."""

import numpy as np
import pytest

from catalog.search.facet_counts import FEW, MOST_VALUES, counts
from catalog.types import FacetKind
from tests.catalog.goods import facet, tool, tool_shop


def test_values_are_counted_most_frequent_first_and_numbers_have_their_ends():
    values, ranges = counts(tool_shop(), np.array([True, True, True]))
    assert [(entry.value, entry.count) for entry in values["material"]] == [
        ("steel", 2),
        ("ash wood", 1),
        ("copper", 1),
    ]
    assert ranges["width"] == (18.0, 40.0)


def test_what_nothing_found_has_is_left_out():
    values, ranges = counts(tool_shop(), np.array([False, False, True]))
    assert set(values) == {"material"}
    assert set(ranges) == {"year"}


@pytest.mark.parametrize("found", [1, 5, 60], ids=["one", "few", "most"])
def test_looking_up_and_counting_all_agree(found):
    total = FEW * 6
    shop = tool_shop(
        tuple(
            tool(
                f"T{n}",
                f"Tool {n}",
                facets={"use": ("beds", "lawn")[: 1 + n % 2], "size": (float(n),)},
            )
            for n in range(total)
        ),
        (facet("use", FacetKind.CATEGORY, "beds", "lawn"), facet("size", FacetKind.NUMBER)),
    )
    mask = np.arange(total) < found
    values, ranges = counts(shop, mask)
    expected = {"beds": found, "lawn": found // 2}
    assert {entry.value: entry.count for entry in values["use"]} == {
        value: count for value, count in expected.items() if count
    }
    assert ranges["size"] == (0.0, found - 1.0)


def test_a_facet_of_very_many_values_lists_the_most_frequent():
    names = [f"maker {n}" for n in range(MOST_VALUES + 5)]
    products = [tool(name, name, facets={"maker": (name,)}) for name in names]
    products.append(tool("again", "again", facets={"maker": (names[-1],)}))
    shop = tool_shop(tuple(products), (facet("maker", FacetKind.CATEGORY, *names),))
    listed = counts(shop, np.ones(len(products), bool))[0]["maker"]
    assert len(listed) == MOST_VALUES
    assert (listed[0].value, listed[0].count) == (names[-1], 2)
