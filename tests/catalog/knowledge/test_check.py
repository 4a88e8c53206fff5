"""What is wrong or missing in what is known of a shop's goods."""

from dataclasses import replace
from pathlib import Path

from catalog.knowledge.check import check_knowledge
from catalog.knowledge.read import FOLDER, read_knowledge
from catalog.knowledge.types import ShopKnowledge

COMPUTERS = ShopKnowledge(
    knowledge=read_knowledge(FOLDER / "en" / "computers.yml"),
    facets={"ram": "memory", "weight": "weight"},
    share=0.5,
)


def test_a_kind_is_shown_with_its_facets(tmp_path: Path) -> None:
    (line,) = check_knowledge([COMPUTERS], tmp_path).kinds
    assert line == "computers (50% of the products): ram = memory, weight = weight"


def test_what_matters_for_a_use_and_has_no_facet_is_a_gap(tmp_path: Path) -> None:
    gaps = check_knowledge([COMPUTERS], tmp_path).gaps
    assert any("no facet for processor" in gap for gap in gaps)
    assert not any("no facet for ram" in gap for gap in gaps)


def test_a_facet_that_two_kinds_claim_is_a_clash(tmp_path: Path) -> None:
    other = replace(COMPUTERS, facets={"storage": "memory"})
    clashes = check_knowledge([COMPUTERS, other], tmp_path).clashes
    assert "The facet 'memory' is ram (computers) and storage (computers)." in clashes


def test_a_mistake_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "kites.yml").write_text("facets: {span: {names: [span]}}\n")
    (mistake,) = check_knowledge([], tmp_path).mistakes
    assert mistake.startswith(f"{tmp_path / 'kites.yml'}:1: the facet 'span' needs")
