"""Conversations on SQLite: every event is kept, only the end of a conversation is read.

A turn needs two things of the past: what the conversation has come to (the slots) and its last few events, so that the
rules see a conversation that is under way. Both are read by key, so turn 1,000 costs what turn 5 costs.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.pool import StaticPool

NUMBER = "number"
"""Key in a message's metadata: its number in the conversation, which makes a turn known again."""
TAIL = 6
"""Events read of an old conversation: about one turn."""
STORED = "_stored_events"
"""Attribute of a tracker: how many of its events are in the database already."""
OWNER_ONLY = 0o600
"""Mode of the file: what shoppers say is for the assistant's own account."""
PRAGMAS = (
    "auto_vacuum=INCREMENTAL",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=1500",
    "secure_delete=ON",
    "wal_autocheckpoint=400",
)

READ_TAIL = sa.text(
    "SELECT data FROM events WHERE sender_id = :sender ORDER BY id DESC LIMIT :tail"
)
READ_ALL = sa.text("SELECT data FROM events WHERE sender_id = :sender ORDER BY id")
READ_SLOTS = sa.text("SELECT slots FROM snapshots WHERE sender_id = :sender")
ADD_EVENT = sa.text(
    "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data)"
    " VALUES (:sender, :type, :timestamp, :intent, :action, :data)"
)
SET_SLOTS = sa.text(
    "INSERT INTO snapshots (sender_id, slots, changed) VALUES (:sender, :slots, :changed)"
    " ON CONFLICT (sender_id) DO UPDATE SET slots = excluded.slots, changed = excluded.changed"
)
READ_TURN = sa.text("SELECT reply FROM turns WHERE sender_id = :sender AND number = :number")
DROP_OLDER_REPLIES = sa.text(
    "UPDATE turns SET reply = NULL WHERE sender_id = :sender AND reply IS NOT NULL"
)
ADD_TURN = sa.text(
    "INSERT INTO turns (sender_id, number, reply) VALUES (:sender, :number, :reply)"
    " ON CONFLICT (sender_id, number) DO UPDATE SET reply = excluded.reply"
)


class Turn(SQLTrackerStore.Base):
    """A turn that was done; the newest of a conversation with its reply, for whoever lost it on the way."""

    __tablename__ = "turns"

    sender_id = sa.Column(sa.String(255), primary_key=True)
    number = sa.Column(sa.Integer, primary_key=True)
    reply = sa.Column(sa.Text, nullable=True)


class Snapshot(SQLTrackerStore.Base):
    """What the slots of a conversation hold now; replaces itself every turn."""

    __tablename__ = "snapshots"

    sender_id = sa.Column(sa.String(255), primary_key=True)
    slots = sa.Column(sa.Text, nullable=False)
    changed = sa.Column(sa.Float, nullable=False)


@dataclass(frozen=True)
class DoneTurn:
    """What came of a turn that was done before."""

    custom: Optional[Dict[str, Any]]
    """The answer as it was sent; None once another turn was done, or when there was none."""


