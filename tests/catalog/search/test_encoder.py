"""The sentence encoder: what is written, what is refused, and that torch stays outside."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from catalog.errors import EncoderUnavailable
from catalog.search import encoder as module
from catalog.search.encoder import (
    Encoder,
    Layout,
    build,
    ensure,
    export_folder,
    is_built,
    source_key,
    source_of,
)

MODELS = Path(__file__).resolve().parents[3] / "models"


def a_layout(**changes: object) -> Layout:
    fields = {
        "source": "some/model",
        "key": "abc",
        "dimension": 3,
        "max_tokens": 16,
        "pad_id": 0,
        "pooling": "mean",
        "precision": "float32",
        "agreement": 1.0,
        "lower_case": False,
        "query_prefix": "",
        "document_prefix": "",
        "sizes": {"model.onnx": 4, "tokenizer.json": 2},
    }
    return Layout(**{**fields, **changes})  # type: ignore[arg-type]


def written(folder: Path, layout: Layout) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"onnx")
    (folder / "tokenizer.json").write_bytes(b"{}")
    layout.write(folder)
    return folder


def test_layout_survives_writing(tmp_path: Path) -> None:
    assert Layout.read(written(tmp_path / "a", a_layout())) == a_layout()


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json", "encoder.json"])
def test_layout_of_a_damaged_folder_counts_as_missing(tmp_path: Path, broken: str) -> None:
    folder = written(tmp_path / "a", a_layout())
    (folder / broken).write_bytes(b"x")
    assert Layout.read(folder) is None


def test_layout_of_an_empty_folder_is_none(tmp_path: Path) -> None:
    assert Layout.read(tmp_path) is None


def test_load_without_a_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"assistant models pull"):
        Encoder.load(tmp_path, "some/model")


def test_an_empty_folder_has_no_encoder(tmp_path: Path) -> None:
    assert not is_built(tmp_path)


def test_load_of_unusable_files_says_to_delete_them(tmp_path: Path) -> None:
    written(export_folder(tmp_path, "some/model"), a_layout())
    with pytest.raises(EncoderUnavailable, match=r"Delete that folder"):
        Encoder.load(tmp_path, "some/model")


def test_build_reuses_a_whole_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "a", a_layout())
    monkeypatch.setattr(module, "_export", lambda *_: pytest.fail("exported again"))
    assert build("some/model", folder) == folder


def test_a_failed_build_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "Traceback\nOSError: no such model\n")

    monkeypatch.setattr(module.subprocess, "run", refuse)
    with pytest.raises(EncoderUnavailable, match=r"no such model.*uv sync --group index"):
        ensure(tmp_path, "some/model")
    assert list((tmp_path / "encoder").iterdir()) == []


def test_source_key_follows_the_files(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = source_key(str(tmp_path))
    assert source_key(str(tmp_path)) == before
    (tmp_path / "config.json").write_text("[]")
    assert source_key(str(tmp_path)) != before
    assert source_key("one/name") != source_key("other/name")


def test_no_packaged_model_says_which_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EncoderUnavailable, match=r"ASSISTANT_ENCODER"):
        source_of("")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return ensure(MODELS)


@pytest.mark.engine
def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(encoder: Encoder) -> None:
    texts = ["red wine", "", "a " * 2000, "\ud800 broken", "Ein Kleid aus Seide"] * 20
    vectors = encoder.encode(texts)
    assert vectors.shape == (100, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.vstack([encoder.encode_query(text) for text in texts[:5]])
    assert ((alone * vectors[:5]).sum(axis=1) > 0.999).all()
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.engine
def test_meaning_is_kept(encoder: Encoder) -> None:
    query = encoder.encode_query("something for my feet in winter")
    socks, corkscrew = encoder.encode(["warm woollen socks", "a steel corkscrew"])
    assert query @ socks > query @ corkscrew + 0.1
    with pytest.raises(ValueError, match=r"read-only"):
        query[0] = 1


@pytest.mark.engine
def test_serving_never_imports_torch(encoder: Encoder) -> None:
    del encoder  # built by now
    script = (
        "import sys, json; from pathlib import Path\n"
        "import catalog.search.encoder\n"
        "before = 'onnxruntime' in sys.modules\n"
        f"catalog.search.encoder.Encoder.load(Path({str(MODELS)!r})).encode(['a'] * 80)\n"
        "print(json.dumps([before, 'torch' in sys.modules, 'transformers' in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(done.stdout) == [False, False, False]


@pytest.mark.engine
def test_exported_vectors_agree_with_the_original(encoder: Encoder, tmp_path: Path) -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra encoder")
    texts = [
        "semi-dry white from the Mosel, 11.5 % alcohol",
        "ultra-light laptop sleeve, 13.3 inch",
        "size 38 black leather ankle boots",
        "for a colleague who retires",
        "USB-C",
        "no sugar " * 60,
    ]
    script = (
        "import sys, json, numpy as np\n"
        "from sentence_transformers import SentenceTransformer\n"
        "model = SentenceTransformer(sys.argv[1], device='cpu')\n"
        "np.save(sys.argv[2], model.encode(json.loads(sys.argv[3]), normalize_embeddings=True))\n"
    )
    out = tmp_path / "reference.npy"
    subprocess.run(
        [sys.executable, "-c", script, source_of(""), str(out), json.dumps(texts)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    cosine = (encoder.encode(texts) * np.load(out)).sum(axis=1)
    assert cosine.min() >= 0.99
