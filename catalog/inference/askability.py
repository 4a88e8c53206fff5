"""Which facets are worth asking, and how likely a shopper has an answer: judged from the values themselves.

A facet is askable when its values repeat (uniqueness), cover enough products, are short words or
amounts rather than codes, addresses or prose, and differ between products. Names are looked at
only where the values cannot tell: bookkeeping columns and scores.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from catalog.inference.column_roles import names_a_title
from catalog.inference.columns import FeedColumn
from catalog.inference.readings import ColumnReading
from catalog.types import FacetKind, Value

LEAST_COVERAGE = 0.2
"""Share of the products that must have a value."""
WITHIN_KIND = 0.7
"""Or share of the products of one kind."""

_CODE = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9\-_./#]{4,}$|^\d{4,}$")
_MODEL = re.compile(
    r"(?:^|\s)(?!\d+(?:[.,]\d+)?[A-Za-z]{1,3}(?:\s|$))(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9\-./]{5,}(?:\s|$)"
)
"""A model's name among the words of a value, "Core i5-1235U"; amounts with a unit are none."""
_ADDRESS = re.compile(
    r"^(?:https?://|www\.)|^\S+@\S+\.\w+$|^/\S+|\.(?:jpe?g|png|gif|webp|pdf|mp[34])$", re.IGNORECASE
)
_PHONE = re.compile(r"^\+?[\d\s()/\-.]{8,}$")
_NAMED_ID = re.compile(
    r"(?:^|_)(?:id|ids|sku|gtin|ean|upc|isbn|mpn|asin|barcode|uuid|guid|pk|handle|slug|hash|rownames|rownum|index|code|codes)$"
    r"|(?:^|_)(?:unnamed_0|column_1)$"
    r"|[a-z]id$(?<!raid)(?<!paid)(?<!grid)(?<!kid)(?<!lid)(?<!acid)(?<!fluid)(?<!hybrid)(?<!liquid)(?<!android)(?<!plaid)"
)
_PLACE = re.compile(
    r"(?:^|_)(?:lat|lon|lng|latitude|longitude|location|coordinates?|geo|address|street|postcode|zip|zipcode|postal_code)$"
)
_REACH = re.compile(
    r"(?:^|_)(?:phone|telephone|tel|fax|mobile|e_?mail|website|web|homepage|url|link|contact)$"
)
_MERCHANT = re.compile(
    r"^(?:tax|shipping|inventory|stock|seo|meta|custom_label|adwords|ads|excluded|included|identifier|cost_of|use_config|"
    r"google_product_category|fulfillment|track|warehouse|supplier|margin|google_shopping_(?:mpn|adwords|custom)|sort|position|visibility|status|"
    r"published|is_featured|featured|reviews?_allowed|tax_class|attribute_set|download|wholesale|dealer|supplier|sale_price|compare|special_price|"
    r"product_highlight|additional_image|mobile_link|multipack|energy_efficiency_class_m|channel|visible|track_inventory|cost|"
    r"qty|quantity_sold|sellable|on_sale|is_sale|is_on_sale|views|clicks|is_preorder|default|rrp|msrp|list_price|regular_price|links?|samples)(?:_|$)"
    r"|(?:^|_)(?:is_?sale|on_?sale)$|minimum_?order|return_?policy|shipping_?info|availability_?status|stock_?status"
    r"|(?:^|_)(?:created|updated|modified|timestamp|date|at|synced|weight_unit|alt_text|image|images|thumbnail|img|photo|picture|video)$"
)
_POPULAR = re.compile(
    r"(?:reviews?|ratings?|votes?|loves?|likes?|users?|sold|sales)_?(?:counts?|total|number|\d)$"
    r"|(?:count|num|no|nr|number|total)_?(?:of_)?(?:[a-z]+_)?(?:reviews?|ratings|votes|loves|likes|users|orders|sales)$"
    r"|(?:^|_)(?:reviews|votes|fans|likes|loves|followers|downloads|hits|users_rated|sold|popularity|sales|"
    r"rank|sales_?rank)$"
)
_OTHER_PRICE = re.compile(
    r"(?:^|_)(?:prices?|mrp|msrp|rrp|uvp|preis|prix|precio|prezzo|prijs|discount(?:ed)?)(?:_|$)"
    r"|(?:price|discountpercentage|amountm(?:in|ax))$"
)
_SCORE = re.compile(
    r"percent|rating|score|rank|votes?|reviews?|popularity|(?:^|_)stars?_avg|points"
)
_CROWDED = 0.6
"""Knowability of values so many that the amounts in them are asked instead."""
_SIZE = re.compile(r"size|grade")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a facet is asked."""

    askable: bool
    """False leaves it to be wished for only."""
    knowable: float
    """Chance, 0 to 1, that a shopper has an answer."""
    reason: str
    """In plain words, for shop.yml; empty when it is asked."""


def judge(
    key: str,
    column: FeedColumn | None,
    reading: ColumnReading,
    counts: Counter[Value],
    covered: int,
    total: int,
    within: float = 0.0,
    *,
    priced: bool = False,
) -> Judgement:
    """Judge one facet.

    Args:
        key: facet key.
        column: what the feed says; None for facets that have no column of their own.
        reading: how it was read.
        counts: value -> products that have it.
        covered: products that have any value.
        total: all products.
        within: its largest share within one kind of product: straps are asked about once it is bags.
        priced: whether the products have prices, beside which no other price is asked.
    """
    never = _never(key, column, reading, counts, covered)
    if not never and priced and key != "price" and reading.kind is FacetKind.NUMBER:
        never = "the price itself is asked" if _OTHER_PRICE.search(key) else ""
    if (
        not never
        and reading.covered_by_facts
        and _knowable(key, reading, counts, covered) <= _CROWDED
    ):
        never = "what it says in many ways, facets read out of it say plainly"
    if never:
        return Judgement(askable=False, knowable=0.1, reason=never)
    least = LEAST_COVERAGE * (0.5 if key == "price" else 1)  # every shopper has a budget
    if covered < least * total and within < WITHIN_KIND:
        return Judgement(
            askable=False,
            knowable=_knowable(key, reading, counts, covered),
            reason=f"only {covered} of {total} products have it",
        )
    only_value = next(iter(counts))
    if len(counts) == 1 and (covered > 0.5 * total or only_value is not True):
        return Judgement(
            askable=False, knowable=0.5, reason="all products that have it have the same value"
        )
    if _everybody(counts, covered, total):
        return Judgement(
            askable=False, knowable=0.5, reason="nearly all products have the same value"
        )
    return Judgement(askable=True, knowable=_knowable(key, reading, counts, covered), reason="")


def says_nothing(key: str) -> bool:
    """Whether a column by its name tells nothing of a thing: codes, prices, bookkeeping, what others did."""
    patterns = (_NAMED_ID, _PLACE, _REACH, _POPULAR, _MERCHANT, _OTHER_PRICE, _SCORE)
    return any(pattern.search(key) for pattern in patterns) or "currency" in key


def _everybody(counts: Counter[Value], covered: int, total: int) -> bool:
    most = counts.most_common(1)[0][1]
    return covered >= 0.98 * total and total >= 200 and most >= 0.995 * total and len(counts) < 5


def _never(
    key: str,
    column: FeedColumn | None,
    reading: ColumnReading,
    counts: Counter[Value],
    covered: int,
) -> str:
    """Why the values can be no answer to any question; empty when they can."""
    name_patterns = (
        (_NAMED_ID, "it numbers or codes the products"),
        (_PLACE, "it is a place on the map or an address"),
        (_REACH, "it is a way to reach somebody"),
        (_POPULAR, "it says what other people did"),
    )
    for pattern, reason in name_patterns:
        if pattern.search(key):
            return reason
    if _MERCHANT.search(key) or reading.form == "time":
        return "it is the shop's own bookkeeping"
    if names_a_title(key):
        return "it is part of the title"
    if reading.kind is FacetKind.CATEGORY:
        return _never_words(counts, covered)
    if reading.kind is FacetKind.NUMBER and len(key) == 1:
        return "its name says nothing"
    if (
        reading.kind is FacetKind.NUMBER
        and column is not None
        and key != "price"
        and _counts_up(column, counts, covered)
    ):
        return "it only counts the rows"
    return ""


def _never_words(counts: Counter[Value], covered: int) -> str:
    texts = [str(value) for value in counts]
    uses = counts.total()
    lengths = sum(len(text) for text in texts) / len(texts)
    words = sum(len(text.split()) for text in texts) / len(texts)
    if _part(_ADDRESS, texts) > 0.5:
        return "it holds addresses or file names"
    if _part(_PHONE, texts) > 0.5 and covered >= 5:
        return "it holds telephone or item numbers"
    if lengths > 60 or words > 9:
        return "it is free text"
    unique = len(counts) / max(1, uses)
    if _part(_CODE, texts) > 0.6 and unique > 0.4 and len(counts) > 3:
        return "it holds codes"
    if covered >= 8 and unique > 0.8 and len(counts) > 0.8 * covered:
        return "nearly every product has its own value"
    return ""


def _part(pattern: re.Pattern[str], texts: list[str]) -> float:
    return sum(bool(pattern.search(text)) for text in texts) / len(texts)


def _counts_up(column: FeedColumn, counts: Counter[Value], covered: int) -> bool:
    numbers = [value for value in counts if isinstance(value, float)]
    whole = len(numbers) == covered >= 20 and all(number == int(number) for number in numbers)
    return whole and column.uniqueness == 1 and max(numbers) - min(numbers) < 1.05 * covered


def _knowable(key: str, reading: ColumnReading, counts: Counter[Value], covered: int) -> float:
    if key == "price":
        return 1.0
    if reading.kind is FacetKind.FLAG:
        return 0.9
    cryptic = _cryptic(key)
    if reading.kind is FacetKind.NUMBER:
        if _SCORE.search(key):
            return 0.25
        if reading.form == "packed range":
            return 0.35
        few = 0.85 if len(counts) <= 8 else 0.6
        return round(
            (max(few, 0.75) if reading.unit or reading.form == "date" else few) * cryptic, 2
        )
    return round(_knowable_words(key, counts, covered) * cryptic, 2)


def _cryptic(key: str) -> float:
    """Falls for names that are hardly words: one or two letters, or no vowel ("x", "drv", "cyl")."""
    words = [word for word in key.split("_") if word.isalpha()]
    if len(key.replace("_", "")) <= 2:
        return 0.5
    return (
        0.7
        if any(word.isascii() and len(word) > 2 and not set(word) & set("aeiou") for word in words)
        and len(words) == 1
        else 1.0
    )


def _knowable_words(key: str, counts: Counter[Value], covered: int) -> float:
    """Falls with the number of values that matter (the perplexity) and with how cryptic they look."""
    uses = counts.total()
    entropy = -sum(n / uses * math.log2(n / uses) for n in counts.values())
    spread = 2**entropy
    ease = 1.0 if spread <= 12 else max(0.45, 1.0 - 0.15 * math.log2(spread / 12))
    texts = [str(value) for value in counts]
    letters = sum(n for value, n in counts.items() if re.search(r"[^\W\d]{3,}", str(value))) / uses
    if letters < 0.5 and not _SIZE.search(key):
        ease *= 0.5
    if _part(_CODE, texts) > 0.4 or _part(_MODEL, texts) > 0.4:
        ease *= 0.6
    return ease
