"""What people in general call facets and values, beside what the shop calls them."""

from dataclasses import replace

from catalog.knowledge.everyday_words import with_known_words
from catalog.knowledge.types import Concept, Knowledge, KnownWish, ShopKnowledge, WishKind
from nlu.lexical.vocabulary import VocabularyFacet, VocabularyValue


def concept(*names: str, asked: tuple[str, ...] = ()) -> Concept:
    return Concept(names=names, asked=asked, question="", why="", order=1)


KITES = Knowledge(
    kind="kites",
    noun="kite",
    nouns="kites",
    concepts={
        "span": concept("span", "width", asked=("how wide",)),
        "steering": concept("steered"),
        "crew": concept("crew"),
    },
    words={
        "steerable": (KnownWish(concept="steering", kind=WishKind.YES),),
        "for two": (KnownWish(concept="crew", kind=WishKind.WORDS, words=("pair", "double")),),
    },
    used_for={},
    also={"rhombus": ("diamond", "classic")},
    includes={"flat kite": ("diamond", "delta"), "kite": ("diamond",), "flyer": ("diamond",)},
    terms={},
    uses={},
    doubts=(),
    goes_with={},
    use_question="",
)
GOODS = (
    ShopKnowledge(
        knowledge=KITES,
        facets={"span": "wingspan", "steering": "steered", "crew": "crew"},
        share=1.0,
    ),
)


def facet(key: str, *values: object, names: tuple[str, ...] = ()) -> VocabularyFacet:
    return VocabularyFacet(
        key=key,
        kind="category",
        unit=None,
        names=(key, *names),
        values=tuple(
            VocabularyValue(value=v, phrases=(str(v).lower(),), count=1)  # type: ignore[arg-type]
            for v in values
        ),
        minimum=None,
        maximum=None,
    )


FACETS = (
    facet("wingspan"),
    facet("form", "Diamond", "Box"),
    facet("steered", True, False),
    facet("crew", "Pair", "Alone"),
    facet("brand", "Classic"),
)


def phrases(key: str, value: object) -> tuple[str, ...]:
    known = {f.key: f for f in with_known_words(FACETS, GOODS)}
    return next(v.phrases for v in known[key].values if v.value == value)


def test_a_facet_is_reached_by_the_names_of_its_concept() -> None:
    names = with_known_words(FACETS, GOODS)[0].names
    assert names == ("wingspan", "span", "width")


def test_a_value_has_the_other_names_of_its_kind() -> None:
    assert "rhombus" in phrases("form", "Diamond")
    assert "flat kite" in phrases("form", "Diamond")
    assert phrases("form", "Box") == ("box",)


def test_a_word_the_shop_uses_keeps_the_shops_meaning() -> None:
    assert "classic" not in phrases("form", "Diamond")


def test_everyday_words_mean_values() -> None:
    assert "steerable" in phrases("steered", True)
    assert "steerable" not in phrases("steered", False)
    assert "for two" in phrases("crew", "Pair")


def test_without_knowledge_nothing_changes() -> None:
    assert with_known_words(FACETS, ()) == FACETS


def test_what_everything_in_the_shop_is_called_names_no_value() -> None:
    form = with_known_words(FACETS, GOODS, nouns=("flyer", "flyers"))[1]
    assert "flat kite" in form.values[0].phrases
    assert not {"kite", "flyer"} & {*form.values[0].phrases}


def test_where_other_things_are_sold_too_the_noun_of_a_kind_is_a_wish() -> None:
    form = with_known_words(FACETS, (replace(GOODS[0], share=0.4),))[1]
    assert "kite" in form.values[0].phrases


def test_names_of_one_value_do_not_spread_to_those_it_shares_a_part_with() -> None:
    def shown(value: str, *names: str) -> VocabularyValue:
        return VocabularyValue(value=value, phrases=(value.lower(), *names), count=1)

    values = (shown("Diamond", "dia"), shown("Dia box", "diamond"))
    form = replace(facet("form"), values=values)
    first, second = with_known_words((form,), GOODS)[0].values
    assert "rhombus" in first.phrases
    assert "rhombus" not in second.phrases


def test_where_only_a_part_is_called_so_the_values_that_hold_it_have_the_names() -> None:
    value = VocabularyValue(
        value="Diamonds & boxes", phrases=("diamonds & boxes", "diamond"), count=1
    )
    (known,) = with_known_words((replace(facet("form"), values=(value,)),), GOODS)
    assert "rhombus" in known.values[0].phrases
