"""``assistant knowledge check`` as staff run it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import app
from catalog.ingest.importer import import_feed

FEED = "id,title,price,category,ram gb\n" + "".join(
    f"L{n},Tern {n},{400 + n},Laptops,{(8, 16, 32)[n % 3]}\n" for n in range(9)
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "feed.csv").write_text(FEED)
    import_feed(tmp_path / "feed.csv", tmp_path / "shop")
    return tmp_path / "shop"


def check(shop: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["knowledge", "check", "--shop", str(shop), *more])
    return result.exit_code, result.output


def test_kinds_and_gaps_are_shown(shop: Path) -> None:
    code, text = check(shop)
    assert code == 0
    assert "computers (100% of the products)" in text
    assert "no facet for processor" in text


def test_a_mistake_is_named_and_fails(shop: Path) -> None:
    (shop / "knowledge").mkdir()
    (shop / "knowledge" / "kites.yml").write_text("kind: kites\nfancy: 1\nfacets: {}\n")
    code, text = check(shop)
    assert code == 1
    assert "kites.yml:2" in text.replace("\n", "")


def test_the_report_can_be_read_by_programs(shop: Path) -> None:
    code, text = check(shop, "--json")
    assert code == 0
    assert json.loads(text)["mistakes"] == []


def test_a_shop_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    code, text = check(tmp_path / "nowhere")
    assert code == 1
    assert "nowhere" in text.replace("\n", "")
