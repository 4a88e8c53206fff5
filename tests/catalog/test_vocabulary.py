"""Phrases for everything a shopper can name."""

from __future__ import annotations

import pytest

from catalog.parsing.text import language
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig, Value
from catalog.vocabulary import build_vocabulary, facet_names
from nlu.lexical.vocabulary import Vocabulary


def values(
    *given: Value, synonyms: dict[Value, tuple[str, ...]] | None = None
) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(value=one, label=str(one), count=2, synonyms=(synonyms or {}).get(one, ()))
        for one in given
    )


def category(key: str, *given: Value, label: str = "", **more: object) -> Facet:
    return Facet(
        key=key,
        label=label or key.replace("_", " "),
        kind=FacetKind.CATEGORY,
        values=values(*given, **more),  # type: ignore[arg-type]
    )


FACETS = (
    Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR", minimum=5, maximum=90),
    category("body", "Full-bodied", "Light-bodied"),
    category("grape", "Grüner Veltliner", "Merlot", synonyms={"Merlot": ("The Soft One",)}),
    category("color", "Red", "Rosé", "Grey", "Reds"),
    category("enclosure_type", "Semi-open", "In Ear"),
    category("size", "M", "XL", "42"),
    category("closure", "Cork", "Other", "N/A", "none", "no"),
    category(
        "motor", "Tern 4 long", "Tern 4 short", "Skua 8x", "Red dot", "The one", "Grey heron a"
    ),
    category(
        "shape",
        "Oval",
        "Dark oval",
        "Oval lamp",
        "Teapots & kettles",
        "Blechdose",
        "Holzdose",
        "Glasdose",
    ),
    category("instrument", "Electric harps", "Lever harps", "Harp strings"),
    category("notes", "Fruit & spice", "Rough (cellar)", "x" * 300),
    Facet(key="is_vegan", label="vegan", kind=FacetKind.FLAG, values=values(True, False)),
    Facet(
        key="wireless",
        label="wireless",
        kind=FacetKind.FLAG,
        values=values(True, False, synonyms={False: ("with a lead",)}),
    ),
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    config = ShopConfig(name="s", currency="EUR", noun="Wine", nouns="Wines")
    return build_vocabulary(Catalog(config, FACETS, [Product(id="7", title="Château X")]))


def phrases(vocabulary: Vocabulary, key: str, value: Value) -> tuple[str, ...]:
    facet = next(one for one in vocabulary.facets if one.key == key)
    return next(
        (one.phrases for one in facet.values if one.value is value or one.value == value), ()
    )


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("body", "Full-bodied", "full bodied"),
        ("body", "Full-bodied", "full body"),
        ("grape", "Grüner Veltliner", "gruner veltliner"),
        ("grape", "Merlot", "merlots"),
        ("grape", "Merlot", "the soft one"),
        ("color", "Rosé", "rose"),
        ("color", "Grey", "gray"),
        ("enclosure_type", "Semi-open", "semiopen"),
        ("enclosure_type", "In Ear", "in-ear"),
        ("notes", "Fruit & spice", "fruit and spice"),
        ("notes", "Rough (cellar)", "rough"),
        ("is_vegan", True, "vegan"),
        ("is_vegan", False, "non-vegan"),
        ("wireless", False, "wired"),
        ("wireless", False, "with a lead"),
        ("size", "XL", "xl"),
        ("motor", "Tern 4 long", "tern"),
        ("motor", "Tern 4 short", "tern 4"),
        ("motor", "Skua 8x", "skua"),
        ("motor", "Skua 8x", "8x"),
        ("shape", "Teapots & kettles", "kettles"),
        ("shape", "Dark oval", "oval"),
    ],
)
def test_a_value_is_known_by_what_people_say(
    vocabulary: Vocabulary, key: str, value: Value, said: str
) -> None:
    assert said in phrases(vocabulary, key, value)


@pytest.mark.parametrize(
    ("value", "unsaid"),
    [("Red dot", "red"), ("The one", "the"), ("Grey heron a", "grey heron")],
)
def test_no_ordinary_word_nor_a_value_of_another_facet_is_a_part(
    vocabulary: Vocabulary, value: str, unsaid: str
) -> None:
    assert unsaid not in phrases(vocabulary, "motor", value)


