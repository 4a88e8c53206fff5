"""Runs the public server: ``python -m assistant.gateway``."""

from __future__ import annotations

import logging

import uvicorn

from assistant import settings as configuration
from assistant.gateway.app import create_app

LARGEST_FRAME = 256 * 1024
"""Bytes of one WebSocket message; the stream itself allows less and says so."""


def main() -> None:
    """Serve until interrupted."""
    settings = configuration.load()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # They would log a line for every turn, and for every step of a migration.
    for name in ("httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # addresses of conversations are not for log files
        server_header=False,
        ws_max_size=LARGEST_FRAME,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
