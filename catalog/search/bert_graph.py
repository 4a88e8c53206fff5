"""A BERT-family sentence-transformers model as one ONNX graph, built from its weights without PyTorch.

The graph takes token ids and gives the sentence vector, pooling included (Devlin et al. 2019; Reimers and
Gurevych 2019). It is put together from the fused operators that onnxruntime makes of such models itself, so
nothing is traced and nothing has to be fused when a server starts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import EncoderUnavailable

Weights = NDArray[np.float32]

OPSET = 17
"""The oldest operator set with everything used here, so that every onnxruntime of today reads it."""
FUSED = "com.microsoft"
"""Domain of onnxruntime's fused operators."""
FAMILIES = {"bert": "", "roberta": "roberta", "xlm-roberta": "roberta", "camembert": "roberta"}
"""Model types of config.json -> how they count positions: from 0, or as RoBERTa does, after the padding."""
ACTIVATIONS = {"gelu": "BiasGelu", "gelu_new": "FastGelu", "gelu_fast": "FastGelu"}
"""hidden_act of config.json -> the fused operator of bias and activation."""
EPSILON = 1e-12
"""BERT's own layer_norm_eps, where config.json gives none."""
MOST_NEGATIVE = -3.4e38
"""What the maximum over tokens sees in place of padding; just above the smallest float32."""


class UnsupportedModel(EncoderUnavailable):
    """A model of another build; says what was found and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """What the files of a sentence-transformers model say of it."""

    folder: Path
    """Where they are."""
    config: Mapping[str, Any]
    """config.json of the transformer."""
    pooling: str
    """"mean", "cls" or "max"."""
    dense: tuple[tuple[Path, str], ...]
    """Folders of dense layers after the pooling and their activation, "" or "Tanh"."""
    max_tokens: int
    """Longer texts are cut."""
    lower_case: bool
    """Texts are lower-cased before the tokenizer sees them."""
    prompts: Mapping[str, str]
    """Prefixes by task."""

    @property
    def pad_id(self) -> int:
        """Token that fills short rows of a batch."""
        return int(self.config.get("pad_token_id") or 0)


def read_json(path: Path) -> Any:
    """What a JSON file says; empty where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _pooling(folder: Path) -> str:
    config = read_json(folder / "config.json")
    mode = config.get("pooling_mode")
    if mode is None:
        flags = {"mean_tokens": "mean", "cls_token": "cls", "max_tokens": "max"}
        modes = [name for name, on in config.items() if name.startswith("pooling_mode_") and on]
        mode = "+".join(flags.get(name.removeprefix("pooling_mode_"), name) for name in modes)
    if mode not in ("mean", "cls", "max"):
        raise UnsupportedModel(f"its pooling is {mode!r}; allowed: mean, cls, max")
    return str(mode)


def read_files(folder: Path) -> ModelFiles:
    """Read what a model's files say of it.

    Args:
        folder: of a sentence-transformers model.

    Raises:
        UnsupportedModel: it is of a kind that is not built here.
    """
    modules = read_json(folder / "modules.json") or []
    config_folder, pooling, dense = folder, "mean", []
    for module in modules:
        kind, path = str(module.get("type", "")).rpartition(".")[2], folder / module.get("path", "")
        if kind == "Transformer":
            config_folder = path
        elif kind == "Pooling":
            pooling = _pooling(path)
        elif kind == "Dense":
            activation = str(read_json(path / "config.json").get("activation_function", ""))
            name = activation.rpartition(".")[2].replace("Identity", "")
            if name not in ("", "Tanh"):
                raise UnsupportedModel(f"a layer has the activation {name}; allowed: Tanh, none")
            dense.append((path, name))
        elif kind != "Normalize":
            raise UnsupportedModel(f"it has a module {kind or module!r}; allowed: Dense, Normalize")
    config = read_json(config_folder / "config.json")
    family = config.get("model_type")
    if family not in FAMILIES or config.get("hidden_act", "gelu") not in ACTIVATIONS:
        raise UnsupportedModel(
            f"it is a {family!r} with {config.get('hidden_act')!r}; allowed: {', '.join(FAMILIES)} "
            f"with {', '.join(ACTIVATIONS)}"
        )
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise UnsupportedModel(
            f"its positions are {config['position_embedding_type']}, not absolute"
        )
    if not (config_folder / "model.safetensors").is_file():
        raise UnsupportedModel("it has no model.safetensors")
    settings = read_json(config_folder / "sentence_bert_config.json")
    positions = int(config["max_position_embeddings"]) - _first_position(config)
    return ModelFiles(
        folder=config_folder,
        config=config,
        pooling=pooling,
        dense=tuple(dense),
        max_tokens=min(int(settings.get("max_seq_length") or positions), positions),
        lower_case=bool(settings.get("do_lower_case", False)),
        prompts=read_json(folder / "config_sentence_transformers.json").get("prompts") or {},
    )


