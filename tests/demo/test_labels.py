from dataclasses import replace

import pytest
from lxml import etree

from assistant.demo.labels import draw_bottle


def test_every_wine_has_a_small_well_formed_picture(shop_folder, rows):
    for row in rows:
        text = (shop_folder / "images" / row["image"]).read_bytes()
        assert len(text) <= 4096
        assert etree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


def test_pictures_load_nothing_and_run_nothing(wines):
    for wine in wines:
        picture = draw_bottle(wine).replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not any(
            word in picture for word in ("<script", "http", "href", "@import", "onload", "<image")
        )


@pytest.mark.parametrize(
    "name", ["Smith & Sons", "<script>alert(1)</script>", 'The "Best"', "O'Hara ]]>"]
)
def test_names_are_escaped(wines, name):
    picture = draw_bottle(replace(wines[0], producer=name, label=name))
    text = "".join(etree.fromstring(picture.encode()).itertext())
    assert all(word in text for word in name.split())


def test_label_shows_producer_name_and_vintage(wines):
    for wine in wines[:40]:
        words = " ".join(etree.fromstring(draw_bottle(wine).encode()).itertext()).split()
        assert set(f"{wine.producer} {wine.label} {wine.vintage or ''}".split()) <= set(words)
