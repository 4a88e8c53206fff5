"""What the report of an import says first."""

from __future__ import annotations

import pytest

from assistant.cli.importing import _print
from catalog.ingest.importer import import_feed


@pytest.mark.parametrize(
    ("stock", "warned"),
    [
        (("out of stock", "out of stock"), True),
        (("out of stock", "in stock"), False),
        (("", ""), False),
    ],
)
def test_a_feed_in_which_all_is_sold_out_says_so_in_its_first_line(tmp_path, capsys, stock, warned):
    feed = tmp_path / "ladders.csv"
    feed.write_text(
        "id,title,price,availability\n"
        f"l1,Step ladder,40 EUR,{stock[0]}\nl2,Roof ladder,90 EUR,{stock[1]}\n"
    )
    report = import_feed(feed, tmp_path / "shop")
    _print(report, tmp_path / "shop")
    first = capsys.readouterr().out.splitlines()[0]
    assert (report.sold_out, first.startswith("All 2 products are sold out")) == (warned, warned)
