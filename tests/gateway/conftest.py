"""A gateway with a stub engine behind it: no process, no network, a database in a temporary folder."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import httpx
import pytest

from assistant.gateway.app import create_app
from assistant.gateway.catalog_api import Shop
from assistant.settings import Settings
from catalog.search.search import Search
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Facet,
    FacetKind,
    FacetValue,
    Money,
    Product,
    ShopConfig,
)

FAILURES = {
    "502": lambda: httpx.Response(502, json={"error": "action failed"}),
    "empty": lambda: httpx.Response(200, json={"messages": []}),
    "garbage": lambda: httpx.Response(200, content=b"\xff\x00 not json"),
}


class StubEngine:
    """Answers turns as the engine would, and remembers what it was told."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, str]] = []
        self.metadata: list[dict] = []
        self.done: dict[tuple[str, int], dict | None] = {}
        self.delay = 0.0
        self.actions_away = False
        self.record = lambda sender, message: None
        self.gate: asyncio.Event | None = None
        self.options: list[dict] = []
        self.stumbles = ""  # a message that is answered with 502
        self.fails = ""  # "", "refused", "502", "empty", "garbage", "loses answers"

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.fails == "refused" or (self.actions_away and request.url.path == "/health"):
            raise httpx.ConnectError("connection refused", request=request)
        if request.method == "GET":
            return httpx.Response(200, json={"status": "ok"})
        if self.fails in FAILURES:
            return FAILURES[self.fails]()
        body = json.loads(request.content)
        turn = (body["sender"], body["number"])
        if turn in self.done:
            again = self.done[turn]
            return answered(again) if again else httpx.Response(409, json={"error": "done before"})
        self.turns.append((body["sender"], body["message"]))
        self.metadata.append(body["metadata"])
        self.record(body["sender"], body["message"])
        if body["message"] == self.stumbles:
            return httpx.Response(502, json={"error": "action failed"})
        number = len(self.turns)
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.gate:
            await self.gate.wait()
        answer = reply(body["message"], number)
        if self.options:
            answer["question"] = {"facet": "colour", "options": self.options}
        self.note_done(*turn, answer)
        if self.fails == "loses answers":
            raise httpx.ReadError("connection reset", request=request)
        return answered(answer)

    def note_done(self, sender: str, number: int | None, answer: dict | None) -> None:
        """Keep the newest answer of a conversation, as the engine does."""
        if number is not None:
            self.done.update(dict.fromkeys(turn for turn in self.done if turn[0] == sender))
            self.done[sender, number] = answer

    def heard(self) -> list[str]:
        """Everything said by shoppers, openings aside."""
        return [text for _, text in self.turns if text != "\x01open"]


def answered(reply: dict) -> httpx.Response:
    return httpx.Response(200, json={"messages": [{"custom": {"reply": reply}}]})


def reply(message: str, number: int) -> dict:
    return {
        "text": f"You said: {message}",
        "question": None,
        "products": [
            {
                "id": "w1",
                "title": "Barolo",
                "image_url": "w1.svg",
                "met": [],
                "unmet": [],
                "why": "",
            }
        ],
        "constraints": [
            {
                "facet": "colour",
                "operator": "=",
                "values": ["red"],
                "unit": None,
                "strength": "must",
                "text": "red",
            }
        ],
        "remaining": 6,
        "suggestions": [],
        "trace_id": f"t{number}",
    }


@pytest.fixture
def stub() -> StubEngine:
    return StubEngine()


@pytest.fixture
def wines() -> tuple[Product, ...]:
    """Six wines."""
    rows = [
        ("w1", "Barolo", "red", "39.00"),
        ("w2", "Chianti", "red", "12.50"),
        ("w3", "Riesling", "white", "9.90"),
        ("w4", "Sancerre", "white", "19.9"),
        ("w5", "Tavel", "rosé", "11.00"),
        ("w6", "Champagne", "sparkling", None),
    ]
    return tuple(
        Product(
            id=id,
            title=title,
            description=f"A {colour} wine.",
            price=None if price is None else Money(amount=Decimal(price), currency="EUR"),
            availability=Availability.IN_STOCK,
            url=f"https://shop.example/{id}",
            image_url=f"{id}.svg",
            facets={"colour": (colour,)} | ({"price": (float(price),)} if price else {}),
        )
        for id, title, colour, price in rows
    )


@pytest.fixture
def shop(wines) -> Shop:
    facets = (
        Facet(
            key="colour",
            label="colour",
            kind=FacetKind.CATEGORY,
            values=(FacetValue(value="red", label="red", count=2),),
        ),
        Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR"),
    )
    config = ShopConfig(name="Six Wines", currency="EUR")
    catalog = Catalog(config, facets, wines)
    return Shop(catalog, Search(catalog))


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(shop=tmp_path / "shop", turn_deadline=0.2)


class Running:
    """A started gateway and a client that talks to it."""

    def __init__(self, app, client: httpx.AsyncClient) -> None:
        self.app, self.client = app, client

    @property
    def services(self):
        return self.app.state.services

    async def begin(self, **body) -> Chat:
        response = await self.client.post("/api/conversations", json=body)
        assert response.status_code == 201, response.text
        return Chat(self.client, response.json())

    async def shopper(self, *, consent: bool = True) -> dict[str, str]:
        """Make a shopper; returns the header that names it."""
        token = (await self.client.post("/api/shoppers")).json()["shopper_token"]
        header = {"Authorization": f"Bearer {token}"}
        if consent:
            await self.client.put(
                "/api/shoppers/me/consent", json={"granted": True}, headers=header
            )
        return header


class Chat:
    """One conversation as a client holds it."""

    def __init__(self, client: httpx.AsyncClient, made: dict) -> None:
        self.client, self.made = client, made
        self.id, self.token = made["conversation_id"], made["token"]
        self.header = {"Authorization": f"Bearer {self.token}"}
        self.url = f"/api/conversations/{self.id}"

    async def post(self, **body) -> httpx.Response:
        body.setdefault("client_message_id", uuid.uuid4().hex)
        return await self.client.post(f"{self.url}/messages", json=body, headers=self.header)

    async def say(self, text: str, **body) -> dict:
        response = await self.post(text=text, **body)
        assert response.status_code == 200, response.text
        return response.json()

    async def history(self, after: str = "") -> list[dict]:
        response = await self.client.get(
            f"{self.url}/messages", params={"after": after}, headers=self.header
        )
        assert response.status_code == 200, response.text
        return response.json()["messages"]


@asynccontextmanager
async def _serve(settings, shop, stub, *, address: str = "127.0.0.1"):
    """Start a gateway on a shop folder; used twice on the same folder it is a restart."""
    app = create_app(settings, shop=shop, transport=httpx.MockTransport(stub))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield Running(app, client)


@pytest.fixture
async def gateway(settings, shop, stub) -> AsyncIterator[Running]:
    async with _serve(settings, shop, stub) as running:
        yield running


def _is_problem(response: httpx.Response, status: int) -> bool:
    """Whether the answer is a problem document of this status."""
    document = response.json()
    return (
        response.status_code == status == document["status"]
        and response.headers["content-type"] == "application/problem+json"
        and all(
            isinstance(document[key], str) and document[key] for key in ("type", "title", "detail")
        )
    )


@pytest.fixture
def serve():
    """Starts gateways; see ``_serve``."""
    return _serve


@pytest.fixture
def is_problem():
    """Checks problem documents; see ``_is_problem``."""
    return _is_problem
