"""The commands as people call them, without starting anything."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import settings
from assistant.cli import prepare
from assistant.cli.app import app
from assistant.supervisor import free_ports
from catalog.storage.load import load_catalog
from catalog.storage.shop_file import LAST_GOOD

CSV = "id,title,price,colour\n" + "".join(
    f"{n},Chair {n},{10 + n}.50 EUR,{('red', 'blue', 'green')[n % 3]}\n" for n in range(12)
)


@pytest.fixture(autouse=True)
def _no_models(monkeypatch, tmp_path):
    """Nothing is built or fetched, and settings are read anew."""
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("ASSISTANT_SHOP", str(tmp_path / "shop"))
    monkeypatch.setenv("ASSISTANT_PORT", str(free_ports(1)[0]))
    monkeypatch.setattr(prepare, "sentence_encoder", lambda _: None)
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def feed(tmp_path) -> Path:
    path = tmp_path / "feed.csv"
    path.write_text(CSV)
    return path


def one_line(result) -> str:
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    (line,) = result.stderr.strip().splitlines()
    return line


def test_every_command_of_the_contract_is_there(run):
    shown = run("--help").output
    for name in ("demo", "import", "up", "chat", "parse", "models", "doctor"):
        assert f" {name} " in shown


def test_import_reports_on_the_terminal(run, feed, tmp_path):
    result = run("import", feed, "--shop", tmp_path / "shop")
    assert result.exit_code == 0, result.output
    assert "accepted" in result.stdout
    assert "12" in result.stdout
    assert (tmp_path / "shop" / "shop.yml").is_file()


def test_import_reports_as_json_and_nothing_else(run, feed, tmp_path):
    result = run("import", feed, "--shop", tmp_path / "shop", "--json")
    report = json.loads(result.stdout)
    assert (report["read"], report["accepted"], report["rejected"]) == (12, 12, 0)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"just words"], ids=["empty", "binary", "no feed"]
)
def test_a_broken_feed_is_one_line_and_changes_nothing(run, tmp_path, content):
    feed = tmp_path / "broken.csv"
    feed.write_bytes(content)
    assert one_line(run("import", feed, "--shop", tmp_path / "shop"))
    assert not (tmp_path / "shop" / "index").exists()


def test_a_missing_feed_is_one_line(run, tmp_path):
    assert "There is no file" in one_line(
        run("import", tmp_path / "no.csv", "--shop", tmp_path / "s")
    )


def test_a_missing_shop_says_how_to_make_one(run, tmp_path):
    (port,) = free_ports(1)
    for command in (("up", "--port", port), ("parse",)):
        line = one_line(run(*command, "--shop", tmp_path / "none"))
        assert "assistant import FEED --shop" in line


@pytest.mark.parametrize("command", [("demo",), ("up", "--shop", ".")], ids=["demo", "up"])
def test_a_port_in_use_says_what_to_do(run, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        line = one_line(run(*command, "--port", taken.getsockname()[1]))
    assert "--port" in line


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ASSISTANT_PORT", "many", "integer"),
        ("ASSISTANT_LOG_LEVEL", "loud", "INFO"),
        ("ASSISTANT_RATE_MESSAGES", "lots", "60/minute"),
    ],
)
def test_a_wrong_setting_is_named(run, monkeypatch, name, value, allowed):
    monkeypatch.setenv(name, value)
    settings.load.cache_clear()
    line = one_line(run("doctor"))
    assert name in line
    assert allowed in line


def test_a_level_may_be_written_in_small_letters(monkeypatch):
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "debug")
    settings.load.cache_clear()
    assert settings.load().log_level == "DEBUG"


def test_a_mistake_in_shop_yml_that_never_was_right_is_one_line_before_anything_is_started(
    run, feed, tmp_path
):
    shop = tmp_path / "shop"
    run("import", feed, "--shop", shop)
    file = shop / "shop.yml"
    file.write_text("nmae: Chairs\n" + file.read_text())
    (shop / LAST_GOOD).unlink()
    line = one_line(run("up", "--shop", shop))
    assert "line 1" in line
    assert "nmae" in line
    assert not (shop / "data" / "logs").exists()


@pytest.mark.parametrize("broken", ["nmae: Chairs\n", "name: [\n", ""])
def test_a_broken_shop_yml_goes_on_with_the_version_before_and_is_said_everywhere(
    run, feed, tmp_path, monkeypatch, capsys, broken
):
    shop = tmp_path / "shop"
    run("import", feed, "--shop", shop)
    file = shop / "shop.yml"
    file.write_text(file.read_text().replace("name: ", "name: My "))
    assert load_catalog(shop).config.name.startswith("My ")
    file.write_text(broken)

    assert load_catalog(shop).config.name.startswith("My "), "served, also after a restart"
    prepare.checked_shop(shop)
    assert "shop.yml, line" in capsys.readouterr().err
    imported = run("import", feed, "--shop", shop)
    assert imported.exit_code == 0
    assert "shop.yml, line" in imported.output
    assert file.read_text() == broken, "what the staff wrote is theirs to mend"
    assert load_catalog(shop).config.name.startswith("My ")
    monkeypatch.setenv("ASSISTANT_SHOP", str(shop))
    settings.load.cache_clear()
    assert "shop.yml, line" in " ".join(run("doctor").output.split())

    file.write_text("name: Mended\n")
    assert load_catalog(shop).config.name == "Mended"


def test_a_database_that_is_not_there_is_one_line_before_anything_is_started(
    run, feed, tmp_path, monkeypatch
):
    shop = tmp_path / "shop"
    run("import", feed, "--shop", shop)
    monkeypatch.setenv("ASSISTANT_DATABASE", "postgresql://me:hidden@127.0.0.1:1/mine")
    settings.load.cache_clear()
    line = one_line(run("up", "--shop", shop))
    assert "127.0.0.1:1/mine" in line
    assert "hidden" not in line
    assert not (shop / "data" / "logs").exists()


def test_doctor_names_what_is_missing(run):
    shown = run("doctor").output
    for name in ("uv", "dialogue engine", "sentence encoder", "speech", "database", "disk"):
        assert name in shown


def test_the_command_line_starts_quickly():
    heavy = ["spacy", "faiss", "onnxruntime", "torch", "vosk", "fastapi", "numpy"]
    code = f"import sys, assistant.cli.app; print([n for n in {heavy!r} if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_update_changes_the_shop_and_reports(run, feed, tmp_path):
    shop = tmp_path / "shop"
    assert run("import", feed, "--shop", shop).exit_code == 0
    changes = tmp_path / "changes.jsonl"
    changes.write_text('{"id": "3", "price": "9.99"}\n{"id": "4", "deleted": true}\n{"id": "x"}\n')
    result = run("update", changes, "--shop", shop, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["offers"], report["removed"], report["refused"]) == (1, 1, 1)
    assert report["products"] == 11
    again = run("update", changes, "--shop", shop)
    assert again.exit_code == 0
    assert "1 as before" in again.stdout


@pytest.mark.parametrize("content", ["", "price\n5\n", '{"id": "zzz"}\n'])
def test_an_update_of_nothing_is_one_line(run, feed, tmp_path, content):
    run("import", feed, "--shop", tmp_path / "shop")
    changes = tmp_path / "changes.csv"
    changes.write_text(content)
    assert one_line(run("update", changes, "--shop", tmp_path / "shop"))
    assert "no file" in one_line(run("update", tmp_path / "none", "--shop", tmp_path / "shop"))


@pytest.mark.parametrize("there", [True, False])
def test_the_encoder_is_built_once_before_anything_is_understood(monkeypatch, there):
    built = []
    monkeypatch.setattr(prepare, "sentence_encoder", built.append)
    monkeypatch.setattr("catalog.search.encoder.is_built", lambda *_: there)
    prepare.encoder_built(settings.load())
    assert len(built) == (0 if there else 1)


def test_an_address_inside_the_network_is_asked_only_when_told_to(run, tmp_path):
    (port,) = free_ports(1)
    address = f"http://me:s3cret@127.0.0.1:{port}/feed.csv"
    refused = run("import", address, "--shop", tmp_path / "shop")
    assert refused.exit_code == 1
    assert "--inside" in refused.stderr
    refused = run("import", address, "--shop", tmp_path / "shop", "--inside")
    assert refused.exit_code == 1
    assert "refused" in refused.stderr
    assert "s3cret" not in refused.output


def test_doctor_says_what_each_part_weighs(run, feed, tmp_path):
    run("import", feed, "--shop", tmp_path / "shop")
    (tmp_path / "shop" / "big.bin").write_bytes(b"x" * 3 * 2**20)
    shown = " ".join(run("doctor").output.split())
    assert "disk: this program" in shown
    assert "disk: shop 3 MB" in shown
    assert "memory:" not in shown, "nothing runs"
    data = tmp_path / "shop" / "data"
    data.mkdir(exist_ok=True)
    (data / "running.json").write_text(json.dumps({"pid": os.getpid(), "url": ""}))
    assert "memory: supervisor" in " ".join(run("doctor").output.split())
