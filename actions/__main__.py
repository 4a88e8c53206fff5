"""Runs the action server: ``python -m actions``."""

from __future__ import annotations

import logging
import sys
from functools import partial
from urllib.parse import urlsplit

from actions import services
from actions.server import create_app
from assistant.settings import load as load_settings


def main() -> int:
    """Serve until stopped. Exit 0 when stopped, 1 when the shop cannot be loaded."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("sanic.root", "sanic.server", "rasa_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app = create_app(partial(services.load, settings), secret=settings.internal_secret)
    address = urlsplit(settings.actions_url)
    app.run(
        host=address.hostname or "127.0.0.1",
        port=address.port or 5055,
        single_process=True,
        access_log=False,
        motd=False,
    )
    return 1 if app.ctx.failed else 0


if __name__ == "__main__":
    sys.exit(main())
