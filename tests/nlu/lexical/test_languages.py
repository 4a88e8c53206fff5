"""The language of texts."""

import pytest

from nlu.lexical.languages import language_evidence, language_of_catalog, language_of_message

SMALL = {"en": {"the", "is", "in", "no", "please"}, "de": {"der", "ist", "in", "nein", "bitte"}}


@pytest.mark.parametrize(
    ("columns", "texts", "language"),
    [
        (["naam", "prijs"], [], "nl"),
        (["Prijs (EUR)"], ["Een fiets met een mand voor de stad en het bos"], "nl"),
        ([], ["Una camisa con el cuello de lino para los días de verano en la playa"], "es"),
        ([], ["Il tavolo con le gambe di legno per la cucina e un cassetto"], "it"),
        (["preis"], [], "en"),
        ([], ["de la in"] * 9, "en"),
        ([], [], "en"),
    ],
)
def test_small_words_and_columns_tell_the_language_of_a_catalog(columns, texts, language):
    assert language_of_catalog(columns, texts) == language


@pytest.mark.parametrize(
    ("tokens", "current", "language"),
    [
        (["der", "tisch", "ist", "in"], "en", "de"),
        (["the", "table", "is"], "de", "en"),
        (["nein"], "en", "de"),
        (["nein", "oak"], "en", "en"),
        (["in"], "de", "de"),
        (["nein"], "fr", "fr"),
        ([], "de", "de"),
    ],
)
def test_a_message_changes_the_language_only_beyond_doubt(tokens, current, language):
    assert language_of_message(tokens, SMALL, current) == language


def test_every_language_has_words_of_its_own():
    for code, evidence in language_evidence().items():
        others = [other for key, other in language_evidence().items() if key != code]
        assert evidence.small - frozenset().union(*(other.small for other in others)), code
        assert evidence.columns - frozenset().union(*(other.columns for other in others)), code
