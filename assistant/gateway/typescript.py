"""The page's types, written from what the API says of itself: ``python -m assistant.gateway.typescript``.

``tests/gateway/test_typescript.py`` tells when it has to be run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "widget" / "src" / "types.ts"
HEADER = (
    "/** What the public API sends and takes. Written by `python -m assistant.gateway.typescript`"
    " from /openapi.json; do not edit. */\n"
)
NAMED = "#/components/schemas/"
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}

Schema = Mapping[str, Any]


def types_of(openapi: Schema) -> str:
    """TypeScript declarations of every schema, in order of their names.

    Args:
        openapi: an OpenAPI 3.1 document.

    Raises:
        ValueError: a schema of a kind that this does not know; says which.
    """
    schemas = openapi["components"]["schemas"]
    parts = [HEADER]
    for name in sorted(schemas, key=_type_name):
        parts.append("\n".join(_declaration(_type_name(name), schemas[name])))
    return "\n".join(parts)


def _type_name(name: str) -> str:
    """A schema's name in the page: what it is a schema of."""
    return name.removesuffix("Schema")


# Every member is there: the API leaves none out of what it sends, and bodies it takes are no components.
def _declaration(name: str, schema: Schema) -> Iterator[str]:
    yield from _comment(schema, "")
    if "properties" not in schema:
        yield f"export type {name} = {_type(schema)};\n"
        return
    yield f"export interface {name} {{"
    for key, value in schema["properties"].items():
        yield from _comment(value, "  ")
        yield f"  {key}: {_type(value)};"
    yield "}\n"


def _comment(schema: Schema, indent: str) -> Iterator[str]:
    if description := " ".join(schema.get("description", "").split()):
        yield f"{indent}/** {description} */"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _type_name(schema["$ref"].removeprefix(NAMED))
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(choice) for choice in schema["anyOf"]))
    kind = schema.get("type")
    if kind == "null":
        return "null"
    if kind == "array":
        items = _type(schema["items"])
        return f"({items})[]" if " | " in items else f"{items}[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    if kind in SCALARS:
        return SCALARS[kind]
    raise ValueError(f"A schema of kind {kind!r} has no TypeScript here: {dict(schema)}.")


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def main() -> None:
    """Write the page's types anew."""
    from assistant.gateway.app import create_app
    from assistant.settings import load

    TARGET.write_text(types_of(create_app(load()).openapi()), "utf-8")


if __name__ == "__main__":
    main()
