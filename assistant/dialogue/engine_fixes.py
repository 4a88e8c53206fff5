"""What Rasa 3.6.21 does in a way a shop cannot live with, put right in one place.

Each function below replaces one behaviour; ``apply()`` installs all of them, once, when the channel is loaded:

- a turn in which the message could not be understood or the action failed is given up as a whole, before anything is
  stored, instead of going on with an empty intent or without an answer;
- a turn that was done is not done again: asked for once more, under its number, it gives the answer it gave;
- calls to the action server wait two seconds, not five minutes, and keep their connection;
- the schema that every action's answer is checked against is compiled once, not in every turn;
- the action server gets what it needs: the slots and the latest message, not the domain in every call;
- an intent that no rule knows is one that was not understood, and nobody can reach the built-in intents ("restart");
- a database that cannot be read is an error, not a conversation without a past.
"""

from __future__ import annotations

import asyncio
import logging
import os
from functools import lru_cache
from typing import Any

import aiohttp
import rasa.core.actions.action as action_module
from jsonschema import Draft7Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.http_interpreter import RasaNLUHttpInterpreter
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.utils.endpoints import EndpointConfig
from tail_tracker_store import NUMBER, TailTrackerStore

logger = logging.getLogger(__name__)

CALL_SECONDS = 2.2
"""How long the action server may take; less than the deadline of a turn."""
CALL_TIMEOUT = aiohttp.ClientTimeout(total=CALL_SECONDS, sock_connect=1.0)
RULED_DEFAULTS = {DEFAULT_NLU_FALLBACK_INTENT_NAME, "out_of_scope"}
"""Of Rasa's built-in intents, those our rules answer; the others would drive the engine itself."""
FAILURES = (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)


def internal_header() -> dict[str, str]:
    """What our processes show each other, so that no other program of the machine can pass for one."""
    secret = os.environ.get("ASSISTANT_INTERNAL_SECRET", "")
    return {"Authorization": f"Bearer {secret}"} if secret else {}


class TurnFailed(BaseException):
    """The turn cannot be answered; its text says which part failed, and is fit for a log.

    Not an ``Exception``: the engine catches those around an action and goes on without an answer.
    """


class TurnDone(BaseException):
    """The turn was done before, and its answer is not kept any more."""


class _KeptSession:
    """A client session handed out for one call and not closed after it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        return None


def _session(self: EndpointConfig) -> _KeptSession:
    """One session per endpoint: opening a connection costs more than the call."""
    session = self.__dict__.get("_kept_session")
    if session is None or session.closed:
        connector = aiohttp.TCPConnector(limit=64, keepalive_timeout=30)
        session = aiohttp.ClientSession(
            headers={**self.headers, **internal_header()}, timeout=CALL_TIMEOUT, connector=connector
        )
        self._kept_session = session
    return _KeptSession(session)


async def _parse(self: RasaNLUHttpInterpreter, message: Any) -> dict[str, Any]:
    """Ask the action server what a message means; a failure gives the turn up."""
    body = {"text": message.text, "message_id": message.sender_id}
    try:
        try:
            return await _ask(self.endpoint_config, body)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A kept connection may be gone after a restart; asking again changes nothing but the connection.
            return await _ask(self.endpoint_config, body)
    except FAILURES as error:
        raise TurnFailed(f"understanding the message failed: {type(error).__name__}") from error


async def _ask(endpoint: EndpointConfig, body: dict[str, Any]) -> dict[str, Any]:
    url = endpoint.url.rstrip("/") + "/model/parse"
    async with endpoint.session() as session, session.post(url, json=body) as response:
        response.raise_for_status()
        answer = await response.json()
    if not isinstance(answer, dict) or not answer.get("intent", {}).get("name"):
        raise ValueError("the answer names no intent")
    return {"entities": [], "text": body["text"], **answer}


def _only_known_intents(self: MessageProcessor, parse_data: dict[str, Any]) -> None:
    """Turn an intent the rules do not know into the one for messages that were not understood."""
    name = parse_data["intent"]["name"]
    if name not in self.domain.intents or (name in DEFAULT_INTENTS and name not in RULED_DEFAULTS):
        logger.warning("The intent %r has no rule; the message counts as not understood.", name)
        parse_data["intent"] = {**parse_data["intent"], "name": DEFAULT_NLU_FALLBACK_INTENT_NAME}


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    return Draft7Validator(RemoteAction.action_response_format_spec())


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action's answer with the validator that was built once."""
    problem = next(_validator().iter_errors(result), None)
    if problem is not None:
        raise ValidationError(
            f"an action answered in a form the engine does not know: {problem.message[:200]}"
        )
    return True


def _without_domain(original: Any) -> Any:
    def call_format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
        body = original(self, tracker, domain)
        # rasa-sdk refuses a call that has no domain at all.
        body.setdefault("domain", {})
        return body

    return call_format


def _all_or_nothing(original: Any) -> Any:
    async def run(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await original(self, *args, **kwargs)
        except Exception as error:
            raise TurnFailed(f"{self.name()} failed: {type(error).__name__}") from error

    return run


def _once(original: Any) -> Any:
    """Look up the turn before it is done; here, since the conversation is locked by now."""

    async def handle_message(self: MessageProcessor, message: Any) -> Any:
        number = (message.metadata or {}).get(NUMBER)
        reply = None
        if number is not None and isinstance(self.tracker_store, TailTrackerStore):
            reply = self.tracker_store.done_turn(message.sender_id, number)
        if reply is None:
            return await original(self, message)
        if reply.custom is None:
            raise TurnDone(f"turn {number} was done before")
        await message.output_channel.send_custom_json(message.sender_id, reply.custom)
        return None

    return handle_message


def _own_tracker_store(store: Any, domain: Any) -> Any:
    """Use the store as it is, without the wrapper that answers from an empty memory when the database is away."""
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


def apply() -> None:
    """Install every fix; a second call does nothing."""
    if getattr(RemoteAction, "_shop_fixes", False):
        return
    RemoteAction._shop_fixes = True
    RemoteAction._validate_action_result = _validate
    RemoteAction._action_call_format = _without_domain(RemoteAction._action_call_format)
    RemoteAction.run = _all_or_nothing(RemoteAction.run)
    EndpointConfig.session = _session
    RasaNLUHttpInterpreter.parse = _parse
    MessageProcessor.handle_message = _once(MessageProcessor.handle_message)
    MessageProcessor._check_for_unseen_features = _only_known_intents
    Agent._create_tracker_store = staticmethod(_own_tracker_store)
    action_module.DEFAULT_REQUEST_TIMEOUT = CALL_TIMEOUT
