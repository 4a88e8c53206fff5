"""Which language a catalog is written in, told by the small words of its texts and by its column names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from catalog.inference.columns import FeedColumn
from catalog.parsing.wordlist import words

_SMALL: dict[str, frozenset[str]] = {
    "en": words("the and with for of is this you your from are that it by or as to in on be an"),
    "de": words(
        "und mit der die das für aus von ist ein eine den dem des zum zur im nicht auch sich auf "
        "bei oder sie wird sind ohne ideal einem einer"
    ),
    "fr": words("et avec le la les des une pour dans est du au aux sur par vous ce cette en un"),
    "es": words("y con el la los las de una para en es del al por su que un se más este"),
    "it": words("e con il la gli le di una per in è del della al da che un si più questo"),
    "nl": words("en met de het een voor van is in op uit te bij ook zijn niet dit deze je"),
}
_COLUMNS: dict[str, frozenset[str]] = {
    "de": words(
        "preis farbe größe groesse gewicht hersteller marke beschreibung bezeichnung artikelnummer "
        "artikelnr lieferbar breite höhe hoehe tiefe länge laenge kategorie verfügbarkeit bestand "
        "werkstoff bild titel produktname geschlecht anzahl menge leistung"
    ),
    "fr": words(
        "prix couleur taille poids marque largeur hauteur longueur matière catégorie titre"
    ),
    "es": words("precio talla peso marca ancho altura longitud categoría descripción nombre"),
    "it": words("prezzo colore taglia marca larghezza altezza lunghezza descrizione titolo"),
    "nl": words("prijs kleur maat gewicht merk breedte hoogte lengte omschrijving categorie naam"),
    "en": words(
        "price color colour size weight brand width height length description title name category "
        "availability material stock"
    ),
}
_SAMPLE = 1500
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 6.0
_AHEAD = 1.5
_COLUMN_COUNTS = 3.0


def tongue_of(columns: Mapping[str, FeedColumn]) -> str:
    """Two-letter code of the language; "en" where the evidence is thin or divided."""
    votes: dict[str, float] = dict.fromkeys(_SMALL, 0.0)
    for column in columns.values():
        parts = _WORD.findall(column.name.lower())
        for code, names in _COLUMNS.items():
            votes[code] += _COLUMN_COUNTS * bool(names & set(parts))
    for text in _texts(columns.values()):
        used = Counter(_WORD.findall(text.lower()))
        for code, small in _SMALL.items():
            votes[code] += sum(used[word] for word in small)
    best = max(votes, key=lambda code: votes[code])
    most = votes.pop(best)
    others = max(votes.values())
    return best if most >= _LEAST and most >= _AHEAD * others else "en"


def _texts(columns: Iterable[FeedColumn]) -> Iterable[str]:
    for column in columns:
        if column.mean_length >= 12:
            for text, _ in zip(column.counts, range(_SAMPLE), strict=False):
                yield text[:1000]
