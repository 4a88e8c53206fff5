"""Shoppers over HTTP: consent, what is remembered, corrections."""

from __future__ import annotations

import pytest

PROFILE = "/api/shoppers/me/profile"


async def test_shopper_is_unknown_until_asked(gateway):
    header = await gateway.shopper(consent=False)
    view = (await gateway.client.get("/api/shoppers/me", headers=header)).json()
    assert view == {"consent": False, "profile": {"constraints": []}, "since": None}


async def test_consent_is_passed_to_the_engine(gateway, stub):
    header = await gateway.shopper(consent=False)
    token = header["Authorization"].removeprefix("Bearer ")
    chat = await gateway.begin(shopper_token=token)
    assert chat.made["shopper_known"]
    for granted in (True, False):
        body = {"granted": granted}
        view = await gateway.client.put("/api/shoppers/me/consent", json=body, headers=header)
        assert view.json()["consent"] is granted
        assert (view.json()["since"] is not None) is granted
        await chat.say("hello")
        assert stub.metadata[-1]["consent"] is granted
    assert len({one["shopper_id"] for one in stub.metadata}) == 1
    assert token not in str(stub.metadata)


async def test_unknown_shopper_can_talk_but_is_not_known(gateway, stub):
    chat = await gateway.begin(shopper_token="nobody")
    assert chat.made["shopper_known"] is False
    assert stub.metadata[-1]["shopper_id"] is None


async def test_profile_is_set_shown_and_forgotten(gateway):
    header = await gateway.shopper()
    put = await gateway.client.put(
        f"{PROFILE}/colour", json={"operator": "!=", "values": ["red"]}, headers=header
    )
    assert put.status_code == 200
    (wish,) = (await gateway.client.get("/api/shoppers/me", headers=header)).json()["profile"][
        "constraints"
    ]
    assert (wish["facet"], wish["operator"], wish["values"]) == ("colour", "!=", ["red"])
    assert wish["strength"] == "must" and "red" in wish["text"]
    assert (await gateway.client.delete(f"{PROFILE}/colour", headers=header)).status_code == 204
    again = await gateway.client.delete(f"{PROFILE}/colour", headers=header)
    assert again.status_code == 404
    view = (await gateway.client.get("/api/shoppers/me", headers=header)).json()
    assert view["profile"]["constraints"] == []


@pytest.mark.parametrize(
    ("facet", "body"),
    [
        ("nose", {"values": ["big"]}),
        ("colour", {"values": []}),
        ("colour", {"values": [5]}),
        ("price", {"values": ["cheap"]}),
        ("price", {"operator": "between", "values": [1]}),
        ("price", {"operator": "about", "values": [1]}),
        ("colour", {"values": [{"a": 1}]}),
    ],
    ids=str,
)
async def test_impossible_wishes_are_refused(gateway, is_problem, facet, body):
    header = await gateway.shopper()
    answer = await gateway.client.put(f"{PROFILE}/{facet}", json=body, headers=header)
    assert is_problem(answer, 422)


async def test_nothing_is_remembered_without_consent(gateway, is_problem):
    header = await gateway.shopper(consent=False)
    body = {"values": ["red"]}
    answer = await gateway.client.put(f"{PROFILE}/colour", json=body, headers=header)
    assert is_problem(answer, 409)


@pytest.mark.parametrize("granted", ["yes", 1, None])
async def test_consent_must_be_said_plainly(gateway, is_problem, granted):
    header = await gateway.shopper(consent=False)
    answer = await gateway.client.put(
        "/api/shoppers/me/consent", json={"granted": granted}, headers=header
    )
    assert is_problem(answer, 422)


async def test_conversation_token_is_no_shopper_token(gateway, is_problem):
    chat = await gateway.begin()
    assert is_problem(await gateway.client.get("/api/shoppers/me", headers=chat.header), 401)


async def test_shopper_can_become_known_in_the_middle(gateway, stub, is_problem):
    chat = await gateway.begin()
    header, other = await gateway.shopper(), await gateway.shopper()
    token, second = (one["Authorization"].removeprefix("Bearer ") for one in (header, other))
    url = f"{chat.url}/shopper"

    async def link(shopper_token):
        body = {"shopper_token": shopper_token}
        return await gateway.client.put(url, json=body, headers=chat.header)

    assert is_problem(await link("nobody"), 422)
    assert (await link(token)).status_code == 204
    await chat.say("remember that I am vegan")
    assert stub.metadata[-1]["consent"] and stub.metadata[-1]["shopper_id"]
    assert is_problem(await link(second), 409)
    await gateway.client.delete("/api/shoppers/me", headers=header)
    assert (await chat.post(text="hi")).status_code == 404
