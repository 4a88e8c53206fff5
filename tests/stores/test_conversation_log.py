"""Conversations: what was said stands there once, in the order it came, until it is deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from assistant.stores.errors import UnknownConversation
from assistant.stores.rows import utc_now
from assistant.stores.tables import conversations, messages
from assistant.stores.types import State


def test_conversation_is_found_until_it_is_deleted(stores, filling):
    conversation, other = filling.conversation(), filling.conversation()
    assert stores.conversations.find(conversation.id) == conversation
    stores.conversations.delete([conversation.id])
    assert stores.conversations.find(conversation.id) is None
    assert stores.conversations.all_ids() == {other.id}


def test_history_is_what_was_said_in_order(stores, filling):
    conversation = filling.conversation()
    for text in ("red", "white", "rosé"):
        filling.message(conversation, text)
    assert [m.text for m in stores.conversations.history(conversation.id)] == [
        "red",
        "white",
        "rosé",
    ]
    assert [m.number for m in stores.conversations.history(conversation.id, after=1)] == [2, 3]
    assert stores.conversations.message(conversation.id, 2).text == "white"
    assert stores.conversations.message(conversation.id, 4) is None


def test_same_client_message_id_is_one_message(stores, second, filling):
    conversation = filling.conversation()
    first = filling.message(conversation, "red")
    again = filling.message(conversation, "red", by=second)
    assert first.fresh and not again.fresh
    assert again.message == first.message
    assert len(stores.conversations.history(conversation.id)) == 1


def test_two_processes_number_without_gap_or_double(stores, second, filling):
    conversation = filling.conversation()
    texts = [f"{number}" for number in range(30) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        receipts = list(
            threads.map(
                lambda item: filling.message(
                    conversation, item[1], by=(stores, second)[item[0] % 2]
                ),
                enumerate(texts),
            )
        )
    assert sum(receipt.fresh for receipt in receipts) == 30
    assert len({(receipt.message.number, receipt.message.text) for receipt in receipts}) == 30
    history = stores.conversations.history(conversation.id)
    assert [message.number for message in history] == list(range(1, 31))


@pytest.mark.parametrize("text", ["a\x00b", "🍷" * 2000, "'; DROP TABLE messages; --", "\u202e"])
def test_any_text_is_stored(stores, filling, text):
    conversation = filling.conversation()
    receipt = stores.conversations.receive(
        conversation,
        client_message_id="one\x00two",
        text=text,
        choice_id=None,
        label=text,
        state=State.RECEIVED,
    )
    (message,) = stores.conversations.history(conversation.id)
    assert receipt.fresh
    assert message.text == message.label == text.replace("\x00", "\ufffd")


def test_nothing_is_received_for_an_erased_conversation(stores, second, filling):
    conversation = filling.conversation()
    second.conversations.delete([conversation.id])
    with pytest.raises(UnknownConversation, match="erased"):
        filling.message(conversation, "red")


def test_receipt_says_whose_the_conversation_is_now(stores, second, filling):
    shopper_id, _ = stores.shoppers.create()
    conversation = filling.conversation()
    assert filling.message(conversation, "red").shopper_id is None
    second.conversations.link(conversation.id, shopper_id)
    receipt = filling.message(conversation, "white")
    assert (receipt.shopper_id, receipt.consent) == (shopper_id, False)
    second.shoppers.set_consent(shopper_id, granted=True)
    assert filling.message(conversation, "rosé").consent


def test_last_answer_is_no_apology(stores, filling):
    conversation = filling.conversation()
    for text, state in (("red", State.ANSWERED), ("white", State.FAILED)):
        number = filling.message(conversation, text).message.number
        stores.outbox.finish(conversation.id, number, state, f'"{text}"')
    assert stores.conversations.last_answer(conversation.id) == '"red"'


def test_old_is_what_nothing_was_said_in_of_late(stores, filling):
    old, used, new = (filling.conversation() for _ in range(3))
    long_ago = utc_now() - timedelta(hours=3)
    with stores.database.writing() as connection:
        for conversation in (old, used):
            connection.execute(
                sa.update(conversations)
                .where(conversations.c.id == conversation.id)
                .values(created=long_ago)
            )
    filling.message(old, "red")
    filling.message(used, "red")
    with stores.database.writing() as connection:
        connection.execute(
            sa.update(messages).where(messages.c.conversation_id == old.id).values(created=long_ago)
        )
    assert stores.conversations.older_than(2) == [old.id]
    assert stores.conversations.older_than(4) == []
    assert new.id in stores.conversations.all_ids()


def test_erase_deletes_the_conversations_of_one_shopper(stores, filling):
    mine, other = (stores.shoppers.create()[0] for _ in range(2))
    erased = [filling.conversation(mine) for _ in range(3)]
    left = [filling.conversation(other), filling.conversation()]
    for conversation in erased + left:
        filling.message(conversation, "red")
    assert set(stores.conversations.of_shopper(mine)) == {c.id for c in erased}
    assert stores.conversations.erase(mine) == 3
    assert stores.conversations.erase(mine) == 0
    assert stores.conversations.all_ids() == {c.id for c in left}
    assert [len(stores.conversations.history(c.id)) for c in erased + left] == [0, 0, 0, 1, 1]
    assert stores.conversations.find(left[0].id) == left[0]