def open_database(path: str) -> sa.engine.Engine:
    """Open, and where needed make, the database; one connection, kept for as long as the process lives.

    Every statement runs in the engine's event loop, one after the other, so one connection is enough.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    os.chmod(path, OWNER_ONLY)  # one that an earlier version made; its side files take its mode
    engine = sa.create_engine(
        sa.engine.url.URL.create("sqlite", database=path),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    SQLTrackerStore.Base.metadata.create_all(engine)
    return engine


class TailTrackerStore(SQLTrackerStore):
    """Rasa's SQL store with its table, read from the end and written by appending."""

    def __init__(
        self, domain: Any = None, db: str = "tracker.db", event_broker: Any = None, **_: Any
    ) -> None:
        # Not the parent's constructor: it opens a connection per query, and waits for ever
        # when the file cannot be opened.
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = open_database(db)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Read the slots and the last events of a conversation, or None when there is none."""
        with self.engine.connect() as connection:
            rows = (
                connection.execute(READ_TAIL, {"sender": sender_id, "tail": TAIL}).scalars().all()
            )
            slots = connection.execute(READ_SLOTS, {"sender": sender_id}).scalar() if rows else None
        if not rows:
            return None
        events = [json.loads(row) for row in reversed(rows)]
        started = events[0].get("timestamp")
        slot_events = [
            SlotSet(name, value, timestamp=started).as_dict()
            for name, value in json.loads(slots or "{}").items()
        ]
        tracker = DialogueStateTracker.from_dict(sender_id, slot_events + events, self.domain.slots)
        setattr(tracker, STORED, len(tracker.events))
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Read every event of a conversation, for people who look into it; slots hold what they hold now."""
        with self.engine.connect() as connection:
            rows = connection.execute(READ_ALL, {"sender": conversation_id}).scalars().all()
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(
            conversation_id, [json.loads(row) for row in rows], self.domain.slots
        )
        setattr(tracker, STORED, len(tracker.events))
        return tracker

    def done_turn(self, sender_id: str, number: int) -> Optional[DoneTurn]:
        """Say what came of a turn; None when it was never done."""
        with self.engine.connect() as connection:
            row = connection.execute(READ_TURN, {"sender": sender_id, "number": number}).first()
        if row is None:
            return None
        return DoneTurn(custom=json.loads(row.reply) if row.reply else None)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events of this turn, replace the slots and note the turn as done, in one transaction."""
        events = list(tracker.events)[getattr(tracker, STORED, 0) :]
        if not events:
            return
        rows, slots = _rows_and_slots(tracker.sender_id, events)
        with self.engine.begin() as connection:
            if rows:
                connection.execute(ADD_EVENT, rows)
            if turn := _turn_row(tracker.sender_id, events):
                connection.execute(DROP_OLDER_REPLIES, turn)
                connection.execute(ADD_TURN, turn)
            if slots:
                slot_values = json.loads(
                    connection.execute(READ_SLOTS, {"sender": tracker.sender_id}).scalar() or "{}"
                )
                slot_values.update(slots)
                changed = {
                    "sender": tracker.sender_id,
                    "slots": _to_json(slot_values),
                    "changed": time.time(),
                }
                connection.execute(SET_SLOTS, changed)
        setattr(tracker, STORED, len(tracker.events))


def _turn_row(sender: str, events: List[Event]) -> Optional[Dict[str, Any]]:
    """Row of the turn these events are, or None when its message has no number."""
    number, custom = None, None
    for event in events:
        if isinstance(event, UserUttered):
            number = (event.metadata or {}).get(NUMBER)
        elif isinstance(event, BotUttered) and custom is None:
            custom = (event.data or {}).get("custom")
    if number is None:
        return None
    return {"sender": sender, "number": number, "reply": _to_json(custom) if custom else None}


def _rows_and_slots(sender: str, events: List[Event]) -> Tuple[List[dict], dict]:
    """Turn events into rows; slot changes go to the snapshot, since a row for each turn would only repeat it."""
    rows, slots = [], {}
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
            continue
        data = _slim(event)
        intent = (data.get("parse_data") or {}).get("intent") or {}
        rows.append(
            {
                "sender": sender,
                "type": event.type_name,
                "timestamp": data.get("timestamp"),
                "intent": intent.get("name"),
                "action": data.get("name"),
                "data": _to_json(data),
            }
        )
    return rows, slots


def _slim(event: Event) -> dict:
    """Write an event down; of an answer only its words, since products and prices belong to the moment it was given."""
    data = event.as_dict()
    if isinstance(event, BotUttered):
        custom = (event.data or {}).get("custom") or {}
        reply = custom.get("reply") or {}
        data["text"] = event.text or reply.get("text")
        data["data"] = {
            key: value
            for key, value in (event.data or {}).items()
            if key != "custom" and value is not None
        }
    return data


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
