"""Two gateways as processes of their own, one of which is killed while messages arrive at both."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import sys
from collections import Counter, defaultdict

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.gateway.conftest import reply

CONVERSATIONS = 8
MESSAGES = 40
KILLED_AFTER = 60
"""Turns after which the first gateway is killed, with some under way."""
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Engine:
    """Answers turns in a few milliseconds and notes what it heard, and whether it was asked twice at once."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.busy: Counter[str] = Counter()
        self.turns = 0
        self.killed = asyncio.Event()
        self.overlaps = 0

    async def turn(self, request) -> JSONResponse:
        body = await request.json()
        sender, message = body["sender"], body["message"]
        self.overlaps += self.busy[sender] > 0 and not self.killed.is_set()
        self.busy[sender] += 1
        self.heard[sender].append(message)
        self.turns += 1
        try:
            await asyncio.sleep(random.uniform(0.005, 0.02))
            answer = {"messages": [{"custom": {"reply": reply(message, self.turns)}}]}
            return JSONResponse(answer)
        finally:
            self.busy[sender] -= 1

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/shop/webhook", self.turn, methods=["POST"]),
                Route("/webhooks/shop/health", lambda _: JSONResponse({}), methods=["GET"]),
            ]
        )


@contextlib.asynccontextmanager
async def engine_serving(engine: Engine, port: int):
    config = uvicorn.Config(
        engine.app(), port=port, log_config=None, lifespan="off", access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def gateway_process(url: str, engine_port: int, shop):
    port = free_port()
    environment = {
        **os.environ,
        "ASSISTANT_SHOP": str(shop),
        "ASSISTANT_DATABASE": url,
        "ASSISTANT_PORT": str(port),
        "ASSISTANT_ENGINE_URL": f"http://127.0.0.1:{engine_port}",
        "ASSISTANT_TURN_DEADLINE": "5",
        "ASSISTANT_LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "assistant.gateway", env=environment
    )
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False
        ) as client:
            async with asyncio.timeout(PATIENCE):
                while True:
                    with contextlib.suppress(httpx.ConnectError):
                        await client.get("/healthz")
                        break
                    await asyncio.sleep(0.1)
            yield process, client
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def say(clients, url: str, header: dict, text: str) -> dict:
    """Send a message as a client does: on and on under the same id, to whichever gateway answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for client in random.sample(clients, len(clients)):
                with contextlib.suppress(httpx.TransportError):
                    body = {"text": text, "client_message_id": text}
                    answer = await client.post(f"{url}/messages", json=body, headers=header)
                    if answer.status_code == 200:
                        return answer.json()
            await asyncio.sleep(0.05)


async def test_gateway_that_is_killed_loses_nothing(empty_postgresql, tmp_path):
    engine, port = Engine(), free_port()
    async with (
        engine_serving(engine, port),
        gateway_process(empty_postgresql, port, tmp_path) as (first, to_first),
        gateway_process(empty_postgresql, port, tmp_path) as (_, to_second),
    ):
        clients = [to_first, to_second]
        opened = [
            (await to_second.post("/api/conversations", json={})).json()
            for _ in range(CONVERSATIONS)
        ]

        async def talk(conversation: dict) -> list[dict]:
            url = f"/api/conversations/{conversation['conversation_id']}"
            header = {"Authorization": f"Bearer {conversation['token']}"}
            replies = []
            for number in range(0, MESSAGES, 2):
                pair = (say(clients, url, header, f"wish {number + side}") for side in range(2))
                replies += await asyncio.gather(*pair)
            return replies

        async def kill() -> None:
            while engine.turns < KILLED_AFTER:
                await asyncio.sleep(0.005)
            engine.killed.set()
            first.kill()

        replies, *_ = await asyncio.gather(asyncio.gather(*map(talk, opened)), kill())
        assert engine.overlaps == 0
        for conversation, answers in zip(opened, replies, strict=True):
            texts = [f"wish {number}" for number in range(MESSAGES)]
            assert [answer["text"] for answer in answers] == [f"You said: {text}" for text in texts]
            url = f"/api/conversations/{conversation['conversation_id']}/messages"
            header = {"Authorization": f"Bearer {conversation['token']}"}
            history = (await to_second.get(url, headers=header)).json()["messages"]
            assert [entry["number"] for entry in history] == list(range(1, MESSAGES + 2))
            assert sorted(entry["text"] for entry in history[1:]) == sorted(texts)
            heard = engine.heard[conversation["conversation_id"]][1:]
            # What was under way when the gateway died may be asked again; nothing else, and in order.
            assert list(dict.fromkeys(heard)) == [entry["text"] for entry in history[1:]]
            assert len(heard) <= MESSAGES + 1
