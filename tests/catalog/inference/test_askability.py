"""Whether a facet is asked, why not, and how likely a shopper has an answer."""

from __future__ import annotations

from collections import Counter

import pytest

from catalog.inference.askability import Judgement, judge, says_nothing
from catalog.inference.columns import FeedColumn
from catalog.inference.readings import ColumnReading
from catalog.types import FacetKind

WOODS = {"oak": 40, "ash": 30, "pine": 30}


def judged(
    key: str,
    counts: dict,
    kind: FacetKind = FacetKind.CATEGORY,
    *,
    covered: int | None = None,
    total: int | None = None,
    column: FeedColumn | None = None,
    within: float = 0.0,
    priced: bool = False,
    **reading,
) -> Judgement:
    uses = Counter(counts)
    covered = uses.total() if covered is None else covered
    return judge(
        key,
        column,
        ColumnReading(kind=kind, values={}, **reading),
        uses,
        covered,
        covered if total is None else total,
        within,
        priced=priced,
    )


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("sku", "it numbers or codes the products"),
        ("gtin", "it numbers or codes the products"),
        ("maker_code", "it numbers or codes the products"),
        ("partid", "it numbers or codes the products"),
        ("unnamed_0", "it numbers or codes the products"),
        ("latitude", "it is a place on the map or an address"),
        ("shop_postcode", "it is a place on the map or an address"),
        ("e_mail", "it is a way to reach somebody"),
        ("maker_homepage", "it is a way to reach somebody"),
        ("number_of_reviews", "it says what other people did"),
        ("votes", "it says what other people did"),
        ("units_sold", "it says what other people did"),
        ("sales_rank", "it says what other people did"),
        ("shipping_weight", "it is the shop's own bookkeeping"),
        ("tax", "it is the shop's own bookkeeping"),
        ("created_at", "it is the shop's own bookkeeping"),
        ("is_sale", "it is the shop's own bookkeeping"),
        ("product_name", "it is part of the title"),
    ],
)
def test_a_facet_whose_name_says_that_nobody_knows_it_is_never_asked(key, reason):
    assert judged(key, WOODS) == Judgement(askable=False, knowable=0.1, reason=reason)


@pytest.mark.parametrize(
    "key",
    ["lid", "grid", "solid", "fluid", "hybrid", "acid", "raid", "prepaid", "braid", "liquid",
     "android", "plaid", "wood", "idea", "model_year", "taxi", "story"],
)  # fmt: skip
def test_words_that_only_sound_like_numbers_of_the_shop_are_asked(key):
    assert judged(key, WOODS).askable


def test_times_of_the_clock_are_bookkeeping():
    assert "bookkeeping" in judged("finished", WOODS, form="time").reason


PHONES = {f"01223 55 {number:04d}": 1 for number in range(5)}


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"https://a.example": 4, "www.b.example": 4, "oak": 2}, "it holds addresses or file names"),
        ({"a@b.example": 4, "/img/x": 4, "x.PDF": 2}, "it holds addresses or file names"),
        ({"https://a.example": 4, "oak": 4}, ""),
        (PHONES, "it holds telephone or item numbers"),
        (dict(list(PHONES.items())[:4]), ""),
        ({"x" * 61: 5, "y" * 61: 5}, "it is free text"),
        ({"x" * 60: 5, "y" * 60: 5}, ""),
        ({"a b c d e f g h i j": 5, "b c d e f g h i j k": 5}, "it is free text"),
        ({"a b c d e f g h i": 5, "b c d e f g h i j": 5}, ""),
        ({"AX-1": 2, "AX-2": 2, "AX-3": 2, "AX-4": 2}, "it holds codes"),
        ({"AX-1": 2, "AX-2": 2, "AX-3": 2}, ""),
        ({"AX-1": 3, "AX-2": 3, "AX-3": 3, "AX-4": 3}, ""),
        ({word: 1 for word in "abcdefgh"}, "nearly every product has its own value"),
        ({word: 1 for word in "abcdefg"}, ""),
        ({"a": 3, **{word: 1 for word in "bcdefgh"}}, ""),
    ],
    ids=[
        "addresses", "other addresses", "half addresses", "telephones", "four telephones",
        "long", "not so long", "ten words", "nine words", "codes", "three codes", "repeated codes",
        "eight of their own", "seven of their own", "some repeat",
    ],
)  # fmt: skip
def test_values_that_are_no_answers_are_never_asked(counts, reason):
    judgement = judged("finish", counts)
    assert (judgement.askable, judgement.reason) == (not reason, reason)


