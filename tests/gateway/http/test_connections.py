"""Connections of clients who send slowly, half, or not at all; a real server on a loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import time

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.gateway.http import connections
from assistant.gateway.http.connections import GuardedConnection

HEADER = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"


async def echo(request) -> PlainTextResponse:
    body = await request.body()
    if body == b"sleep":
        await asyncio.sleep(0.8)
    return PlainTextResponse(body or b"nothing")


@pytest.fixture
async def port(monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.5)
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    config = uvicorn.Config(
        app, port=0, http=GuardedConnection, log_config=None, timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def answer_to(port: int, *pieces: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """Send pieces; returns everything that comes back until the server closes, and how long that took."""
    began, answer = time.monotonic(), b""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(ConnectionError):  # cut off while it was still sending
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        async with asyncio.timeout(10):
            answer = await reader.read()
    writer.close()
    return answer, time.monotonic() - began


@pytest.mark.parametrize("pieces", [(), (b"G",), (HEADER,)], ids=["nothing", "a letter", "half"])
async def test_who_sends_no_header_is_cut_off(port, pieces):
    answer, seconds = await answer_to(port, *pieces)
    assert answer.startswith(b"HTTP/1.1 408")
    assert 0.25 <= seconds < 2


async def test_a_header_that_drips_is_cut_off(port):
    answer, _ = await answer_to(port, *(HEADER[at : at + 1] for at in range(20)), pause=0.05)
    assert b"200 OK" not in answer


async def test_who_sends_half_a_body_is_cut_off(port):
    answer, seconds = await answer_to(port, HEADER + b"\r\nab")
    assert b"200 OK" not in answer
    assert 0.4 <= seconds < 2


async def test_an_endless_header_is_cut_off(port):
    lines = (b"x: " + b"y" * 8000 + b"\r\n" for _ in range(100))
    answer, _ = await answer_to(port, HEADER, *lines)
    assert b"200 OK" not in answer


async def test_who_waits_for_an_answer_is_not_cut_off(port):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.post("/", content=b"sleep")).text == "sleep"
        await asyncio.sleep(0.5)  # longer than a header may take, shorter than a pause between two
        assert (await client.post("/", content=b"again")).text == "again"


async def test_who_has_been_waited_for_longest_makes_room(port, monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 30.0)
    monkeypatch.setattr(connections, "MOST_OPEN", 20)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answering = asyncio.create_task(client.post("/", content=b"sleep"))
        await asyncio.sleep(0.05)
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        assert (await client.get("/")).text == "nothing", "a new shopper gets in"
        assert (await answering).text == "sleep", "who waits for an answer gets it"
        first_reader, last_reader = half[0][0], half[-1][0]
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(5):
                assert not await first_reader.read(), "closed, and long before its deadline"
        assert not last_reader.at_eof()
        for _, writer in half:
            writer.close()


def test_enough_files_may_be_open():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        connections.allow_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(
            before[1], connections.MOST_OPEN
        )
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
