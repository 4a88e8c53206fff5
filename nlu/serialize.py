"""``ParsedMessage`` as JSON and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nlu.types import (
    Critique,
    Intent,
    ParsedConstraint,
    ParsedMessage,
    Quantity,
    Reference,
)


def parsed_to_json(message: ParsedMessage) -> dict[str, Any]:
    """Plain data in the shape of the public contract, quantities with "min" and "max"."""
    data = asdict(message)
    for quantity in data["quantities"]:
        quantity["min"] = quantity.pop("minimum")
        quantity["max"] = quantity.pop("maximum")
    lists = ("acts", "constraints", "quantities", "references", "critiques", "facets")
    for name in lists:
        data[name] = list(data[name])
    for constraint in data["constraints"]:
        constraint["values"] = list(constraint["values"])
        constraint["alternatives"] = list(constraint["alternatives"])
    return data


def parsed_from_json(data: dict[str, Any]) -> ParsedMessage:
    """The message that ``parsed_to_json`` wrote; keys it does not know are ignored."""
    return ParsedMessage(
        text=str(data.get("text", "")),
        intent=Intent(
            name=str(data["intent"]["name"]), confidence=float(data["intent"]["confidence"])
        ),
        acts=tuple(data.get("acts", ())),
        constraints=tuple(_constraint(entry) for entry in data.get("constraints", ())),
        quantities=tuple(
            Quantity(
                minimum=entry["min"],
                maximum=entry["max"],
                unit=entry.get("unit"),
                start=entry["start"],
                end=entry["end"],
                inclusive=bool(entry.get("inclusive", False)),
            )
            for entry in data.get("quantities", ())
        ),
        references=tuple(
            Reference(**_only(entry, ("kind", "value", "start", "end", "facet", "direction")))
            for entry in data.get("references", ())
        ),
        critiques=tuple(
            Critique(**_only(entry, ("facet", "direction", "start", "end")))
            for entry in data.get("critiques", ())
        ),
        facets=tuple(data.get("facets", ())),
        meaning=str(data.get("meaning", "")),
        unwanted=str(data.get("unwanted", "")),
        gift=bool(data.get("gift", False)),
        language=str(data.get("language", "en")),
        cut=bool(data.get("cut", False)),
    )


def _constraint(entry: dict[str, Any]) -> ParsedConstraint:
    return ParsedConstraint(
        facet=entry["facet"],
        operator=entry["operator"],
        values=tuple(entry["values"]),
        unit=entry.get("unit"),
        strength=entry.get("strength", "must"),
        start=entry["start"],
        end=entry["end"],
        lasting=bool(entry.get("lasting", False)),
        alternatives=tuple(entry.get("alternatives", ())),
        asked=bool(entry.get("asked", False)),
    )


def _only(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}
