"""The action server: understands messages for the dialogue engine and runs its actions."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from traceback import format_tb
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions import services
from actions.rasa_format import control, said
from nlu.errors import ParseTooSlow

logger = logging.getLogger(__name__)

LOADING = {"status": "loading", "error": "The shop is still being loaded."}
BIGGEST_BODY = 4_000_000
"""Bytes; a turn sends about ten thousand."""
LONG_TEXT = 300
"""Characters; longer texts wait for each other, so that many of them slow nobody else: typed wishes have 20 to 80."""
UNDERSTAND_SECONDS = 2.0
"""With waiting; less than the dialogue engine waits."""


def create_app(
    load: Callable[[], services.ActionServices], name: str = "actions", secret: str = ""
) -> Sanic[Any, Any]:
    """Build the server.

    Args:
        load: reads the shop; called in a thread while the server already answers ``/health`` with 503.
        name: of the Sanic application, which has to be unique in a process.
        secret: what the dialogue engine shows; empty lets every program of the machine ask.
    """
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = BIGGEST_BODY
    app.config.KEEP_ALIVE_TIMEOUT = 120
    app.config.ACCESS_LOG = False
    executor = ActionExecutor()
    executor.register_package("actions.moves")
    app.ctx.executor, app.ctx.failed = executor, False
    app.ctx.long_texts = ThreadPoolExecutor(1, thread_name_prefix="long-texts")

    app.add_route(_health, "/health", methods=["GET"])
    app.add_route(_parse, "/model/parse", methods=["POST"])
    app.add_route(_act, "/webhook", methods=["POST"])

    @app.on_request
    async def check(request: Request) -> HTTPResponse | None:
        authorization = request.headers.get("Authorization", "")
        if request.path == "/health" or _may_ask(authorization, secret):
            return None
        return response.json({"error": "only the dialogue engine may ask"}, status=403)

    app.error_handler.add(Exception, _failed)

    @app.after_server_start
    async def start(app: Sanic[Any, Any]) -> None:
        app.add_task(_load(app, load))

    return app


def _may_ask(shown: str, secret: str) -> bool:
    return not secret or hmac.compare_digest(shown.encode(), f"Bearer {secret}".encode())


async def _load(app: Sanic[Any, Any], load: Callable[[], services.ActionServices]) -> None:
    try:
        services.install(await asyncio.to_thread(load))
    except Exception as error:
        # One line is what the person who started the shop can use; the rest is for the log at DEBUG.
        logger.error("%s", error)  # noqa: TRY400
        logger.debug("Loading failed.", exc_info=True)
        app.ctx.failed = True
        app.stop()
        return
    parts = services.get()
    logger.info("%s is ready: %s products.", parts.shop, parts.products)


async def _health(_: Request) -> HTTPResponse:
    try:
        parts = services.get()
    except services.NotLoaded:
        return response.json(LOADING, status=503)
    body = {
        "status": "ready",
        "shop": parts.shop,
        "products": parts.products,
        "search_by_meaning": parts.meaning,
        "resident_mb": _resident_mb(),
    }
    return response.json(body)


async def _parse(request: Request) -> HTTPResponse:
    body = request.json
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        return response.json({"error": '"text" is a string'}, status=400)
    view = control(text)
    if view is None:
        try:
            parts = await asyncio.to_thread(services.fresh)
        except services.NotLoaded:
            return response.json(LOADING, status=503)
        pool = request.app.ctx.long_texts if len(text) > LONG_TEXT else None
        parsing = asyncio.get_running_loop().run_in_executor(pool, parts.parse, text)
        try:
            view = said(text, await asyncio.wait_for(parsing, UNDERSTAND_SECONDS))
        except (TimeoutError, ParseTooSlow) as error:
            logger.warning(
                "A text of %s characters was given up: %s", len(text), type(error).__name__
            )
            return response.json({"error": "the text takes too long"}, status=503)
    return response.json(view)


async def _act(request: Request) -> HTTPResponse:
    call = request.json
    if not isinstance(call, dict) or "next_action" not in call or "tracker" not in call:
        return response.json({"error": '"next_action" and "tracker" are needed'}, status=400)
    result = await request.app.ctx.executor.run(call)
    return response.json(result.model_dump() if result else None)


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """Answer any failure with a status; what was said stays out of the answer and out of the log."""
    if isinstance(error, ActionNotFoundException):
        return response.json({"error": error.message, "action_name": error.action_name}, status=404)
    status = getattr(error, "status_code", 503 if isinstance(error, services.NotLoaded) else 500)
    if status == 500:
        # The message of an error may quote what was said; where it happened does not.
        where = "".join(format_tb(error.__traceback__))
        logger.error("%s failed: %s\n%s", request.path, type(error).__name__, where)
    return response.json({"error": type(error).__name__}, status=status)


def _resident_mb() -> int:
    import psutil

    return int(psutil.Process(os.getpid()).memory_info().rss // 2**20)
