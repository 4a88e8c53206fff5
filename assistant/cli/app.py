"""The commands and their options. What each does is in a module of its own, loaded when it is called."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import fail
from assistant.settings import Settings, load

app = typer.Typer(
    name="assistant",
    help="A shopping assistant that runs on your own machine and asks the question that matters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models = typer.Typer(help="Models that are fetched or built.", no_args_is_help=True)
app.add_typer(models, name="models")
nlu = typer.Typer(help="What the assistant understands.", no_args_is_help=True)
app.add_typer(nlu, name="nlu")
knowledge = typer.Typer(help="What is known of the goods.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")

Port = Annotated[int | None, typer.Option(help="Port of the web page and the API (8000).")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
Shop = Annotated[Path, typer.Option("--shop", help="Folder of the shop.")]
MaybeShop = Annotated[
    Path | None, typer.Option("--shop", help="Folder of the shop; the demo shop.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


class FeedFormat(StrEnum):
    """What a feed may be."""

    AUTO = "auto"
    GOOGLE = "google"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@app.command()
def demo(port: Port = None, *, no_browser: NoBrowser = False) -> None:
    """Start a demo shop, everything included, and open it."""
    from assistant.cli import prepare, running

    settings = _settings()
    port = settings.port if port is None else port
    running.check_port(settings.host, port)
    prepare.database_answers(settings)
    shop = prepare.demo_shop(settings)
    prepare.encoder_built(settings)
    prepare.speech_model(settings, fetch=True)
    model = prepare.dialogue_model(settings)
    running.serve(settings, shop, model, port=port, browser=not no_browser)


@app.command()
def up(shop: Shop, port: Port = None, *, no_browser: NoBrowser = False) -> None:
    """Start the assistant of a shop; what is missing is built first."""
    from assistant.cli import prepare, running

    settings = _settings()
    port = settings.port if port is None else port
    running.check_port(settings.host, port)
    shop = prepare.checked_shop(shop)
    prepare.database_answers(settings)
    prepare.encoder_built(settings)
    prepare.speech_model(settings, fetch=False)
    model = prepare.dialogue_model(settings)
    running.serve(settings, shop, model, port=port, browser=not no_browser)


@app.command(name="import")
def import_(
    feed: Annotated[
        str, typer.Argument(help="The file your shop system exports, or its http(s) address.")
    ],
    shop: Shop,
    file_format: Annotated[
        FeedFormat, typer.Option("--format", help="What the file is.")
    ] = FeedFormat.AUTO,
    *,
    as_json: Json = False,
    force: Annotated[
        bool, typer.Option("--force", help="Import even if most products would be gone.")
    ] = False,
    currency: Annotated[
        str,
        typer.Option("--currency", help="Of prices for which the feed states none, such as EUR."),
    ] = "",
    inside: Annotated[
        bool, typer.Option("--inside", help="The address may be one inside your own network.")
    ] = False,
) -> None:
    """Read a shop's feed, make its catalog, and report what was accepted and what was not."""
    from assistant.cli import importing

    importing.run(
        _settings(),
        feed,
        shop,
        file_format.value,
        as_json=as_json,
        force=force,
        currency=currency,
        inside=inside,
    )


@app.command()
def update(
    file: Annotated[
        Path, typer.Argument(help="JSON lines or CSV: id and what is new, or deleted.")
    ],
    shop: Shop,
    *,
    as_json: Json = False,
) -> None:
    """Change prices, stock and single products of a shop while it is served; no import, no restart."""
    from assistant.cli import updating

    updating.run(_settings(), file, shop, as_json=as_json)


@app.command()
def chat(shop: MaybeShop = None) -> None:
    """Talk to the assistant in the terminal."""
    from assistant.cli import chat as chatting

    chatting.run(_settings(), shop)


@app.command()
def parse(shop: Shop) -> None:
    """Read {"text": ...} lines, write what each message means as a line of JSON."""
    from assistant.cli import parsing

    parsing.run(_settings(), shop)


@app.command()
def simulate(
    shop: Shop,
    dialogues: Annotated[int, typer.Option(help="How many simulated shoppers.")] = 200,
    wrong: Annotated[float, typer.Option(help="Chance of a wrong answer, 0 to 1.")] = 0.15,
    unsure: Annotated[float, typer.Option(help='Chance of "I don\'t mind", 0 to 1.')] = 0.1,
    seed: Annotated[int, typer.Option(help="The same seed plays the same shoppers.")] = 1,
    *,
    as_json: Json = False,
    report: Annotated[
        Path | None, typer.Option(help="Where the HTML report goes (DIR/simulation.html).")
    ] = None,
) -> None:
    """Let simulated shoppers look for products, and report how soon they find them."""
    from assistant.cli import simulate as simulation

    simulation.run(
        shop,
        dialogues=dialogues,
        wrong=wrong,
        unsure=unsure,
        seed=seed,
        as_json=as_json,
        report=report,
    )


@app.command()
def doctor() -> None:
    """Show what is installed, what is missing, and what to do about it."""
    from assistant.cli import doctor as examination

    examination.run(_settings())


Language = Annotated[str, typer.Option(help="Two-letter code.")]


@knowledge.command("check")
def check_knowledge(shop: Shop, *, as_json: Json = False) -> None:
    """Show which kinds of goods a shop sells, and mistakes, clashes and gaps in what is known of them."""
    from assistant.cli import knowing

    knowing.run(shop, as_json=as_json)


@nlu.command()
def check(language: Language = "en") -> None:
    """Look for training phrases that contradict or repeat each other, and intents too close or too thin."""
    from assistant.cli import examining

    examining.check(language)


@nlu.command()
def test(
    language: Language = "en",
    out: Annotated[Path | None, typer.Option(help="Where the page is written.")] = None,
) -> None:
    """Try the test sentences of every intent and write a page of what is taken for what."""
    from assistant.cli import examining

    examining.test(_settings(), language, out)


@models.command()
def pull(
    name: Annotated[
        str | None,
        typer.Argument(
            help='"speech", "encoder", or the name of a Vosk model; both when left out.'
        ),
    ] = None,
) -> None:
    """Fetch the speech model, build the sentence encoder."""
    from assistant.cli import pulling

    pulling.run(_settings(), name)


def _settings() -> Settings:
    """Read the settings; a wrong one is named in one line."""
    from pydantic import ValidationError

    try:
        return load()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        fail(f"{name} has the value {first['input']!r}: {reason}.")
