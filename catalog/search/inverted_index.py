"""Which products a few words name: an inverted index that forgives.

Scores are BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over fields that
count by their weight. A word the shop does not know is looked up with one edit in the shop's own
vocabulary, joined with its neighbour, or split in two.

A match is an array over all products, since counts of facets, totals and the coverage of a query need
all that was found and not the best ten; that is why the postings are arrays of ours and no search
library, whose results come as one object a hit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from catalog.errors import IndexBroken
from catalog.parsing.text import Language
from catalog.search.postings import Postings, PostingsBuilder
from catalog.search.typos import TypoIndex, sorted_words
from nlu.lexical.words import terms, words

K1 = 1.2
"""How soon the repetition of a word stops to count; the value of Robertson and Zaragoza 2009,
section 3."""
B = 0.5
"""How much long texts are held back; below the usual 0.75, as product texts differ in length by
their maker, not by their matter."""
UNFINISHED = 0.6
"""What a word counts that is begun only, against one written out."""
MISSPELT = 0.5
"""What a word counts that is meant by a typo; less than one begun, which is certain as far as it
goes."""
MOST_PREFIXED = 256
"""Words taken for a beginning; a beginning of more says nothing."""
SHORTEST_CUT = 3
"""Letters from which a word may be the beginning of another."""
MOST_CUT = 32
"""A beginning that so many words share is no guess, when there is a word one edit away."""
FACTS_FILE = "words.json"
REMEMBERED_TEXTS = 1 << 16
"""Facet values repeat from product to product; their words are split once."""
LONGEST_REMEMBERED = 60
"""Letters; longer texts do not repeat."""


class Field(NamedTuple):
    """A text of a product."""

    text: str
    """As the catalog has it."""
    weight: float
    """How much a word here counts; 1 is ordinary."""
    strong: bool
    """The text says what the product is; a word in a description only hints at it."""
    whole: bool = False
    """The text means something only as a whole: "no oak"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseRows:
    """A phrase for a whole set of products, such as a synonym of one of their values."""

    phrase: str
    """Folded words with one space between; several mean something only together: "no oak"."""
    rows: NDArray[np.int32]
    """Ascending, each once."""
    weight: float
    """How much the words count."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """What the words of a query name."""

    scores: NDArray[np.float32]
    """[n] BM25, 0 where no word matches."""
    word_hits: NDArray[np.int16]
    """[n] Words of the query found in the product."""
    strong_hits: NDArray[np.int16]
    """[n] The same, in fields that say what the product is."""
    query_words: int
    """Words of the query that carry a wish."""


class WordIndex:
    """Inverted index over the products' texts; never changed once built.

    Made by ``build`` or ``load``, and from another one by ``extended``.
    """

    def __init__(
        self,
        size: int,
        tables: Language,
        layers: Sequence[tuple[Postings, int]],
        words: TypoIndex,
        usual: float,
        phrases: frozenset[str] = frozenset(),
    ) -> None:
        self._size = size
        self._phrases = phrases
        self._longest = max((phrase.count(" ") + 1 for phrase in phrases), default=1)
        self._usual = usual
        self._tables = tables
        self._layers = layers
        self.words = words
        self._numbers = lru_cache(maxsize=4096)(self._in_layers)

    @classmethod
    def build(cls, documents: Iterable[Sequence[Field]], tables: Language) -> Self:
        """Index the fields of each product, in the order of the catalog."""
        size, postings, usual = _weighed(documents)
        return cls(size, tables, [(postings, 0)], TypoIndex(postings.words, tables), usual)

    def save(self, folder: Path) -> None:
        """Write the files of a generation."""
        self._layers[0][0].save(folder)
        facts = {"products": self._size, "usual": self._usual}
        (folder / FACTS_FILE).write_text(json.dumps(facts), encoding="ascii")

    @classmethod
    def load(cls, folder: Path, size: int, tables: Language) -> Self | None:
        """Read what ``save`` wrote about ``size`` products; None when there is nothing.

        Raises:
            IndexBroken: the files are damaged.
        """
        postings = Postings.load(folder)
        if postings is None:
            return None
        try:
            facts = json.loads((folder / FACTS_FILE).read_text(encoding="ascii"))
            products, usual = int(facts["products"]), float(facts["usual"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexBroken(
                f"{folder / FACTS_FILE} is damaged ({error}). Import the feed again."
            ) from error
        if products != size:
            raise IndexBroken(
                f"The words in {folder} are of {products} products, the catalog has {size}. "
                "Import the feed again."
            )
        return cls(size, tables, [(postings, 0)], TypoIndex(postings.words, tables), usual)

    def with_phrases(self, marks: Iterable[PhraseRows]) -> WordIndex:
        """Return an index that finds the same products by further words; shares what this one has."""
        rows_of: dict[str, list[PhraseRows]] = {}
        for mark in marks:
            rows_of.setdefault(mark.phrase, []).append(mark)
        if not rows_of:
            return self
        words, rows, weights, starts = sorted(rows_of), [], [], [0]
        for word in words:
            word_rows = np.unique(np.concatenate([mark.rows for mark in rows_of[word]]))
            weight = max(mark.weight for mark in rows_of[word])
            rarity = math.log1p((self._size - len(word_rows) + 0.5) / (len(word_rows) + 0.5))
            rows.append(word_rows)
            weights.append(np.full(len(word_rows), rarity * weight * (K1 + 1) / (weight + K1)))
            starts.append(starts[-1] + len(word_rows))
        postings = Postings(
            words=words,
            starts=np.array(starts, dtype=np.int64),
            rows=np.concatenate(rows).astype(np.int32),
            weights=np.concatenate(weights).astype(np.float16),
        )
        phrases = frozenset(phrase for phrase in words if " " in phrase)
        return self._with(postings, 0, self._size, self._phrases | phrases)

    def extended(self, documents: Sequence[Sequence[Field]]) -> WordIndex:
        """Return an index with further products at the end; shares what this one has."""
        _, postings, _ = _weighed(documents, usual=self._usual, size=self._size)
        return self._with(postings, self._size, self._size + len(documents), self._phrases)

    def _with(
        self, postings: Postings, offset: int, size: int, phrases: frozenset[str]
    ) -> WordIndex:
        layers = [*self._layers, (postings, offset)]
        base = self._layers[0][0]
        more = {word for layer, _ in layers[1:] for word in layer.words}
        new = sorted_words(word for word in more if base.number(word) is None)
        words = TypoIndex(base.words, self._tables, new)
        return WordIndex(size, self._tables, layers, words, self._usual, phrases)

    def match(self, query: str, *, unfinished: bool = False) -> WordMatch:
        """Look a query up.

        Args:
            query: As typed.
            unfinished: The last word may be the beginning of one.
        """
        tokens = self.words.meant(self._tables.content(self._phrased(words(query))))
        scores = np.zeros(self._size, dtype=np.float32)
        word_hits = np.zeros(self._size, dtype=np.int16)
        strong_hits = np.zeros(self._size, dtype=np.int16)
        for place, token in enumerate(tokens):
            last = unfinished and place == len(tokens) - 1
            self._add(self._expanded(token, unfinished=last), scores, word_hits, strong_hits)
        return WordMatch(scores, word_hits, strong_hits, len(tokens))

    def _phrased(self, tokens: Sequence[str]) -> list[str]:
        """Put words together that mean something as a whole, the longest first."""
        out: list[str] = []
        at = 0
        while at < len(tokens):
            for size in range(min(self._longest, len(tokens) - at), 0, -1):
                phrase = " ".join(tokens[at : at + size])
                if size == 1 or phrase in self._phrases:
                    out.append(phrase)
                    at += size
                    break
        return out

    def _expanded(self, token: str, *, unfinished: bool) -> list[tuple[int, float]]:
        expansions = self.words.known(token)
        if unfinished and len(token) >= 2:
            have = {number for number, _ in expansions}
            expansions += [
                (number, UNFINISHED) for number in self._begun(token) if number not in have
            ]
        if expansions:
            return expansions
        # "ful bodied", "ries": misspelt, cut short, or typed in a hurry; which one, the products decide.
        begun = self._begun(token) if len(token) >= SHORTEST_CUT else []
        close = self.words.close(token)
        if close and len(begun) > MOST_CUT:
            begun = []
        guesses = [(number, UNFINISHED) for number in begun]
        return guesses + [(number, MISSPELT) for number in close if number not in begun]

    def _begun(self, token: str) -> list[int]:
        numbers = [
            number for some in self.words.beginning(token) for number in some[:MOST_PREFIXED]
        ]
        return numbers[:MOST_PREFIXED]

    def _in_layers(self, number: int) -> list[tuple[Postings, int, int]]:
        """Where a word's rows are: postings, its number there, and what to add to the rows."""
        word = self.words.word(number)
        results = []
        for postings, offset in self._layers:
            at = postings.number(word)
            if at is not None:
                results.append((postings, at, offset))
        return results

    def _add(
        self,
        expansions: Sequence[tuple[int, float]],
        scores: NDArray[np.float32],
        word_hits: NDArray[np.int16],
        strong_hits: NDArray[np.int16],
    ) -> None:
        """Add one word of the query: the best of its readings in each product."""
        parts = [
            (postings, number, offset, factor)
            for word, factor in expansions
            for postings, number, offset in self._numbers(word)
        ]
        if len(parts) == 1:  # one list of rows, each of them once: no need to look for the best
            rows, weights = _entries(*parts[0])
            scores[rows] += np.abs(weights)
            word_hits[rows] += 1
            strong_hits[rows] += weights > 0
            return
        best = np.zeros(self._size, dtype=np.float32)
        strong = np.zeros(self._size, dtype=bool)
        for part in parts:
            rows, weights = _entries(*part)
            best[rows] = np.maximum(best[rows], np.abs(weights))
            strong[rows] |= weights > 0
        scores += best
        word_hits += best > 0
        strong_hits += strong


