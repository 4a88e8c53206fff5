"""Shoppers are known by token; nothing is kept of them without consent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from assistant.stores.errors import UnknownShopper
from assistant.stores.tables import shoppers
from catalog.types import Constraint, Operator, Origin, Strength


def wish(facet: str, *values, operator=Operator.EQ, **more) -> Constraint:
    return Constraint(facet=facet, operator=operator, values=values, **more)


@pytest.fixture
def store(stores):
    return stores.shoppers


@pytest.fixture
def consenting(store) -> str:
    shopper_id, _ = store.create()
    store.set_consent(shopper_id, granted=True)
    return shopper_id


def test_shopper_is_known_by_token_only(store, stores):
    shopper_id, token = store.create()
    assert store.by_token(token).id == shopper_id
    assert store.by_token(shopper_id) is None
    assert store.by_token("") is None
    assert store.by_token("\ud800") is None
    with stores.database.reading() as connection:
        assert token not in str(connection.execute(sa.select(shoppers)).all())


def test_consent_is_off_until_given(store):
    shopper_id, _ = store.create()
    assert not store.get(shopper_id).consent
    after = store.set_consent(shopper_id, granted=True)
    assert after.consent and after.since is not None
    assert store.get(shopper_id) == after
    assert store.set_consent(shopper_id, granted=True) == after


def test_nothing_is_remembered_without_consent(store):
    shopper_id, _ = store.create()
    assert store.remember(shopper_id, [wish("vegan", True)]) == 0
    store.set_consent(shopper_id, granted=True)
    assert store.profile(shopper_id) == ()


def test_profile_gives_back_what_was_remembered(store, consenting):
    wishes = (
        wish("price", 10.0, 20.5, operator=Operator.BETWEEN, unit="EUR", strength=Strength.PREFER),
        wish("vegan", True),
        wish("colour", "red", "rosé", operator=Operator.NOT_IN),
    )
    assert store.remember(consenting, wishes) == 3
    wishes_left = store.profile(consenting)
    assert [(w.facet, w.operator, w.values, w.unit, w.strength) for w in wishes_left] == [
        (w.facet, w.operator, w.values, w.unit, w.strength) for w in wishes
    ]
    assert all(w.origin is Origin.PROFILE and w.lasting for w in wishes_left)
    assert [type(v) for w in wishes_left for v in w.values] == [float, float, bool, str, str]


def test_new_wish_replaces_the_old_one_of_its_facet(store, consenting):
    store.remember(consenting, [wish("colour", "red"), wish("vegan", True)])
    store.remember(consenting, [wish("colour", "white"), wish("colour", "rosé")])
    assert [(w.facet, w.values) for w in store.profile(consenting)] == [
        ("vegan", (True,)),
        ("colour", ("white",)),
        ("colour", ("rosé",)),
    ]


def test_forget_takes_facets_back(store, consenting):
    store.remember(consenting, [wish("colour", "red"), wish("vegan", True), wish("size", "L")])
    assert store.forget(consenting, ["colour", "nose"]) == 1
    assert [w.facet for w in store.profile(consenting)] == ["vegan", "size"]
    assert store.forget_all(consenting) == 2
    assert store.profile(consenting) == ()
    assert store.get(consenting).consent


def test_withdrawn_consent_deletes_the_profile(store, consenting):
    store.remember(consenting, [wish("vegan", True)])
    store.set_consent(consenting, granted=False)
    assert store.get(consenting).since is None
    store.set_consent(consenting, granted=True)
    assert store.profile(consenting) == ()


def test_erased_shopper_is_unknown(store):
    shopper_id, token = store.create()
    assert store.erase(shopper_id)
    assert not store.erase(shopper_id)
    assert store.by_token(token) is None
    assert store.remember(shopper_id, [wish("vegan", True)]) == 0
    with pytest.raises(UnknownShopper, match="may have been erased"):
        store.set_consent(shopper_id, granted=True)


def test_profiles_do_not_mix(store, consenting):
    other, _ = store.create()
    store.set_consent(other, granted=True)
    store.remember(consenting, [wish("vegan", True)])
    store.remember(other, [wish("colour", "red")])
    store.forget_all(other)
    assert [w.facet for w in store.profile(consenting)] == ["vegan"]


def test_two_programs_share_one_database(store, second, consenting):
    second.shoppers.remember(consenting, [wish("vegan", True)])
    assert [w.facet for w in store.profile(consenting)] == ["vegan"]
    store.set_consent(consenting, granted=False)
    assert second.shoppers.remember(consenting, [wish("colour", "red")]) == 0


def test_nothing_is_remembered_once_consent_is_withdrawn_meanwhile(store, second, consenting):
    """However the two fall together, no wish is left without consent."""
    for _ in range(10):
        store.set_consent(consenting, granted=True)
        with ThreadPoolExecutor(2) as threads:
            threads.submit(second.shoppers.remember, consenting, [wish("vegan", True)])
            threads.submit(store.set_consent, consenting, granted=False)
        store.set_consent(consenting, granted=True)
        assert store.profile(consenting) == ()