def _first_position(config: Mapping[str, Any]) -> int:
    family = FAMILIES[str(config["model_type"])]
    return int(config.get("pad_token_id") or 0) + 1 if family == "roberta" else 0


class _Graph:
    """Collects nodes and weights, each under a name of its own."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operator; returns the name of its result."""
        from onnx import helper

        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes)
        )
        return name

    def weight(self, name: str, values: NDArray[Any]) -> str:
        """Add an array; returns its name."""
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name


class _Tensors:
    """The weights of a model by the end of their name, whatever stands before it."""

    def __init__(self, path: Path) -> None:
        from safetensors.numpy import load_file

        self._tensors = load_file(path)
        first = next((name for name in self._tensors if "word_embeddings" in name), "")
        self._prefix = first.partition("embeddings.")[0]

    def __call__(self, name: str) -> Weights:
        try:
            return np.asarray(self._tensors[self._prefix + name], dtype=np.float32)
        except KeyError:
            raise UnsupportedModel(f"model.safetensors has no {self._prefix}{name}") from None


def _embeddings(graph: _Graph, tensors: _Tensors, config: Mapping[str, Any]) -> str:
    """Words, positions and the first segment, summed and normalised: [batch, tokens, hidden]."""
    words = graph.weight("words", tensors("embeddings.word_embeddings.weight"))
    table = tensors("embeddings.position_embeddings.weight")
    table = table + tensors("embeddings.token_type_embeddings.weight")[0]
    first = _first_position(config)
    # In a batch padded at the right, RoBERTa's positions of the tokens that count are a stretch as well.
    positions = graph.weight("positions", table[first:])
    start, axis = (
        graph.weight("start", np.array([0], np.int64)),
        graph.weight("axis", np.array([0], np.int64)),
    )
    shape = graph.node("Shape", "input_ids", start=1, end=2)
    place = graph.node("Slice", positions, start, shape, axis)
    total = graph.node("Add", graph.node("Gather", words, "input_ids"), place)
    return graph.node(
        "LayerNormalization",
        total,
        graph.weight("embeddings_scale", tensors("embeddings.LayerNorm.weight")),
        graph.weight("embeddings_shift", tensors("embeddings.LayerNorm.bias")),
        epsilon=float(config.get("layer_norm_eps", EPSILON)),
    )


