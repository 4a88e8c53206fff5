"""Shoppers known by token, what they agreed to, and the wishes kept with their consent."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from assistant.stores.database import open_database
from assistant.stores.errors import StoreUnavailable, UnknownShopper
from assistant.stores.tables import profile_facts, shoppers
from assistant.stores.types import Shopper
from catalog.types import Constraint, Operator, Origin, Strength

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine


class ShopperStore:
    """Shoppers and their profiles in the shared database file.

    Every method blocks for a few hundred microseconds: call it in a thread from asynchronous code.
    Any number of threads and processes may use the same file.

    Args:
        database: the file, which is made when it is missing, or an engine from ``open_database``.
    """

    def __init__(self, database: Path | Engine) -> None:
        self._engine = open_database(database) if isinstance(database, Path) else database

    def create(self) -> tuple[str, str]:
        """Make a shopper without consent; returns the id and the token, which is not kept."""
        shopper_id, token = secrets.token_hex(16), secrets.token_urlsafe(32)
        with self._transaction() as connection:
            connection.execute(
                sa.insert(shoppers).values(
                    id=shopper_id, token_hash=digest(token), consent=False, created=_now()
                )
            )
        return shopper_id, token

    def by_token(self, token: str) -> Shopper | None:
        """Find the shopper whose token this is; None for any other text."""
        wanted = digest(token)
        query = sa.select(shoppers).where(shoppers.c.token_hash == wanted)
        with self._transaction() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or not hmac.compare_digest(row.token_hash, wanted):
            return None
        return _shopper(row)

    def get(self, shopper_id: str) -> Shopper | None:
        """Find a shopper by id; None when unknown or erased."""
        with self._transaction() as connection:
            return _find(connection, shopper_id)

    def set_consent(self, shopper_id: str, *, granted: bool) -> Shopper:
        """Record the shopper's decision; withdrawing it deletes the profile.

        Raises:
            UnknownShopper: nobody has this id.
        """
        with self._transaction() as connection:
            before = _find(connection, shopper_id)
            if before is None:
                raise UnknownShopper(
                    f"No shopper has the id {shopper_id!r}; it may have been erased."
                )
            if before.consent == granted:
                return before
            since = datetime.now(UTC) if granted else None
            connection.execute(
                sa.update(shoppers)
                .where(shoppers.c.id == shopper_id)
                .values(consent=granted, consent_since=_naive(since))
            )
            if not granted:
                connection.execute(
                    sa.delete(profile_facts).where(profile_facts.c.shopper_id == shopper_id)
                )
        return Shopper(id=shopper_id, consent=granted, since=since)

    def profile(self, shopper_id: str) -> tuple[Constraint, ...]:
        """Everything remembered of the shopper, oldest first; empty without consent."""
        query = (
            sa.select(profile_facts)
            .join(shoppers, shoppers.c.id == profile_facts.c.shopper_id)
            .where(profile_facts.c.shopper_id == shopper_id, shoppers.c.consent)
            .order_by(profile_facts.c.id)
        )
        with self._transaction() as connection:
            return tuple(_constraint(row) for row in connection.execute(query))

    def remember(self, shopper_id: str, constraints: Sequence[Constraint]) -> int:
        """Keep lasting wishes; what was known of the same facets is replaced.

        Returns:
            How many are kept now: none when the shopper is unknown or has not consented.
        """
        if not constraints:
            return 0
        with self._transaction() as connection:
            # The write comes first, so that no other process can withdraw consent in between.
            _delete_facets(connection, shopper_id, {constraint.facet for constraint in constraints})
            known = _find(connection, shopper_id)
            if known is None or not known.consent:
                return 0
            rows = [_row(shopper_id, constraint) for constraint in dict.fromkeys(constraints)]
            connection.execute(sa.insert(profile_facts), rows)
        return len(rows)

    def forget(self, shopper_id: str, facets: Iterable[str]) -> int:
        """Forget everything about the facets named; returns how many wishes went."""
        with self._transaction() as connection:
            return _delete_facets(connection, shopper_id, set(facets))

    def forget_all(self, shopper_id: str) -> int:
        """Forget the profile but keep shopper and consent; returns how many wishes went."""
        with self._transaction() as connection:
            return connection.execute(
                sa.delete(profile_facts).where(profile_facts.c.shopper_id == shopper_id)
            ).rowcount

    def erase(self, shopper_id: str) -> bool:
        """Delete the shopper and the profile; False when there was nobody to erase.

        The rows are gone and overwritten; ``database.scrub`` also removes what SQLite may have left
        between pages, and the gateway erases the conversations.
        """
        with self._transaction() as connection:
            found = connection.execute(sa.delete(shoppers).where(shoppers.c.id == shopper_id))
            return found.rowcount > 0

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            # The cause may quote values of the row, so it stays out of the message.
            raise StoreUnavailable(
                f"The shoppers' database cannot be used now ({type(error).__name__}); "
                "try again shortly."
            ) from None


def digest(token: str) -> bytes:
    """What is stored of a token: its SHA-256. Tokens are 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=None)


def _find(connection: Connection, shopper_id: str) -> Shopper | None:
    row = connection.execute(sa.select(shoppers).where(shoppers.c.id == shopper_id)).one_or_none()
    return None if row is None else _shopper(row)


def _shopper(row: sa.Row[tuple[object, ...]]) -> Shopper:
    since = row.consent_since if row.consent else None
    return Shopper(
        id=row.id, consent=row.consent, since=None if since is None else since.replace(tzinfo=UTC)
    )


def _delete_facets(connection: Connection, shopper_id: str, facets: set[str]) -> int:
    return connection.execute(
        sa.delete(profile_facts).where(
            profile_facts.c.shopper_id == shopper_id, profile_facts.c.facet.in_(facets)
        )
    ).rowcount


def _row(shopper_id: str, constraint: Constraint) -> dict[str, object]:
    return {
        "shopper_id": shopper_id,
        "facet": constraint.facet,
        "operator": constraint.operator.value,
        "values": list(constraint.values),
        "unit": constraint.unit,
        "strength": constraint.strength.value,
        "learnt_at": _now(),
    }


def _constraint(row: sa.Row[tuple[object, ...]]) -> Constraint:
    return Constraint(
        facet=row.facet,
        operator=Operator(row.operator),
        values=tuple(row.values),
        unit=row.unit,
        strength=Strength(row.strength),
        origin=Origin.PROFILE,
        lasting=True,
    )
