"""Replies, products and questions as the JSON of the public API."""

from __future__ import annotations

import json
import zlib
from typing import Any

from assistant.advisor.types import (
    NO_CHOICE,
    Option,
    OptionKind,
    Question,
    Reply,
    ShownProduct,
    Suggestion,
)
from catalog.serialize import product_to_json
from catalog.types import Constraint


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as JSON; the gateway adds the message ids."""
    body = {
        "text": reply.text,
        "question": None if reply.question is None else question_to_json(reply.question),
        "products": [shown_to_json(card) for card in reply.products],
        "constraints": [
            {
                **public_constraint(constraint),
                "text": text,
                "remove_id": remove.choice_id,
                "remove_label": remove.label,
            }
            for (constraint, text), remove in zip(
                reply.constraints,
                reply.removals or (NO_CHOICE,) * len(reply.constraints),
                strict=True,
            )
        ],
        "remaining": reply.remaining,
        "suggestions": [suggestion_to_json(suggestion) for suggestion in reply.suggestions],
    }
    trace = json.dumps(reply.trace, sort_keys=True, default=str).encode()
    return {**body, "trace_id": f"{reply.turn}-{zlib.crc32(trace):08x}"}


def public_constraint(constraint: Constraint) -> dict[str, Any]:
    """Return a wish in the shape of the public API."""
    return {
        "facet": constraint.facet,
        "operator": constraint.operator.value,
        "values": list(constraint.values),
        "unit": constraint.unit,
        "strength": constraint.strength.value,
        "origin": constraint.origin.value,
    }


def question_to_json(question: Question) -> dict[str, Any]:
    """Return a question with its options."""
    return {
        "facet": question.facet,
        "label": question.label,
        "text": question.text,
        "reason": question.reason,
        "options": [option_to_json(option) for option in question.options],
    }


def option_to_json(option: Option) -> dict[str, Any]:
    """Return an option; a range has min and max, a value has value."""
    ranged = option.kind is OptionKind.RANGE
    return {
        "choice_id": option.choice_id,
        "label": option.label,
        "count": option.count,
        "kind": option.kind.value,
        "value": option.value,
        "min": option.min if ranged else None,
        "max": option.max if ranged else None,
    }


def suggestion_to_json(suggestion: Suggestion) -> dict[str, str]:
    """Return a quick reply."""
    return {"choice_id": suggestion.choice_id, "label": suggestion.label}


def shown_to_json(shown: ShownProduct) -> dict[str, Any]:
    """Return a product with how it meets the wishes."""
    return {
        **product_to_json(shown.product),
        "met": list(shown.met),
        "unmet": list(shown.unmet),
        "why": shown.why,
        "tell_more": suggestion_to_json(shown.tell_more),
        "select": suggestion_to_json(shown.select),
    }
