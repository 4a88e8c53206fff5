"""The catalog over HTTP while the shop changes."""

from __future__ import annotations

import asyncio

import pytest

from assistant.gateway.catalog_api import Shop
from catalog.ingest.importer import import_feed
from catalog.ingest.updater import update_shop

FEED = "id,title,price,colour\n" + "".join(
    f"L{n},Lamp {n},{n + 10},{('red', 'blue', 'green')[n % 3]}\n" for n in range(9)
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "lamps"
    (tmp_path / "feed.csv").write_text(FEED)
    import_feed(tmp_path / "feed.csv", folder)
    return folder


@pytest.fixture
async def lamps(serve, settings, stub, folder):
    async with serve(settings, Shop.load(folder), stub) as running:
        yield running.client


async def test_an_update_is_in_the_next_answer(lamps, folder, tmp_path):
    assert (await lamps.get("/api/products/L1")).json()["price"]["amount"] == "11.00"
    rows = "id,title,price,stock,deleted\nL1,,8.5,0,\nL2,,,,true\nN1,Quetzal,3,,\n"
    (tmp_path / "update.csv").write_text(rows)
    update_shop(folder, tmp_path / "update.csv")
    lamp = (await lamps.get("/api/products/L1")).json()
    assert (lamp["price"]["amount"], lamp["availability"]) == ("8.50", "out_of_stock")
    assert (await lamps.get("/api/products/L2")).status_code == 404
    assert (await lamps.get("/api/products")).json()["total"] == 9
    found = (await lamps.get("/api/search", params={"q": "quetzal under 5"})).json()
    assert [product["id"] for product in found["products"]] == ["N1"]
    assert found["understood"][0][0] == {
        "facet": "price",
        "operator": "<=",
        "values": [5.0],
        "unit": "USD",
    }
    typed = (await lamps.get("/api/suggest", params={"q": "quet"})).json()["suggestions"]
    assert [one["text"] for one in typed] == ["Quetzal"]


async def test_a_new_import_is_served_without_a_restart(lamps, folder, tmp_path):
    (tmp_path / "feed.csv").write_text(FEED.replace("Lamp 3", "Heron"))
    import_feed(tmp_path / "feed.csv", folder)
    for _ in range(500):  # it is read beside the requests, which go on meanwhile
        if (await lamps.get("/api/products/L3")).json()["title"] == "Heron":
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("the new import was never served")
