"""Stored imports: whole or not served at all."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.live.live_shop import LiveShop
from catalog.search import vector_index as vectors_index
from catalog.search.search import Search
from catalog.storage.load import load_catalog


class Eight:
    name = "eight"
    dimension = 8

    def __call__(self, texts):
        return self.encode(texts)

    def encode(self, texts):
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text):
        vector = np.random.default_rng(len(text)).standard_normal(8).astype(np.float32)
        return vector / np.linalg.norm(vector)


def feed(title: str) -> str:
    return "id,title,price,colour\n" + "".join(
        f"P{n},{title} {n},{n + 1},{'red' if n % 2 else 'blue'}\n" for n in range(120)
    )


def test_truncating_any_file_at_any_of_fifty_places_serves_the_last_good_one(shop, monkeypatch):
    monkeypatch.setattr(vectors_index, "IVF_FROM", 100)
    encoder = Eight()
    shop.take(feed("Lamp"), embed=encoder)
    shop.take(feed("Torch"), embed=encoder)
    folder = shop.stored.folder
    files = sorted(path.name for path in folder.iterdir())
    assert {"index.faiss", "vectors.npy", "words.rows.npy", "words.txt", "texts.txt"} <= set(files)
    for name in files:
        path = folder / name
        content = path.read_bytes()
        for place in range(50):
            path.write_bytes(content[: len(content) * place // 50])
            assert load_catalog(shop.folder).products[0].title == "Lamp 0", (name, place)
        path.unlink()
        view = LiveShop(shop.folder, encoder).view
        assert view.catalog.products[0].title == "Lamp 0", name
        assert view.search.meaning("lamp").shape == (120,)
        path.write_bytes(content)
    assert load_catalog(shop.folder).products[0].title == "Torch 0"


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_truncated_current_serves_a_whole_import(shop, share):
    shop.take(feed("Lamp"))
    shop.take(feed("Torch"))
    path = shop.folder / "index" / "CURRENT"
    content = path.read_text()
    path.write_text(content[: int(len(content) * share)])
    assert load_catalog(shop.folder).products[0].title == "Torch 0"


def test_stored_words_find_what_words_taken_apart_anew_find(shop):
    shop.take(feed("Lamp").replace("P7,Lamp 7", "P7,Café-Lämp 7"))
    assert (shop.stored.folder / "words.txt").exists()
    live = LiveShop(shop.folder).view.search
    fresh = Search(load_catalog(shop.folder))
    for query in ("cafe lamp", "lmap 12", "red", "cafelamp", "P33", "nothing"):
        hits = [hit.product.id for hit in live.search(query, {}).hits]
        assert hits == [hit.product.id for hit in fresh.search(query, {}).hits]