def _entries(
    postings: Postings, number: int, offset: int, factor: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    part = slice(int(postings.starts[number]), int(postings.starts[number + 1]))
    rows = postings.rows[part]
    weights = postings.weights
    if weights is None:
        return rows, np.zeros(len(rows), dtype=np.float32)
    return (rows + offset if offset else rows), weights[part].astype(np.float32) * np.float32(
        factor
    )


def _weighed(
    documents: Iterable[Sequence[Field]], *, usual: float = 0.0, size: int = 0
) -> tuple[int, Postings, float]:
    """Index documents with BM25 weights; negative where a word only hints.

    Args:
        documents: Fields of each product.
        usual: Length of a usual document, 0 for the mean of these.
        size: How many more documents there are, of which nothing else is known here.

    Returns:
        How many documents they are, their postings, and the length of a usual one.
    """
    builder = PostingsBuilder()
    remembered = lru_cache(maxsize=REMEMBERED_TEXTS)(terms)
    lengths = []
    for fields in documents:
        bag, strong = _bag(fields, remembered)
        values = list(bag.values())
        lengths.append(sum(values))
        builder.add(bag, [*values[:strong], *(-value for value in values[strong:])])
    counted = builder.done()
    if counted.weights is None:
        return len(lengths), replace(counted, weights=np.zeros(0, dtype=np.float16)), usual
    frequency = np.diff(counted.starts)
    everything = len(lengths) + size
    rarity = np.log1p((everything - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    norm = np.array(lengths, dtype=np.float32)
    usual = usual or float(norm.mean()) or 1.0
    norm = (K1 * (1 - B + B * norm / usual)).astype(np.float32)
    weight = counted.weights
    impact = np.repeat(rarity, frequency) * (K1 + 1) * weight
    impact /= np.abs(weight) + norm[counted.rows]
    # Two bytes are enough to put products in order.
    return len(lengths), replace(counted, weights=impact.astype(np.float16)), usual


def _bag(
    fields: Iterable[Field], remembered: Callable[[str], list[str]]
) -> tuple[dict[str, float], int]:
    """Count the words of a product by weight, those of strong fields first; returns how many those are."""
    bag: dict[str, float] = {}
    hints = []
    for field in fields:
        if not field.strong:
            hints.append(field)
            continue
        short = len(field.text) <= LONGEST_REMEMBERED
        weight = field.weight
        if field.whole:
            phrase = phrase_of(field.text)
            bag[phrase] = bag.get(phrase, 0.0) + weight
            continue
        for word in remembered(field.text) if short else terms(field.text):
            bag[word] = bag.get(word, 0.0) + weight
    strong = len(bag)
    for field in hints:
        weight = field.weight
        for word in words(field.text):
            bag[word] = bag.get(word, 0.0) + weight
    return bag, strong


def phrase_of(text: str) -> str:
    """Return a text as one phrase: its folded words with one space between."""
    return " ".join(words(text))
