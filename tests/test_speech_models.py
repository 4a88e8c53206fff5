"""Where the speech model is found, and how it is fetched."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant import speech_models
from assistant.settings import Settings
from assistant.speech_models import ModelError, checksum, find_speech_model, pull, why_no_speech

NAME = "vosk-model-tiny-xx-0.1"


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


GOOD = packed({f"{NAME}/am/final.mdl": b"model" * 1000, f"{NAME}/conf/model.conf": b"--beam=1"})


@pytest.fixture
def site(tmp_path):
    """A folder served over HTTP; returns the folder and its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    folder = tmp_path / "site"
    folder.mkdir()
    (folder / f"{NAME}.zip").write_bytes(GOOD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def configured(tmp_path, site):
    def configure(**told) -> Settings:
        told.setdefault("speech_model_url", f"{site[1]}/{NAME}.zip")
        return Settings(models=tmp_path / "models", speech_model=None, **told)

    return configure


def left_behind(settings: Settings) -> list[str]:
    folder = settings.models / "speech"
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def test_pull_fetches_a_model_that_is_found_afterwards(configured):
    settings, told = configured(), []
    assert find_speech_model(settings) is None
    assert "assistant models pull" in why_no_speech(settings)
    folder = pull(None, settings, lambda done, total: told.append((done, total)))
    assert folder == find_speech_model(settings) == settings.models / "speech" / NAME
    assert why_no_speech(settings) == ""
    assert told[-1] == (len(GOOD), len(GOOD))
    assert checksum(folder) == hashlib.sha256(GOOD).hexdigest()
    assert left_behind(settings) == [NAME]


def test_pull_again_takes_the_place_of_the_old_one(configured):
    settings = configured()
    (pull(None, settings) / "stray").write_text("x")
    assert not (pull(None, settings) / "stray").exists()
    assert left_behind(settings) == [NAME]


def test_pull_by_name_looks_beside_the_configured_address(configured, site):
    settings = configured(speech_model_url=f"{site[1]}/another-0.9.zip")
    assert pull(NAME, settings).name == NAME


def test_pull_takes_an_archive_from_disk(configured, site):
    settings = configured(speech_model_url=(site[0] / f"{NAME}.zip").as_uri())
    assert pull(None, settings).is_dir()


def test_pull_checks_the_checksum(configured):
    right = hashlib.sha256(GOOD).hexdigest()
    with pytest.raises(ModelError, match=f"{right}, expected 00"):
        pull(None, settings := configured(speech_model_sha256="00" * 32))
    assert left_behind(settings) == []
    pull(None, configured(speech_model_sha256=right.upper()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>not here</html>", "not a whole zip"),
        (GOOD[:-400], "not a whole zip"),
        (packed({"readme.txt": b"hello"}), "holds no Vosk model"),
        (packed({"../../evil": b"x", "m/am/final.mdl": b"m"}), "write outside its folder"),
        (packed({"/etc/evil": b"x", "m/am/final.mdl": b"m"}), "write outside its folder"),
        (packed({"m\\..\\..\\evil": b"x", "m/am/final.mdl": b"m"}), "write outside its folder"),
    ],
    ids=["page", "half", "other", "slip", "absolute", "backslash"],
)
def test_pull_of_something_else_leaves_what_was_there(configured, site, content, said):
    settings = configured()
    pull(None, settings)
    (site[0] / f"{NAME}.zip").write_bytes(content)
    with pytest.raises(ModelError, match=said) as error:
        pull(None, settings)
    assert "\n" not in str(error.value)
    assert left_behind(settings) == [NAME]
    assert find_speech_model(settings) is not None


def test_pull_of_a_bomb_stops_before_unpacking(configured, monkeypatch):
    monkeypatch.setattr(speech_models, "BIGGEST_MODEL", 1000)
    with pytest.raises(ModelError, match="more than a model can be"):
        pull(None, configured())


def test_pull_says_in_one_line_when_the_address_is_wrong(configured, site):
    with pytest.raises(ModelError, match="answers 404"):
        pull("vosk-model-none", configured())
    site_gone = configured(speech_model_url="http://127.0.0.1:9/model.zip")
    with pytest.raises(ModelError, match="cannot be reached") as error:
        pull(None, site_gone)
    assert "ASSISTANT_SPEECH_MODEL" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["../x", "a/b", "", " ", "x" * 200, ".hidden"])
def test_pull_of_a_strange_name_writes_nowhere_else(configured, name):
    settings = configured()
    if name == "":
        assert pull(name, settings).name == NAME
        return
    with pytest.raises(ModelError, match="not the name of a model"):
        pull(name, settings)


def test_the_setting_goes_first_and_is_not_replaced_when_wrong(configured, tmp_path):
    settings = configured()
    pull(None, settings)
    mine = tmp_path / "mine"
    wrong = settings.model_copy(update={"speech_model": mine})
    assert find_speech_model(wrong) is None
    assert str(mine) in why_no_speech(wrong)
    (mine / "am").mkdir(parents=True)
    (mine / "am" / "final.mdl").write_bytes(b"m")
    assert find_speech_model(wrong) == mine
