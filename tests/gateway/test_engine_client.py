"""The way to the engine: a reply, or the error that says what to do about it."""

from __future__ import annotations

import json

import httpx
import pytest

from assistant.gateway.engine_client import OPEN, PROBE, EngineClient
from assistant.gateway.errors import EngineDone, EngineDown, EngineFailed, EngineSlow


def client(answer) -> EngineClient:
    return EngineClient("http://engine", transport=httpx.MockTransport(answer))


def raising(error):
    def answer(request):
        raise error("no", request=request)

    return answer


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: httpx.Response(502, json={"error": "action failed"}), EngineFailed),
        (lambda _: httpx.Response(200, json={"messages": []}), EngineFailed),
        (lambda _: httpx.Response(409, json={"error": "done"}), EngineDone),
        (raising(httpx.ConnectError), EngineDown),
        (raising(httpx.ReadError), EngineDown),
        (raising(httpx.ReadTimeout), EngineSlow),
    ],
)
async def test_what_goes_wrong_has_a_name(answer, error):
    engine = client(answer)
    with pytest.raises(error):
        await engine.turn("c", 2, "hello", {})
    await engine.close()


async def test_a_probe_is_a_turn_of_nobody(monkeypatch):
    bodies = []

    def answer(request):
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"messages": [{"custom": {"reply": {"text": "hi"}}}]})

    engine = client(answer)
    await engine.probe()
    (body,) = bodies
    assert (body["sender"], body["number"], body["message"]) == (PROBE, None, OPEN)
    await engine.close()
