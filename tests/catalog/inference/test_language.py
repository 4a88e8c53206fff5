"""The language of a catalog."""

# ruff: noqa: E501 - rows are shown as they are

from __future__ import annotations

import pytest

from catalog.feeds.base import RawRow
from catalog.inference.columns import profile
from catalog.inference.language import tongue_of
from catalog.parsing.labels import label_of


def guess(rows: list[dict[str, str]]) -> str:
    made = [RawRow(number=n, cells=dict(row)) for n, row in enumerate(rows, start=1)]
    return tongue_of(profile(made, {}))


@pytest.mark.parametrize(
    ("rows", "language"),
    [
        ([{"title": "Stehlampe", "beschreibung": "Die Lampe für das Wohnzimmer mit Dimmer und Schalter aus Holz"}] * 2, "de"),
        ([{"bezeichnung": "Lampe Tosca", "preis": "19,90", "farbe": "Schwarz", "hersteller": "Lux"}], "de"),
        ([{"title": "Floor lamp", "description": "The lamp for the living room with a dimmer and a switch of wood"}] * 2, "en"),
        ([{"titre": "Lampe", "prix": "5", "couleur": "noir", "text": "La lampe pour le salon avec un variateur et des pieds"}] * 2, "fr"),
        ([{"title": "Barolo Riserva"}, {"title": "Château Margaux"}, {"title": "Mosel Auslese"}], "en"),
        ([{"name": "Das Keyboard 4 Professional for Mac", "price": "5", "color": "Black"}], "en"),
        ([{"x": "1"}], "en"),
    ],
    ids=["german prose", "german columns", "english", "french", "names", "a german brand", "nothing"],
)  # fmt: skip
def test_tongue_of(rows, language):
    assert guess(rows) == language


def test_import_does_not_bend_german_nouns_by_english_rules(shop):
    text = "Die Lampe für das Wohnzimmer mit Dimmer und Schalter aus Holz"
    shop.take(
        "bezeichnung;preis;farbe;beschreibung\n"
        + "\n".join(f"Lampe {n};{n},90;Schwarz;{text} {n}" for n in range(5)),
        "lampen.csv",
    )
    config = shop.stored.config
    assert "lampens" not in config.values() and config["nouns"] in {"products", "Produkte"}


def test_labels_of_a_german_catalog_are_german_nouns():
    assert label_of("farbe", "de") == "Farbe"
    assert label_of("MATERIAL", "de") == "Material"
    assert label_of("maximale_Breite", "de-AT") == "maximale Breite"
    assert label_of("Farbe") == "farbe"


def test_import_labels_a_german_catalog_in_german(shop):
    text = "Die Lampe für das Wohnzimmer mit Dimmer und Schalter aus Holz"
    colours = ("Schwarz", "Weiß", "Rot")
    shop.take(
        "bezeichnung;preis;farbe;beschreibung\n"
        + "\n".join(f"Lampe {n};{n},90;{colours[n % 3]};{text} {n}" for n in range(6)),
        "lampen.csv",
    )
    if shop.stored.config["locale"] != "de":
        pytest.skip("there are no German tables")
    assert (shop.facet("farbe").label, shop.facet("price").label) == ("Farbe", "Preis")
    assert "farbe" in shop.facet("farbe").names and "preis" in shop.facet("price").names
