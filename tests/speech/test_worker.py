"""What the gateway meets when it talks to the worker."""

from __future__ import annotations

import asyncio
import os
import threading

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus


async def test_words_come_while_speaking_and_the_transcript_at_the_end(running, say):
    async with running.line() as line:
        await line.start()
        await line.sound(say("a dry red wine"))
        final = await line.end()
    assert final == {
        "type": "final",
        "text": "a dry red wine",
        "alternatives": ["something else"],
        "cut": False,
    }
    assert line.partials
    assert all("a dry red wine".startswith(text) for text in line.partials)


@pytest.mark.parametrize("frame", [1, 333, 3200, 60_000])
async def test_frames_may_be_cut_anywhere(running, say, frame):
    async with running.line() as line:
        await line.start()
        await line.sound(say("white wine please"), frame=frame)
        final = await line.end()
    assert final["text"] == "white wine please"


async def test_nothing_said_is_an_empty_transcript(running):
    async with running.line() as line:
        await line.start()
        final = await line.end()
    assert (final["type"], final["text"]) == ("final", "")


async def test_random_bytes_are_an_empty_transcript(running):
    async with running.line() as line:
        await line.start()
        await line.sound(os.urandom(80_001))
        final = await line.end()
    assert (final["type"], final["text"]) == ("final", "")


async def test_eight_utterances_side_by_side_do_not_mix(running, say):
    texts = ["red wine", "white wine", "a dry wine", "please", "under twenty", "red", "dry", "a"]

    async def one(text: str) -> str:
        async with running.line() as line:
            await line.start()
            await line.sound(say(text))
            return (await line.end())["text"]

    assert await asyncio.gather(*map(one, texts)) == texts
    assert running.worker.active == 0


async def test_one_more_than_allowed_is_told_to_wait_and_served_later(run, model, say):
    async with run(model, streams=1) as running, running.line() as first:
        await first.start()
        await first.sound(say("red"))
        async with running.line() as second:
            await second.start()
            assert (await second.last())["code"] == "busy"
        assert (await first.end())["text"] == "red"
        async with running.line() as third:
            await third.start()
            await third.sound(say("white"))
            assert (await third.end())["text"] == "white"


async def test_too_long_an_utterance_is_cut_and_what_was_heard_is_told(run, model, say):
    async with run(model, seconds=0.2) as running, running.line() as line:
        await line.start()
        await line.sound(say("dry red wine please"))
        final = await line.last()
    assert (final["text"], final["cut"]) == ("dry red", True)


async def test_an_utterance_cannot_be_drawn_out_for_ever(run, model, say):
    async with run(model, lasting=0.3) as running, running.line() as line:
        await line.start()
        await line.sound(say("red"))
        final = await line.last()
    assert (final["text"], final["cut"]) == ("red", True)


async def test_a_speaker_who_falls_silent_is_given_up(run, model):
    async with run(model, idle=0.1) as running, running.line() as line:
        await line.start()
        assert (await line.last())["code"] == "idle"


@pytest.mark.parametrize("leave", ["cancel", "close"])
async def test_nobody_is_listened_to_after_leaving(run, model, say, leave):
    model.gate = threading.Event()
    async with run(model) as running:
        async with running.line() as line:
            await line.start()
            await line.sound(say("red wine") * 20)
            if leave == "cancel":
                await line.socket.send('{"type": "cancel"}')
                model.gate.set()
                await line.socket.wait_closed()
        model.gate.set()
        async with asyncio.timeout(5):
            while running.worker.active:
                await asyncio.sleep(0.01)
        # At most the slice under way was decoded, not the four seconds that were sent.
        assert sum(model.slices) <= 16_000


async def test_the_loop_is_free_while_a_recognizer_works(run, model, say):
    model.gate = threading.Event()
    async with run(model) as running, running.line() as line:
        await line.start()
        await line.sound(say("red"))
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            answer = await client.get(f"http://127.0.0.1:{running.port}/health")
        assert answer.json()["status"] == "ready"
        model.gate.set()
        assert (await line.end())["text"] == "red"


async def test_sound_that_breaks_the_recognizer_ends_that_utterance_alone(running, say):
    async with running.line() as bad, running.line() as good:
        await good.start()
        await bad.start()
        await bad.sound(b"\xff\xff" * 1600)
        assert (await bad.last())["code"] == "failed"
        await good.sound(say("red"))
        assert (await good.end())["text"] == "red"


@pytest.mark.parametrize(
    "first",
    [
        "",
        "{",
        "[]",
        "1e999",
        b"\x00\x01",
        '{"type": "hello"}',
        '{"type": "start", "sample_rate": "16000"}',
        '{"type": "start", "sample_rate": true}',
        '{"type": "start", "sample_rate": 7999}',
        '{"type": "start", "sample_rate": 96000}',
        '{"type": "start", "phrases": "red"}',
        "[" * 50_000,
    ],
    ids=lambda first: str(first)[:30],
)
async def test_a_start_that_is_none_is_refused(running, first):
    async with running.line() as line:
        await line.socket.send(first)
        told = await line.last()
    assert (told["type"], told["code"]) == ("error", "bad_start")


async def test_commands_nobody_knows_are_passed_over(running, say):
    async with running.line() as line:
        await line.start()
        await line.socket.send("{nonsense")
        await line.sound(say("red"))
        await line.socket.send('{"type": "dance"}')
        assert (await line.end())["text"] == "red"


async def test_phrases_reach_the_model(running, model):
    async with running.line() as line:
        await line.start(phrases=["pinot noir", "tavel"])
        await line.end()
    assert model.phrases == [("pinot noir", "tavel")]


async def test_health_says_when_the_model_is_loaded(run, model):
    async with run(None) as running, httpx.AsyncClient(trust_env=False, timeout=5) as client:
        url = f"http://127.0.0.1:{running.port}/health"
        assert (await client.get(url)).status_code == 503
        async with running.line() as line:
            await line.start()
            assert (await line.last())["code"] == "loading"
        running.worker.model = model
        assert (await client.get(url)).status_code == 200


async def test_pages_in_a_browser_are_turned_away(running):
    with pytest.raises(InvalidStatus, match="403"):
        await connect(running.url, proxy=None, origin="https://elsewhere.example")


async def test_only_who_shows_the_secret_is_listened_to(run, model):
    async with run(model, secret="of this start") as running:
        for headers in ({}, {"Authorization": "Bearer another"}):
            with pytest.raises(InvalidStatus) as refused:
                async with running.line(additional_headers=headers):
                    pass
            assert refused.value.response.status_code == 403
        async with running.line(additional_headers={"Authorization": "Bearer of this start"}):
            pass
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{running.port}/health")
        assert answer.status_code == 200, "the supervisor looks without it"
