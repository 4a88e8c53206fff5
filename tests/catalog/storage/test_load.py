"""shop.yml: written with what was inferred, kept as edited, mistakes named by line."""

# ruff: noqa: E501 - feeds are shown as they are, one row a line

from __future__ import annotations

import pytest

from catalog.errors import IndexBroken, ShopError
from catalog.storage.load import load_catalog
from catalog.storage.shop_file import read_shop_file


def test_shop_file_shows_every_decision(shop, lamps):
    shop.take(lamps, "lamps.csv")
    text = (shop.folder / "shop.yml").read_text()
    for expected in (
        "name: Lamps",
        "currency: USD",
        "noun: lamp",
        "nouns: lamps",
        "title: title",
        "colour:",
        "unit: cm",
    ):
        assert expected in text


def test_load_catalog_applies_what_the_staff_wrote(shop, lamps):
    shop.take(lamps)
    shop.edit(
        lambda text: text.replace("name: Feed", "name: Lumen").replace(
            "    label: colour\n    question:\n    unit:\n    weight: 1.0\n    askable: true\n    synonyms: {}",
            "    label: shade\n    question: Which shade?\n    weight: 2\n    askable: no\n    synonyms: {green: [emerald, moss]}",
        )
    )
    catalog = load_catalog(shop.folder)
    shade = catalog.facets["colour"]
    assert catalog.config.name == "Lumen"
    assert (shade.label, shade.question, shade.weight, shade.askable) == (
        "shade",
        "Which shade?",
        2.0,
        False,
    )
    assert {value.value: value.synonyms for value in shade.values}["Green"] == ("emerald", "moss")
    assert shade.names[0] == "shade" and "colour" in shade.names


def test_reimport_keeps_edits_and_comments_and_adds_new_facets(shop, lamps):
    shop.take(lamps)
    shop.edit(lambda text: text.replace("label: colour", "label: shade  # as we say"))
    lines = lamps.splitlines()
    wider = "\n".join(
        [
            lines[0] + ",style",
            *(f"{line},{style}" for line, style in zip(lines[1:], "abcabc", strict=True)),
        ]
    )
    shop.take(wider)
    text = (shop.folder / "shop.yml").read_text()
    assert "label: shade  # as we say" in text
    assert "style:" in text
    assert load_catalog(shop.folder).facets["colour"].label == "shade"


def test_reimport_updates_what_nobody_edited(shop, lamps):
    shop.take(lamps.replace("height_cm", "height"))
    shop.edit(lambda text: text.replace("label: dimmable", "label: can be dimmed"))
    shop.take(
        lamps.replace("height_cm", "height").replace(",150,", ",150 cm,").replace(",40,", ",40 cm,")
    )
    catalog = load_catalog(shop.folder)
    assert catalog.facets["height"].unit == "cm"
    assert catalog.facets["dimmable"].label == "can be dimmed"


@pytest.mark.parametrize(
    ("wrong", "line", "allowed"),
    [
        ("currency: euros", 2, "ISO 4217"),
        ("colour: red", 2, "name, currency, locale"),
        ("facets:\n  colour:\n    askable: perhaps", 4, "true or false"),
        ("facets:\n  colour:\n    weight: 50", 4, "0 to 10"),
        ("facets:\n  colour:\n    lable: x", 4, "label, question"),
        ("facets:\n  colour: 5", 3, "label, question"),
        ("facets:\n  colour:\n    synonyms: [a]", 4, "other words"),
        ("columns:\n  titel: name", 3, "id, title"),
        ("name: [", 3, "Correct the line"),
    ],
    ids=[
        "currency",
        "unknown",
        "askable",
        "weight",
        "field",
        "no mapping",
        "synonyms",
        "role",
        "syntax",
    ],
)
def test_mistake_in_shop_file_names_line_and_what_is_allowed(shop, lamps, wrong, line, allowed):
    shop.take(lamps)
    (shop.folder / "shop.yml").write_text(f"locale: en\n{wrong}\n")
    with pytest.raises(ShopError, match=rf"line {line}.*{allowed}"):
        read_shop_file(shop.folder)


def test_load_catalog_without_an_import_says_what_to_run(tmp_path):
    with pytest.raises(ShopError, match=r"assistant import FEED"):
        load_catalog(tmp_path)


@pytest.mark.parametrize("file", ["products.jsonl", "facets.json", "manifest.json"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.97])
def test_truncated_generation_is_noticed_and_the_last_good_one_serves(shop, lamps, file, share):
    shop.take(lamps)
    shop.take(lamps.replace("Arc lamp", "Bow lamp"))
    path = shop.stored.folder / file
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert load_catalog(shop.folder).products[0].title == "Arc lamp"


def test_all_generations_broken_is_an_error_with_a_remedy(shop, lamps):
    shop.take(lamps)
    (shop.stored.folder / "products.jsonl").write_text("{}")
    with pytest.raises(IndexBroken, match=r"checksum of products\.jsonl.*assistant import"):
        load_catalog(shop.folder)


def test_only_three_generations_are_kept(shop, lamps):
    for _ in range(5):
        shop.take(lamps)
    kept = [path for path in (shop.folder / "index").iterdir() if path.is_dir()]
    assert len(kept) == 3
    assert shop.stored.folder in kept


def test_missing_or_wrong_current_serves_the_newest(shop, lamps):
    shop.take(lamps)
    (shop.folder / "index" / "CURRENT").write_text("../../elsewhere")
    assert len(load_catalog(shop.folder).products) == 6
