"""Vectors of products: made once for each text, and kept from import to import."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from catalog.ingest.embed import embed_products, encoder_name
from catalog.ingest.embedding_journal import Journal
from catalog.types import Product


class Letters:
    """Embeds a text as the sum and number of its letters, and remembers what it was asked."""

    def __init__(self, name: str = "letters", width: int = 2) -> None:
        self.name = name
        self.width = width
        self.batches: list[list[str]] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.batches.append(texts)
        return np.array([self.vector(text) for text in texts], dtype=np.float64)

    def vector(self, text: str) -> list[float]:
        return [float(sum(map(ord, text))), float(len(text)), 1.0][: self.width]

    @property
    def texts(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


def products(*titles: str) -> list[Product]:
    return [Product(id=str(n), title=title) for n, title in enumerate(titles)]


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody hears."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stored(shop, encoder, *titles: str):
    """The last import of a shop that sells things of these titles."""
    rows = "".join(f"{n},{title},x\n" for n, title in enumerate(titles))
    shop.take("id,title,note\n" + rows, embed=encoder)
    encoder.batches.clear()
    return shop.stored


def test_without_an_encoder_there_are_no_vectors():
    embedded = embed_products(products("Arc"), [], None, None, silent)
    assert (embedded.vectors, embedded.hashes, embedded.new) == (None, [], 0)


def test_each_text_is_embedded_once_and_each_product_has_its_vector():
    encoder = Letters()
    embedded = embed_products(products("Arc", "Desk", "Arc", "Arc"), [], encoder, None, silent)
    assert encoder.texts == ["Arc", "Desk"] and embedded.new == 2
    assert embedded.hashes == [sha(text) for text in ("Arc", "Desk", "Arc", "Arc")]
    assert embedded.vectors.tolist() == [encoder.vector(text) for text in ("Arc", "Desk", "Arc", "Arc")]  # fmt: skip
    assert embedded.vectors.dtype == np.float32


def test_no_products_have_no_vectors():
    embedded = embed_products([], [], Letters(), None, silent)
    assert embedded.vectors is None and embedded.hashes == []


def test_texts_are_embedded_two_hundred_and_fifty_six_at_a_time():
    encoder, told = Letters(), []
    embed_products(
        products(*(f"Lamp {n}" for n in range(600))), [], encoder, None, lambda *step: told.append(step)
    )  # fmt: skip
    assert [len(batch) for batch in encoder.batches] == [256, 256, 88]
    assert told == [("embed", 0, 600), ("embed", 256, 600), ("embed", 512, 600)]


def test_texts_of_the_last_import_keep_their_vectors_wherever_they_stand(shop):
    encoder = Letters()
    last = stored(shop, encoder, "Arc", "Desk", "Globe")
    later = [*reversed(last.products), Product(id="9", title="Clip")]
    embedded = embed_products(later, last.facets, encoder, last, silent)
    assert encoder.texts == ["Clip"] and embedded.new == 1
    assert embedded.vectors[:3].tolist() == last.vectors()[::-1].tolist()
    assert embedded.vectors[3].tolist() == encoder.vector("Clip")


def test_nothing_is_embedded_where_nothing_changed(shop):
    encoder = Letters()
    last = stored(shop, encoder, "Arc", "Desk", "Globe")
    embedded = embed_products(last.products, last.facets, encoder, last, silent)
    assert encoder.batches == [] and embedded.new == 0
    assert embedded.vectors.tolist() == last.vectors().tolist()


@pytest.mark.parametrize(("name", "width"), [("other", 2), ("letters", 3)], ids=["name", "width"])
def test_vectors_of_another_encoder_are_not_kept(shop, name, width):
    last = stored(shop, Letters(), "Arc", "Desk", "Globe")
    other = Letters(name, width)
    later = [*last.products, Product(id="9", title="Clip")]
    embedded = embed_products(later, last.facets, other, last, silent)
    assert embedded.vectors.shape == (4, width)
    assert embedded.vectors[3].tolist() == other.vector("Clip")
    assert embedded.vectors[0].tolist() != last.vectors()[0].tolist() or name == "other"
    assert set(other.texts[-4:]) == set(other.texts) and embedded.new == 4


def test_what_the_journal_holds_is_not_embedded_again(tmp_path):
    encoder = Letters()
    with Journal(tmp_path, "letters") as journal:
        journal.add([sha("Arc")], np.array([[7.0, 8.0]], dtype=np.float32))
    with Journal(tmp_path, "letters") as journal:
        embedded = embed_products(
            products("Arc", "Desk"), [], encoder, None, silent, journal=journal
        )
    assert (encoder.texts, embedded.new) == (["Desk"], 1)
    assert embedded.vectors.tolist() == [[7.0, 8.0], encoder.vector("Desk")]
    with Journal(tmp_path, "letters") as journal:
        assert journal.get(sha("Desk")).tolist() == encoder.vector("Desk")


def test_an_encoder_is_known_by_its_name_or_has_none():
    assert encoder_name(Letters("small")) == "small"
    assert encoder_name(lambda texts: np.zeros((len(texts), 2))) == encoder_name(None) == ""


def test_half_a_letter_in_a_title_has_a_hash_too():
    embedded = embed_products(products("Arc \ud800"), [], Letters(), None, silent)
    assert embedded.hashes == [sha("Arc ?")]
