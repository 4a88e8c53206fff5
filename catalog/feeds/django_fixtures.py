"""Relational dumps: rows of {"model", "pk", "fields"} (Django fixtures) joined into one object for each product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.parsing.wordlist import words
from nlu.lexical.numbers import read_decimal

_Record = Mapping[str, Any]
_BOOKKEEPING = words(
    "private_metadata metadata seo_title seo_description slug search_document search_vector "
    "created_at updated_at lft rght tree_id level sort_order search_index_dirty "
    "default_variant"
)


def join(entries: Sequence[Any]) -> list[dict[str, Any]] | None:
    """One object for each product with its variants, prices, attributes and category; None for other JSON.

    A record belongs to a product when one of its fields holds the product's key under the product
    model's name; records that link two others (an attribute value assigned to a product) are followed.
    """
    records = [entry for entry in entries if _is_record(entry)]
    if not records or len(records) < 0.9 * len(entries):
        return None
    tables: dict[str, dict[str, _Record]] = {}
    for record in records:
        model = str(record["model"]).rpartition(".")[2].lower()
        tables.setdefault(model, {})[str(record["pk"])] = record["fields"]
    products = tables.get("product")
    if not products:
        return None
    variants = _children(tables.get("productvariant", {}), "product")
    objects = []
    for key, fields in products.items():
        product = _describe(key, fields, "product", tables)
        product["variants"] = [
            _describe(inner, variant, "variant", tables) for inner, variant in variants.get(key, [])
        ]
        objects.append(product)
    return objects


def _is_record(entry: Any) -> bool:
    return (
        isinstance(entry, Mapping)
        and isinstance(entry.get("fields"), Mapping)
        and "model" in entry
        and "pk" in entry
    )


def _children(table: Mapping[str, _Record], parent: str) -> dict[str, list[tuple[str, _Record]]]:
    results: dict[str, list[tuple[str, _Record]]] = {}
    for key, fields in table.items():
        if parent in fields:
            results.setdefault(str(fields[parent]), []).append((key, fields))
    return results


def _describe(
    key: str, fields: _Record, role: str, tables: Mapping[str, Mapping[str, _Record]]
) -> dict[str, Any]:
    data: dict[str, Any] = {"id": key}
    for name, value in fields.items():
        if name in _BOOKKEEPING or name == "product" or isinstance(value, Mapping | list):
            continue
        referred = tables.get(name.lower().replace("_", ""), {}).get(str(value))
        data[name] = referred.get("name", value) if referred else value
    plain = fields.get("description_plaintext")
    if plain:
        data["description"] = plain
        data.pop("description_plaintext", None)
    data.update(_attributes(key, role, tables))
    data.update(_listing(key, role, tables))
    stocks = _children(tables.get("stock", {}), f"product_{role}").get(key, [])
    if stocks:
        data["stock_quantity"] = str(sum(_pieces(stock.get("quantity")) for _, stock in stocks))
    return data


def _pieces(quantity: object) -> int:
    """Pieces of a stock; none where its quantity is no number."""
    return int(read_decimal(str(quantity)) or 0)


def _attributes(
    key: str, role: str, tables: Mapping[str, Mapping[str, _Record]]
) -> dict[str, list[Any]]:
    """Attribute name -> values, through the tables that assign values to products or variants."""
    owners = [key]
    link = role
    if role == "variant":
        links = _children(tables.get("assignedvariantattribute", {}), "variant").get(key, [])
        owners, link = [inner for inner, _ in links], "assignment"
    results: dict[str, list[Any]] = {}
    for owner in owners:
        for _, assigned in _children(tables.get(f"assigned{role}attributevalue", {}), link).get(
            owner, []
        ):
            value = tables.get("attributevalue", {}).get(str(assigned.get("value")))
            attribute = tables.get("attribute", {}).get(str((value or {}).get("attribute")))
            boolean = (value or {}).get("boolean")
            content = (value or {}).get("name") if boolean is None else boolean
            name = (attribute or {}).get("name")
            if content is not None and name is not None:
                results.setdefault(str(name), []).append(content)
    return results


def _listing(key: str, role: str, tables: Mapping[str, Mapping[str, _Record]]) -> dict[str, Any]:
    """Price and currency in the channel that lists most."""
    table = tables.get(
        "productvariantchannellisting" if role == "variant" else "productchannellisting", {}
    )
    counts: dict[str, int] = {}
    for fields in table.values():
        channel = str(fields.get("channel"))
        counts[channel] = counts.get(channel, 0) + 1
    best = sorted(
        counts, key=lambda channel: (-counts[channel], int(channel) if channel.isdecimal() else 0)
    )[:1]
    for _, fields in _children(table, role).get(key, []):
        if str(fields.get("channel")) in best and fields.get("price_amount") is not None:
            return {"price": fields["price_amount"], "currency": fields.get("currency", "")}
    return {}
