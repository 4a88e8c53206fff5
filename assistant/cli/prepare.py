"""What has to be there before an assistant can start, made where it is missing."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assistant import engine_env
from assistant.cli.console import doing, fail, note
from assistant.settings import ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.ingest.importer import ImportReport

DEMO = ROOT / "shops" / "demo"
STAMP = "made-from.sha256"
ASKED_TIMES = 3
"""Whoever answers with no currency three times wants to go on without."""
STAGES = {
    "read": "Reading the feed",
    "understand": "Understanding its columns",
    "build": "Building the catalog",
    "embed": "Reading what the products mean",
    "check": "Looking for mistakes",
    "store": "Storing the catalog",
}


def dialogue_model(settings: Settings) -> Path:
    """Make sure the engine and its model are there; returns the model."""
    try:
        if not engine_env.is_built():
            with doing("Building the dialogue engine (minutes, once)") as step:
                engine_env.build(step.detail)
        if not engine_env.model_path(settings.models).is_file():
            with doing("Training the dialogue rules (seconds, once)"):
                engine_env.train(settings.models)
        return engine_env.train(settings.models)
    except engine_env.EngineBuildError as error:
        fail(error)


def checked_shop(shop: Path) -> Path:
    """Return the folder of a shop that has a catalog, or say what to do; say what is wrong with its shop.yml."""
    from catalog.errors import CatalogError
    from catalog.storage.generation import load_generation
    from catalog.storage.load import apply_shop_file
    from catalog.storage.shop_file import served_shop_file

    if not shop.is_dir():
        fail(f"There is no shop in {shop}. Run: assistant import FEED --shop {shop}")
    try:
        served = served_shop_file(shop)
        apply_shop_file(load_generation(shop), served.file)
    except CatalogError as error:
        fail(error)
    if served.mistake:
        note(served.mistake)
    return shop


def database_answers(settings: Settings) -> None:
    """Make sure that the database which was set is there; fails in one line."""
    from assistant.stores.database import name_of_database
    from assistant.stores.errors import StoreUnavailable

    if not settings.database:
        return  # a file that is made in the shop's folder
    try:
        name_of_database(settings.database)
    except StoreUnavailable as error:
        fail(error)


def demo_shop(settings: Settings) -> Path:
    """Make the demo shop, or make it anew when its recipe changed."""
    from assistant.demo import build

    recipe = _recipe()
    stamp = DEMO / STAMP
    version = stamp.read_text("ascii").strip() if stamp.is_file() else ""
    if version == recipe and (DEMO / "index" / "CURRENT").is_file():
        return DEMO
    try:
        with doing("Stocking the demo shop"):
            DEMO.mkdir(parents=True, exist_ok=True)
            feed = build(DEMO)
        _import_apart(feed, settings)
        stamp.write_text(recipe, "ascii")
    except OSError as error:
        fail(f"The demo shop cannot be written: {error}.")
    return DEMO


def _import_apart(feed: Path, settings: Settings) -> None:
    """Import the demo's feed in a process of its own.

    What an import needs would stay in memory for as long as the shop is served.
    """
    child = multiprocessing.get_context("spawn").Process(
        target=feed_into, args=(feed, DEMO, settings), kwargs={"force": True, "currency": "EUR"}
    )
    child.start()
    child.join()
    if child.exitcode:
        raise typer.Exit(child.exitcode if child.exitcode > 0 else 1)


def feed_into(
    feed: Path,
    shop: Path,
    settings: Settings,
    *,
    file_format: str = "auto",
    force: bool = False,
    currency: str = "",
    ask: bool = False,
) -> ImportReport:
    """Import a feed with a bar for each stage; fails in one line.

    Args:
        feed: the export.
        shop: the shop's folder.
        settings: where the models are.
        file_format: what the file is.
        force: import even if most products would be gone.
        currency: ISO code of prices for which the feed states none.
        ask: ask for it at the terminal where nothing says it.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    from assistant.cli.console import notes
    from catalog.errors import CatalogError
    from catalog.ingest.importer import import_feed

    embed = sentence_encoder(settings)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    console = notes()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        def which(taken: str) -> str:
            bar.stop()
            answer = ask_currency(taken)
            bar.start()
            return answer

        try:
            return import_feed(
                feed,
                shop,
                format=file_format,
                force=force,
                progress=tell,
                embed=embed,
                currency=currency,
                ask_currency=which if ask else None,
            )
        except (CatalogError, OSError) as error:
            fail(error)


def ask_currency(taken: str) -> str:
    """Ask at the terminal which currency the prices are in; empty when nobody answers."""
    from nlu.lexical.money import currency_of

    for _ in range(ASKED_TIMES):
        answer = typer.prompt(
            "Nothing in the feed says which currency its prices are in. Its code, such as EUR",
            default=taken,
            err=True,
        )
        code = currency_of(answer)
        if code is not None:
            return code
        typer.echo(
            f"{answer!r} is no currency; give an ISO code such as EUR, USD or CHF.", err=True
        )
    return ""


def encoder_built(settings: Settings) -> None:
    """Build the sentence encoder where it is missing: without it less is understood."""
    from catalog.search.encoder import is_built

    if not is_built(settings.models, settings.encoder):
        sentence_encoder(settings)


def sentence_encoder(settings: Settings) -> Callable[[list[str]], Any] | None:
    """Return what turns product texts into vectors; None, and a line, where it cannot be had."""
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import ensure

    try:
        encoder = ensure(settings.models, settings.encoder, progress=note)
    except EncoderUnavailable as error:
        note(f"Search by meaning stays off, and less of what people type is understood: {error}")
        return None

    def embed(texts: list[str]) -> Any:
        return encoder.encode(texts)

    embed.name = encoder.name  # type: ignore[attr-defined]
    return embed


def speech_model(settings: Settings, *, fetch: bool) -> bool:
    """Make sure of the speech model; without it everything but speech works. Returns whether it is there."""
    from assistant.speech_models import ModelError, find_speech_model, pull, why_no_speech

    if find_speech_model(settings) is not None:
        return True
    if fetch and settings.speech_model is None:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            with doing("Fetching the speech model (40 MB, once)") as step:
                pull(None, settings, lambda done, total: step.detail(megabytes(done, total)))
        except ModelError as error:
            note(f"Speech is off: {error}")
            return False
        return True
    note(f"Speech is off: {why_no_speech(settings)}")
    return False


def megabytes(done: int, total: int | None) -> str:
    """Say how much of a download is here."""
    of = f" of {total / 1e6:.0f}" if total else ""
    return f"{done / 1e6:.0f}{of} MB"


def _recipe() -> str:
    """A digest of everything the demo shop is made from."""
    digest = hashlib.sha256()
    folder = ROOT / "assistant" / "demo"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