@pytest.mark.parametrize(
    ("key", "covered", "within", "asked"),
    [
        ("wood", 20, 0.0, True),
        ("wood", 19, 0.0, False),
        ("wood", 5, 0.7, True),
        ("wood", 5, 0.69, False),
        ("price", 10, 0.0, True),
        ("price", 9, 0.0, False),
    ],
)
def test_a_fifth_of_the_products_or_most_of_a_kind_must_have_it(key, covered, within, asked):
    judgement = judged(key, {"oak": 3, "ash": 2}, covered=covered, total=100, within=within)
    assert judgement.askable is asked
    assert judgement.reason == ("" if asked else f"only {covered} of 100 products have it")


@pytest.mark.parametrize(
    ("value", "covered", "asked"),
    [(True, 50, True), (True, 51, False), (False, 50, False), ("oak", 50, False)],
)
def test_a_single_value_is_asked_only_where_its_absence_says_as_much(value, covered, asked):
    judgement = judged("solid", {value: covered}, FacetKind.FLAG, total=100)
    assert judgement.askable is asked
    assert judgement.reason == ("" if asked else "all products that have it have the same value")


@pytest.mark.parametrize(
    ("counts", "total", "asked"),
    [
        ({"oak": 199, "ash": 1}, 200, False),
        ({"oak": 198, "ash": 2}, 200, True),
        ({"oak": 198, "ash": 1}, 199, True),
        ({"oak": 995, "a": 1, "b": 1, "c": 1}, 1000, False),
        ({"oak": 996, "a": 1, "b": 1, "c": 1, "d": 1}, 1000, True),
    ],
    ids=["one differs", "two differ", "few products", "four values", "five values"],
)
def test_what_nearly_all_products_have_is_not_asked(counts, total, asked):
    judgement = judged("wood", counts, total=total)
    assert judgement.askable is asked
    assert judgement.reason == ("" if asked else "nearly all products have the same value")


@pytest.mark.parametrize(
    ("numbers", "asked"),
    [
        (range(1, 21), False),
        (range(1, 20), True),
        ([*range(1, 20), 22], True),
        ([*range(1, 20), 21], False),
        ([*range(1, 20), 20.5], True),
    ],
    ids=["twenty", "nineteen", "wide gap", "narrow gap", "a half"],
)
def test_numbers_that_only_count_the_rows_are_not_asked(numbers, asked):
    texts = [str(number) for number in numbers]
    column = FeedColumn(
        key="place", name="place", counts=Counter(texts), filled=len(texts), rows=len(texts)
    )
    counts = {float(number): 1 for number in numbers}
    judgement = judged("place", counts, FacetKind.NUMBER, column=column)
    assert judgement.reason == ("" if asked else "it only counts the rows")
    assert judged("price", counts, FacetKind.NUMBER, column=column).askable


def test_a_number_that_is_called_by_one_letter_is_not_asked():
    assert judged("x", {1.0: 5, 2.0: 5}, FacetKind.NUMBER).reason == "its name says nothing"
    assert judged("x", WOODS).askable


@pytest.mark.parametrize("key", ["old_price", "price_min", "mrp", "discount", "startprice"])
def test_beside_a_price_no_other_is_asked(key):
    numbers = {1.0: 5, 2.0: 5}
    judgement = judged(key, numbers, FacetKind.NUMBER, priced=True)
    assert judgement.reason == "the price itself is asked"
    assert judged(key, numbers, FacetKind.NUMBER).askable
    assert judged("price", numbers, FacetKind.NUMBER, priced=True).askable
    assert judged(key, WOODS, priced=True).askable


