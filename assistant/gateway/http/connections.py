"""Connections that cost something only while they are used: deadlines for requests, a cap on how many are open."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 10.0
"""From the first byte, or from connecting, to the end of the header: slow mobile networks take two."""
BODY_SECONDS = 20.0
"""From the end of the header to the end of a body of at most 64 kB: 26 kbit/s."""
LARGEST_HEADER = 64 * 1024
"""Bytes of a request line and its header; browsers with many cookies send 16 kB."""
MOST_OPEN = 2000
"""Connections at a time: more shoppers than one server answers; each holds a file and two buffers."""
SPARE_FILES = 200
"""Files the process needs beside connections: databases, the catalog, the engine's connections."""
_TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class GuardedConnection(HttpToolsProtocol):
    """A connection that is closed when a request comes too slowly, and first when too many are open.

    Whoever waits for an answer is never cut off: only those from whom something is awaited.
    """

    awaited_since: float | None = None
    """When the request, or the next one, began to be awaited, in monotonic seconds; None while it is answered."""
    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_header = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room for the connection, or refuse it."""
        super().connection_made(transport)
        self._await(HEADER_SECONDS)
        if len(self.connections) > MOST_OPEN:
            _longest_awaited(self.connections, self).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Count the header's bytes and start the clock of a request on a kept connection."""
        if self._in_header:
            self._header_bytes += len(data)
            # What comes in one piece of the network may be a body with its header.
            if self._header_bytes > LARGEST_HEADER + len(data):
                self._give_up()
                return
            if self._deadline is None and self.awaited_since is not None:
                self._await(HEADER_SECONDS)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The header is whole; now the body."""
        self._in_header, self._header_bytes = False, 0
        self._await(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: nothing is awaited while it is answered."""
        self._in_header = True
        self._cancel()
        self.awaited_since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next request may come; how long it may take to begin is the server's own limit."""
        self.awaited_since = time.monotonic()
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        """A stream has deadlines of its own."""
        self._cancel()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._cancel()
        super().connection_lost(exc)

    def _await(self, seconds: float) -> None:
        self._cancel()
        self.awaited_since = time.monotonic()
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._cancel()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(_TIMED_OUT)
            self.transport.close()


def allow_files() -> None:
    """Let the process have as many files open as MOST_OPEN connections need, where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN + SPARE_FILES
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))


def _longest_awaited(connections: Iterable[object], newest: GuardedConnection) -> GuardedConnection:
    """Whose request has been awaited for longest; the newest connection when all others are being answered."""
    waiting = (
        connection
        for connection in connections
        if isinstance(connection, GuardedConnection) and connection.awaited_since is not None
    )
    return min(waiting, key=lambda connection: connection.awaited_since or 0.0, default=newest)
