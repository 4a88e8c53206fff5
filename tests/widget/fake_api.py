"""A small stand-in for the gateway: the public API with a scripted conversation about a few made-up lamps.

Serves the built page as the gateway does, strict content security policy included, so that the page can be tried in a
browser without an engine: ``python -m tests.widget.fake_api 8765``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from assistant.gateway.http.static import PAGE_POLICY

DIST = Path(__file__).resolve().parents[2] / "assistant" / "widget" / "dist"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


def lamp(
    number: int, title: str, price: str | None, material: str, room: str, **changes: Any
) -> dict[str, Any]:
    """A product as the API sends it."""
    return {
        "id": f"lamp-{number}",
        "title": title,
        "description": "",
        "price": {"amount": price, "currency": "EUR"} if price else None,
        "availability": "in_stock",
        "url": f"/products/lamp-{number}",
        "image_url": f"/images/lamp-{number}.svg",
        "facets": {"material": [material], "room": [room]},
        "variants": [],
        **changes,
    }


LAMPS = [
    lamp(1, "Havn floor lamp", "129.00", "oak", "living room"),
    lamp(2, "Lune table lamp with a linen shade", "49.90", "linen", "bedroom"),
    lamp(3, "Fjord reading lamp", "79.50", "steel", "bedroom", availability="out_of_stock"),
    lamp(4, HOSTILE, "19.00", "glass", "kitchen", url="javascript:window.hacked=1"),
    lamp(5, "Ember paper globe", "24.00", "paper", "living room", image_url="/images/missing.svg"),
    lamp(6, "מנורת שולחן", "59.00", "glass", "bedroom", url="https://shop.example/lamps/6"),
    lamp(7, "Sora pendant", None, "glass", "kitchen", image_url=""),
    lamp(8, "Tind desk lamp", "64.00", "steel", "study", availability="backorder"),
]
HUES = [28, 205, 150, 340, 48, 265, 12, 180]


def choice(kind: str, product: dict[str, Any], words: str) -> dict[str, str]:
    return {"choice_id": f"{kind}:{product['id']}", "label": f"{words} {product['title']}"}


@dataclass
class Talk:
    """One conversation of the fake."""

    id: str
    token: str
    shopper: str | None = None
    wishes: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    messages: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)


class Shop:
    """The state of the fake, and the switches tests turn."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, switches included."""
        self.talks: dict[str, Talk] = {}
        self.shoppers: dict[str, dict[str, Any]] = {}
        self.starts: list[dict[str, Any]] = []
        """Bodies of every POST /api/conversations."""
        self.sent: list[dict[str, Any]] = []
        """Bodies of every message that arrived."""
        self.audio: list[bytes] = []
        """Frames of the latest spoken message."""
        self.speech_starts: list[dict[str, Any]] = []
        self.fail: list[int] = []
        """Status codes the next messages are answered with; 0 answers after a long wait."""
        self.fail_start: list[int] = []
        self.delay = 0.0
        self.speech_status = 0
        """Status of the problem that speaking ends with; 0 hears."""
        self.heard = "something in oak"

    # -- the script ---------------------------------------------------------------------------

    def matching(self, talk: Talk) -> list[dict[str, Any]]:
        found = LAMPS
        for facet, value in talk.wishes.items():
            if facet == "price":
                found = [p for p in found if p["price"] and float(p["price"]["amount"]) < 80]
            else:
                found = [p for p in found if value in p["facets"][facet]]
        return found

    def understand(self, talk: Talk, text: str, choice: str | None) -> str:
        """Change the wishes and return the sentence that goes before the question."""
        if choice:
            facet, _, value = choice.partition(":")
            talk.asked.add(facet)
            if facet == "more":
                return "Here are some more."
            if facet == "tell_more":
                return "It stands on a solid base and is dimmable.\nMade in small numbers."
            if facet == "select":
                return "A good choice."
            if facet == "remove":
                talk.wishes.pop(value, None)
                return "Gone."
            if value != "any":
                talk.wishes[facet] = value
            return "Noted." if value != "any" else "That leaves it open."
        low = text.lower()
        for material in ("oak", "linen", "steel", "glass", "paper"):
            if material in low:
                talk.wishes["material"] = material
        if "under" in low:
            talk.wishes["price"] = "under €80"
        return "I see." if talk.messages else "Hello! I help you find the lamp that suits you."

    def question(self, talk: Talk) -> dict[str, Any] | None:
        matching = self.matching(talk)
        for facet, text in (
            ("room", "Which room is it for?"),
            ("material", "What should it be made of?"),
        ):
            values = sorted({p["facets"][facet][0] for p in matching})
            if facet in talk.asked or facet in talk.wishes or len(values) < 2:
                continue
            options = [
                {
                    "choice_id": f"{facet}:{value}",
                    "label": value.capitalize(),
                    "count": sum(value in p["facets"][facet] for p in matching),
                    "kind": "value",
                    "value": value,
                    "min": None,
                    "max": None,
                }
                for value in values
            ]
            options.append(
                {
                    "choice_id": f"{facet}:any",
                    "label": "I don't mind",
                    "count": len(matching),
                    "kind": "any",
                    "value": None,
                    "min": None,
                    "max": None,
                }
            )
            reason = f"The lamps that are left differ most in their {facet}."
            return {
                "facet": facet,
                "label": facet,
                "text": text,
                "reason": reason,
                "options": options,
            }
        return None

    def reply(self, talk: Talk, client_message_id: str | None, opening: str) -> dict[str, Any]:
        matching = self.matching(talk)
        question = self.question(talk)
        shown = matching or LAMPS[:2]
        wishes = [self.wish(facet, value) for facet, value in talk.wishes.items()]
        texts = [wish["text"] for wish in wishes]
        return {
            "message_id": f"m{len(talk.messages) + 1}",
            "client_message_id": client_message_id,
            "text": f"{opening} {question['text']}" if question else opening,
            "question": question,
            "products": [
                {
                    **p,
                    "met": texts if matching else [],
                    "unmet": ([] if matching else texts)
                    + ([] if p["price"] else ["price not known"]),
                    "why": "Warm light, and easy to move." if p["id"] == "lamp-1" else "",
                    "tell_more": choice("tell_more", p, "Tell me more about"),
                    "select": choice("select", p, "I'll take"),
                }
                for p in shown
            ],
            "constraints": wishes,
            "remaining": len(matching),
            "suggestions": [{"choice_id": "more:1", "label": "Show me more"}],
            "trace_id": "t",
        }

    def wish(self, facet: str, value: str) -> dict[str, Any]:
        return {
            "facet": facet,
            "operator": "=",
            "values": [value],
            "unit": None,
            "strength": "must",
            "origin": "said",
            "text": value,
            "remove_id": f"remove:{facet}",
            "remove_label": f"No longer {value}",
        }

    def turn(self, talk: Talk, said: dict[str, Any]) -> dict[str, Any]:
        """Answer a message once; the same client_message_id again gets the same reply."""
        for message in talk.messages:
            if message["client_message_id"] == said["client_message_id"]:
                return message["reply"]
        opening = self.understand(talk, said.get("text") or "", said.get("choice_id"))
        reply = self.reply(talk, said["client_message_id"], opening)
        message = {
            "number": len(talk.messages) + 1,
            "text": None,
            "choice_id": None,
            **said,
            "reply": reply,
        }
        talk.messages.append(message)
        return reply


