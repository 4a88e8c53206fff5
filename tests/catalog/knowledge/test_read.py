"""Knowledge files: what ships can be read and is complete; a mistake is said with file and line."""

from pathlib import Path

import pytest

from catalog.errors import KnowledgeError
from catalog.knowledge.read import FOLDER, kind_heads, read_knowledge
from catalog.knowledge.types import WishKind

FILES = sorted(FOLDER.glob("*/*.yml"))
TERMS = 40
"""Explained terms that a kind has at least."""

KITES = """\
kind: kites
noun: kite
nouns: kites
recognise: {words: [kite, stunt kite]}
facets:
  span: {names: [span], asked: [how wide], unit: cm, scale: [50, 400], question: How wide?, why: It pulls., order: 1}
  lines: {names: [lines], question: How many lines?, why: Two steer., order: 2}
words:
  big: {span: high}
  steerable: {lines: [two, four]}
  for beginners: {use: learning}
also: {kite: [flyer]}
terms: {bridle: The strings at the kite itself.}
uses:
  learning:
    names: [to learn]
    wants: [{span: "<= 150", because: A small kite pulls less.}]
doubts: [{when: {span: ">= 300"}, say: It pulls hard.}]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "kites.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_ships_is_complete(path: Path) -> None:
    knowledge = read_knowledge(path)
    assert len(knowledge.terms) >= TERMS
    assert knowledge.uses
    assert knowledge.doubts
    assert knowledge.use_question


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_kind_has_the_same_facets_in_every_language(path: Path) -> None:
    for other in FOLDER.glob(f"*/{path.name}"):
        assert read_knowledge(other).concepts.keys() == read_knowledge(path).concepts.keys()


def test_a_file_says_what_words_and_uses_mean(tmp_path: Path) -> None:
    kites = read_knowledge(written(tmp_path, KITES))
    assert kites.words["big"][0].kind is WishKind.HIGH
    assert kites.words["steerable"][0].words == ("two", "four")
    assert kites.used_for == {"for beginners": "learning"}
    wanted = kites.uses["learning"].wants[0]
    assert (wanted.wish.operator, wanted.wish.bound) == ("<=", 150.0)
    assert wanted.because == "A small kite pulls less."


@pytest.mark.parametrize(
    ("right", "wrong", "line", "found"),
    [
        ("big: {span: high}", "big: {spam: high}", 9, "unknown facet 'spam'"),
        ("big: {span: high}", "big: {span: huge}", 9, "'huge' for span"),
        ("use: learning", "use: racing", 11, "unknown use 'racing'"),
        ("terms: {", "words_: {", 13, "unknown section 'words_'"),
        ("order: 2}", "}", 7, "needs names, question, why and order"),
        ("  names: [to learn]", "  names: [to learn", 17, ""),
    ],
)
def test_a_mistake_is_said_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int, found: str
) -> None:
    path = written(tmp_path, KITES.replace(right, wrong, 1))
    with pytest.raises(KnowledgeError) as error:
        read_knowledge(path)
    assert f"{path}:{line}:" in str(error.value)
    assert found in str(error.value)


def test_the_shops_own_file_hides_the_one_shipped(tmp_path: Path) -> None:
    own = tmp_path / "computers.yml"
    own.write_text("recognise: {words: [abacus]}\nfacets: {}\n", encoding="utf-8")
    heads = {head.kind: head for head in kind_heads("en", tmp_path)}
    assert heads["computers"].path == own
    assert heads["computers"].words == ("abacus",)
    assert len(heads) > 1
