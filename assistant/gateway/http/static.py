"""The page and the shop's pictures, with the headers that keep them harmless."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = Path(__file__).parents[2] / "widget" / "dist"

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' https: http: data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Scripts and styles from here alone; product pictures from anywhere."""

# An SVG can hold scripts: opened by itself it runs in a sandbox where they do nothing.
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SafetyHeaders:
    """Adds the headers every answer has, and the content policy that fits its path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = IMAGE_POLICY if scope["path"].startswith("/images/") else PAGE_POLICY

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in EVERYWHERE.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
            await send(message)

        await self._app(scope, receive, complete)


class Files(StaticFiles):
    """Files of a folder that may not exist (yet).

    Args:
        folder: where they are.
        caching: value of ``Cache-Control``.
        html: whether a folder is answered by its index.html.
    """

    def __init__(self, folder: Path, caching: str, *, html: bool = False) -> None:
        super().__init__(directory=folder, html=html, check_dir=False)
        self._folder, self._caching = folder, caching

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, or with "not found"."""
        if "\0" in scope["path"] or not await asyncio.to_thread(self._folder.is_dir):
            raise HTTPException(404)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Find the file and say how long it may be kept."""
        response = await super().get_response(path, scope)
        response.headers.setdefault("Cache-Control", self._caching)
        return response


class OutsideApi(Mount):
    """Serves what no route serves, but leaves /api/ alone: a mistake there deserves a clear answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every path but those of the API."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            return Match.NONE, {}
        return super().matches(scope)


def page() -> Mount:
    """The built page; browsers ask each time whether it changed."""
    return OutsideApi("/", Files(PAGE, "no-cache", html=True), name="page")


def images(shop: Path) -> Mount:
    """The pictures in the shop's ``images`` folder."""
    return OutsideApi("/images", Files(shop / "images", "public, max-age=3600"), name="images")
