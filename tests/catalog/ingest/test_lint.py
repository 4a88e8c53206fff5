"""What an import finds fault with."""

from __future__ import annotations

import json

import pytest


def found(report, kind: str, facet: str = ""):
    return next((one for one in report.findings if one.kind == kind and one.facet == facet), None)


ROWS = [
    "1,Black mug,5.00,Black,Lux,a.jpg,",
    "2,Red mug,6.00,Red,Lux,b.jpg,",
    "3,White bowl,7.00,White,Lux,c.jpg,",
    "4,Black bowl,8.00,Red,LUX,d.jpg,",
    "5,Cup &amp; saucer,0,White,Nord,e.jpg,",
    "6,Plain jug,9.00,White,Nord,,",
    "7,Plain pot,9.00,White,Nord,g.jpg,",
    "8,Odd plate,,Green,Nord,h.jpg,",
]
FEED = "id,title,price,colour,brand,image,finish\n" + "\n".join(ROWS) + "\n"


@pytest.mark.parametrize(
    ("kind", "facet", "count", "example", "severity"),
    [
        ("price_zero", "", 1, "5", "high"),
        ("price_missing", "", 1, "8", "high"),
        ("image_missing", "", 1, "6", "medium"),
        ("indistinguishable", "", 1, "6 = 7", "medium"),
        ("contradiction", "colour", 1, "4 (Black, not Red)", "high"),
        ("spellings", "brand", 1, "Lux = LUX", "medium"),
        ("markup_in_title", "", 1, "Cup &amp; saucer", "medium"),
        ("empty_facet", "", 1, "finish", "low"),
    ],
)
def test_lint_finds(shop, kind, facet, count, example, severity):
    finding = found(shop.take(FEED), kind, facet)
    assert finding is not None
    assert (finding.count, finding.examples[0], finding.severity) == (count, example, severity)
    assert finding.problem and finding.advice.endswith(".")


def test_lint_is_stored_for_people_and_for_programs(shop):
    report = shop.take(FEED)
    stored = json.loads((shop.folder / "lint.json").read_text())["findings"]
    assert [one["kind"] for one in stored] == [one.kind for one in report.findings]
    assert stored[0]["severity"] == "high" and stored[-1]["severity"] == "low"
    text = (shop.folder / "lint.txt").read_text()
    assert "[high] 1 products cost nothing." in text and "such as: 5" in text
    assert report.to_json()["findings"][0]["kind"] == report.findings[0].kind


def test_lint_is_empty_where_nothing_is_wrong(shop):
    rows = "\n".join(
        f"{n},Mug {n},{n} EUR,{'Black' if n % 2 else 'Red'},{n}.jpg" for n in range(1, 7)
    )
    report = shop.take("id,title,price,colour,image\n" + rows + "\n")
    assert report.findings == ()
    assert "Nothing was found" in (shop.folder / "lint.txt").read_text()


def test_lint_names_values_that_only_sold_out_products_have(shop):
    rows = "1,Mug,5,Red,in stock\n2,Cup,6,Blue,out of stock\n3,Pot,7,Red,in stock\n4,Jug,8,Green,in stock\n"
    report = shop.take("id,title,price,colour,availability\n" + rows)
    assert found(report, "unreachable_values", "colour").examples == ("Blue",)


def test_lint_does_not_take_part_of_a_value_or_a_composed_title_for_a_contradiction(shop):
    rows = "\n".join(f"{n},Wireless thing {n},Bluetooth Wireless" for n in range(6))
    wired = "\n".join(f"{n},Wired thing {n},Wired" for n in range(6, 12))
    both = "20,A,Wireless\n"
    report = shop.take(f"id,title,connection\n{rows}\n{wired}\n{both}")
    assert found(report, "contradiction", "connection") is None


def test_lint_names_facets_with_one_value(shop):
    rows = "\n".join(f"{n},Mug {n},{n},clay" for n in range(1, 8))
    assert found(shop.take(f"id,title,price,material\n{rows}\n"), "one_value", "material")


def test_lint_names_similar_values_nobody_folded(shop):
    colours = ["Turquoise"] * 6 + ["Turquose"] * 2 + ["Orange"] * 4
    rows = "\n".join(f"{n},Mug {n},{n},{colour}" for n, colour in enumerate(colours, start=1))
    report = shop.take(f"id,title,price,colour\n{rows}\n")
    assert found(report, "similar_values", "colour").examples == ("Turquoise / Turquose",)
