"""The action server over HTTP, in this process."""

import asyncio
import itertools
import json
import threading
import time
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
import shop_of_fakes as fakes

from actions import server as module
from actions import services

NUMBERS = itertools.count()


@pytest.fixture
async def server():
    """Start the server with the loader given, without a network; returns a client."""
    async with AsyncExitStack() as stack:

        async def start(load, secret: str = "") -> httpx.AsyncClient:
            app = module.create_app(load, name=f"actions_{next(NUMBERS)}", secret=secret)
            app.config.TOUCHUP = False  # it rewrites Sanic itself, once per process
            await stack.enter_async_context(lifespan(app))
            transport = httpx.ASGITransport(app=app)
            client = httpx.AsyncClient(transport=transport, base_url="http://actions")
            return await stack.enter_async_context(client)

        yield start


@asynccontextmanager
async def lifespan(app):
    """Tell an application that it starts and, at the end, that it stops."""
    inbox, outbox = asyncio.Queue(), asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    assert (await outbox.get())["type"] == "lifespan.startup.complete"
    yield
    await inbox.put({"type": "lifespan.shutdown"})
    await task


async def ready(client: httpx.AsyncClient) -> httpx.Response:
    for _ in range(100):
        answer = await client.get("/health")
        if answer.status_code == 200:
            return answer
        await asyncio.sleep(0.01)
    raise AssertionError("never ready")


def loader():
    made = fakes.install()
    services._installed.clear()
    return lambda: made


async def test_health_tells_when_the_shop_is_loaded(server):
    go, made = threading.Event(), loader()()

    def slow():
        go.wait(5)
        return made

    client = await server(slow)
    assert (await client.get("/health")).status_code == 503
    early = await client.post("/model/parse", json={"text": "hi"})
    assert early.status_code == 503
    go.set()
    assert (await ready(client)).json()["products"] == 3


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("a red one", "inform"),
        ("\x01open", "open"),
        ("\x01choice c1", "choose"),
        ("/restart", "inform"),
        ("\ud800", "inform"),
    ],
)
async def test_messages_are_understood(server, text, intent):
    client = await server(loader())
    await ready(client)
    answer = await client.post(
        "/model/parse", content=json.dumps({"text": text, "message_id": "x"})
    )
    assert answer.status_code == 200
    assert answer.json()["intent"]["name"] == intent


async def test_a_turn_is_answered(server):
    client = await server(loader())
    await ready(client)
    answer = await client.post("/webhook", json=fakes.call("action_open", "\x01open", []))
    assert answer.json()["responses"][0]["custom"]["reply"]["text"] == "turn 1"


async def test_a_failure_says_where_but_not_what_was_said(server, caplog):
    made = fakes.install(advisor=fakes.Advisor(error=ValueError("I am allergic to secrets")))
    client = await server(lambda: made)
    await ready(client)
    answer = await client.post("/webhook", json=fakes.call("action_advise", "secrets", []))
    assert answer.status_code == 500
    assert "secrets" not in answer.text
    assert "secrets" not in caplog.text
    assert "take_turn" in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"text": 3}', b'{"next_action": "x"}'])
@pytest.mark.parametrize("path", ["/model/parse", "/webhook"])
async def test_nonsense_is_refused(server, path, body):
    client = await server(loader())
    await ready(client)
    assert 400 <= (await client.post(path, content=body)).status_code < 500


async def test_an_unknown_action_is_named(server):
    client = await server(loader())
    await ready(client)
    answer = await client.post("/webhook", json=fakes.call("action_fly", "fly", []))
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_fly"


async def test_only_who_shows_the_secret_is_answered(server):
    client = await server(loader(), secret="of this start")
    await ready(client)
    for shown in ({}, {"Authorization": "Bearer another"}):
        answer = await client.post("/model/parse", json={"text": "red"}, headers=shown)
        assert answer.status_code == 403
    shown = {"Authorization": "Bearer of this start"}
    answer = await client.post("/model/parse", json={"text": "red"}, headers=shown)
    assert answer.status_code == 200


async def test_a_text_that_takes_too_long_is_given_up_and_others_go_on(server, monkeypatch):
    class Slow(fakes.Parser):
        def parse(self, text):
            if "stone" in text:
                time.sleep(0.03)
            return super().parse(text)

    monkeypatch.setattr(module, "UNDERSTAND_SECONDS", 0.2)
    made = fakes.install(parser=Slow())
    client = await server(lambda: made)
    await ready(client)
    long = [
        asyncio.create_task(client.post("/model/parse", json={"text": "stone " * 100}))
        for _ in range(40)
    ]
    await asyncio.sleep(0.05)
    answer = await client.post("/model/parse", json={"text": "a red one"})
    assert answer.status_code == 200, "they wait for each other, not for all threads"
    assert {one.status_code for one in await asyncio.gather(*long)} == {200, 503}
