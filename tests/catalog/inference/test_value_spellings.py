"""Which spellings are taken for one value, and which are left apart."""

from __future__ import annotations

from collections import Counter

import pytest

from catalog.inference.value_spellings import fold, suspicious


@pytest.mark.parametrize(
    ("counts", "folded"),
    [
        ({"Black": 9, "black ": 1, "BLACK": 2}, {"black ": "Black", "BLACK": "Black"}),
        ({"Full-zip": 3, "Full zip": 1, "full_zip": 1}, {"Full zip": "Full-zip", "full_zip": "Full-zip"}),
        ({"Rosé": 4, "Rose": 1}, {"Rose": "Rosé"}),
        ({"Sneaker": 2, "Sneakers": 9}, {"Sneaker": "Sneakers"}),
        ({"Bang & Olufsen": 2, "Bang and Olufsen": 1}, {"Bang and Olufsen": "Bang & Olufsen"}),
        ({"T.N.T": 1, "TNT": 3}, {"T.N.T": "TNT"}),
        ({"Cotton": 60, "Coton": 1, "Cottno": 2}, {"Coton": "Cotton", "Cottno": "Cotton"}),
    ],
    ids=["case", "joints", "accents", "plural", "and", "points", "slips"],
)  # fmt: skip
def test_fold_takes_for_one_value(counts, folded):
    chosen = fold(Counter(counts))
    assert {text: best for text, best in chosen.items() if text != best} == folded


@pytest.mark.parametrize(
    "counts",
    [
        {"18-55 mm": 3, "1855 mm": 2},
        {"1.5": 4, "15": 9, "-15": 1},
        {"C": 3, "C++": 4, "C#": 1},
        {"Shorts": 9, "Short": 4},
        {"Glass": 3, "Glasses": 4},
        {"Martin": 90, "Marlin": 1},
        {"Symmetric": 80, "Asymmetric": 1},
        {"Cotton": 60, "Cotto": 8},
        {"S/M": 3, "SM": 2},
        {"Model A1": 90, "Model A2": 1},
        {"male": 90, "female": 40},
    ],
    ids=" ".join,
)
def test_fold_leaves_apart(counts):
    chosen = fold(Counter(counts))
    assert all(text == best for text, best in chosen.items())


def test_suspicious_names_pairs_that_nobody_folded():
    assert suspicious([("Cotton", 9), ("Cottno", 2), ("Linen", 4)]) == [("Cotton", "Cottno")]


def test_merges_are_shown_to_the_staff(shop):
    colours = ["Black"] * 30 + ["black", "Blakc"] + ["Red"] * 3
    rows = "\n".join(f"{n},Mug {n},{colour}" for n, colour in enumerate(colours))
    shop.take(f"id,title,colour\n{rows}\n")
    assert {value.label: value.count for value in shop.facet("colour").values}["Black"] == 31
    assert "'Black' also written 'black'" in (shop.folder / "shop.yml").read_text()


def test_the_staff_can_keep_a_spelling_apart(shop):
    feed = "id,title,colour\n1,A,Blues\n2,B,Blue\n3,C,Blues\n4,D,Red\n"
    shop.take(feed)
    assert shop.values("colour")[1] == ("Blues",)
    shop.edit(
        lambda text: text.replace("    label: colour\n", "    label: colour\n    apart: [Blue]\n")
    )
    shop.take(feed)
    assert shop.values("colour")[1] == ("Blue",)
    assert "apart: [Blue]" in (shop.folder / "shop.yml").read_text()
