"""Every error is a problem document."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from assistant.stores import dialects
from assistant.stores.stores import Stores


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404),
        ("GET", "/api/nothing-here", 404),
        ("GET", "/api/products/nothing", 404),
        ("GET", "/images/../../secret", 404),
        ("GET", "/images/none.svg", 404),
        ("GET", "/images/%00", 404),
        ("GET", "/%ED%A0%80", 404),
        ("POST", "/api/nothing-here", 404),
        ("PATCH", "/api/products", 405),
        ("POST", "/", 405),
        ("GET", "/api/products?limit=501", 422),
        ("GET", "/api/products?limit=0", 422),
        ("GET", "/api/products?limit=%ED%A0%80", 422),
        ("GET", "/api/products?cursor=../../etc", 422),
        ("GET", "/api/search?facet.nose=big", 422),
        ("GET", "/api/search?facet.price=cheap", 422),
        ("GET", "/api/search?cursor=next", 422),
        ("GET", "/api/search?nose=big", 422),
        ("GET", "/api/shoppers/me", 401),
        ("DELETE", "/api/shoppers/me", 401),
        ("PUT", "/api/shoppers/me/consent", 401),
    ],
)
async def test_errors_are_problem_documents(gateway, is_problem, method, path, status):
    assert is_problem(await gateway.client.request(method, path), status)


async def test_unforeseen_error_is_a_problem_without_details(gateway, is_problem, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(gateway.services.shop, "page", broken)
    answer = await gateway.client.get("/api/products")
    assert is_problem(answer, 500)
    assert "secret" not in answer.text


async def test_challenge_goes_with_a_missing_token(gateway):
    answer = await gateway.client.get("/api/shoppers/me")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_turn_is_refused_when_the_log_cannot_be_written(gateway, stub, is_problem, caplog):
    chat = await gateway.begin()
    engine = gateway.services.stores.database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO elsewhere")
    assert is_problem(await chat.post(text="a secret wish"), 503)
    assert stub.heard() == []
    assert "secret" not in caplog.text
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO messages")
    assert (await chat.say("red"))["text"] == "You said: red"


async def test_database_that_hangs_is_said_in_time_and_the_message_can_be_sent_again(
    settings, shop, stub, serve, database_url, is_problem, monkeypatch
):
    monkeypatch.setattr(dialects, "BUSY_MILLISECONDS", 200)
    shared = settings.model_copy(update={"database": database_url})
    async with serve(shared, shop, stub) as gateway:
        chat = await gateway.begin()
        with closing(Stores.open(database_url)) as other, other.database.writing() as connection:
            if database_url.startswith("postgresql"):
                connection.exec_driver_sql("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            refused = await chat.post(text="red", client_message_id="c-1")
            assert time.monotonic() - began < 2
            assert is_problem(refused, 503)
            assert int(refused.headers["retry-after"]) >= 1
        assert (await chat.say("red", client_message_id="c-1"))["text"] == "You said: red"
        assert stub.heard() == ["red"]
