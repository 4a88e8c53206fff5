"""A sale begins and ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.live import live_shop
from catalog.live.live_shop import LiveShop
from catalog.sales import next_change, price_at, priced_at
from catalog.types import Availability, Product, Sale, Variant
from tests.catalog.goods import money

START, END = datetime(2031, 5, 1, tzinfo=UTC), datetime(2031, 6, 1, tzinfo=UTC)
MAY = Sale(price=money("15.00"), starts=START, ends=END)


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        (START - timedelta(seconds=1), "20.00"),
        (START, "15.00"),
        (END - timedelta(seconds=1), "15.00"),
        (END, "20.00"),
    ],
)
def test_the_sale_price_holds_from_the_first_moment_to_the_last(moment, price):
    assert price_at(money("20.00"), MAY, moment) == money(price)


def test_a_sale_that_is_no_lower_is_none():
    assert price_at(money("15.00"), MAY, START) == money("15.00")
    assert price_at(money("20.00"), Sale(price=money("0.00")), START) == money("20.00")
    assert price_at(None, MAY, START) == money("15.00")
    assert price_at(money("20.00"), None, START) == money("20.00")


def trowel(**more):
    shape = {"price": money("20.00"), "regular_price": money("20.00"), "sale": MAY}
    return Product(id="T", title="Trowel", facets={"price": (20.0,)}, **{**shape, **more})


def test_a_product_follows_with_its_facet_and_is_left_alone_else():
    product = trowel()
    assert priced_at(product, START - timedelta(days=1)) is product
    cheaper = priced_at(product, START)
    assert (cheaper.price, cheaper.facets["price"]) == (money("15.00"), (15.0,))
    assert priced_at(cheaper, END) == product


def test_the_price_of_a_product_is_that_of_its_cheapest_variant_of_the_day():
    def form(id, price, sale=None):
        return Variant(
            id=id,
            title=id,
            price=money(price),
            availability=Availability.IN_STOCK,
            facets={"price": (float(price),)},
            regular_price=money(price) if sale else None,
            sale=sale,
        )

    product = trowel(
        sale=None, regular_price=None, variants=(form("a", "20.00", MAY), form("b", "18.00"))
    )
    product = priced_at(product, START - timedelta(days=1))
    during = priced_at(product, START)
    assert (during.price, during.facets["price"]) == (money("15.00"), (15.0,))
    assert [variant.price for variant in during.variants] == [money("15.00"), money("18.00")]


def test_the_next_change_is_the_nearest_to_come():
    later = trowel(sale=Sale(price=money("1.00"), starts=END + timedelta(days=9)))
    products = [trowel(), later, trowel(sale=None)]
    assert next_change(products, START - timedelta(days=1)) == START
    assert next_change(products, START) == END
    assert next_change(products, END + timedelta(days=10)) is None


def test_an_open_shop_changes_its_price_on_the_day(shop, monkeypatch):
    rows = [f"P{n},Plate {n},{20 + n}.00,10.00,2031-05-01,2031-05-31" for n in range(4)]
    header = "id,title,price,sale_price,sale_start_date,sale_end_date"
    shop.take("\n".join([header, *rows]))

    class Clock(datetime):
        moment = datetime(2031, 4, 30, 12, tzinfo=UTC)

        @classmethod
        def now(cls, zone=None):
            return cls.moment.astimezone(zone) if zone else cls.moment

    monkeypatch.setattr(live_shop, "datetime", Clock)
    live = LiveShop(shop.folder)
    assert live.view.catalog.product("P0").price.amount == Decimal(20)
    assert not live.stale()
    Clock.moment = datetime(2031, 5, 2, tzinfo=UTC)
    assert live.stale()
    now = live.refresh().catalog
    assert [product.price.amount for product in now.products] == [Decimal(10)] * 4
    assert now.facets["price"].maximum == 10.0
    assert not live.stale()
    Clock.moment = datetime(2031, 6, 2, tzinfo=UTC)
    assert live.refresh().catalog.product("P3").price.amount == Decimal(23)


def test_a_sale_whose_days_cannot_be_read_never_begins(shop):
    rows = [f"P{n},Plate {n},20.00,10.00,soon,2031-05-31" for n in range(4)]
    shop.take("\n".join(["id,title,price,sale_price,sale_start_date,sale_end_date", *rows]))
    assert {str(product.price.amount) for product in shop.stored.products} == {"20.00"}
