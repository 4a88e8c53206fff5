"""``assistant doctor``: what is there, what is missing, what to do."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import typer

from assistant import engine_env
from assistant.cli.console import note
from assistant.cli.running import RUNNING
from assistant.settings import ROOT, Settings
from assistant.supervisor import port_is_free

NEEDED_GB = 3.0
"""Both environments and models take 1.5 GB, and the packages as much again while they are unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One thing that was looked at."""

    part: str
    """Its name."""
    state: str
    """What was found."""
    ok: bool = True
    """False when something is missing."""
    needed: bool = True
    """False when the assistant works without it, or makes it by itself."""
    remedy: str = ""
    """What to do; empty when there is nothing to do."""


def run(settings: Settings) -> None:
    """Print the table; exit code 1 when something stands in the way."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    findings = list(examine(settings))
    table = Table(box=None, pad_edge=False)
    for column in ("", "What", "Found", "What to do"):
        table.add_column(column, overflow="fold")
    for check in findings:
        mark = "[green]✓[/]" if check.ok else "[red]✗[/]" if check.needed else "[yellow]–[/]"
        table.add_row(mark, escape(check.part), escape(check.state), escape(check.remedy))
    Console(highlight=False).print(table)
    if any(finding.needed and not finding.ok for finding in findings):
        note("Something is missing; the last column says what to do.")
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[CheckResult]:
    """Look at everything an assistant needs."""
    yield CheckResult(part="Python", state=platform.python_version())
    yield _uv()
    yield _engine()
    yield _model(settings)
    yield _encoder(settings)
    yield _speech(settings)
    yield from _shops(settings)
    yield _database(settings)
    yield _port(settings)
    yield _disk(settings)
    yield from _weights(settings)


def _uv() -> CheckResult:
    try:
        return CheckResult(part="uv", state=engine_env.find_uv())
    except engine_env.EngineBuildError as error:
        built = engine_env.is_built()
        return CheckResult(
            part="uv", state="missing", ok=False, needed=not built, remedy=str(error)
        )


def _engine() -> CheckResult:
    part = "dialogue engine"
    if engine_env.is_built():
        return CheckResult(part=part, state="Rasa 3.6.21 in an environment of its own")
    state = "out of date" if engine_env.python().exists() else "not built"
    remedy = "built by the next `assistant up` or `assistant demo`"
    return CheckResult(part=part, state=state, ok=False, needed=False, remedy=remedy)


def _model(settings: Settings) -> CheckResult:
    path = engine_env.model_path(settings.models)
    if path.is_file():
        return CheckResult(part="dialogue rules", state=f"trained ({path.name})")
    remedy = "trained by the next `assistant up` or `assistant demo`"
    return CheckResult(
        part="dialogue rules", state="not trained", ok=False, needed=False, remedy=remedy
    )


def _encoder(settings: Settings) -> CheckResult:
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import Layout, export_folder, source_of

    part = "sentence encoder"
    try:
        folder = export_folder(settings.models, settings.encoder)
        source_of(settings.encoder)
    except EncoderUnavailable as error:
        return CheckResult(part=part, state="missing", ok=False, needed=False, remedy=str(error))
    if Layout.read(folder) is not None:
        return CheckResult(part=part, state=folder.name)
    remedy = "built by the next import, or by `assistant models pull encoder`"
    return CheckResult(part=part, state="not built", ok=False, needed=False, remedy=remedy)


def _speech(settings: Settings) -> CheckResult:
    from assistant.speech_models import find_speech_model, why_no_speech

    model = find_speech_model(settings)
    if model is not None:
        return CheckResult(part="speech", state=model.name)
    remedy = why_no_speech(settings)
    return CheckResult(part="speech", state="off", ok=False, needed=False, remedy=remedy)


