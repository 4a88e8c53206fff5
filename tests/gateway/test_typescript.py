"""The page's types are those of the API."""

from __future__ import annotations

import pytest

from assistant.gateway.app import create_app
from assistant.gateway.typescript import TARGET, types_of
from assistant.settings import Settings


def test_the_page_has_the_types_of_the_api():
    written = types_of(create_app(Settings()).openapi())
    assert TARGET.read_text("utf-8") == written, (
        "the API has changed; run `python -m assistant.gateway.typescript` and build the page"
    )


def interface(**properties):
    schema = {"properties": properties, "description": "A thing\n    of two lines."}
    return types_of({"components": {"schemas": {"ThingSchema": schema}}})


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"anyOf": [{"type": "number"}, {"type": "integer"}, {"type": "null"}]}, "number | null"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, '("a" | "b")[]'),
        ({"type": "array", "items": {"$ref": "#/components/schemas/OtherSchema"}}, "Other[]"),
        ({"const": True}, "true"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Record<string, string>"),
    ],
)
def test_every_kind_of_schema_has_its_type(schema, expected):
    text = interface(member=schema)
    assert "/** A thing of two lines. */\nexport interface Thing {" in text
    assert f"  member: {expected};\n" in text


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="'tuple'"):
        interface(member={"type": "tuple"})