@pytest.mark.parametrize(("wordings", "asked"), [(80, False), (72, True)])
def test_what_facts_say_plainly_is_not_asked_in_its_many_wordings(wordings, asked):
    counts = {f"screen {chr(97 + n % 26)} of kind {n // 26}": 2 for n in range(wordings)}
    judgement = judged("display", counts, covered_by_facts=True)
    assert judgement.reason == (
        "" if asked else "what it says in many ways, facets read out of it say plainly"
    )
    assert judged("display", counts).askable


@pytest.mark.parametrize(
    ("key", "counts", "kind", "reading", "knowable"),
    [
        ("price", {1.0: 5, 2.0: 5}, FacetKind.NUMBER, {}, 1.0),
        ("folds", {True: 5, False: 5}, FacetKind.FLAG, {}, 0.9),
        ("doors", {float(n): 2 for n in range(8)}, FacetKind.NUMBER, {}, 0.85),
        ("doors", {float(n): 2 for n in range(9)}, FacetKind.NUMBER, {}, 0.6),
        ("width", {float(n): 2 for n in range(9)}, FacetKind.NUMBER, {"unit": "cm"}, 0.75),
        ("built", {float(n): 2 for n in range(9)}, FacetKind.NUMBER, {"form": "date"}, 0.75),
        ("response", {float(n): 2 for n in range(9)}, FacetKind.NUMBER, {"form": "packed range"}, 0.35),
        ("test_points", {1.0: 5, 2.0: 5}, FacetKind.NUMBER, {}, 0.25),
        ("mt", {float(n): 2 for n in range(8)}, FacetKind.NUMBER, {}, 0.42),
        ("cyl", WOODS, FacetKind.CATEGORY, {}, 0.7),
        ("cyl_count", WOODS, FacetKind.CATEGORY, {}, 1.0),
        ("wood", WOODS, FacetKind.CATEGORY, {}, 1.0),
        ("wood", {f"wood {chr(97 + n)}": 2 for n in range(12)}, FacetKind.CATEGORY, {}, 1.0),
        ("wood", {f"wood {chr(97 + n)}": 2 for n in range(24)}, FacetKind.CATEGORY, {}, 0.85),
        ("wood", {f"wood {n} and {chr(97 + n % 26)}": 2 for n in range(999)}, FacetKind.CATEGORY, {}, 0.45),
        ("grain", {"A1": 5, "B1": 5}, FacetKind.CATEGORY, {}, 0.5),
        ("size", {"A1": 5, "B1": 5}, FacetKind.CATEGORY, {}, 1.0),
        ("grain", {"oak": 5, "B1": 5}, FacetKind.CATEGORY, {}, 1.0),
        ("chip", {"Core i5-1235U": 5, "Core i7-1255U": 5, "other": 5}, FacetKind.CATEGORY, {}, 0.6),
        ("chip", {"Core i5-1235U": 5, "some": 5, "other": 5}, FacetKind.CATEGORY, {}, 1.0),
        ("dial", {"blue 100mm dial": 5, "red 120mm dial": 5}, FacetKind.CATEGORY, {}, 1.0),
    ],
    ids=[
        "price", "flag", "few numbers", "many numbers", "unit", "date", "packed", "score",
        "two letters", "no vowel", "no vowel among words", "words", "twelve words",
        "twenty-four words", "a thousand words", "cryptic", "sizes", "half cryptic", "models",
        "few models", "amounts",
    ],
)  # fmt: skip
def test_the_chance_of_an_answer(key, counts, kind, reading, knowable):
    assert judged(key, counts, kind, **reading).knowable == knowable


@pytest.mark.parametrize("key", ["sku", "zip", "fax", "likes", "seo_text", "msrp", "currency_code"])  # fmt: skip
def test_names_that_tell_nothing_of_a_thing(key):
    assert says_nothing(key)
    assert not says_nothing("wood")
