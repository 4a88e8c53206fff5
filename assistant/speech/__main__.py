"""The speech worker as a process: ``python -m assistant.speech``."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from assistant.settings import Settings, load
from assistant.speech.errors import ModelBroken
from assistant.speech.vosk_model import VoskModel
from assistant.speech.worker import Limits, Worker
from assistant.speech_models import find_speech_model

logger = logging.getLogger("assistant.speech")


def main() -> int:
    """Serve until told to stop. Exit 0 when stopped, 1 when there is nothing to serve with."""
    settings = load()
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    # One line for every health check would drown the rest.
    logging.getLogger("websockets.server").setLevel(logging.WARNING)
    folder = find_speech_model(settings)
    if folder is None:
        sys.stderr.write(
            "No speech model found; run `assistant models pull`, or set ASSISTANT_SPEECH_MODEL "
            "to the folder of a Vosk model.\n"
        )
        return 1
    try:
        asyncio.run(_run(settings, folder))
    except (ModelBroken, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _run(settings: Settings, folder: Path) -> None:
    address = urlsplit(settings.speech_url)
    worker = Worker(limits=Limits(streams=settings.speech_streams), secret=settings.internal_secret)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await worker.serve(address.hostname or "127.0.0.1", address.port or 5065)
    try:
        worker.model = await asyncio.to_thread(VoskModel.load, folder)
        logger.info("Listening with %s at %s", folder.name, settings.speech_url)
        await stopped.wait()
    finally:
        server.close()
        worker.close()


if __name__ == "__main__":
    sys.exit(main())
