"""Products as lines of JSON: how they are stored, and a file of them while an import goes on."""

from __future__ import annotations

import json
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from catalog.errors import FeedError
from catalog.types import Availability, Money, Product, Sale, Variant

_IN_MEMORY = 16 * 1024 * 1024
"""Bytes; catalogs above it wait on the disk while the index is built."""
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_ID = '{"id": '


class ProductFile:
    """Products that can be gone through any number of times; in a file once they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - kept
        self._count = 0
        weakref.finalize(self, self._file.close)

    def add(self, product: Product) -> None:
        """Keep one more.

        Raises:
            FeedError: the temporary folder is full.
        """
        try:
            self._file.write(product_line(product).encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise FeedError(
                f"The products do not fit into the temporary folder {tempfile.gettempdir()}: "
                f"{error.strerror}. Make room there, or set TMPDIR to a larger disk."
            ) from error
        self._count += 1

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __iter__(self) -> Iterator[Product]:
        """The products in their order; one reader at a time."""
        for line in self.lines():
            yield product_from_json(json.loads(line))

    def lines(self) -> Iterator[str]:
        """The products as they are stored; one reader at a time."""
        self._file.seek(0)
        for line in self._file:
            yield line.decode("utf-8")
        self._file.seek(0, 2)


def product_line(product: Product) -> str:
    """The line of JSON that is stored of a product."""
    return _ENCODER.encode(product_to_json(product)) + "\n"


def product_id(line: str) -> str:
    """The id in a stored line, without reading the rest of it."""
    if line.startswith(_ID):
        return str(_DECODER.raw_decode(line, len(_ID))[0])
    return str(json.loads(line)["id"])


def product_to_json(product: Product) -> dict[str, Any]:
    """The product as stored; the shape of the public API, which adds nothing."""
    data = _shared(product)
    data.update(description=product.description, url=product.url)
    data["variants"] = [_shared(variant) for variant in product.variants]
    return data


def _shared(thing: Product | Variant) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": thing.id,
        "title": thing.title,
        "price": _money_to_json(thing.price),
        "availability": str(thing.availability),
        "image_url": thing.image_url,
        "facets": {key: list(values) for key, values in thing.facets.items()},
    }
    if thing.sale is not None:
        entry["regular_price"] = _money_to_json(thing.regular_price)
        entry["sale"] = {
            "price": _money_to_json(thing.sale.price),
            "starts": thing.sale.starts.isoformat() if thing.sale.starts else None,
            "ends": thing.sale.ends.isoformat() if thing.sale.ends else None,
        }
    return entry


def _money_to_json(money: Money | None) -> dict[str, str] | None:
    return {"amount": format(money.amount, "f"), "currency": money.currency} if money else None


def _money_from_json(entry: Mapping[str, str] | None) -> Money | None:
    return Money(amount=Decimal(entry["amount"]), currency=entry["currency"]) if entry else None


def _sale_from_json(entry: Mapping[str, Any] | None) -> Sale | None:
    price = _money_from_json(entry["price"]) if entry else None
    if entry is None or price is None:
        return None
    starts, ends = (
        datetime.fromisoformat(entry[end]) if entry[end] else None for end in ("starts", "ends")
    )
    return Sale(price=price, starts=starts, ends=ends)


def product_from_json(entry: Mapping[str, Any]) -> Product:
    """The product that `product_to_json` stored."""
    return Product(
        description=entry["description"],
        url=entry["url"],
        variants=tuple(Variant(**_fields(variant)) for variant in entry["variants"]),
        **_fields(entry),
    )


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    sale = _sale_from_json(entry.get("sale"))
    return {
        "id": entry["id"],
        "title": entry["title"],
        "price": _money_from_json(entry["price"]),
        "regular_price": _money_from_json(entry.get("regular_price")),
        "sale": sale,
        "availability": Availability(entry["availability"]),
        "image_url": entry["image_url"],
        "facets": {key: tuple(values) for key, values in entry["facets"].items()},
    }
