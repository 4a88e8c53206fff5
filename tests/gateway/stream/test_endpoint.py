"""The conversation's stream, over a real socket, with a stub engine and a fake speech worker."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve as serve_websocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from assistant.gateway.stream import endpoint as stream_module

SOUND = b"\x00\x10" * 1600


class FakeWorker:
    """A speech worker that hears what it is told to hear."""

    def __init__(self) -> None:
        self.text, self.alternatives = "a red wine", ["a red vine"]
        self.mode = ""  # "", "busy", "dies", "hangs", "garbage", "cut"
        self.sound = 0
        self.starts: list[dict] = []
        self.dropped = asyncio.Event()
        self.server = None
        self.port = 0

    async def begin(self) -> None:
        self.server = await serve_websocket(self.handle, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self.server.close()
        await self.server.wait_closed()

    async def handle(self, line) -> None:
        self.starts.append(json.loads(await line.recv()))
        if self.mode == "busy":
            await line.send('{"type": "error", "code": "busy", "detail": "8"}')
            return
        if self.mode == "garbage":
            await line.send("not json")
            return
        try:
            async for frame in line:
                if isinstance(frame, bytes):
                    self.sound += len(frame)
                    if self.mode == "dies":
                        line.transport.abort()
                        return
                    await line.send('{"type": "partial", "text": "a red"}')
                elif "end" in frame and self.mode != "hangs":
                    break
                if self.mode == "cut":
                    break
            else:
                self.dropped.set()
                return
            final = {"type": "final", "text": self.text, "alternatives": self.alternatives}
            await line.send(json.dumps(final | {"cut": self.mode == "cut"}))
        except ConnectionClosed:
            self.dropped.set()


class Client:
    """One tab."""

    def __init__(self, line) -> None:
        self.line = line

    async def send(self, **told) -> None:
        await self.line.send(json.dumps(told))

    async def event(self, *kinds: str) -> dict:
        """The next event of one of these kinds; others before it are passed over."""
        async with asyncio.timeout(8):
            while True:
                told = json.loads(await self.line.recv())
                if not kinds or told["type"] in kinds:
                    return told

    async def say(self, text: str, number: str = "m1") -> dict:
        await self.send(type="message", text=text, client_message_id=number)
        return (await self.event("reply"))["reply"]

    async def speak(self, *, frames: int = 3, end: str = "speech_end", **told) -> None:
        await self.send(**({"type": "speech_start", "client_message_id": "s1"} | told))
        for _ in range(frames):
            await self.line.send(SOUND)
        if end:
            await self.send(type=end)

    async def closed(self) -> int:
        """How the server closes the stream; events before that are passed over."""
        with suppress(ConnectionClosed):
            while True:
                await self.event()
        return self.line.close_code


@pytest.fixture
async def worker():
    one = FakeWorker()
    await one.begin()
    yield one
    await one.stop()


@pytest.fixture
async def open_stream(serve, settings, shop, stub, worker):
    """Opens streams of one conversation: ``async with open_stream() as client``."""
    settings = settings.model_copy(
        update={
            "speech_url": f"ws://127.0.0.1:{worker.port}",
            "allowed_origins": "https://shop.example",
        }
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        async with serve(settings, shop, stub) as gateway:
            config = uvicorn.Config(
                gateway.app, lifespan="off", log_config=None, ws="websockets-sansio"
            )
            server = uvicorn.Server(config)
            running = asyncio.create_task(server.serve(sockets=[listening]))
            chat = await gateway.begin()
            port = listening.getsockname()[1]

            @asynccontextmanager
            async def opened(token: str | None = chat.token, **options):
                url = f"ws://127.0.0.1:{port}{chat.url}/stream"
                async with connect(url, proxy=None, **options) as line:
                    client = Client(line)
                    if token:
                        await client.send(type="hello", token=token)
                    yield client

            opened.chat, opened.port, opened.gateway = chat, port, gateway
            yield opened
            server.should_exit = True
            await running


# --- typed -------------------------------------------------------------------------------------


async def test_a_message_is_answered(open_stream):
    async with open_stream() as client:
        reply = await client.say("a red wine")
    assert (reply["text"], reply["client_message_id"]) == ("You said: a red wine", "m1")


async def test_the_same_message_again_gets_the_same_reply_and_no_turn(open_stream, stub):
    async with open_stream() as client:
        first = await client.say("red")
        assert await client.say("red") == first
    assert stub.heard() == ["red"]


async def test_messages_sent_at_once_are_answered_in_order(open_stream, stub):
    async with open_stream() as client:
        for n in range(10):
            await client.send(type="message", text=f"number {n}", client_message_id=f"m{n}")
        texts = [(await client.event("reply"))["reply"]["text"] for _ in range(10)]
    assert texts == [f"You said: number {n}" for n in range(10)]
    assert stub.heard() == [f"number {n}" for n in range(10)]


async def test_what_is_said_elsewhere_arrives_once(open_stream):
    async with open_stream() as here, open_stream() as there:
        await here.say("settle in", "m0")
        await there.event("reply")
        await there.say("from another tab", "m1")
        assert (await here.event())["text"] == "from another tab"
        assert (await here.event())["reply"]["client_message_id"] == "m1"
        await open_stream.chat.say("over HTTP", client_message_id="m2")
        assert (await here.event())["text"] == "over HTTP"
        assert (await here.event())["reply"]["client_message_id"] == "m2"
        # Its own messages do not come back to the one who sent them.
        await here.say("mine", "m3")
        assert (await here.say("mine too", "m4"))["client_message_id"] == "m4"


async def test_the_exchange_over_the_stream_is_in_the_history(open_stream):
    async with open_stream() as client:
        await client.say("a red wine")
    assert [m["text"] for m in (await open_stream.chat.history())[1:]] == ["a red wine"]


# --- spoken ------------------------------------------------------------------------------------


async def test_speech_is_shown_while_spoken_then_answered_as_a_message(open_stream, worker, stub):
    async with open_stream() as client:
        await client.speak(sample_rate=16000, send="auto")
        events = [await client.event() for _ in range(3)]
    assert events[0] == {"type": "partial", "text": "a red"}
    assert events[1] == {
        "type": "transcript",
        "client_message_id": "s1",
        "text": "a red wine",
        "alternatives": ["a red vine"],
        "cut": False,
    }
    assert events[2]["reply"]["text"] == "You said: a red wine"
    assert events[2]["reply"]["client_message_id"] == "s1"
    assert (worker.sound, worker.starts[0]["sample_rate"]) == (3 * len(SOUND), 16000)
    assert stub.heard() == ["a red wine"]


async def test_a_transcript_to_be_confirmed_is_no_message_yet(open_stream, stub):
    async with open_stream() as client:
        await client.speak(send="confirm")
        assert (await client.event("transcript"))["text"] == "a red wine"
        await client.say("a red vine", "s1")
    assert stub.heard() == ["a red vine"]


async def test_nothing_heard_is_an_empty_transcript_and_no_message(open_stream, worker, stub):
    worker.text, worker.alternatives = "", []
    async with open_stream() as client:
        await client.speak()
        assert (await client.event("transcript"))["text"] == ""
        await client.say("typed then")
    assert stub.heard() == ["typed then"]


async def test_cancelled_speech_comes_to_nothing(open_stream, worker, stub):
    async with open_stream() as client:
        await client.speak(end="")
        await client.event("partial")
        await client.send(type="speech_cancel")
        await asyncio.wait_for(worker.dropped.wait(), 5)
        await client.speak(client_message_id="s2")
        assert (await client.event("transcript"))["client_message_id"] == "s2"
        await client.event("reply")
    assert len(stub.heard()) == 1


async def test_a_client_that_leaves_is_not_listened_to(open_stream, worker, stub):
    async with open_stream() as client:
        await client.speak(end="")
        await client.event("partial")
    await asyncio.wait_for(worker.dropped.wait(), 5)
    assert stub.heard() == []


async def test_speech_that_is_cut_is_answered_and_the_rest_ignored(open_stream, worker):
    worker.mode = "cut"
    async with open_stream() as client:
        await client.speak(frames=1, end="")
        assert (await client.event("transcript"))["cut"] is True
        await client.event("reply")
        for _ in range(5):
            await client.line.send(SOUND)
        await client.send(type="speech_end")
        await client.say("still here")


@pytest.mark.parametrize(
    ("mode", "status"), [("busy", 429), ("dies", 502), ("garbage", 502)], ids=str
)
async def test_trouble_with_the_worker_is_worded_and_typing_goes_on(
    open_stream, worker, mode, status
):
    worker.mode = mode
    async with open_stream() as client:
        await client.speak()
        error = await client.event("error")
        assert (error["problem"]["status"], error["client_message_id"]) == (status, "s1")
        assert "type it" in error["problem"]["detail"]
        await client.send(type="speech_cancel")
        await client.say("typed instead")
        worker.mode = ""
        await client.speak(client_message_id="s2")
        assert (await client.event("transcript", "error"))["text"] == "a red wine"


async def test_a_worker_that_is_away_is_worded_and_heard_again_when_back(open_stream, worker):
    await worker.stop()
    async with open_stream() as client:
        async with asyncio.timeout(3):
            await client.speak()
            assert (await client.event("error"))["problem"]["status"] == 502
        await worker.begin()
        await client.speak(client_message_id="s2")
        assert (await client.event("transcript", "error"))["text"] == "a red wine"


async def test_without_a_model_speaking_is_refused_in_words(open_stream):
    services = open_stream.gateway.services
    services.settings = services.settings.model_copy(update={"speech_url": ""})
    async with open_stream() as client:
        await client.speak()
        problem = (await client.event())["problem"]
        assert (problem["status"], problem["type"]) == (501, "urn:problem:speech-off")
        assert "type" in problem["detail"]
        assert (await client.say("typed"))["text"] == "You said: typed"


async def test_one_utterance_at_a_time(open_stream):
    async with open_stream() as client:
        await client.speak(end="")
        await client.send(type="speech_start", client_message_id="s2")
        assert "Already listening" in (await client.event("error"))["problem"]["detail"]
        await client.send(type="speech_end")
        assert (await client.event("transcript"))["client_message_id"] == "s1"


# --- frames that cannot be used ----------------------------------------------------------------

ID = '"client_message_id": "x"'


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 30_000,
        '{"type": "dance"}',
        '{"type": ["message"]}',
        '{"type": "hello", "token": "again"}',
        '{"type": "message", "text": "no id"}',
        f'{{"type": "message", "text": 7, {ID}}}',
        f'{{"type": "message", {ID}}}',
        f'{{"type": "message", "text": "", {ID}}}',
        f'{{"type": "message", "text": "a", "choice_id": "b", {ID}}}',
        f'{{"type": "speech_start", "sample_rate": "16000", {ID}}}',
        f'{{"type": "speech_start", "sample_rate": 1e999, {ID}}}',
        f'{{"type": "speech_start", "sample_rate": 192000, {ID}}}',
        f'{{"type": "speech_start", "send": "later", {ID}}}',
        '{"type": "speech_end"}',
        b"\x00" * 65_537,
        b"\x00\x01",
        "x" * 100_000,
    ],
    ids=lambda frame: str(frame)[:60],
)
async def test_a_frame_that_cannot_be_used_is_an_error_and_nothing_else(open_stream, frame):
    async with open_stream() as client:
        await client.line.send(frame)
        problem = (await client.event())["problem"]
        assert problem["status"] in (413, 422)
        assert problem["detail"]
        assert (await client.say("still here"))["text"] == "You said: still here"


async def test_surrogates_and_control_characters_come_back_whole(open_stream):
    async with open_stream() as client:
        await client.line.send(
            '{"type": "message", "text": "\\u0000\\ud800 red \\u0001open", "client_message_id": "\\udc00"}'
        )
        assert "red" in (await client.event("reply", "error"))["reply"]["text"]


async def test_sound_nobody_asked_for_is_one_error_not_many(open_stream):
    async with open_stream() as client:
        for _ in range(5):
            await client.line.send(SOUND)
        await client.send(type="speech_cancel")
        assert (await client.event())["type"] == "error"
        assert (await client.say("hello"))["text"] == "You said: hello"


async def test_too_much_nonsense_ends_the_stream(open_stream):
    async with open_stream() as client:
        for _ in range(100):
            await client.line.send("nonsense")
        assert await client.closed() == 1008
    async with open_stream() as client:
        await client.say("back again")


# --- who may come in ---------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["wrong", "", "ü" * 50])
async def test_a_wrong_token_is_turned_away(open_stream, token):
    async with open_stream(token=None) as client:
        await client.send(type="hello", token=token)
        assert (await client.event())["type"] == "error"
        assert await client.closed() == 4401


@pytest.mark.parametrize("frame", ['{"type": "speech_start"}', "nonsense", b"\x00"])
async def test_anything_before_hello_is_turned_away(open_stream, frame):
    async with open_stream(token=None) as client:
        await client.line.send(frame)
        assert (await client.event())["type"] == "error"
        assert await client.closed() == 4401


async def test_silence_instead_of_hello_is_turned_away(open_stream, monkeypatch):
    monkeypatch.setattr(stream_module, "HELLO_SECONDS", 0.05)
    async with open_stream(token=None) as client:
        assert await client.closed() == 4401


async def test_a_conversation_that_is_not_there_is_said_so(open_stream):
    url = f"ws://127.0.0.1:{open_stream.port}/api/conversations/none/stream"
    async with connect(url, proxy=None) as line:
        client = Client(line)
        await client.send(type="hello", token="t")
        assert (await client.event())["problem"]["status"] == 404
        assert await client.closed() == 4404


async def test_an_erased_conversation_ends_its_streams(open_stream):
    async with open_stream() as client:
        await client.say("remember me")
        chat = open_stream.chat
        await chat.client.delete(chat.url, headers=chat.header)
        assert await client.closed() == 4404


async def test_pages_of_other_sites_are_turned_away(open_stream):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus, match="403"):
            async with open_stream(origin=origin):
                pass


async def test_own_and_allowed_pages_come_in(open_stream):
    for origin in (f"http://127.0.0.1:{open_stream.port}", "https://shop.example"):
        async with open_stream(origin=origin) as client:
            await client.say("hello", origin)


async def test_a_conversation_has_a_limit_of_streams(open_stream, monkeypatch):
    monkeypatch.setattr(stream_module, "SOCKETS", 1)
    async with open_stream() as client:
        await client.say("first")
        async with open_stream() as second:
            assert (await second.event())["problem"]["status"] == 429
            assert await second.closed() == 1013
    async with open_stream() as client:
        await client.say("there is room again", "m2")
