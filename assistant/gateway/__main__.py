"""Runs the public server: ``python -m assistant.gateway``."""

from __future__ import annotations

import logging

import uvicorn

from assistant import settings as configuration
from assistant.gateway.app import create_app
from assistant.gateway.http.connections import GuardedConnection, allow_files

LARGEST_FRAME = 256 * 1024
"""Bytes of one WebSocket message; the stream itself allows less and says so."""

KEEP_ALIVE_SECONDS = 30
"""A shopper reads an answer and types the next message on the same connection."""
DRAIN_SECONDS = 8
"""For turns under way when the server is stopped: three deadlines of a turn."""


def main() -> None:
    """Serve until interrupted."""
    settings = configuration.load()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # They would log a line for every turn, and for every step of a migration.
    for name in ("httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    allow_files()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # addresses of conversations are not for log files
        server_header=False,
        http=GuardedConnection,
        ws_max_size=LARGEST_FRAME,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


if __name__ == "__main__":
    main()
