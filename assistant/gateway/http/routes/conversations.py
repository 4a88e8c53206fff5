"""Conversations: begin one, say something, read it again, erase it."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from assistant.gateway import schemas
from assistant.gateway.conversations.input_text import check
from assistant.gateway.errors import BadInput
from assistant.gateway.http.auth import ServicesOf, Token, address, json_response
from assistant.gateway.http.bodies import body_of, read

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.post(
    "",
    status_code=201,
    response_model=schemas.StartedConversation,
    openapi_extra=body_of(schemas.NewConversation),
)
async def begin(request: Request, services: ServicesOf) -> Response:
    """Begin a conversation; the token is its key and is shown this once."""
    await services.throttle.spend("conversations", address(request))
    body = await read(request, schemas.NewConversation)
    shopper = None
    if body.shopper_token:
        shopper = await services.database.run(services.shoppers.by_token, body.shopper_token)
    opened = await services.conversations.open(
        shopper_id=shopper.id if shopper else None, locale=body.locale
    )
    content = {
        "conversation_id": opened.conversation_id,
        "token": opened.token,
        "reply": opened.answer.reply,
        "shopper_known": shopper is not None,
    }
    return json_response(content, 201)


@router.post(
    "/{conversation_id}/messages",
    response_model=schemas.ReplySchema,
    openapi_extra=body_of(schemas.NewMessage),
)
async def say(
    conversation_id: str, request: Request, services: ServicesOf, token: Token
) -> Response:
    """Say something, or choose; the same client_message_id again gets the same reply."""
    await services.conversations.authenticate(conversation_id, token)
    await services.throttle.spend("messages", address(request), conversation_id)
    body = await read(request, schemas.NewMessage)
    turn = check(
        client_message_id=uuid.uuid4().hex
        if body.client_message_id is None
        else body.client_message_id,
        text=body.text,
        choice_id=body.choice_id,
    )
    answer = await services.conversations.answer(conversation_id, turn)
    return json_response(answer.body)


@router.get("/{conversation_id}/messages", response_model=schemas.History)
async def history(
    conversation_id: str,
    services: ServicesOf,
    token: Token,
    after: Annotated[
        str, Query(pattern=r"^m?[0-9]{0,9}$", description="number or message_id; what came later.")
    ] = "",
) -> Response:
    """The whole exchange, for reload and reconnect; the first entry is the greeting."""
    await services.conversations.authenticate(conversation_id, token)
    number = int(after.removeprefix("m") or 0)
    return json_response(await services.conversations.history(conversation_id, number))


@router.put(
    "/{conversation_id}/shopper", status_code=204, openapi_extra=body_of(schemas.KnownShopper)
)
async def link(
    conversation_id: str, request: Request, services: ServicesOf, token: Token
) -> Response:
    """Say whose conversation it is, when the shopper becomes known only now."""
    await services.conversations.authenticate(conversation_id, token)
    body = await read(request, schemas.KnownShopper)
    shopper = await services.database.run(services.shoppers.by_token, body.shopper_token)
    if shopper is None:
        raise BadInput("No shopper has this shopper_token; it may have been erased.")
    await services.conversations.link(conversation_id, shopper.id)
    return Response(status_code=204)


@router.delete("/{conversation_id}", status_code=204)
async def erase(conversation_id: str, services: ServicesOf, token: Token) -> Response:
    """Erase the conversation everywhere."""
    await services.conversations.authenticate(conversation_id, token)
    await services.eraser.conversation(conversation_id)
    return Response(status_code=204)
