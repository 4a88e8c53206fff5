"""Makers read out of titles: found where titles name them, and nowhere else."""

from __future__ import annotations

import pytest

from catalog.inference.brands import find_makers, has_maker_column

HEADPHONES = [
    f"{maker} {model}"
    for maker, models in {
        "Sonora": "WX-100 WX-200 HD-7 MDR5 ZX110",
        "Klangwerk": "K240 K371 K702 DT990",
        "Turtle Cove": "X12 Stealth-600 R50",
        "Hill & Dale": "H9 H95 E8",
        "Nuvo": "N1 N2x",
    }.items()
    for model in models.split()
]


def test_makers_are_the_leading_words_that_recur():
    makers = find_makers(HEADPHONES, known=())
    assert makers is not None
    assert makers.of("Sonora XB-900") == "Sonora"
    assert makers.of("SONORA XB-900") == "SONORA"
    assert makers.of("Hill & Dale E8 Sport") == "Hill & Dale"
    assert makers.of("Turtle Cove X99").startswith("Turtle")
    assert makers.of("Unheard-of G7") == ""
    assert makers.of("Sonora") == "", "a title must say more than its maker"


KINDS = [f"{kind} {name}" for kind in ("Lamp", "Chair", "Table", "Shelf") for name in
         ("Tosca", "Luna", "Nora", "Ole", "Ida")]  # fmt: skip
COLOURS = [f"{colour} {thing}" for colour in ("Black", "White", "Red") for thing in
           ("mug M1", "bowl B2", "cup C3", "plate P4", "jug J5")]  # fmt: skip
NAMES = [f"The {name} of {place}" for name in ("Taste", "Garden", "House") for place in
         ("India", "Rome", "Bath", "Kent", "York")]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "known", "prose"),
    [
        (KINDS, (), ()),
        (COLOURS, ("black", "white", "red"), ()),
        (COLOURS, (), ["a black or white cup", "white and black, red", "red mug"]),
        (NAMES, (), ()),
        (HEADPHONES[:8], (), ()),
        ([f"Sonora X{n}0" for n in range(40)], (), ()),
        ([f"Vase {n} cm" for n in range(10)] + [f"Bowl {n} cm" for n in range(10)] + ["Cup 3 cm", "Cup 4 cm"], (), ()),
    ],
    ids=["kinds", "colours", "words of the prose", "articles", "few", "one maker", "amounts"],
)  # fmt: skip
def test_makers_are_not_found_in(titles, known, prose):
    assert find_makers(titles, known, prose) is None


def test_has_maker_column_knows_its_names():
    assert has_maker_column(["title", "winery_name"]) and has_maker_column(["brand"])
    assert not has_maker_column(["title", "colour", "price"])


def test_import_makes_a_brand_that_can_be_switched_off(shop):
    rows = [f"{number},{title},{number + 5}" for number, title in enumerate(HEADPHONES)]
    feed = "id,title,price\n" + "\n".join(rows) + "\n"
    shop.take(feed)
    brand = shop.facet("brand")
    assert brand.askable and {value.label for value in brand.values} >= {"Sonora", "Klangwerk"}
    text = (shop.folder / "shop.yml").read_text()
    assert "from_text: true # read out of the titles" in " ".join(text.split())
    shop.edit(lambda text: text.replace("from_text: true", "from_text: false"))
    shop.take(feed)
    assert "brand" not in {facet.key for facet in shop.stored.facets}
    shop.take(feed)
    assert "from_text: false" in (shop.folder / "shop.yml").read_text()
