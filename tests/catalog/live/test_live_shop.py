"""A shop that changes while it is served."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest

from catalog.errors import FeedError, ShopError
from catalog.ingest.updater import update_shop
from catalog.live.live_shop import LiveShop, ShopSnapshot
from catalog.storage.change_log import LOG
from catalog.storage.load import load_catalog
from catalog.types import Availability, Constraint, Operator


class Letters:
    """Encodes a text by its letters; nothing to load."""

    name = "letters"
    dimension = 26

    def __call__(self, texts):
        return self.encode(texts)

    def encode(self, texts):
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text):
        counts = np.array([text.lower().count(chr(97 + n)) for n in range(26)], dtype=np.float32)
        return counts / max(float(np.linalg.norm(counts)), 1e-9)


def update(shop, text: str, **options):
    return update_shop(shop.folder, shop.write(text, "update.csv"), **options)


def titles(view: ShopSnapshot, query: str, filters=None) -> list[str]:
    return [hit.product.title for hit in view.search.search(query, filters or {}).hits]


@pytest.fixture
def live(shop, lamps) -> LiveShop:
    shop.take(lamps)
    return LiveShop(shop.folder)


def test_a_price_is_seen_in_the_next_turn(shop, live):
    before = live.view
    assert not live.stale()
    report = update(shop, "id,price,stock\nL2,9.99,0\n")
    assert (report.offers, report.changed, report.added) == (1, 0, 0)
    assert live.stale()
    now = live.refresh()
    assert not live.stale()
    lamp = now.catalog.product("L2")
    assert lamp.price.amount == Decimal("9.99")
    assert lamp.facets["price"] == (9.99,)
    assert lamp.availability is Availability.OUT_OF_STOCK
    cheap = Constraint(facet="price", operator=Operator.LT, values=(11.0,))
    assert now.catalog.matches(cheap).tolist() == [False, True, False, False, False, False]
    assert now.catalog.facets["price"].minimum == 9.99
    assert not now.catalog.available[1]
    # A turn that began before goes on with what it began with.
    assert before.catalog.product("L2").price.amount == Decimal("19.50")
    assert before.catalog.available[1]


def test_a_new_product_is_found_in_every_way(shop, live):
    update(shop, "id,title,price,colour,height_cm\nL7,Zeppelin lantern,12,blue,1.2 m\n")
    view = live.refresh()
    assert titles(view, "zeppelin")[0] == "Zeppelin lantern"
    assert titles(view, "L7") == ["Zeppelin lantern"]
    assert titles(view, "", {"colour": ["blue"]}) == ["Zeppelin lantern"]
    assert titles(view, "lantern under 15") == ["Zeppelin lantern"]
    assert [one.text for one in view.search.suggest("zep", 5)] == ["Zeppelin lantern"]
    assert [one.text for one in view.search.suggest("blu", 5)] == ["blue"]
    at = view.search.mentioned("tell me about the zeppelin lantern")
    assert [view.catalog.products[row].id for row in at] == ["L7"]
    assert view.catalog.product("L7").facets[
        "height_cm" if "height_cm" in view.catalog.facets else "height"
    ] == (120.0,)
    assert load_catalog(shop.folder).product("L7") == view.catalog.product("L7")


def test_what_is_gone_is_found_in_no_way(shop, live):
    update(shop, '{"id": "L1", "deleted": true}\n{"id": "L4", "deleted": true}\n')
    view = live.refresh()
    assert len(view.catalog) == 4
    assert view.catalog.position("L1") is None
    assert [view.catalog.position(p.id) for p in view.catalog.products] == [0, 1, 2, 3]
    for query in ("arc lamp", "L1", "arc"):
        assert "Arc lamp" not in titles(view, query)
    assert "Arc lamp" not in [one.text for one in view.search.suggest("arc", 5)]
    assert view.search.mentioned("the arc lamp") == []
    assert view.catalog.facets["colour"].values[0].value in ("White", "Black")
    assert {v.value: v.count for v in view.catalog.facets["colour"].values}["Green"] == 1
    assert titles(view, "white") == ["Desk lamp", "Clip lamp"]


def test_a_renamed_product_is_found_by_its_new_name_only(shop, live):
    update(shop, "id,title\nL3,Heron\n")
    view = live.refresh()
    assert titles(view, "heron") == ["Heron"]
    assert titles(view, "floor") == []
    assert view.catalog.product("L3").price.amount == Decimal("89.00")


def test_no_suggestion_leads_to_nothing_after_updates(shop, live):
    update(shop, "id,deleted,title,colour\nL4,true,,\nL6,yes,,\nL9,,Moon lamp,mauve\n")
    view = live.refresh()
    offered = {
        one for letter in "abcdefghijklmnopqrstuvwxyz" for one in view.search.suggest(letter, 50)
    }
    assert {"Moon lamp", "mauve"} <= {one.text for one in offered}
    for one in offered:
        assert one.count > 0
        assert view.search.search(one.text, {}).total > 0, one


def test_many_updates_one_after_the_other_end_like_a_fresh_load(shop, live):
    draw = np.random.default_rng(3)
    for step in range(25):
        rows = []
        for number in draw.choice(12, 3, replace=False):
            kind = draw.integers(4)
            row = f"L{number}"
            if kind == 0:
                rows.append(
                    f"{row},,{draw.integers(5, 99)},,true"
                    if step % 3 == 0
                    else f"{row},Lamp {step},{draw.integers(5, 99)},Black,"
                )
            else:
                rows.append(
                    f"{row},Lamp {number} {step},{draw.integers(5, 99)},{['Red', 'Blue', 'White'][kind - 1]},"
                )
        try:
            update(shop, "id,title,price,colour,deleted\n" + "\n".join(rows) + "\n")
        except FeedError:
            continue  # every row wanted to remove what was not there
        live.refresh()
    now, fresh = live.view, LiveShop(shop.folder).view
    assert {p.id: p for p in now.catalog.products} == {p.id: p for p in fresh.catalog.products}
    for key in now.catalog.facets:
        left, right = now.catalog.facets[key], fresh.catalog.facets[key]
        assert {v.value: v.count for v in left.values} == {v.value: v.count for v in right.values}
        assert (left.minimum, left.maximum) == (right.minimum, right.maximum)
        counted = sum(key in p.facets for p in now.catalog.products)
        assert now.catalog.known(key).sum() == counted
    for query in ("lamp", "red", "lamp 3", "black lamp", "L5"):
        assert sorted(titles(now, query)) == sorted(titles(fresh, query))


def test_vectors_of_new_products_come_with_the_update(shop, lamps):
    letters = Letters()
    shop.take(lamps, embed=letters)
    live = LiveShop(shop.folder, letters)
    assert live.view.search.meaning("arc") is not None
    report = update(shop, "id,title\nL8,Zzyzx\n", encoder=letters)
    assert report.embedded == 1
    view = live.refresh()
    near = view.search.meaning("zzyzx")
    assert near.shape == (7,)
    assert near.argmax() == 6


def test_vectors_missing_in_an_update_are_made_where_it_is_served(shop, lamps):
    letters = Letters()
    shop.take(lamps, embed=letters)
    live = LiveShop(shop.folder, letters)
    assert update(shop, "id,title\nL8,Zzyzx\n").embedded == 0
    assert live.refresh().search.meaning("zzyzx").argmax() == 6


def test_an_index_of_another_encoder_is_not_used(shop, lamps, caplog):
    shop.take(lamps, embed=Letters())
    other = Letters()
    other.name = "another"
    assert LiveShop(shop.folder, other).view.search.meaning("arc") is None
    assert "Search by meaning is off" in caplog.text


def test_a_new_import_takes_the_place_of_the_old_one(shop, lamps, live):
    update(shop, "id,price\nL1,1.00\n")
    old = live.refresh()
    prepared: list[ShopSnapshot] = []
    live._prepare = prepared.append
    shop.take(lamps.replace("Arc lamp", "Bow lamp"))
    assert live.stale()
    assert live.refresh() is old or live.view.generation != old.generation
    new = live.wait()
    assert new.catalog.products[0].title == "Bow lamp"
    assert new.catalog.product("L1").price.amount == Decimal("49.90")
    assert new.changes == 0
    assert not live.stale()
    assert prepared and prepared[-1].generation == new.generation
    update(shop, "id,price\nL1,2.00\n")
    assert live.refresh().catalog.product("L1").price.amount == Decimal("2.00")


def test_a_broken_new_import_leaves_the_old_one_served(shop, lamps, live):
    shop.take(lamps.replace("Arc lamp", "Bow lamp"))
    path = shop.stored.folder / "products.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert live.wait().catalog.products[0].title == "Arc lamp"
    assert not live.stale()


def test_a_mistake_in_shop_yml_leaves_the_old_state_served(shop, live):
    shop.edit(lambda text: text.replace("noun: ", "nuon: "))
    assert live.wait().catalog.config.noun
    shop.edit(lambda text: text.replace("nuon: lamp", "noun: lantern").replace("nuon: ", "noun: "))
    assert live.wait().catalog.config.noun


def test_turns_go_on_while_the_shop_changes(shop, live):
    stop = threading.Event()
    wrong: list[str] = []

    def shopper() -> None:
        while not stop.is_set():
            view = live.refresh() if live.stale() else live.view
            for hit in view.search.search("lamp", {}).hits:
                if view.catalog.products[hit.position] is not hit.product:
                    wrong.append(hit.product.id)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(shopper) for _ in range(3)]
        for step in range(12):
            update(shop, f"id,title,price\nN{step},Lamp of step {step},{step + 1}\n")
            if step > 2:
                update(shop, f"id,deleted\nN{step - 2},true\n")
        stop.set()
        for one in asked:
            one.result()
    assert not wrong
    assert len(live.refresh().catalog) == 6 + 3


@pytest.mark.parametrize("share", [n / 50 for n in range(50)])
def test_a_log_cut_short_serves_what_is_left(shop, live, share, caplog):
    update(shop, "id,price\nL1,1.00\nL2,2.00\n")
    update(shop, "id,price\nL3,3.00\n")
    path = shop.stored.folder / LOG
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    view = LiveShop(shop.folder).view
    prices = [view.catalog.product(one).price.amount for one in ("L1", "L2", "L3")]
    whole = path.read_bytes().count(b"\n")
    new = [Decimal("1.00"), Decimal("2.00"), Decimal("3.00")]
    old = [Decimal("49.90"), Decimal("19.50"), Decimal("89.00")]
    assert prices == new[:whole] + old[whole:]
    assert "cut short" in caplog.text
    update(shop, "id,price\nL5,5.00\n")
    assert load_catalog(shop.folder).product("L5").price.amount == Decimal("5.00")


@pytest.mark.parametrize("at", range(5, 200, 23))
def test_a_changed_byte_in_the_log_is_noticed(shop, live, at, caplog):
    update(shop, "id,price\nL1,1.00\n")
    path = shop.stored.folder / LOG
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))
    assert live.refresh().catalog.product("L1").price.amount == Decimal("49.90")
    assert "damaged" in caplog.text
    assert not live.stale()


def test_an_update_needs_a_shop(tmp_path):
    (tmp_path / "u.csv").write_text("id,price\nA,1\n")
    with pytest.raises(ShopError, match=r"assistant import"):
        update_shop(tmp_path / "none", tmp_path / "u.csv")
