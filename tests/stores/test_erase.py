"""Erasing a shopper: no table that names one is forgotten."""

from __future__ import annotations

from inspect import getmembers, isclass
from typing import get_type_hints

import pytest
import sqlalchemy as sa

from assistant.stores import ports
from assistant.stores.stores import Stores
from assistant.stores.tables import metadata

VALUES = {str: "a", int: 1, float: 1.0, bool: False}
"""A value for a column of each kind that no rule below fills."""


def names_a_shopper(table: sa.Table) -> bool:
    """Whether rows of it belong to one shopper: itself, or through the row that they hang on."""
    return table.name == "shoppers" or any(
        "shopper" in column.name or "conversation" in column.name or column.foreign_keys
        for column in table.columns
    )


def value_of(column: sa.Column, owner: str) -> object:
    """A value for a column, such that the row can be told from another shopper's."""
    kind = column.type.python_type
    names_owner = "shopper" in column.name or "conversation" in column.name
    if kind is str and (names_owner or column.primary_key or column.foreign_keys or column.unique):
        return owner
    if kind is bytes:
        return owner.encode()
    if isinstance(column.type, sa.JSON):
        return []
    return VALUES.get(kind, sa.func.current_timestamp())


def row_of(table: sa.Table, owner: str) -> dict[str, object]:
    """A row of the table for a shopper, whose conversations are named like the shopper."""
    return {
        column.name: value_of(column, owner)
        for column in table.columns
        if column is not table.autoincrement_column
    }


def rows_left(stores, owner: str) -> list[str]:
    """Tables that still have the row of a shopper."""
    with stores.database.reading() as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(owner in row for row in connection.execute(sa.select(table)))
        ]


@pytest.fixture
def filled(stores):
    with stores.database.writing() as connection:
        for owner in ("mine", "other"):
            for table in filter(names_a_shopper, metadata.sorted_tables):
                connection.execute(sa.insert(table).values(row_of(table, owner)))
    return stores


def test_every_table_that_names_a_shopper_is_erased(filled):
    everywhere = rows_left(filled, "mine")
    assert set(everywhere) >= {"shoppers", "profile_facts", "conversations", "messages"}
    assert everywhere == rows_left(filled, "other")
    assert filled.erase("mine") > 0
    assert rows_left(filled, "mine") == []
    assert rows_left(filled, "other") == everywhere


def test_erasing_nobody_is_nothing(filled):
    assert filled.erase("nobody") == 0


def test_a_table_that_nobody_erases_is_seen(filled):
    """The test above is no good if it cannot see one."""
    lists = sa.Table(
        "wish_lists", metadata, sa.Column("shopper", sa.String), sa.Column("n", sa.Float)
    )
    try:
        assert names_a_shopper(lists)
        lists.create(filled.database.engine)
        with filled.database.writing() as connection:
            connection.execute(sa.insert(lists).values(row_of(lists, "mine")))
        filled.erase("mine")
        assert rows_left(filled, "mine") == ["wish_lists"]
    finally:
        metadata.remove(lists)


def test_every_store_can_erase_and_is_asked_to(stores):
    every_port = {
        port
        for _, port in getmembers(ports, isclass)
        if port.__module__ == ports.__name__ and port is not ports.Erasable
    }
    assert [port for port in every_port if ports.Erasable not in port.__mro__] == []
    fields = {name: kind for name, kind in get_type_hints(Stores).items() if kind in every_port}
    assert set(fields.values()) == every_port
    asked = [id(store) for store in stores.in_order_of_erasing()]
    assert sorted(asked) == sorted(id(getattr(stores, name)) for name in fields)
