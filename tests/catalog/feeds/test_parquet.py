"""Parquet feeds."""

from __future__ import annotations

import datetime
import decimal

import pytest

from catalog.errors import FeedError

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