def test_a_value_covers_what_it_is_the_head_of(vocabulary: Vocabulary) -> None:
    assert "oval" in phrases(vocabulary, "shape", "Dark oval")
    assert "oval" not in phrases(vocabulary, "shape", "Oval lamp")


def test_what_is_a_head_names_nothing_it_only_modifies(vocabulary: Vocabulary) -> None:
    assert "harps" in phrases(vocabulary, "instrument", "Electric harps")
    assert "harp" not in phrases(vocabulary, "instrument", "Harp strings")
    assert "electric" in phrases(vocabulary, "instrument", "Electric harps")


def tin_phrases(value: str, *, label: str, locale: str) -> tuple[str, ...]:
    tins = category("tin", "Blechdose", "Holzdose", "Glasdose", label=label)
    config = ShopConfig(name="s", currency="EUR", locale=locale)
    built = build_vocabulary(Catalog(config, (tins,), [Product(id="1", title="Tern")]))
    return tuple(phrases(built, "tin", value))


def test_a_compound_is_known_by_what_it_begins_with() -> None:
    assert "blech" in tin_phrases("Blechdose", label="Dosenart", locale="de")


def test_only_kinds_of_things_are_compounds_and_only_where_words_are_joined() -> None:
    assert "blech" not in tin_phrases("Blechdose", label="Herkunft", locale="de")
    assert "blech" not in tin_phrases("Blechdose", label="type", locale="en")


@pytest.mark.parametrize(
    ("value", "unsaid"),
    [("Tern card 8 GB", "8 gb"), ("Tern card 8 GB", "gb"), ("Pale and crisp.", "pale")],
)
def test_neither_amounts_nor_the_words_of_sentences_are_parts(value: str, unsaid: str) -> None:
    cards = category("card", "Tern card 8 GB", "Skua card 8 GB", "Pale and crisp.")
    config = ShopConfig(name="s", currency="EUR")
    built = build_vocabulary(Catalog(config, (cards,), [Product(id="1", title="Gull")]))
    assert unsaid not in phrases(built, "card", value)


def kite_phrases(key: str, value: Value, *facets: Facet) -> tuple[str, ...]:
    config = ShopConfig(name="s", currency="EUR", noun="kite", nouns="kites")
    built = build_vocabulary(Catalog(config, facets, [Product(id="1", title="Tern")]))
    return tuple(phrases(built, key, value))


def test_what_the_goods_are_called_is_no_part_of_a_value() -> None:
    kinds = category("kind", "Stunt kites", "Box kites", "Stunt sails")
    assert "stunt" in kite_phrases("kind", "Stunt kites", kinds)
    assert "kites" not in kite_phrases("kind", "Stunt kites", kinds)


def test_what_the_goods_are_called_names_a_value_where_it_is_one() -> None:
    sold = category("sold_as", "Kites", "Sails / Kites")
    assert "kites" in kite_phrases("sold_as", "Sails / Kites", sold)


def test_the_values_own_text_comes_first(vocabulary: Vocabulary) -> None:
    assert phrases(vocabulary, "grape", "Grüner Veltliner")[0] == "grüner veltliner"
    assert phrases(vocabulary, "is_vegan", True)[0] == "vegan"


def test_letters_and_numbers_need_their_facet(vocabulary: Vocabulary) -> None:
    assert "size m" in phrases(vocabulary, "size", "M")
    assert "42 size" in phrases(vocabulary, "size", "42")
    assert not {"m", "42"} & {*phrases(vocabulary, "size", "M"), *phrases(vocabulary, "size", "42")}


@pytest.mark.parametrize("value", ["N/A", "none", "Other"])
def test_cells_that_say_nothing_are_no_phrases(vocabulary: Vocabulary, value: str) -> None:
    assert phrases(vocabulary, "closure", value) == ()


def test_function_words_are_never_phrases(vocabulary: Vocabulary) -> None:
    said = {p for facet in vocabulary.facets for one in facet.values for p in one.phrases}
    assert not said & language("en").function_words
    assert all(0 < len(phrase) <= 100 for phrase in said)
    assert said == {phrase.lower() for phrase in said}


