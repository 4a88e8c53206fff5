"""What an offer says in single cells: stock, addresses, and the best of several prices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from catalog.types import Availability, Money
from nlu.lexical.flags import read_flag
from nlu.lexical.numbers import read_decimal

LONGEST_TITLE = 500
"""Letters; longer titles are descriptions in the wrong column."""


LONGEST_DESCRIPTION = 20_000
"""Letters that are kept; no shopper reads on."""


LONGEST_ID = 200
"""Letters that are kept of an item number."""


class Purchasable(Protocol):
    """What can be bought at a price: a variant, or a row that becomes one."""

    @property
    def price(self) -> Money | None:
        """What it costs; None when nothing says so."""

    @property
    def availability(self) -> Availability:
        """Whether it can be had."""


def lowest_price(items: Sequence[Purchasable]) -> Money | None:
    """The lowest price that can be had; of what cannot be had when nothing can."""
    priced = [item for item in items if item.price is not None]
    there = [item for item in priced if item.availability is not Availability.OUT_OF_STOCK]
    prices = [item.price for item in (there or priced) if item.price is not None]
    return min(prices, key=lambda price: price.amount, default=None)


_RANK = (
    Availability.IN_STOCK,
    Availability.BACKORDER,
    Availability.PREORDER,
    Availability.UNKNOWN,
    Availability.OUT_OF_STOCK,
)


def best_availability(states: list[Availability]) -> Availability:
    """The state of a product from those of its forms."""
    return min(states, key=_RANK.index, default=Availability.UNKNOWN)


def read_availability(text: str) -> Availability:
    """Stock from a word ("in stock"), a yes or no, or a number of pieces."""
    word = re.sub(r"[\s_\-]+", "", text.casefold().rpartition("/")[2])
    if not word:
        return Availability.UNKNOWN
    pieces = read_decimal(text.strip()) if any(char.isdigit() for char in word) else None
    if pieces is not None:
        return Availability.IN_STOCK if pieces > 0 else Availability.OUT_OF_STOCK
    for pattern, state in _STOCK_WORDS:
        if re.search(pattern, word):
            return state
    flag = read_flag(text)
    if flag is None:
        return Availability.UNKNOWN
    return Availability.IN_STOCK if flag else Availability.OUT_OF_STOCK


_STOCK_WORDS = (
    (
        r"outofstock|soldout|unavailable|notavailable|discontinued|ausverkauft|nichtverf",
        Availability.OUT_OF_STOCK,
    ),
    (r"preorder|presale|comingsoon", Availability.PREORDER),
    (r"backorder|onorder|madetoorder", Availability.BACKORDER),
    (
        r"instock|available|lowstock|limited|auflager|lieferbar|onlineonly|instoreonly",
        Availability.IN_STOCK,
    ),
)


def web_address(text: str) -> str:
    """The address when it is an absolute http(s) one without white space or control characters, else empty."""
    clean = text.strip()
    if not clean:
        return ""
    plain = len(clean) <= 2000 and re.fullmatch(
        r"https?://[^\s\x00-\x1f<>\"'\\]+", clean, re.IGNORECASE
    )
    return clean if plain else ""


def picture(text: str) -> str:
    """The address of a picture, or a path inside the shop's images folder; anything else becomes empty."""
    if not text:
        return ""
    clean = re.split(r"[,|]\s*(?=https?://)", text.strip())[0].strip()
    if web_address(clean):
        return clean
    path = clean.replace("\\", "/").removeprefix("images/").lstrip("/")
    safe = re.fullmatch(r"[\w][\w .()/+\-]*\.(?:jpe?g|png|gif|webp|svg|avif)", path, re.IGNORECASE)
    return path if safe and ".." not in path and "//" not in path and len(path) <= 300 else ""
