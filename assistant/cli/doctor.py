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


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One thing that was looked at."""

    what: str
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
    for one in findings:
        mark = "[green]✓[/]" if one.ok else "[red]✗[/]" if one.needed else "[yellow]–[/]"
        table.add_row(mark, escape(one.what), escape(one.state), escape(one.remedy))
    Console(highlight=False).print(table)
    if any(finding.needed and not finding.ok for finding in findings):
        note("Something is missing; the last column says what to do.")
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[CheckResult]:
    """Look at everything an assistant needs."""
    yield CheckResult(what="Python", state=platform.python_version())
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
        return CheckResult(what="uv", state=engine_env.find_uv())
    except engine_env.EngineBuildError as error:
        built = engine_env.is_built()
        return CheckResult(
            what="uv", state="missing", ok=False, needed=not built, remedy=str(error)
        )


def _engine() -> CheckResult:
    what = "dialogue engine"
    if engine_env.is_built():
        return CheckResult(what=what, state="Rasa 3.6.21 in an environment of its own")
    state = "out of date" if engine_env.python().exists() else "not built"
    remedy = "built by the next `assistant up` or `assistant demo`"
    return CheckResult(what=what, state=state, ok=False, needed=False, remedy=remedy)


def _model(settings: Settings) -> CheckResult:
    path = engine_env.model_path(settings.models)
    if path.is_file():
        return CheckResult(what="dialogue rules", state=f"trained ({path.name})")
    remedy = "trained by the next `assistant up` or `assistant demo`"
    return CheckResult(
        what="dialogue rules", state="not trained", ok=False, needed=False, remedy=remedy
    )


def _encoder(settings: Settings) -> CheckResult:
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import Layout, export_folder, source_of

    what = "sentence encoder"
    try:
        folder = export_folder(settings.models, settings.encoder)
        source_of(settings.encoder)
    except EncoderUnavailable as error:
        return CheckResult(what=what, state="missing", ok=False, needed=False, remedy=str(error))
    if Layout.read(folder) is not None:
        return CheckResult(what=what, state=folder.name)
    remedy = "built by the next import, or by `assistant models pull encoder`"
    return CheckResult(what=what, state="not built", ok=False, needed=False, remedy=remedy)


def _speech(settings: Settings) -> CheckResult:
    from assistant.speech_models import find_speech_model, why_no_speech

    found = find_speech_model(settings)
    if found is not None:
        return CheckResult(what="speech", state=found.name)
    remedy = why_no_speech(settings)
    return CheckResult(what="speech", state="off", ok=False, needed=False, remedy=remedy)


def _shops(settings: Settings) -> Iterator[CheckResult]:
    from catalog.errors import CatalogError
    from catalog.storage.generation import load_generation
    from catalog.storage.shop_file import served_shop_file

    folders = {path.parent.parent for path in (ROOT / "shops").glob("*/index/CURRENT")}
    if settings.shop.is_dir():
        folders.add(settings.shop)
    for folder in sorted(folders):
        what = f"shop {_short(folder)}"
        try:
            count = len(load_generation(folder).products)
            mistake = served_shop_file(folder).mistake
        except CatalogError as error:
            yield CheckResult(what=what, state="broken", ok=False, needed=False, remedy=str(error))
            continue
        yield CheckResult(what=what, state=f"{count:,} products")
        if mistake:
            yield CheckResult(
                what=f"{what}/shop.yml", state="mistake", ok=False, needed=False, remedy=mistake
            )
    if not folders:
        remedy = "`assistant demo`, or `assistant import FEED --shop shops/NAME`"
        yield CheckResult(what="shops", state="none", ok=False, needed=False, remedy=remedy)


def _database(settings: Settings) -> CheckResult:
    from assistant.stores.database import name_of_database
    from assistant.stores.errors import StoreUnavailable

    what = "database"
    if not settings.database and not (settings.shop / "data").is_dir():
        return CheckResult(what=what, state="SQLite, made at the first start")
    try:
        return CheckResult(what=what, state=name_of_database(settings.database_url))
    except StoreUnavailable as error:
        return CheckResult(what=what, state="not reached", ok=False, remedy=str(error))


def _port(settings: Settings) -> CheckResult:
    what = f"port {settings.port}"
    if port_is_free(settings.host, settings.port):
        return CheckResult(what=what, state="free")
    remedy = "stop what uses it, or choose another one with --port"
    return CheckResult(what=what, state="in use", ok=False, needed=False, remedy=remedy)


def _disk(settings: Settings) -> CheckResult:
    folder = next(one for one in (settings.models, *settings.models.parents) if one.is_dir())
    free = shutil.disk_usage(folder).free / 1e9
    enough = free >= NEEDED_GB or engine_env.is_built()
    remedy = "" if enough else f"make room: {NEEDED_GB:.0f} GB are needed for the first start"
    return CheckResult(what="disk", state=f"{free:.1f} GB free", ok=enough, remedy=remedy)


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
    for what, folder in places.items():
        if folder.is_dir():
            yield CheckResult(what=f"disk: {what}", state=f"{_megabytes_of(folder):,} MB")
    for name, megabytes in _running(settings):
        yield CheckResult(what=f"memory: {name}", state=f"{megabytes:,} MB")


def _megabytes_of(folder: Path) -> int:
    """Room the files of a folder take; what is linked is counted where it lies."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum({(one := path.stat()).st_ino: one.st_blocks for path in files}.values()) // 2048


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
