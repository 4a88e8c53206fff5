"""Where the speech model is, and how it gets there."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from assistant.settings import Settings

logger = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(10.0, read=30.0)
BIGGEST_ARCHIVE = 4 * 2**30
"""Bytes; twice the largest model that Vosk offers."""
BIGGEST_MODEL = 12 * 2**30
"""Bytes unpacked; an archive that grows beyond it is no model."""
MOST_FILES = 10_000
"""A model has some dozens."""
_CHUNK = 2**18
"""Bytes between two steps of the progress bar."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ModelError(Exception):
    """A model cannot be fetched; one line that says what was found and what to do."""


class DownloadProgress(Protocol):
    """Told about the download as it goes."""

    def __call__(self, done: int, total: int | None) -> None:
        """``done`` bytes are here, of ``total``, or None when the sender does not say."""
        ...


def is_speech_model(folder: Path) -> bool:
    """Whether a folder looks like a Vosk model, in its present layout or the old flat one."""
    return (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()


def find_speech_model(settings: Settings) -> Path | None:
    """The folder of the speech model: the one that is set, else the first under models/speech.

    A setting that leads nowhere is not replaced by another model: see ``why_no_speech``.
    """
    if settings.speech_model is not None:
        return settings.speech_model if is_speech_model(settings.speech_model) else None
    folder = settings.models / "speech"
    if not folder.is_dir():
        return None
    models = (model for model in sorted(folder.iterdir()) if not model.name.startswith("."))
    return next((model for model in models if is_speech_model(model)), None)


def why_no_speech(settings: Settings) -> str:
    """One line on why there is no speech and what to do; empty when a model is there."""
    if find_speech_model(settings) is not None:
        return ""
    if settings.speech_model is not None:
        return (
            f"ASSISTANT_SPEECH_MODEL is {settings.speech_model}, which is not the folder of a Vosk "
            "model (no am/final.mdl in it); correct it, or unset it and run "
            "`assistant models pull`."
        )
    return (
        f"No speech model under {settings.models / 'speech'}; run `assistant models pull`, or set "
        "ASSISTANT_SPEECH_MODEL to the folder of a Vosk model. Typing works without it."
    )


def checksum(folder: Path) -> str:
    """The sha256 of the archive a fetched model came from; empty when it was not fetched here."""
    try:
        return str(json.loads((folder / "source.json").read_text("utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def pull(name: str | None, settings: Settings, progress: DownloadProgress | None = None) -> Path:
    """Fetch a speech model and put it under models/speech.

    Nothing is left behind when it fails, and what was there before stays.

    Args:
        name: A model's name (`vosk-model-small-de-0.15`), looked for beside the configured
            address; None or "speech" for the configured address itself.
        settings: Where from, where to, and the checksum that the configured address must have.
        progress: Called for every piece that arrives.

    Returns:
        The folder of the model, ready to be loaded.

    Raises:
        ModelError: the address cannot be reached, or what came is not a whole speech model.
    """
    url, expected = _address(name, settings)
    target = settings.models / "speech" / Path(unquote(urlsplit(url).path)).stem
    if not _NAME.fullmatch(target.name):
        raise ModelError(f"The address {url} does not end in the name of a model, like NAME.zip.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pull-", dir=target.parent) as scratch:
            archive = Path(scratch) / "archive.zip"
            digest = _fetch(url, archive, progress)
            if expected and digest != expected:
                raise ModelError(
                    f"What came from {url} has the sha256 {digest}, expected {expected}; "
                    "nothing was installed. Check ASSISTANT_SPEECH_MODEL_URL and "
                    "ASSISTANT_SPEECH_MODEL_SHA256."
                )
            model = _unpack(archive, Path(scratch) / "unpacked", url)
            source = json.dumps({"url": _public(url), "sha256": digest})
            (model / "source.json").write_text(source, "utf-8")
            _put(model, target, Path(scratch))
    except OSError as error:
        raise ModelError(f"The model cannot be stored under {target.parent}: {error}.") from error
    logger.info("Fetched %s (sha256 %s)", target.name, digest)
    return target


def _address(name: str | None, settings: Settings) -> tuple[str, str]:
    configured = settings.speech_model_url
    configured_name = Path(unquote(urlsplit(configured).path)).stem
    if name in (None, "", "speech", configured_name):
        return configured, settings.speech_model_sha256.strip().lower()
    if not _NAME.fullmatch(str(name)):
        raise ModelError(
            f"{str(name)[:60]!r} is not the name of a model; expected one like "
            f"{configured_name}, made of letters, digits, dots and dashes."
        )
    return f"{configured.rpartition('/')[0]}/{name}.zip", ""


def _public(url: str) -> str:
    """An address without a user name or password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


@contextmanager
def _pieces(url: str) -> Iterator[tuple[Iterator[bytes], int | None]]:
    parts = urlsplit(url)
    if parts.scheme == "file":
        path = Path(unquote(parts.path))
        with path.open("rb") as handle:
            yield iter(lambda: handle.read(_CHUNK), b""), path.stat().st_size
        return
    with httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=True) as response:
        response.raise_for_status()
        length = response.headers.get("content-length", "")
        yield response.iter_bytes(_CHUNK), int(length) if length.isdigit() else None


def _fetch(url: str, archive: Path, progress: DownloadProgress | None) -> str:
    """Stream to a file; returns the sha256."""
    digest, received = hashlib.sha256(), 0
    try:
        with _pieces(url) as (pieces, total), archive.open("wb") as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
                received += len(piece)
                if received > BIGGEST_ARCHIVE:
                    raise ModelError(f"{_public(url)} sends more than 4 GB; that is no model.")
                if progress is not None:
                    progress(received, total)
    except httpx.HTTPStatusError as error:
        raise ModelError(
            f"{_public(url)} answers {error.response.status_code}; check the name of the model "
            "and ASSISTANT_SPEECH_MODEL_URL."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, FileNotFoundError) as error:
        raise ModelError(
            f"{_public(url)} cannot be reached ({str(error) or type(error).__name__}); check the "
            "network, set ASSISTANT_SPEECH_MODEL_URL to a copy you can reach, or unpack a Vosk "
            "model anywhere and set ASSISTANT_SPEECH_MODEL to its folder."
        ) from error
    return digest.hexdigest()


def _unpack(archive: Path, into: Path, url: str) -> Path:
    """Unpack and return the folder of the model inside."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            _check(members, url)
            packed.extractall(into)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"What came from {_public(url)} is not a whole zip ({error}).") from error
    folders = [into, *sorted(path for path in into.rglob("*") if path.is_dir())]
    model = next((folder for folder in folders if is_speech_model(folder)), None)
    if model is None:
        raise ModelError(
            f"The zip from {_public(url)} holds no Vosk model (no am/final.mdl); "
            "set ASSISTANT_SPEECH_MODEL_URL to one of alphacephei.com/vosk/models."
        )
    return model


def _check(members: list[zipfile.ZipInfo], url: str) -> None:
    """Refuse an archive that would write elsewhere or fill the disk."""
    if len(members) > MOST_FILES or sum(entry.file_size for entry in members) > BIGGEST_MODEL:
        raise ModelError(f"The zip from {_public(url)} unpacks to more than a model can be.")
    for member in members:
        # Windows separators count too: the archive may have been made for another system.
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise ModelError(
                f"The zip from {_public(url)} wants to write outside its folder "
                f"({member.filename[:80]!r}); it was not unpacked."
            )


def _put(model: Path, target: Path, scratch: Path) -> None:
    """Swap the new folder in; an old one of the same name goes away with the scratch folder."""
    if target.exists():
        target.replace(scratch / "replaced")
    try:
        os.replace(model, target)
    except OSError:
        if (scratch / "replaced").exists() and not target.exists():
            shutil.move(scratch / "replaced", target)
        raise