def test_an_inflection_gives_way_to_a_real_value(vocabulary: Vocabulary) -> None:
    assert "reds" in phrases(vocabulary, "color", "Reds")
    assert "reds" not in phrases(vocabulary, "color", "Red")


def test_numbers_have_names_and_bounds_but_no_values(vocabulary: Vocabulary) -> None:
    price = vocabulary.facets[0]
    assert (price.kind, price.unit, price.values) == ("number", "EUR", ())
    assert (price.minimum, price.maximum) == (5, 90)
    assert {"price", "cost", "prices"} <= set(price.names)


def test_nouns_and_titles(vocabulary: Vocabulary) -> None:
    assert vocabulary.nouns == ("wine", "wines")
    assert vocabulary.titles == (("7", "château x"),)
    assert (vocabulary.language, vocabulary.currency) == ("en", "EUR")


@pytest.mark.parametrize(
    ("key", "label", "named", "unnamed"),
    [
        ("enclosure_type", "enclosure type", {"enclosure type", "enclosure"}, {"type"}),
        ("type", "type", {"type", "types"}, {""}),
        ("is_vegan", "is vegan", {"vegan"}, {"is"}),
        ("tannin_level", "Tannin", {"tannin", "tannin level"}, {"level"}),
        ("color", "Farbe", {"farbe", "color", "colour"}, {""}),
        ("no", "no", {"no"}, {"nos"}),
    ],
)
def test_facets_are_named_by_key_and_label(
    key: str, label: str, named: set[str], unnamed: set[str]
) -> None:
    names = set(facet_names(Facet(key=key, label=label, kind=FacetKind.CATEGORY), language("en")))
    assert named <= names
    assert not unnamed & names


def test_a_name_belongs_to_the_facet_the_shop_calls_so() -> None:
    facets = [
        Facet(key="msrp", label="msrp", kind=FacetKind.NUMBER),
        Facet(key="price", label="price", kind=FacetKind.NUMBER),
    ]
    config = ShopConfig(name="s", currency="EUR")
    msrp, price = build_vocabulary(Catalog(config, facets, [])).facets
    assert "price" not in msrp.names
    assert "price" in price.names


def test_an_empty_shop_has_an_empty_vocabulary() -> None:
    found = build_vocabulary(Catalog(ShopConfig(name="s", currency="EUR", locale="xx"), [], []))
    assert (found.facets, found.titles, found.language) == ((), (), "xx")


def test_a_degree_is_also_said_with_what_it_measures() -> None:
    facets = [category("acidity", "High", "Crisp"), category("body", "High", "Used")]
    found = build_vocabulary(Catalog(ShopConfig(name="s", currency="EUR"), facets, []))
    assert {"high", "high acidity"} <= set(phrases(found, "acidity", "High"))
    assert "high acidity" not in phrases(found, "body", "High")
    assert phrases(found, "acidity", "Crisp") == ("crisp", "crisps")
    assert phrases(found, "body", "Used")[0] == "used"


def test_addresses_in_the_net_are_no_phrases() -> None:
    facets = [
        category("site", "https://example.org", "me@example.org", "www.example.org", "Harbour")
    ]
    found = build_vocabulary(Catalog(ShopConfig(name="s", currency="EUR"), facets, []))
    assert [one.value for one in found.facets[0].values] == ["Harbour"]


def test_letters_for_sizes_are_said_in_words_and_behind_the_name():
    size = Facet(
        key="size",
        label="size",
        kind=FacetKind.CATEGORY,
        names=("size",),
        values=tuple(FacetValue(value=v, label=v, count=1) for v in ("M", "XL")),
    )
    vocabulary = build_vocabulary(Catalog(ShopConfig(name="s", currency="EUR"), [size], []))
    phrases = {entry.value: set(entry.phrases) for entry in vocabulary.facets[0].values}
    assert {"medium", "size m", "size would be m"} <= phrases["M"]
    assert {"extra large", "xl"} <= phrases["XL"]
    assert "m" not in phrases["M"]
