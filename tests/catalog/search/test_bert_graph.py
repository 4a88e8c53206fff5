"""Graphs built from weights say what the models say that they were built from."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from catalog.search.bert_graph import UnsupportedModel, read_files, write_graph
from catalog.search.encoder import source_of

HIDDEN, HEADS, LAYERS, WIDE, WORDS, POSITIONS = 12, 3, 2, 20, 30, 16
CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": HIDDEN,
    "intermediate_size": WIDE,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "max_position_embeddings": POSITIONS,
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": WORDS,
}


def weights() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(7)

    def array(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": array(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": array(POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": array(2, HIDDEN),
        "embeddings.LayerNorm.weight": 1 + array(HIDDEN),
        "embeddings.LayerNorm.bias": array(HIDDEN),
    }
    for layer in range(LAYERS):
        base = f"encoder.layer.{layer}"
        shapes = {f"attention.self.{name}": (HIDDEN, HIDDEN) for name in ("query", "key", "value")}
        shapes |= {"attention.output.dense": (HIDDEN, HIDDEN)}
        shapes |= {"intermediate.dense": (WIDE, HIDDEN), "output.dense": (HIDDEN, WIDE)}
        for name, shape in shapes.items():
            made[f"{base}.{name}.weight"] = array(*shape)
            made[f"{base}.{name}.bias"] = array(shape[0])
        for name in ("attention.output", "output"):
            made[f"{base}.{name}.LayerNorm.weight"] = 1 + array(HIDDEN)
            made[f"{base}.{name}.LayerNorm.bias"] = array(HIDDEN)
    return made


def expected(ids: list[int], arrays: dict[str, np.ndarray], pooling: str) -> np.ndarray:
    """BERT as its paper writes it, one text at a time."""
    from math import erf

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return x * arrays[f"{name}.LayerNorm.weight"] + arrays[f"{name}.LayerNorm.bias"]

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"]

    x = arrays["embeddings.word_embeddings.weight"][ids]
    x = x + arrays["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + arrays["embeddings.token_type_embeddings.weight"][0], "embeddings")
    for layer in range(LAYERS):
        base = f"encoder.layer.{layer}"
        parts = []
        for name in ("query", "key", "value"):
            y = dense(x, f"{base}.attention.self.{name}")
            parts.append(y.reshape(len(ids), HEADS, -1).transpose(1, 0, 2))
        query, key, value = parts
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(HIDDEN // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ value
        mixed = mixed.transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(x + dense(mixed, f"{base}.attention.output.dense"), f"{base}.attention.output")
        wide = dense(x, f"{base}.intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(erf)(wide / np.sqrt(2)))
        x = norm(x + dense(wide, f"{base}.output.dense"), f"{base}.output")
    return {"mean": x.mean(0), "cls": x[0], "max": x.max(0)}[pooling]


def model(folder: Path, pooling: str = "mean", prefix: str = "", **config: object) -> Path:
    save_file = pytest.importorskip("safetensors.numpy", reason="needs the group index").save_file
    (folder / "1_Pooling").mkdir()
    modules = [{"path": "", "type": "x.Transformer"}, {"path": "1_Pooling", "type": "x.Pooling"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "config.json").write_text(json.dumps({**CONFIG, **config}))
    flag = {"mean": "mean_tokens", "cls": "cls_token", "max": "max_tokens"}.get(pooling, pooling)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({f"pooling_mode_{flag}": True}))
    save_file(
        {prefix + name: array for name, array in weights().items()}, folder / "model.safetensors"
    )
    return folder


def run(path: Path, texts: list[list[int]]) -> np.ndarray:
    import onnxruntime

    longest = max(map(len, texts))
    ids = np.array([text + [0] * (longest - len(text)) for text in texts], dtype=np.int64)
    mask = np.array([[1] * len(text) + [0] * (longest - len(text)) for text in texts], np.int64)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
@pytest.mark.parametrize("prefix", ["", "bert."])
def test_a_graph_gives_the_vectors_of_the_model(tmp_path, pooling, prefix):
    pytest.importorskip("onnx", reason="needs the group index")
    path = tmp_path / "model.onnx"
    assert write_graph(read_files(model(tmp_path, pooling, prefix)), path) == HIDDEN
    texts = [[1, 5, 9, 2], [1, 2], [1, 7, 7, 8, 29, 3, 2]]
    vectors = run(path, texts)
    for vector, text in zip(vectors, texts, strict=True):
        assert vector == pytest.approx(expected(text, weights(), pooling), abs=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "mpnet"}, "'mpnet'"),
        ({"hidden_act": "swish"}, "'swish'"),
        ({"position_embedding_type": "relative_key"}, "relative_key"),
    ],
)
def test_a_model_of_another_build_is_named_with_what_is_allowed(tmp_path, change, message):
    with pytest.raises(UnsupportedModel, match=message):
        read_files(model(tmp_path, **change))


def test_a_pooling_of_another_kind_is_named(tmp_path):
    with pytest.raises(UnsupportedModel, match="weightedmean"):
        read_files(model(tmp_path, "weightedmean_tokens"))


def test_a_missing_weight_is_named(tmp_path):
    folder = model(tmp_path, num_hidden_layers=LAYERS + 1)
    with pytest.raises(UnsupportedModel, match=f"encoder.layer.{LAYERS}"):
        write_graph(read_files(folder), tmp_path / "model.onnx")


def test_texts_are_cut_where_the_positions_end(tmp_path):
    folder = model(tmp_path)
    (folder / "sentence_bert_config.json").write_text(
        '{"max_seq_length": 900, "do_lower_case": true}'
    )
    files = read_files(folder)
    assert (files.max_tokens, files.lower_case) == (POSITIONS, True)


def random_texts(count: int) -> list[str]:
    words = "oak table red wine bottle soft leather shoe size 43 dry barrel aged kitchen knife steel long "
    words += (
        "für Kinder été 11.5 % SKU-88 garden chair folding waterproof a with and of under 80 euro"
    )
    chance = random.Random(11)
    return [
        " ".join(chance.choices(words.split(), k=chance.choice([1, 3, 8, 20, 60, 400])))
        for _ in range(count)
    ]


@pytest.mark.engine
def test_the_default_model_agrees_with_sentence_transformers_on_500_texts(tmp_path):
    original = pytest.importorskip("sentence_transformers", reason="needs the extra encoder")
    from tokenizers import Tokenizer

    from catalog.search.encoder import Encoder, Layout, _session
    from catalog.search.encoder_export import export

    texts = random_texts(500)
    export(source_of(""), tmp_path, "key", whole=True)
    layout = Layout.read(tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    tokenizer.enable_truncation(layout.max_tokens)
    tokenizer.enable_padding(pad_id=layout.pad_id)
    ours = Encoder(layout, _session(tmp_path, 2), tokenizer).encode(texts)
    theirs = original.SentenceTransformer(source_of(""), device="cpu").encode(
        texts, normalize_embeddings=True, show_progress_bar=False
    )
    assert (ours * theirs).sum(axis=1).min() >= 0.999


@pytest.mark.engine
@pytest.mark.parametrize("family", ["bert", "roberta"])
@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_families_and_poolings_agree_with_sentence_transformers(tmp_path, family, pooling):
    pytest.importorskip("sentence_transformers", reason="needs the extra encoder")
    import torch
    import transformers
    from sentence_transformers.models import Pooling

    classes = {"bert": transformers.BertModel, "roberta": transformers.RobertaModel}
    configs = {"bert": transformers.BertConfig, "roberta": transformers.RobertaConfig}
    pad = {"bert": 0, "roberta": 1}[family]
    settings = {name: value for name, value in CONFIG.items() if name != "model_type"}
    torch.manual_seed(3)
    source = classes[family](configs[family](**{**settings, "pad_token_id": pad})).eval()
    source.save_pretrained(tmp_path)
    (tmp_path / "1_Pooling").mkdir()
    modules = [{"path": "", "type": "x.Transformer"}, {"path": "1_Pooling", "type": "x.Pooling"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": pooling}))
    write_graph(read_files(tmp_path), tmp_path / "model.onnx")
    for text in ([4, 5, 9, 2], [6, 2], [7, 7, 8, 29, 3, 2, 9, 9]):
        ids = torch.tensor([text])
        with torch.no_grad():
            states = source(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        pooled = Pooling(HIDDEN, pooling_mode=pooling)(
            {"token_embeddings": states, "attention_mask": torch.ones_like(ids)}
        )["sentence_embedding"].numpy()[0]
        assert run(tmp_path / "model.onnx", [text])[0] == pytest.approx(pooled, abs=1e-4)
