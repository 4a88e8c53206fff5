"""The engine's only door: one POST is one turn, answered whole or not at all."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

import engine_fixes
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from tail_tracker_store import NUMBER

logger = logging.getLogger(__name__)

TURN_SECONDS = 2.4
"""A turn that takes longer is given up before anything of it is stored; the gateway has apologised by then."""
LONGEST_TEXT = 20_000
"""Characters; the gateway cuts far below, this stops what went round it."""
LONGEST_SENDER = 200
"""Characters; ids of the gateway have 22."""

engine_fixes.apply()


class ShopInput(InputChannel):
    """Takes ``{"sender", "number", "message", "metadata"}`` and returns ``{"messages": [...]}``, or 502 and the reason.

    ``number`` may be left out; a turn asked for twice under one number is done once. The second time it gives the
    same answer, or 409 when another turn has been done since.

    Routes, below ``/webhooks/shop``: ``POST /webhook`` is a turn, ``GET /health`` tells whether the model is loaded.
    """

    @classmethod
    def name(cls) -> str:
        """Name the channel, which is also its place in the address."""
        return "shop"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """Build the routes."""
        shop = Blueprint("shop_channel", "shop_channel")

        @shop.route("/health", methods=["GET"])
        async def health(request: Any) -> Any:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json(
                {"status": "ready" if ready else "loading"}, status=200 if ready else 503
            )

        @shop.route("/webhook", methods=["POST"])
        async def receive(request: Any) -> Any:
            if not _from_our_house(request):
                return response.json({"error": "only the gateway may ask"}, status=403)
            body = request.json
            problem = _problem_of(body)
            if problem:
                return response.json({"error": problem}, status=400)
            return await _turn(body, request.app.ctx, on_new_message)

        return shop


def _from_our_house(request: Any) -> bool:
    """Whether the request shows the secret of this start; anybody may ask where there is none."""
    expected = engine_fixes.internal_header().get("Authorization", "")
    authorization = request.headers.get("Authorization", "")
    return not expected or hmac.compare_digest(authorization.encode(), expected.encode())


def _problem_of(body: Any) -> str:
    """Say what is wrong with a request, or nothing."""
    if not isinstance(body, dict):
        return "the body is a JSON object with sender, message and metadata"
    sender, message, metadata = body.get("sender"), body.get("message"), body.get("metadata")
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
        return f'"sender" is a conversation id of at most {LONGEST_SENDER} characters'
    if not isinstance(message, str) or len(message) > LONGEST_TEXT:
        return f'"message" is a text of at most {LONGEST_TEXT} characters'
    number = body.get("number")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        return '"number" is the number of the message in its conversation'
    if metadata is not None and not isinstance(metadata, dict):
        return '"metadata" is an object'
    return ""


async def _turn(body: dict[str, Any], context: Any, on_new_message: Any) -> Any:
    agent = getattr(context, "agent", None)
    if agent is None or not agent.is_ready():
        return response.json({"error": "the dialogue model is not loaded"}, status=502)
    collector = CollectingOutputChannel()
    message = UserMessage(
        body["message"],
        collector,
        body["sender"],
        input_channel=ShopInput.name(),
        metadata={**(body.get("metadata") or {}), NUMBER: body.get("number")},
    )
    try:
        await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
    except engine_fixes.TurnFailed as failure:
        return _failed(str(failure))
    except engine_fixes.TurnDone as done:
        return response.json({"error": str(done)}, status=409)
    except asyncio.TimeoutError:
        return _failed(f"the turn took longer than {TURN_SECONDS} s")
    except Exception as error:
        # Whatever it is, the gateway must learn that there is no answer; no text of the shopper goes into the log.
        logger.exception("A turn failed.")
        return _failed(f"{type(error).__name__} in the dialogue engine")
    messages = [
        {key: value for key, value in sent.items() if key != "recipient_id"}
        for sent in collector.messages
    ]
    if not messages:
        return _failed("no rule or action answered")
    return response.json({"messages": messages})


def _failed(reason: str) -> Any:
    logger.warning("No answer: %s", reason)
    return response.json({"error": reason}, status=502)
