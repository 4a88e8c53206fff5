"""Shoppers known by token, what they agreed to, and the wishes kept with their consent."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.stores.errors import UnknownShopper
from assistant.stores.rows import utc_now
from assistant.stores.tables import profile_facts, shoppers
from assistant.stores.types import Shopper
from catalog.types import Constraint, Operator, Origin, Strength

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from assistant.stores.database import Database


class SqlShopperStore:
    """Shoppers and their profiles in the database; see ``ports.ShopperStore``.

    Every method blocks for a few hundred microseconds: call it in a thread from asynchronous code.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self) -> tuple[str, str]:
        """Make a shopper without consent; returns the id and the token, which is not kept."""
        shopper_id, token = secrets.token_hex(16), secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(
                sa.insert(shoppers).values(
                    id=shopper_id, token_hash=digest(token), consent=False, created=utc_now()
                )
            )
        return shopper_id, token

    def by_token(self, token: str) -> Shopper | None:
        """Find the shopper whose token this is; None for any other text."""
        wanted = digest(token)
        query = sa.select(shoppers).where(shoppers.c.token_hash == wanted)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or not hmac.compare_digest(row.token_hash, wanted):
            return None
        return _shopper(row)

    def get(self, shopper_id: str) -> Shopper | None:
        """Find a shopper by id; None when unknown or erased."""
        with self._database.reading() as connection:
            return _find(connection, shopper_id)

    def set_consent(self, shopper_id: str, *, granted: bool) -> Shopper:
        """Record the shopper's decision; withdrawing it deletes the profile.

        Raises:
            UnknownShopper: nobody has this id.
        """
        with self._database.writing() as connection:
            before = _find(connection, shopper_id, locked=True)
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
        with self._database.reading() as connection:
            return tuple(_constraint(row) for row in connection.execute(query))

    def remember(self, shopper_id: str, constraints: Sequence[Constraint]) -> int:
        """Keep lasting wishes; what was known of the same facets is replaced.

        Returns:
            How many are kept now: none when the shopper is unknown or has not consented.
        """
        if not constraints:
            return 0
        with self._database.writing() as connection:
            # Locked, so that no other process can withdraw consent in between.
            shopper = _find(connection, shopper_id, locked=True)
            if shopper is None or not shopper.consent:
                return 0
            _delete_facets(connection, shopper_id, {constraint.facet for constraint in constraints})
            rows = [_row(shopper_id, constraint) for constraint in dict.fromkeys(constraints)]
            connection.execute(sa.insert(profile_facts), rows)
        return len(rows)

    def forget(self, shopper_id: str, facets: Iterable[str]) -> int:
        """Forget everything about the facets named; returns how many wishes went."""
        with self._database.writing() as connection:
            return _delete_facets(connection, shopper_id, set(facets))

    def forget_all(self, shopper_id: str) -> int:
        """Forget the profile but keep shopper and consent; returns how many wishes went."""
        with self._database.writing() as connection:
            return connection.execute(
                sa.delete(profile_facts).where(profile_facts.c.shopper_id == shopper_id)
            ).rowcount

    def erase(self, shopper_id: str) -> int:
        """Delete the shopper and the profile; 0 when there was nobody to erase."""
        with self._database.writing() as connection:
            return connection.execute(
                sa.delete(shoppers).where(shoppers.c.id == shopper_id)
            ).rowcount


def digest(token: str) -> bytes:
    """What is stored of a token: its SHA-256. Tokens are 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=None)


def _find(connection: Connection, shopper_id: str, *, locked: bool = False) -> Shopper | None:
    query = sa.select(shoppers).where(shoppers.c.id == shopper_id)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
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
        "learnt_at": utc_now(),
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
