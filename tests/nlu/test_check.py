import pytest

from nlu.check import check, main


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "en").mkdir()

    def write(**intents):
        for intent, phrases in intents.items():
            lines = "".join(f'  - "{phrase}"\n' for phrase in phrases)
            (tmp_path / "en" / f"{intent}.yml").write_text(f"phrases:\n{lines}")
        return tmp_path

    return write


def test_check_finds_what_contradicts(folder):
    found = check("en", folder=folder(greet=["hello [there]"], goodbye=["hello", "bye"]), fewest=1)
    assert found.contradictions == ["goodbye: 'hello'"]
    assert found.ambiguous == ["'hello' under goodbye, greet"]
    assert found.errors


def test_check_finds_what_adds_nothing(folder):
    found = check("en", folder=folder(greet=["hello", "(hello|hi)"], goodbye=["bye"]), fewest=1)
    assert found.duplicates == ["greet: 'hello' and all it stands for is said elsewhere"]
    assert not found.errors


def test_check_finds_intents_too_close_and_too_thin(folder, tmp_path):
    made = folder(
        thank=["thanks for (the lamp|the chair)"],
        praise=["thanks for (the lamp|the chair|the rug)"],
        goodbye=["see you"],
    )
    found = check("en", folder=made, tests=tmp_path / "none", fewest=5)
    assert any(line.startswith("praise and thank") for line in found.close)
    assert "goodbye: 1 sentences; 5 or more are needed" in found.thin
    assert "goodbye: no test sentences in goodbye.yml" in found.thin


@pytest.mark.parametrize("language", ["en", "de"])
def test_check_passes_our_own_phrases(language, capsys):
    assert main(["--language", language]) == 0


def test_check_names_an_unknown_language(capsys):
    assert main(["--language", "xx"]) == 1
    assert "No word lists" in capsys.readouterr().err
