"""Stores on an empty database, and what they are filled with."""

from __future__ import annotations

import secrets

import pytest

from assistant.stores.stores import Stores
from assistant.stores.types import State, StoredConversation


@pytest.fixture
def stores(database_url):
    opened = Stores.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def second(stores, database_url):
    """What another process has open."""
    opened = Stores.open(database_url)
    yield opened
    opened.close()


class Filling:
    """Puts things into stores as the gateway does."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores

    def conversation(self, shopper_id: str | None = None) -> StoredConversation:
        conversation = StoredConversation(
            id=secrets.token_hex(16),
            token_hash=secrets.token_bytes(32),
            shopper_id=shopper_id,
            locale="en",
        )
        self.stores.conversations.open(conversation)
        return conversation

    def message(self, conversation: StoredConversation, text: str, *, by: Stores | None = None):
        return (by or self.stores).conversations.receive(
            conversation,
            client_message_id=text,
            text=text,
            choice_id=None,
            label=None,
            state=State.RECEIVED,
        )


@pytest.fixture
def filling(stores) -> Filling:
    return Filling(stores)