def _shops(settings: Settings) -> Iterator[CheckResult]:
    from catalog.errors import CatalogError
    from catalog.storage.generation import load_generation
    from catalog.storage.shop_file import served_shop_file

    folders = {path.parent.parent for path in (ROOT / "shops").glob("*/index/CURRENT")}
    if settings.shop.is_dir():
        folders.add(settings.shop)
    for folder in sorted(folders):
        part = f"shop {_short(folder)}"
        try:
            count = len(load_generation(folder).products)
            mistake = served_shop_file(folder).mistake
        except CatalogError as error:
            yield CheckResult(part=part, state="broken", ok=False, needed=False, remedy=str(error))
            continue
        yield CheckResult(part=part, state=f"{count:,} products")
        if mistake:
            yield CheckResult(
                part=f"{part}/shop.yml", state="mistake", ok=False, needed=False, remedy=mistake
            )
    if not folders:
        remedy = "`assistant demo`, or `assistant import FEED --shop shops/NAME`"
        yield CheckResult(part="shops", state="none", ok=False, needed=False, remedy=remedy)


def _database(settings: Settings) -> CheckResult:
    from assistant.stores.database import name_of_database
    from assistant.stores.errors import StoreUnavailable

    part = "database"
    if not settings.database and not (settings.shop / "data").is_dir():
        return CheckResult(part=part, state="SQLite, made at the first start")
    try:
        return CheckResult(part=part, state=name_of_database(settings.database_url))
    except StoreUnavailable as error:
        return CheckResult(part=part, state="not reached", ok=False, remedy=str(error))


def _port(settings: Settings) -> CheckResult:
    part = f"port {settings.port}"
    if port_is_free(settings.host, settings.port):
        return CheckResult(part=part, state="free")
    remedy = "stop what uses it, or choose another one with --port"
    return CheckResult(part=part, state="in use", ok=False, needed=False, remedy=remedy)


def _disk(settings: Settings) -> CheckResult:
    folder = next(
        parent for parent in (settings.models, *settings.models.parents) if parent.is_dir()
    )
    free = shutil.disk_usage(folder).free / 1e9
    enough = free >= NEEDED_GB or engine_env.is_built()
    remedy = "" if enough else f"make room: {NEEDED_GB:.0f} GB are needed for the first start"
    return CheckResult(part="disk", state=f"{free:.1f} GB free", ok=enough, remedy=remedy)


def _short(folder: Path) -> str:
    return str(folder.relative_to(ROOT)) if folder.is_relative_to(ROOT) else str(folder)


def _weights(settings: Settings) -> Iterator[CheckResult]:
    """What each part takes of the disk, and of the memory while it runs."""
    places = {
        "this program": Path(sys.prefix),
        "dialogue engine": engine_env.DIALOGUE / ".venv",
        "models": settings.models,
        "shop": settings.shop,
    }
    for part, folder in places.items():
        if folder.is_dir():
            yield CheckResult(part=f"disk: {part}", state=f"{_megabytes_of(folder):,} MB")
    for name, megabytes in _running(settings):
        yield CheckResult(part=f"memory: {name}", state=f"{megabytes:,} MB")


def _megabytes_of(folder: Path) -> int:
    """Room the files of a folder take; what is linked is counted where it lies."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return (
        sum({(status := path.stat()).st_ino: status.st_blocks for path in files}.values()) // 2048
    )


def _running(settings: Settings) -> Iterator[tuple[str, int]]:
    """Name and resident megabytes of each process that serves the shop now."""
    import json

    import psutil

    try:
        mark = json.loads((settings.shop / "data" / RUNNING).read_text("utf-8"))
        supervisor = psutil.Process(int(mark["pid"]))
        parts = [supervisor, *supervisor.children(recursive=True)]
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return
    for part in parts:
        with suppress(psutil.Error):
            words = " ".join(part.cmdline())
            name = next((name for sign, name in _PARTS.items() if sign in words), "supervisor")
            yield name, part.memory_info().rss // 2**20


_PARTS = {
    "engine_main.py": "dialogue engine",
    "-m actions": "action server",
    "assistant.gateway": "web server",
    "assistant.speech": "speech",
}
"""Part of a command line -> which process it is."""
