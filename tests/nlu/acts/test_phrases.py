"""Every intent has test sentences of its own, and the model gets them right without an encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.acts.features import phrase_tokens
from nlu.acts.model import load_model
from nlu.acts.phrases import FOLDER, load_phrases, read_file
from nlu.errors import PhrasesInvalid
from nlu.language import load_wordlists

TESTS = Path(__file__).parents[1] / "phrases"
INTENTS = sorted(path.stem for path in (FOLDER / "en").glob("*.yml"))
LANGUAGES = ("en", "de")


@pytest.fixture(scope="session", params=LANGUAGES)
def model(nlu_models, request):
    return load_model(load_wordlists(request.param), models=nlu_models)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_have_a_test_file_each(language):
    assert sorted(path.stem for path in (FOLDER / language).glob("*.yml")) == INTENTS
    assert sorted(path.stem for path in (TESTS / language).glob("*.yml")) == INTENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_do_not_contradict_each_other(language):
    said: dict[str, set[str]] = {}
    for phrase in load_phrases(language):
        said.setdefault(phrase.text, set()).add(phrase.label)
    doubtful = {text: labels for text, labels in said.items() if len(labels) > 1}
    assert len(doubtful) < 0.01 * len(said), doubtful


@pytest.mark.parametrize("intent", INTENTS)
def test_model_knows_most_sentences_of(model, intent):
    wordlists = model.wordlists
    right, sentences = (
        0,
        [text for _, text in read_file(TESTS / wordlists.language / f"{intent}.yml")],
    )
    for text in sentences:
        tokens, question = phrase_tokens(text, wordlists)
        label, _ = model.predict(tokens, text, question=question)
        right += intent in label.split("+")
    assert right >= 0.7 * len(sentences)


def test_read_file_names_what_is_no_text(tmp_path):
    path = tmp_path / "affirm.yml"
    path.write_text("phrases:\n  - true\n")
    with pytest.raises(PhrasesInvalid, match="put it in quotes"):
        list(read_file(path))
