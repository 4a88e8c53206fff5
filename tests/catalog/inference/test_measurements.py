"""Amounts read out of sentences."""

# ruff: noqa: E501 - sentences are shown as they are

from __future__ import annotations

from itertools import cycle, islice

import pytest

from catalog.inference.measurements import find_amounts


def texts(pattern: str, *choices: tuple, count: int = 30) -> list[str]:
    """So many texts, each with the next of each choice."""
    turns = zip(*(islice(cycle(one), count) for one in choices), strict=True)
    return [pattern.format(*turn) for turn in turns]


DISPLAY = texts("{} inches, {} x 2400 px, {} Hz with notch", (6.1, 6.7, 5.9), (720, 1080, 1440), (60, 90, 120, 144))  # fmt: skip
MEMORY = texts("{} GB RAM, {} GB inbuilt", (4, 6, 8, 12), (64, 128, 256))
CAMERA = texts("{} MP + 2 MP Rear & {} MP Front Camera", (12, 48, 50, 108), (8, 16, 32))


@pytest.mark.parametrize(
    ("source", "column", "wanted"),
    [
        ("display", DISPLAY, {"display_size": "6.1 in", "display_resolution": "720 x 2400", "display_refresh_rate": "60 Hz"}),
        ("memory", MEMORY, {"memory_ram": "4 GB", "memory_inbuilt": "64 GB"}),
        ("battery", texts("{} mAh Battery with {}W Fast Charging", (4000, 4500, 5000), (18, 33, 65)), {"battery_capacity": "4000 mAh", "battery_fast_charging": "18 W"}),
        ("camera", CAMERA, {"front_camera": "8 MP", "camera_resolution": "12 MP"}),
    ],
    ids=["display", "memory", "battery", "camera"],
)  # fmt: skip
def test_find_amounts_of_a_specification(source, column, wanted):
    found = {
        amount.key: amount.of(column[0])
        for amount in find_amounts(source, column, [source], [], alone=True)
    }
    assert found == wanted


def test_find_amounts_of_titles_are_named_by_what_they_measure():
    titles = texts("Shampoo Rose {} ml", (100, 250, 500)) + ["Soap"] * 20
    (volume,) = find_amounts("title", titles, ["title"], [], alone=False)
    assert (volume.key, volume.of("Shampoo 300ml")) == ("volume", "300 ml")
    assert volume.of("Soap") == "" and volume.of("Set of 2 x 50 ml and 100 ml") == ""


@pytest.mark.parametrize(
    ("column", "units"),
    [
        (texts("Mug number {}", (1, 2, 3)), []),
        (texts("Mug {} ml", (1, 2, 3), count=5), []),
        (texts("Mug {} ml", (250,)), []),
        (texts("Mug {} ml", (1, 2, 3)), ["l"]),
        (texts("Holds {} ml or {} ml", (1, 2, 3), (5, 6, 7)), []),
        ([*texts("Mug {} ml", (1, 2, 3), count=10), *["Mug"] * 60], []),
        (texts("Model X{}W-{}ml", (1, 2, 3), (5, 6, 7)), []),
    ],
    ids=["no unit", "few", "all alike", "a column says it", "two of a kind", "rare", "codes"],
)
def test_find_amounts_finds_nothing_in(column, units):
    assert find_amounts("title", column, ["title"], units, alone=False) == []


def test_import_makes_facets_of_a_specification(shop):
    rows = "\n".join(f'{n},Phone {n},{n * 10},"{text}"' for n, text in enumerate(DISPLAY, start=1))
    shop.take("id,title,price,display\n" + rows + "\n")
    size = shop.facet("display_size")
    assert (size.kind, size.unit, size.label, size.askable) == (
        "number",
        "in",
        "display size",
        True,
    )
    assert shop.stored.products[0].facets["display_size"] == (6.1,)
    assert "read out of 'display' by its unit" in (shop.folder / "shop.yml").read_text()


def test_a_letter_inside_a_grade_is_no_unit(shop):
    rows = [f"O{n},Engine oil {n},{n}5.00,{'AB'[n % 2]},{n % 5 * 5}W-40" for n in range(12)]
    shop.take("\n".join(["id,title,price,maker,grade", *rows]))
    assert {facet.key for facet in shop.stored.facets} == {"price", "maker", "grade"}
    assert shop.values("grade")[1] == ("5W-40",)