def _layer(
    graph: _Graph, tensors: _Tensors, config: Mapping[str, Any], number: int, states: str, mask: str
) -> str:
    """One transformer layer over ``states``, [batch, tokens, hidden]; ``mask`` is 1 where a token is real."""
    base, epsilon = f"encoder.layer.{number}", float(config.get("layer_norm_eps", EPSILON))

    def weight(name: str, *parts: str) -> str:
        arrays = [tensors(f"{base}.{part}") for part in parts]
        joined = np.concatenate(
            [array.T if array.ndim == 2 else array for array in arrays], axis=-1
        )
        return graph.weight(f"layer{number}_{name}", joined)

    def normalised(result: str, before: str, name: str) -> str:
        scale, shift = weight(f"{name}_scale", f"{name}.LayerNorm.weight"), f"{name}.LayerNorm.bias"
        bias = weight(f"{name}_bias", f"{name}.dense.bias")
        inputs = (result, before, scale, weight(f"{name}_shift", shift), bias)
        return graph.node("SkipLayerNormalization", *inputs, domain=FUSED, epsilon=epsilon)

    heads = [f"attention.self.{name}" for name in ("query", "key", "value")]
    attended = graph.node(
        "Attention",
        states,
        weight("heads", *(f"{head}.weight" for head in heads)),
        weight("heads_bias", *(f"{head}.bias" for head in heads)),
        mask,
        domain=FUSED,
        num_heads=int(config["num_attention_heads"]),
    )
    mixed = graph.node("MatMul", attended, weight("mix", "attention.output.dense.weight"))
    states = normalised(mixed, states, "attention.output")
    wide = graph.node("MatMul", states, weight("widen", "intermediate.dense.weight"))
    activation = ACTIVATIONS[str(config.get("hidden_act", "gelu"))]
    active = graph.node(
        activation, wide, weight("widen_bias", "intermediate.dense.bias"), domain=FUSED
    )
    narrow = graph.node("MatMul", active, weight("narrow", "output.dense.weight"))
    return normalised(narrow, states, "output")


def _pooled(graph: _Graph, files: ModelFiles, states: str) -> str:
    """The vector of each text, [batch, dimension]."""
    from onnx import TensorProto

    middle = graph.weight("middle", np.array([1], np.int64))
    last = graph.weight("last", np.array([2], np.int64))
    mask = graph.node("Cast", graph.node("Unsqueeze", "attention_mask", last), to=TensorProto.FLOAT)
    if files.pooling == "cls":
        vector = graph.node("Gather", states, graph.weight("first", np.array(0, np.int64)), axis=1)
    elif files.pooling == "max":
        lowest = graph.weight("lowest", np.array(MOST_NEGATIVE, np.float32))
        real = graph.node("Cast", mask, to=TensorProto.BOOL)
        vector = graph.node(
            "ReduceMax", graph.node("Where", real, states, lowest), axes=[1], keepdims=0
        )
    else:
        total = graph.node("ReduceSum", graph.node("Mul", states, mask), middle, keepdims=0)
        vector = graph.node("Div", total, graph.node("ReduceSum", mask, middle, keepdims=0))
    for number, (folder, activation) in enumerate(files.dense):
        tensors = _Tensors(folder / "model.safetensors")
        matrix = graph.weight(f"dense{number}", tensors("linear.weight").T)
        vector = graph.node("MatMul", vector, matrix)
        if (bias := _optional(tensors, "linear.bias")) is not None:
            vector = graph.node("Add", vector, graph.weight(f"dense{number}_bias", bias))
        vector = graph.node(activation, vector) if activation else vector
    return vector


def _optional(tensors: _Tensors, name: str) -> Weights | None:
    try:
        return tensors(name)
    except UnsupportedModel:
        return None


def write_graph(files: ModelFiles, path: Path) -> int:
    """Write the model as ONNX.

    Args:
        files: What is built.
        path: Where the graph goes.

    Returns:
        Length of a vector.

    Raises:
        UnsupportedModel: a weight that such a model has is missing.
    """
    import onnx
    from onnx import TensorProto, helper

    graph, tensors = _Graph(), _Tensors(files.folder / "model.safetensors")
    states = _embeddings(graph, tensors, files.config)
    whole = graph.node("Cast", "attention_mask", to=TensorProto.INT32)
    for number in range(int(files.config["num_hidden_layers"])):
        states = _layer(graph, tensors, files.config, number, states, whole)
    vector = _pooled(graph, files, states)
    graph.nodes.append(helper.make_node("Identity", [vector], ["vector"]))
    axes = ["batch", "tokens"]
    size = int(files.config["hidden_size"])
    if files.dense:
        size = int(read_json(files.dense[-1][0] / "config.json")["out_features"])
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "sentence",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, axes)
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", size])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
    )
    model.ir_version = 8  # the one that belongs to the operator set
    onnx.save_model(model, str(path))
    return size
