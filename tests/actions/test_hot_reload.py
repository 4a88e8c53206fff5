"""The action server follows its shop."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
import shop_of_fakes as fakes

from actions import services
from actions.hot_reload import ShopReloader
from catalog.ingest.importer import import_feed
from catalog.ingest.updater import update_shop
from catalog.live.live_shop import LiveShop

FEED = "id,title,price,colour\n" + "".join(
    f"L{n},Lamp {n},{n + 10},{('red', 'blue', 'green')[n % 3]}\n" for n in range(9)
)


class Following(ShopReloader):
    """Builds parsers that only say of which products they know."""

    def __init__(self) -> None:
        super().__init__(settings=None, encoder=None)  # type: ignore[arg-type]
        self.built: list[set[str]] = []
        self.may_build = threading.Event()
        self.may_build.set()

    def _known(self, view):
        return ()

    def _build(self, view):
        self.may_build.wait(10)
        self.built.append({product.id for product in view.catalog.products})
        return fakes.Parser()


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "feed.csv").write_text(FEED)
    import_feed(tmp_path / "feed.csv", tmp_path / "shop")
    return tmp_path


@pytest.fixture
def follower(shop):
    follower = Following()
    live = LiveShop(shop / "shop", prepare=follower.prepare)
    follower.begin(live, lambda language: None)
    fakes.install(advisor=follower.advisor(live.view), follow=follower)
    return follower


def update(shop, text: str) -> None:
    (shop / "update.csv").write_text(text)
    update_shop(shop / "shop", shop / "update.csv")


def until(true) -> None:
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never happened")


def test_nothing_new_changes_nothing(follower):
    before = services.get()
    assert services.fresh() is before


def test_a_price_is_in_the_next_turn_and_needs_no_new_parser(shop, follower):
    parser = services.get().parser
    update(shop, "id,price\nL1,1.5\n")
    parts = services.fresh()
    assert parts.advisor.catalog.product("L1").price.amount == Decimal("1.50")
    assert services.get() is parts
    assert parts.parser is parser
    assert follower.built == []


def test_a_new_product_is_in_the_next_turn_and_its_words_follow(shop, follower):
    follower.may_build.clear()
    before = services.get().parser
    update(shop, "id,title,price\nN1,Quetzal,5\n")
    parts = services.fresh()
    assert parts.products == 10
    assert [hit.product.id for hit in parts.advisor.search.search("quetzal", {}).hits] == ["N1"]
    assert parts.parser is before
    update(shop, "id,title,price\nN2,Heron,5\n")
    assert services.fresh().products == 11
    follower.may_build.set()
    until(lambda: services.fresh().parser is not before)
    assert {"N1", "N2"} <= follower.built[-1]


def test_a_new_import_comes_with_its_parser(shop, follower):
    before = services.get()
    (shop / "feed.csv").write_text(FEED.replace("Lamp 3", "Heron"))
    import_feed(shop / "feed.csv", shop / "shop")
    until(lambda: services.fresh().advisor.catalog.product("L3").title == "Heron")
    assert services.get().parser is not before.parser
    assert len(follower.built) == 1
