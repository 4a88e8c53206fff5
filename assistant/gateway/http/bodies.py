"""Request bodies: never too large, and read so that no text in them can break anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from assistant.gateway.conversations.input_text import replace_surrogates
from assistant.gateway.errors import BadInput
from assistant.gateway.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
"""Bytes; the longest text in its JSON, escaped, takes half."""
DRAINED = 8 * 1024 * 1024
"""Bytes of a body that is too large which are still read: a client that is cut off while it sends
would see a broken connection instead of the answer."""

M = TypeVar("M", bound=BaseModel)


class BodyLimit:
    """Answers 413 to bodies above LARGEST_BODY before anything reads them; counts the bytes itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body already read, or refuse it."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        body, size, more = bytearray(), 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunk = message.get("body", b"")
            size, more = size + len(chunk), message.get("more_body", False)
            if size <= LARGEST_BODY:
                body += chunk
            elif size > DRAINED:
                break
        if size > LARGEST_BODY:
            refusal = problem(
                413,
                f"The body is larger than {LARGEST_BODY // 1024} kB; send less.",
                kind="too-large",
                headers={"Connection": "close"} if more else None,
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, _replay(bytes(body), receive), send)


async def read(request: Request, model: type[M]) -> M:
    """Parse a JSON body; an empty one counts as an empty object.

    Raises:
        BadInput: not UTF-8, not JSON, nested too deep, or not what ``model`` takes.
    """
    raw = await request.body()
    try:
        content = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise BadInput("The body is not JSON in UTF-8; send a JSON object.") from None
    if not isinstance(content, dict):
        raise BadInput("The body is JSON but no object; send {...}.")
    scrubbed = {replace_surrogates(key): _scrub(value) for key, value in content.items()}
    try:
        return model.model_validate(scrubbed)
    except ValidationError as error:
        mistakes = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()
        )
        raise BadInput(f"The body does not fit: {mistakes}.") from None


def _scrub(value: Any) -> Any:
    return replace_surrogates(value) if isinstance(value, str) else value


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """Documents a body that ``read`` parses, for ``openapi_extra``."""
    schema = model.model_json_schema()
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}
