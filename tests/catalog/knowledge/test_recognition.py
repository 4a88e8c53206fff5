"""Which kinds of goods a shop is found to sell, and what of them it has facets for."""

from pathlib import Path

import pytest

from catalog.knowledge.recognition import known_goods
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig


def shop(*titles: str, noun: str = "article", locale: str = "en") -> Catalog:
    config = ShopConfig(name="s", currency="EUR", noun=noun, nouns=f"{noun}s", locale=locale)
    facets = (
        Facet(
            key="cpu",
            label="CPU",
            kind=FacetKind.CATEGORY,
            values=(FacetValue(value="A1", label="A1", count=1),),
        ),
        Facet(key="mem", label="RAM", kind=FacetKind.NUMBER, unit="GB", minimum=4, maximum=64),
        Facet(key="weight", label="weight", kind=FacetKind.CATEGORY),
    )
    return Catalog(config, facets, [Product(id=str(n), title=t) for n, t in enumerate(titles)])


def test_titles_tell_the_kind_and_facets_find_their_concepts() -> None:
    (kind,) = known_goods(shop("Tern laptop 14", "Gull Laptops bundle", "Skua bag"))
    assert kind.knowledge.kind == "computers"
    assert kind.facets["processor"] == "cpu"
    assert kind.facets["ram"] == "mem"
    assert "weight" not in kind.facets  # kept as a text here, so nothing measures it


def test_only_what_says_the_type_of_a_thing_tells_its_kind() -> None:
    def sold(key: str) -> Catalog:
        values = (FacetValue(value="Laptop", label="Laptop", count=1),)
        facet = Facet(key=key, label=key, kind=FacetKind.CATEGORY, values=values)
        config = ShopConfig(name="s", currency="EUR")
        return Catalog(config, (facet,), [Product(id="1", title="Tern", facets={key: ("Laptop",)})])

    assert known_goods(sold("category"))[0].knowledge.kind == "computers"
    assert known_goods(sold("fits_into")) == ()


def test_the_shops_noun_alone_tells_the_kind() -> None:
    assert known_goods(shop("Tern 14", "Gull 15", noun="notebook"))[0].share == 1.0


def test_goods_that_nobody_wrote_about_are_no_kind() -> None:
    assert known_goods(shop("Brass astrolabe", "Paper sextant")) == ()


@pytest.mark.parametrize(
    "broken",
    [
        b"recognise: {words: [laptop]}\nfacets: [\n",
        b"recognise: {words: [laptop\nfacets: {}\n",
        b"recognise: {words: [laptop]}\nfacets: {}\nfancy: 1\n",
        b"recognise: 5\nfacets: {}\n",
        "recognise: {words: [laptop]}\nfacets: {ü: 1}\n".encode("latin-1"),
        b"recognise: {words: [laptop\x00]}\nfacets: {}\n",
    ],
)
def test_with_a_broken_file_of_the_shop_the_one_shipped_holds(
    tmp_path: Path, broken: bytes
) -> None:
    (tmp_path / "computers.yml").write_bytes(broken)
    (kind,) = known_goods(shop("Tern laptop"), tmp_path)
    assert "ssd" in kind.knowledge.terms


def test_the_shops_own_file_is_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "computers.yml").write_text(
        "recognise: {words: [laptop]}\nfacets: {}\nterms: {hinge: It opens.}\n"
    )
    (kind,) = known_goods(shop("Tern laptop"), tmp_path)
    assert kind.knowledge.terms == {"hinge": "It opens."}
