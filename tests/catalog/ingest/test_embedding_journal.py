"""An import that was interrupted embeds only what is left."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.ingest.embedding_journal import Journal
from catalog.storage.generation import index_folder


class Counting:
    """Counts the texts it embeds; breaks after some."""

    name = "counting"

    def __init__(self, breaks_after: int = 10**9) -> None:
        self.texts = 0
        self._left = breaks_after

    def __call__(self, texts):
        if self._left < len(texts):
            raise KeyboardInterrupt
        self._left -= len(texts)
        self.texts += len(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def feed(rows: int) -> str:
    return "id,title,price\n" + "".join(f"P{n},Lamp number {n},{n + 1}\n" for n in range(rows))


def test_an_interrupted_import_goes_on_where_it_stopped(shop):
    with pytest.raises(KeyboardInterrupt):
        shop.take(feed(700), embed=Counting(breaks_after=600))
    again = Counting()
    report = shop.take(feed(700), embed=again)
    assert again.texts == report.embedded == 700 - 512
    assert shop.stored.vectors().shape == (700, 2)
    assert not list(index_folder(shop.folder).glob(".vectors*"))
    assert shop.take(feed(700), embed=Counting()).embedded == 0


def test_a_journal_cut_anywhere_gives_what_is_whole(tmp_path):
    hashes = [f"{n:064x}" for n in range(5)]
    vectors = np.arange(15, dtype=np.float32).reshape(5, 3)
    with Journal(tmp_path, "e") as journal:
        journal.add(hashes, vectors)
    path = next(tmp_path.glob(".vectors*"))
    content = path.read_bytes()
    for size in range(0, len(content), 7):
        path.write_bytes(content[:size])
        with Journal(tmp_path, "e") as journal:
            found = [one for one in hashes if journal.get(one) is not None]
            assert found == hashes[: len(found)]
            assert len(found) == size * 5 // len(content)
            journal.add(hashes[4:], vectors[4:])
        with Journal(tmp_path, "e") as journal:
            assert journal.get(hashes[4]).tolist() == [12, 13, 14]


def test_another_encoder_finds_nothing(tmp_path):
    with Journal(tmp_path, "one") as journal:
        journal.add(["00" * 32], np.ones((1, 2), dtype=np.float32))
    with Journal(tmp_path, "two") as journal:
        assert journal.get("00" * 32) is None
