"""Simulated shoppers in a shop: figures that make sense, and a report that needs nothing else."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import app
from assistant.cli.simulate import simulate, table
from assistant.cli.simulate_report import bars, columns, curves, page
from catalog.ingest.importer import import_feed

COLOURS, SIZES = ("red", "blue", "green", "black"), (38, 39, 40, 41, 42)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    rows = ["id,title,price,colour,size,waterproof"]
    for n in range(80):
        colour, size = COLOURS[n % 4], SIZES[n % 5]
        rows.append(f"p{n},Shoe {n},{20 + n * 2}.00,{colour},{size},{'yes' if n % 3 else 'no'}")
    feed = folder / "feed.csv"
    feed.write_text("\n".join(rows), encoding="utf-8")
    import_feed(feed, folder / "shop")
    return folder / "shop"


def figures(shop, **more):
    options = {"dialogues": 25, "wrong": 0.15, "unsure": 0.1, "seed": 1, **more}
    return simulate(shop, **options)


def test_the_same_seed_gives_the_same_figures(shop):
    first, second = figures(shop), figures(shop)
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_true_answers_find_everything_and_wrong_ones_less(shop):
    true = figures(shop, wrong=0.0, unsure=0.0)
    wrong = figures(shop, wrong=0.9)
    assert true["ours"]["success@10"] == 1.0
    assert wrong["ours"]["success@10"] < 1.0
    assert true["ours"]["mean_questions"] < wrong["ours"]["mean_questions"]


def test_success_never_falls_with_more_questions(shop):
    summary = figures(shop)
    for name in ("ours", "entropy", "fixed", "random"):
        by_question = summary[name]["by_question"]
        assert by_question == sorted(by_question)
        assert by_question[10] == summary[name]["success@10"]


def test_the_first_question_tells_something(shop):
    summary = figures(shop, wrong=0.0, unsure=0.0)
    assert summary["bits_by_question"][0] > 0.5
    assert sum(count for _, count in summary["asked"]) > 0


def test_the_table_names_every_policy(shop):
    text = table(figures(shop))
    for name in ("ours", "entropy", "fixed", "random", "dialogues a minute"):
        assert name in text


def test_the_command_prints_json_and_writes_the_report(shop, tmp_path):
    report = tmp_path / "report.html"
    command = ["simulate", "--shop", str(shop), "--dialogues", "5", "--json"]
    run = CliRunner().invoke(app, [*command, "--report", str(report)])
    assert run.exit_code == 0, run.output
    line = next(one for one in run.output.splitlines() if one.startswith("{"))
    assert json.loads(line)["ours"]["dialogues"] == 5
    text = report.read_text("utf-8")
    assert text.count("<svg") == 3
    assert not re.search(r"(src|href)=", text), "nothing is fetched from anywhere"


@pytest.mark.parametrize("options", [("--wrong", "1.5"), ("--dialogues", "0"), ("--unsure", "-1")])
def test_senseless_options_are_refused_in_one_line(shop, options):
    run = CliRunner().invoke(app, ["simulate", "--shop", str(shop), *options])
    assert run.exit_code == 1


def test_a_folder_without_a_shop_is_refused(tmp_path):
    run = CliRunner().invoke(app, ["simulate", "--shop", str(tmp_path / "none")])
    assert run.exit_code == 1


def test_names_from_the_feed_cannot_put_markup_into_the_report():
    hostile = "<script>alert(1)</script>"
    one = {"success@5": 0.5, "success@10": 0.6, "mean_questions": 4.0, "dialogues": 5}
    summary = {
        "shop": hostile,
        "products": 1,
        "dialogues": 5,
        "wrong": 0.1,
        "unsure": 0.1,
        "seed": 1,
        "ours": {**one, "by_question": [0.1, 0.5]},
        "asked": [(hostile, 3)],
        "bits_by_question": [1.0],
    }
    assert "<script" not in page(summary)


def test_drawings_stand_empty_data():
    for drawn in (curves({}), columns([]), bars([])):
        assert drawn.startswith("<svg")


def test_the_report_lies_in_the_shop_by_default(shop):
    run = CliRunner().invoke(app, ["simulate", "--shop", str(shop), "--dialogues", "3"])
    assert run.exit_code == 0, run.output
    assert Path(shop / "simulation.html").is_file()
