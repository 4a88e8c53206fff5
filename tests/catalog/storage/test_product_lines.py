"""Products come back from their lines as they went in."""

import json

import pytest

from catalog.errors import FeedError
from catalog.storage.product_lines import (
    ProductFile,
    product_from_json,
    product_id,
    product_line,
    product_to_json,
)
from tests.catalog.goods import RAKE, TOOLS, money, tool


@pytest.mark.parametrize("product", TOOLS, ids=lambda product: product.id)
def test_a_product_comes_back_as_it_was(product):
    assert product_from_json(json.loads(product_line(product))) == product


def test_cents_are_kept_to_the_last_place():
    product = tool("P", "Pin", price=money("0.0050"))
    assert product_to_json(product)["price"]["amount"] == "0.0050"


def test_the_id_is_read_without_the_rest():
    assert product_id(product_line(tool('a "b"', "x"))) == 'a "b"'
    assert product_id('{"id": "x", cut') == "x"
    assert product_id('{"title": "t", "id": "late"}') == "late"


def test_a_file_of_products_is_read_any_number_of_times_and_grows():
    file = ProductFile()
    file.add(RAKE)
    assert list(file) == [RAKE]
    file.add(TOOLS[1])
    assert [product.id for product in file] == ["R-100", "S-200"]
    assert [product.id for product in file] == ["R-100", "S-200"]
    assert len(file) == 2


def test_half_a_letter_does_not_stop_an_import():
    file = ProductFile()
    file.add(tool("s", "half \ud83d of it"))
    assert next(iter(file)).id == "s"


def test_a_full_disk_is_said(monkeypatch):
    file = ProductFile()

    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(file, "_file", Full())
    with pytest.raises(FeedError, match=r"No space left.*TMPDIR"):
        file.add(RAKE)
