"""Checks that run inside the engine's own environment, where there is no pytest; ``test_engine_main.py`` runs them."""

import asyncio
import json
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

DIALOGUE = Path(__file__).resolve().parents[2] / "assistant" / "dialogue"
sys.path.insert(0, str(DIALOGUE))
import lean_start  # noqa: E402

lean_start.leave_out()
import tail_tracker_store as module  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered  # noqa: E402


def run(coroutine):
    return asyncio.run(coroutine)


class TailTrackerStoreTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name) / "tracker.db")
        self.domain = Domain.load(str(DIALOGUE / "domain"))
        self.store = module.TailTrackerStore(self.domain, db=self.path)
        self.addCleanup(self.store.engine.dispose)

    def turn(self, number, sender="c1", answered=True):
        tracker = run(self.store.get_or_create_tracker(sender, append_action_listen=False))
        custom = {"reply": {"text": f"answer {number}", "products": ["x" * 5000]}}
        for event in (
            ActionExecuted("action_listen"),
            UserUttered(
                f"wish {number}",
                {"name": "inform", "confidence": 1.0},
                [],
                metadata={module.NUMBER: number},
            ),
            ActionExecuted("action_advise"),
            *([BotUttered(None, {"custom": custom})] if answered else []),
            SlotSet("dialogue_state", {"turn": number}),
        ):
            tracker.update(event, self.domain)
        run(self.store.save(tracker))
        return tracker

    def rows(self, query, *values):
        with sqlite3.connect(self.path) as connection:
            return connection.execute(query, values).fetchall()

    def test_a_new_conversation_is_empty(self):
        self.assertIsNone(run(self.store.retrieve("nobody")))

    def test_the_state_survives_and_only_the_end_is_read(self):
        for number in range(50):
            self.turn(number)
        tracker = run(self.store.retrieve("c1"))
        self.assertEqual(tracker.get_slot("dialogue_state"), {"turn": 49})
        self.assertLessEqual(len(tracker.events), module.TAIL + 1)
        self.assertTrue(tracker.applied_events())

    def test_every_text_of_both_sides_is_stored_once(self):
        for number in range(12):
            self.turn(number)
        said = [
            json.loads(d)["text"]
            for (d,) in self.rows("SELECT data FROM events WHERE type_name='user' ORDER BY id")
        ]
        answered = [
            json.loads(d)["text"]
            for (d,) in self.rows("SELECT data FROM events WHERE type_name='bot' ORDER BY id")
        ]
        self.assertEqual(said, [f"wish {n}" for n in range(12)])
        self.assertEqual(answered, [f"answer {n}" for n in range(12)])

    def test_replies_are_stored_without_their_products(self):
        self.turn(1)
        ((size,),) = self.rows("SELECT max(length(data)) FROM events WHERE type_name='bot'")
        self.assertLess(size, 1000)

    def test_the_newest_turn_is_known_with_its_whole_answer_and_older_ones_as_done(self):
        for number in (1, 2):
            self.turn(number)
        self.assertIsNone(self.store.done_turn("c1", 3))
        self.assertIsNone(self.store.done_turn("another", 2))
        self.assertEqual(self.store.done_turn("c1", 2).custom["reply"]["products"], ["x" * 5000])
        self.assertIsNone(self.store.done_turn("c1", 1).custom)

    def test_a_turn_without_an_answer_is_done_all_the_same(self):
        self.turn(1, answered=False)
        self.assertIsNone(self.store.done_turn("c1", 1).custom)

    def test_two_turns_from_the_same_state_lose_nothing(self):
        self.turn(0)
        one, two = (run(self.store.retrieve("c1")) for _ in range(2))
        for tracker, text in ((two, "second"), (one, "first")):
            tracker.update(UserUttered(text, {"name": "inform"}, []), self.domain)
            run(self.store.save(tracker))
        said = [
            json.loads(d)["text"]
            for (d,) in self.rows("SELECT data FROM events WHERE type_name='user'")
        ]
        self.assertEqual(sorted(said), ["first", "second", "wish 0"])

    def test_conversations_do_not_mix(self):
        self.turn(1, "a")
        self.turn(2, "b")
        self.assertEqual(run(self.store.retrieve("a")).get_slot("dialogue_state"), {"turn": 1})

    def test_the_whole_conversation_can_be_read(self):
        for number in range(5):
            self.turn(number)
        texts = [
            e.text
            for e in run(self.store.retrieve_full_tracker("c1")).events
            if isinstance(e, UserUttered)
        ]
        self.assertEqual(texts, [f"wish {n}" for n in range(5)])

    def test_queries_use_their_index_and_sort_nothing(self):
        for query in (str(module.READ_TAIL), str(module.READ_ALL), str(module.READ_SLOTS)):
            plan = " ".join(
                row[-1]
                for row in self.rows(
                    "EXPLAIN QUERY PLAN " + query.replace(":sender", "'c'").replace(":tail", "6")
                )
            )
            self.assertIn("USING", plan)
            self.assertNotIn("TEMP B-TREE", plan)
            self.assertNotIn("SCAN", plan)

    def test_the_file_is_in_wal_mode_and_overwrites_what_is_deleted(self):
        with self.store.engine.connect() as connection:
            self.assertEqual(connection.exec_driver_sql("PRAGMA journal_mode").scalar(), "wal")
            self.assertEqual(connection.exec_driver_sql("PRAGMA secure_delete").scalar(), 1)

    def test_another_process_may_delete_and_shrink_the_file_between_turns(self):
        self.turn(1)
        connection = sqlite3.connect(self.path, timeout=2)
        with connection:
            connection.execute("DELETE FROM events")
            connection.execute("DELETE FROM snapshots")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.assertIsNone(run(self.store.retrieve("c1")))
        self.turn(2)
        self.assertEqual(run(self.store.retrieve("c1")).get_slot("dialogue_state"), {"turn": 2})


if __name__ == "__main__":
    unittest.main()
