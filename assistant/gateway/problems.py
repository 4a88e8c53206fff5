"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from assistant.gateway.errors import RequestRefused
from assistant.stores.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_KINDS = {
    404: ("not-found", "Nothing is at this address; see /openapi.json for what there is."),
    405: ("method-not-allowed", "This address does not take this method; see /openapi.json."),
    413: ("too-large", "The request is too large; send less."),
}


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "",
    title: str = "",
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """An answer that says what is wrong, for programs (``type``, ``status``) and people (``detail``)."""
    document = {
        "type": f"urn:problem:{kind or 'error'}",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(extra or {}),
    }
    return Response(json.dumps(document), status, dict(headers or {}), MEDIA_TYPE)


def of_refusal(error: RequestRefused) -> Response:
    """The problem document of one of our own errors."""
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        error.status,
        error.detail,
        kind=error.kind,
        title=error.title,
        headers=headers,
        extra=error.extra,
    )


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(RequestRefused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreUnavailable, _store)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_: Request, error: Exception) -> Response:
    return of_refusal(error) if isinstance(error, RequestRefused) else await _unexpected(_, error)


async def _http(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    kind, detail = _KINDS.get(status, ("error", str(getattr(error, "detail", ""))))
    return problem(status, detail, kind=kind, headers=getattr(error, "headers", None))


async def _invalid(_: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    # What was sent is not repeated: it may be private, and it may be text that cannot be encoded.
    mistakes = [f"{'.'.join(str(part) for part in e['loc'][1:])}: {e['msg']}" for e in errors]
    return problem(
        422,
        "The request does not fit: " + ("; ".join(mistakes) or "see /openapi.json") + ".",
        kind="bad-input",
    )


async def _store(request: Request, error: Exception) -> Response:
    logger.error("%s %s: %s", request.method, request.url.path, error)
    return problem(
        503,
        "What is said cannot be kept just now, so nothing is taken in. Please try again shortly.",
        kind="not-ready",
        headers={"Retry-After": "2"},
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
    return problem(
        500, "Something went wrong here; it was logged. Please try again.", kind="internal-error"
    )
