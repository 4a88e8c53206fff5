"""Feeds too large to be held: the same products come out as of small ones."""

from __future__ import annotations

import io
import json

import pytest

from catalog.errors import FeedError
from catalog.feeds import base, json_feed, json_stream, rows
from catalog.feeds.base import RawRow
from catalog.feeds.json_stream import JsonStream
from catalog.feeds.rows import Rows
from catalog.storage.product_lines import ProductFile, product_id, product_line
from catalog.types import Product


def raw(count: int) -> list[RawRow]:
    return [
        RawRow(
            number=n, cells={"title": f"Müg \ud800{n}", "tags": ("a", "b")}, group="g", problem="p"
        )
        for n in range(1, count + 1)
    ]


@pytest.fixture
def tiny(monkeypatch):
    """Everything goes to files at once."""
    monkeypatch.setattr(rows, "IN_MEMORY", 500)
    monkeypatch.setattr(json_feed, "_AT_ONCE", 10)
    monkeypatch.setattr(json_feed, "HEAD", 10)
    monkeypatch.setattr(json_stream, "_CHUNK", 7)


@pytest.mark.usefixtures("tiny")
def test_rows_come_back_from_the_file_as_they_were():
    kept = Rows(raw(50))
    assert len(kept) == 50 and list(kept) == raw(50) and kept.first == raw(1)[0]


@pytest.mark.usefixtures("tiny")
def test_rows_can_be_read_by_several_at_once():
    kept = Rows(raw(300))
    pairs = zip(kept, kept, strict=True)
    assert all(one == other for one, other in pairs)


def test_rows_are_refused_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(rows, "MAX_ROWS", 10)
    with pytest.raises(FeedError, match="more than 10 rows"):
        Rows(raw(11))
    assert base.MAX_ROWS == 500_000


ENTRIES = [{"id": str(n), "title": f"Lamp {n}", "price": str(n + 1), "colour": "red"} for n in range(40)]  # fmt: skip
SHAPES = {
    "array": json.dumps(ENTRIES),
    "indented": json.dumps(ENTRIES, indent=3),
    "inside": json.dumps({"shop": {"name": "x"}, "none": [], "data": {"products": ENTRIES}, "more": [1, {"a": 2}]}),
    "lines": "\n".join(map(json.dumps, ENTRIES)) + "\n",
    "wide": json.dumps(ENTRIES, ensure_ascii=False).replace("Lamp", "Lämpchen"),
}  # fmt: skip


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("shape", SHAPES)
def test_json_is_read_in_pieces_whatever_its_shape(shop, shape):
    report = shop.take(SHAPES[shape], "feed.json")
    assert (report.read, report.accepted) == (40, 40)
    assert [product.id for product in shop.stored.products] == [str(n) for n in range(40)]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("shape", ["array", "inside"])
def test_json_cut_anywhere_is_refused(shop, shape, cut):
    text = SHAPES[shape]
    with pytest.raises(FeedError):
        shop.take(text[: int(len(text) * cut)], "feed.json")


def test_json_stream_reads_values_across_pieces(monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK", 1)
    text = '{"a": [ {"x": "\\u00e9\\"]"} , {"y": 12345} ], "b": [{"z": [1, [2]]}], "c": 17}'
    found = list(JsonStream(io.StringIO(text), json.JSONDecoder().raw_decode).lists())
    assert found == [(1, {"x": 'é"]'}), (1, {"y": 12345}), (2, {"z": [1, [2]]})]


def test_json_stream_refuses_an_endless_entry(monkeypatch):
    monkeypatch.setattr(json_stream, "LONGEST_ENTRY", 100)
    monkeypatch.setattr(json_stream, "_CHUNK", 10)
    text = '[{"a": "' + "x" * 1000 + '"}]'
    with pytest.raises(json_stream.TooLong):
        list(JsonStream(io.StringIO(text), json.JSONDecoder().raw_decode).lists())


def test_products_come_back_from_the_file_as_they_were():
    kept = ProductFile()
    made = [
        Product(id=f'p"{n}', title=f"Krüg {n}", facets={"a": (True, 2.0, "x")}) for n in range(20)
    ]
    for product in made:
        kept.add(product)
    assert list(kept) == made and len(kept) == 20
    assert [product_id(line) for line in kept.lines()] == [product.id for product in made]
    assert product_id(json.dumps({"title": "a", "id": "7"})) == "7"
    assert product_line(made[0]).endswith("\n")


def test_rows_of_a_product_may_stand_apart(shop):
    shop.take(
        "id,item_group_id,title,colour\n"
        "1,A,Mug,red\n2,B,Cup,red\n3,,Jug,blue\n4,A,Mug,blue\n5,B,Cup,green\n6,A,Mug,green\n"
    )
    products = shop.stored.products
    assert [(product.title, len(product.variants)) for product in products] == [
        ("Mug", 3),
        ("Cup", 2),
        ("Jug", 0),
    ]
