"""Hand-made vocabularies."""

from __future__ import annotations

from nlu.lexical.vocabulary import Vocabulary, VocabularyFacet, VocabularyValue


def category(key, names, values):
    return VocabularyFacet(
        key=key,
        kind="category",
        unit=None,
        names=names,
        values=tuple(
            VocabularyValue(value=value, phrases=(value.lower(),), count=50 - position)
            for position, value in enumerate(values)
        ),
        minimum=None,
        maximum=None,
    )


def number(key, unit, names, minimum, maximum):
    return VocabularyFacet(
        key=key, kind="number", unit=unit, names=names, values=(), minimum=minimum, maximum=maximum
    )


def flag(key, names):
    values = (
        VocabularyValue(value=True, phrases=(names[0],), count=20),
        VocabularyValue(value=False, phrases=(f"not {names[0]}",), count=20),
    )
    return VocabularyFacet(
        key=key, kind="flag", unit=None, names=names, values=values, minimum=None, maximum=None
    )


def wine_vocabulary():
    return Vocabulary(
        language="en",
        currency="EUR",
        facets=(
            category("style", ("style", "type"), ["Red", "White", "Rosé", "Sparkling"]),
            category("grape", ("grape", "grapes"), ["Pinot Noir", "Chardonnay", "Merlot"]),
            category("country", ("country",), ["France", "Italy"]),
            category("body", ("body",), ["Light", "Medium", "Full-bodied"]),
            category("sweetness", ("sweetness",), ["Dry", "Sweet", "Medium"]),
            category("pairing", ("pairing", "food"), ["Salmon", "Beef", "Nuts"]),
            category("label_colour", ("label colour",), ["Red", "Black", "Blue"]),
            number("price", "EUR", ("price", "cost"), 5, 300),
            number("alcohol", "%", ("alcohol", "abv"), 8, 20),
            number("vintage", None, ("vintage", "year"), 1990, 2023),
            number("volume", "ml", ("volume", "bottle size"), 187, 3000),
            flag("vegan", ("vegan",)),
            flag("organic", ("organic",)),
        ),
        nouns=("wine", "wines"),
        titles=(
            ("w1", "barolo riserva casanegra 2015"),
            ("w2", "chateau belair merlot"),
            ("w3", "santa lucia chardonnay"),
        ),
    )


def headset_vocabulary():
    return Vocabulary(
        language="en",
        currency="USD",
        facets=(
            category("type", ("type",), ["On-ear", "Over-ear", "In-ear"]),
            category("color", ("color",), ["Black", "White"]),
            category("connection", ("connection",), ["Wireless", "USB-C"]),
            number("price", "USD", ("price",), 10, 900),
            number("weight", "g", ("weight",), 3, 500),
            number("battery_life", "h", ("battery life", "battery"), 4, 90),
            number("cable_length", "cm", ("cable length", "cable"), 50, 500),
            flag("microphone", ("microphone",)),
            flag("wireless", ("wireless",)),
        ),
        nouns=("headphone", "headphones"),
        titles=(("h1", "soniq aria 500"), ("h2", "soniq aria 700")),
    )
