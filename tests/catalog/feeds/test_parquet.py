"""Parquet feeds."""

from __future__ import annotations

import datetime
import decimal

import pytest

from catalog.errors import FeedError
from catalog.feeds.base import RawRow

pa = pytest.importorskip("pyarrow", reason="Parquet is read by pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def written(folder, columns: dict) -> bytes:
    path = folder / "made.parquet"
    parquet.write_table(pa.table(columns), path)
    return path.read_bytes()


def test_parquet_rows_become_products(shop, tmp_path):
    feed = written(
        tmp_path,
        {
            "id": [1, 2],
            "title": ["Arc lamp", "Desk lamp"],
            "price": [decimal.Decimal("49.90"), None],
            "height_cm": [150.5, 40.0],
            "dimmable": [True, False],
            "tags": [["floor", "steel"], ["desk"]],
            "made": [datetime.date(2020, 1, 2), datetime.date(2021, 1, 2)],
            "spec": [{"colour": "black"}, {"colour": "white"}],
        },
    )
    report = shop.take(feed, "feed.parquet")
    arc = shop.stored.products[0]
    assert (report.format, report.accepted, arc.id, str(arc.price.amount)) == (
        "parquet",
        2,
        "1",
        "49.90",
    )
    assert arc.facets["height_cm"] == (150.5,) and arc.facets["dimmable"] == (True,)
    assert arc.facets["tags"] == ("floor", "steel") and arc.facets["spec_colour"] == ("black",)


def test_parquet_that_unpacks_to_much_more_is_refused(shop, tmp_path):
    repeated = pa.DictionaryArray.from_arrays(
        pa.array([0] * 3000, pa.int32()), pa.array(["x" * 6_000_000])
    )
    feed = written(tmp_path, {"id": list(map(str, range(3000))), "title": repeated})
    assert len(feed) < 30_000_000
    with pytest.raises(FeedError, match="unpacks to more"):
        shop.take(feed, "feed.parquet")


@pytest.mark.parametrize("cut", [4, 40, 200, -8, -1])
def test_parquet_cut_anywhere_is_refused_in_one_line(shop, tmp_path, cut):
    feed = written(tmp_path, {"id": ["1", "2"], "title": ["a", "b"], "colour": ["red", "blue"]})
    with pytest.raises(FeedError) as caught:
        shop.take(feed[:cut], "feed.parquet")
    assert "\n" not in str(caught.value)


def test_more_than_half_a_million_rows_are_refused(read, tmp_path):
    numbers = pa.nulls(500_001, pa.int8())
    with pytest.raises(
        FeedError, match=r"has 500,001 rows and 1 columns; at most 500,000 and 2,000"
    ):
        read(written(tmp_path, {"id": numbers}))


def test_two_thousand_columns_are_read_and_one_more_is_refused(read, tmp_path):
    columns = {f"c{number}": ["x"] for number in range(2001)}
    with pytest.raises(FeedError, match=r"has 1 rows and 2,001 columns"):
        read(written(tmp_path, columns))
    columns.pop("c2000")
    assert len(read(written(tmp_path, columns)).names) == 2000


def test_a_cell_of_five_megabytes_is_read_and_a_longer_one_is_refused(read, tmp_path):
    longest = "x" * (5 * 1024 * 1024)
    assert len(read(written(tmp_path, {"note": [longest, "y"]})).rows) == 2
    with pytest.raises(FeedError, match=r"unpacks to more than is allowed\. Split it"):
        read(written(tmp_path, {"note": [longest + "x", "y"]}))


def test_values_become_texts_and_rows_are_numbered(read, tmp_path):
    feed = read(written(tmp_path, {"a": [b"\xc3\xa4", b"\xff"] * 300, "b": [1, None] * 300}))
    assert [row.number for row in feed.rows] == list(range(1, 601))
    assert list(feed.rows)[:2] == [
        RawRow(number=1, cells={"a": "ä", "b": "1"}),
        RawRow(number=2, cells={"a": "\ufffd"}),
    ]
