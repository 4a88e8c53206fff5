"""The outbox: what the engine is owed, each of it answered once whoever answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.stores.types import State


@pytest.fixture
def conversation(filling):
    conversation = filling.conversation()
    for text in ("open", "red", "dry", "cheap"):
        filling.message(conversation, text)
    return conversation


def test_owed_is_what_has_no_reply_in_order(stores, conversation):
    stores.outbox.finish(conversation.id, 1, State.ANSWERED, "{}")
    stores.outbox.dispatch(conversation.id, 2)
    owed = stores.outbox.owed(conversation.id, 3)
    assert [(message.number, message.state) for message in owed] == [
        (2, State.DISPATCHED),
        (3, State.RECEIVED),
    ]
    stores.outbox.finish(conversation.id, 2, State.FAILED, "{}")
    assert [message.number for message in stores.outbox.owed(conversation.id, 9)] == [3, 4]


def test_missed_is_what_was_only_apologised_for_since_the_last_answer(stores, conversation):
    states = (State.ANSWERED, State.FAILED, State.ANSWERED, State.FAILED)
    for number, state in enumerate(states, start=1):
        stores.outbox.finish(conversation.id, number, state, "{}")
    assert [message.number for message in stores.outbox.missed(conversation.id)] == [4]


def test_first_reply_counts(stores, second, conversation):
    assert stores.outbox.finish(conversation.id, 2, State.ANSWERED, '"first"') == '"first"'
    assert second.outbox.finish(conversation.id, 2, State.FAILED, '"late"') == '"first"'
    message = stores.conversations.message(conversation.id, 2)
    assert (message.state, message.reply) == (State.ANSWERED, '"first"')
    stores.outbox.dispatch(conversation.id, 2)
    assert stores.conversations.message(conversation.id, 2).state is State.ANSWERED


def test_everybody_who_answers_at_once_gets_the_same_reply(stores, second, conversation):
    def answer(number: int) -> str:
        by = (stores, second)[number % 2]
        return by.outbox.finish(conversation.id, 3, State.ANSWERED, f'"{number}"')

    with ThreadPoolExecutor(4) as threads:
        replies = set(threads.map(answer, range(12)))
    assert replies == {stores.conversations.message(conversation.id, 3).reply}


def test_only_what_nobody_has_sent_is_given_up(stores, second, conversation):
    second.outbox.dispatch(conversation.id, 2)
    assert not stores.outbox.give_up(conversation.id, 2, '"sorry"')
    assert stores.outbox.give_up(conversation.id, 3, '"sorry"')
    assert not stores.outbox.give_up(conversation.id, 3, '"sorry again"')
    assert [message.number for message in stores.outbox.owed(conversation.id, 9)] == [1, 2, 4]
    assert [message.number for message in stores.outbox.missed(conversation.id)] == [3]


def test_reply_to_an_erased_conversation_brings_nothing_back(stores, conversation):
    stores.conversations.delete([conversation.id])
    assert stores.outbox.finish(conversation.id, 2, State.ANSWERED, '"late"') == '"late"'
    assert stores.conversations.history(conversation.id) == []


def test_nothing_is_owed_to_an_erased_shopper(stores, filling, conversation):
    shopper_id, _ = stores.shoppers.create()
    mine = filling.conversation(shopper_id)
    filling.message(mine, "red")
    assert stores.outbox.erase(shopper_id) == 1
    assert stores.outbox.owed(mine.id, 9) == []
    assert len(stores.outbox.owed(conversation.id, 9)) == 4


def test_what_the_engine_heard_late_is_not_missed(stores, second, conversation):
    stores.outbox.finish(conversation.id, 1, State.ANSWERED, "{}")
    stores.outbox.finish(conversation.id, 2, State.FAILED, '"sorry"')
    stores.outbox.finish(conversation.id, 3, State.FAILED, '"sorry"')
    second.outbox.heard(conversation.id, 2)
    second.outbox.heard(conversation.id, 1)
    assert [message.number for message in stores.outbox.missed(conversation.id)] == [3]
    states = [message.state for message in stores.conversations.history(conversation.id)]
    assert states[:3] == [State.ANSWERED, State.HEARD, State.FAILED]


def test_late_answer_that_comes_before_its_apology_is_stored_counts(stores, conversation):
    stores.outbox.dispatch(conversation.id, 2)
    stores.outbox.heard(conversation.id, 2)
    assert stores.outbox.finish(conversation.id, 2, State.FAILED, '"sorry"') == '"sorry"'
    assert stores.outbox.missed(conversation.id) == []