def problem(status: int, detail: str = "It did not work.") -> JSONResponse:
    body = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def create_app(shop: Shop) -> FastAPI:  # noqa: C901 - one short function a route
    app = FastAPI()

    @app.middleware("http")
    async def policy(request: Request, call_next: Any) -> Response:
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        response.headers["Cache-Control"] = "no-cache"
        return response

    @app.get("/api/shop")
    async def about_the_shop() -> dict[str, Any]:
        return {"name": "Lamps & Light", "noun": "lamp", "nouns": "lamps", "locale": "en"}

    @app.post("/api/conversations")
    async def start(request: Request) -> Response:
        body = await request.json()
        shop.starts.append(body)
        if shop.fail_start:
            return problem(shop.fail_start.pop(0))
        number = len(shop.starts)
        talk = Talk(f"c{number}", f"secret-{number}", body.get("shopper_token"))
        shop.talks[talk.id] = talk
        reply = shop.turn(talk, {"client_message_id": "opening"})
        started = {
            "conversation_id": talk.id,
            "token": talk.token,
            "reply": {**reply, "client_message_id": None},
        }
        return JSONResponse(started, 201)

    def find(request: Request, number: str) -> Talk | None:
        talk = shop.talks.get(number)
        return talk if talk and bearer(request) == talk.token else None

    @app.post("/api/conversations/{number}/messages")
    async def send(request: Request, number: str) -> Response:
        said = await request.json()
        shop.sent.append(said)
        if shop.delay:
            await asyncio.sleep(shop.delay)
        if shop.fail:
            return problem(shop.fail.pop(0))
        talk = find(request, number)
        if not talk:
            return problem(404)
        while (reply := shop.turn(talk, said)) is None:  # a test holds the answer back
            await asyncio.sleep(0.02)
        for socket in talk.sockets:
            await socket.send_json({"type": "message", "number": len(talk.messages), **said})
            await socket.send_json({"type": "reply", "reply": reply})
        return JSONResponse(reply)

    @app.get("/api/conversations/{number}/messages")
    async def history(request: Request, number: str, after: int = 0) -> Response:
        talk = find(request, number)
        if not talk:
            return problem(404)
        return JSONResponse({"messages": [m for m in talk.messages if m["number"] > after]})

    @app.websocket("/api/conversations/{number}/stream")
    async def stream(socket: WebSocket, number: str) -> None:
        await socket.accept()
        talk = shop.talks.get(number)
        try:
            hello = await socket.receive_json()
            if not talk or hello != {"type": "hello", "token": talk.token}:
                await socket.close(4401)
                return
            talk.sockets.append(socket)
            await listen(socket, talk)
        except WebSocketDisconnect:
            pass
        finally:
            if talk and socket in talk.sockets:
                talk.sockets.remove(socket)

    async def listen(socket: WebSocket, talk: Talk) -> None:
        start: dict[str, Any] = {}
        while True:
            frame = await socket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            if frame.get("bytes"):
                shop.audio.append(frame["bytes"])
                if len(shop.audio) % 3 == 0:
                    words = shop.heard.split()[: len(shop.audio) // 3]
                    await socket.send_json({"type": "partial", "text": " ".join(words)})
                continue
            event = _json(frame["text"])
            if event["type"] == "speech_start":
                start = event
                shop.speech_starts.append(event)
                shop.audio.clear()
                if shop.speech_status:
                    off = {
                        "type": "about:blank",
                        "title": "Nothing was heard",
                        "status": shop.speech_status,
                    }
                    await socket.send_json({"type": "error", "problem": off})
            elif event["type"] == "speech_end" and not shop.speech_status:
                number = start["client_message_id"]
                heard = {
                    "client_message_id": number,
                    "text": shop.heard,
                    "alternatives": ["something in soap"],
                }
                await socket.send_json({"type": "transcript", **heard})
                if start["send"] == "auto" and shop.heard:
                    reply = shop.turn(talk, {"client_message_id": number, "text": shop.heard})
                    await socket.send_json({"type": "reply", "reply": reply})

    @app.post("/test/drop")
    async def drop() -> None:
        for talk in shop.talks.values():
            for socket in list(talk.sockets):
                await socket.close(1012)

    @app.post("/api/shoppers")
    async def new_shopper() -> Response:
        token = f"shopper-{len(shop.shoppers) + 1}"
        fact = shop.wish("diet", "no glass")
        shop.shoppers[token] = {
            "consent": False,
            "profile": {"constraints": [fact, shop.wish("price", "under €80")]},
            "since": "2026-05-04T10:00:00Z",
        }
        return JSONResponse({"shopper_token": token}, 201)

    @app.get("/api/shoppers/me")
    async def me(request: Request) -> Response:
        known = shop.shoppers.get(bearer(request))
        return JSONResponse(known) if known else problem(401)

    @app.put("/api/shoppers/me/consent")
    async def consent(request: Request) -> Response:
        known = shop.shoppers.get(bearer(request))
        if not known:
            return problem(401)
        known["consent"] = (await request.json())["granted"]
        if not known["consent"]:
            known["profile"]["constraints"] = []
        return JSONResponse(known)

    @app.put("/api/conversations/{number}/shopper")
    async def link(request: Request, number: str) -> Response:
        talk = find(request, number)
        if talk is None or talk.shopper is not None:
            return problem(404 if talk is None else 409)
        talk.shopper = (await request.json())["shopper_token"]
        return Response(status_code=204)

    @app.delete("/api/shoppers/me")
    async def erase(request: Request) -> Response:
        token = bearer(request)
        shop.talks = {key: talk for key, talk in shop.talks.items() if talk.shopper != token}
        return Response(status_code=204) if shop.shoppers.pop(token, None) else problem(401)

    @app.delete("/api/shoppers/me/profile/{facet}")
    async def forget(request: Request, facet: str) -> Response:
        profile = shop.shoppers[bearer(request)]["profile"]
        profile["constraints"] = [w for w in profile["constraints"] if w["facet"] != facet]
        return Response(status_code=204)

    @app.get("/images/lamp-{number}.svg")
    async def image(number: int) -> Response:
        hue = HUES[(number - 1) % len(HUES)]
        return Response(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 160">'
            f'<path d="M35 20h50l18 52H17z" fill="hsl({hue} 55% 62%)"/>'
            '<path d="M57 72h6v66h-6z" fill="#776"/><ellipse cx="60" cy="142" rx="30" ry="6" fill="#554"/></svg>',
            media_type="image/svg+xml",
        )

    app.mount("/", StaticFiles(directory=DIST, html=True))
    return app


def _json(text: str) -> dict[str, Any]:
    return json.loads(text)


if __name__ == "__main__":
    uvicorn.run(create_app(Shop()), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
