"""``assistant models pull``: everything that is fetched or built once."""

from __future__ import annotations

from assistant.cli import prepare
from assistant.cli.console import doing, fail, note
from assistant.settings import Settings


def run(settings: Settings, name: str | None) -> None:
    """Get one model, or all of them; exit code 1 when one cannot be had."""
    if name in (None, "encoder"):
        _encoder(settings)
    if name != "encoder":
        _speech(settings, name)


def _encoder(settings: Settings) -> None:
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import ensure

    try:
        with doing("Building the sentence encoder") as step:
            encoder = ensure(settings.models, settings.encoder, progress=step.detail)
    except EncoderUnavailable as error:
        fail(error)
    note(f"Sentence encoder: {encoder.name}, {encoder.dimension} numbers a sentence")


def _speech(settings: Settings, name: str | None) -> None:
    from assistant.speech_models import ModelError, checksum, find_speech_model, pull

    model = find_speech_model(settings)
    if name is None and model is not None:
        note(f"Speech model: {model}")
        return
    try:
        with doing("Fetching the speech model") as step:
            folder = pull(
                name, settings, lambda done, total: step.detail(prepare.megabytes(done, total))
            )
    except ModelError as error:
        fail(error)
    note(f"Speech model: {folder}, sha256 of the archive {checksum(folder)}")
