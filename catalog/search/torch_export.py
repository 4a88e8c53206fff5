"""Any sentence-transformers model as an ONNX graph, traced by PyTorch; the extra ``encoder`` brings both.

Runs in a process of its own (``catalog.search.encoder_export``), the only one that imports torch. The graph
takes token ids and gives the sentence vector, pooling included, so whatever modules a model has after its
transformer come along. The result is compared with the original before it counts.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import EncoderUnavailable
from catalog.search.exported import AGREEMENT, SAMPLES, Exported

logger = logging.getLogger(__name__)

OPSET = 17
"""The oldest ONNX operator set with everything a transformer needs, so that every runtime reads
it."""


def _reference(model: Any) -> NDArray[np.float32]:
    vectors = model.encode(list(SAMPLES), normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


def _wrapped(model: Any) -> Any:
    """Token ids to sentence vector, as one module that can be traced."""
    import torch

    def forward(self: Any, input_ids: Any, attention_mask: Any) -> Any:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        return self.model(features)["sentence_embedding"]

    # Made at run time: a type checker sees torch only where the extra is installed.
    sentence: Any = type("Sentence", (torch.nn.Module,), {"forward": forward})()
    sentence.model = model
    return sentence.eval()


def _write_graph(model: Any, path: Path, *, traced: bool) -> None:
    import torch

    batch = model.tokenizer(list(SAMPLES[1:3]), padding=True, return_tensors="pt")
    arguments = (batch["input_ids"], batch["attention_mask"])
    names: dict[str, Any] = {
        "input_names": ["input_ids", "attention_mask"],
        "output_names": ["vector"],
    }
    axes = {0: "batch", 1: "tokens"}
    with torch.no_grad():
        if traced:
            shapes = {"input_ids": axes, "attention_mask": axes, "vector": {0: "batch"}}
            torch.onnx.export(
                _wrapped(model),
                arguments,
                str(path),
                dynamo=False,
                opset_version=OPSET,
                dynamic_axes=shapes,
                **names,
            )
        else:
            sizes = {
                0: torch.export.Dim("batch"),
                1: torch.export.Dim("tokens", max=_window(model)),
            }
            torch.onnx.export(
                _wrapped(model),
                arguments,
                str(path),
                dynamo=True,
                external_data=False,
                dynamic_shapes=(sizes, sizes),
                **names,
            )


def _window(model: Any) -> int:
    return int(model.max_seq_length or 256)


def _agreement(path: Path, model: Any, reference: NDArray[np.float32]) -> float:
    """Return the smallest cosine between the graph's vectors and the original's, alone and padded."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(texts: list[str]) -> NDArray[np.float32]:
        batch = model.tokenizer(
            texts, padding=True, truncation=True, max_length=_window(model), return_tensors="np"
        )
        feed = {name: batch[name].astype(np.int64) for name in ("input_ids", "attention_mask")}
        vectors = np.asarray(session.run(None, feed)[0], dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    together = run(list(SAMPLES))
    alone = np.vstack([run([text]) for text in SAMPLES])
    return float(
        min((together * reference).sum(axis=1).min(), (alone * reference).sum(axis=1).min())
    )


def _graph(model: Any, path: Path, reference: NDArray[np.float32]) -> float:
    """Write the graph by tracing, which is three times as fast, or by torch.export if it disagrees."""
    failure = "nothing"
    for traced in (True, False):
        try:
            _write_graph(model, path, traced=traced)
            agreement = _agreement(path, model, reference)
        except Exception as error:  # noqa: BLE001 - torch's exporters raise whatever broke inside
            logger.info("export (traced=%s) failed: %s", traced, error)
            failure = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            continue
        if agreement >= AGREEMENT:
            return agreement
        failure = f"cosine {agreement:.3f} to the original, {AGREEMENT} needed"
    raise EncoderUnavailable(f"the exported graph cannot be used ({failure})")


def export(source: str, path: Path) -> Exported:
    """Write the graph of a model, and say what is needed to run it.

    Args:
        source: Folder or hub name of a sentence-transformers model of any kind.
        path: Where the graph goes.

    Raises:
        EncoderUnavailable: the extra ``encoder`` is not installed, or the model cannot be exported.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderUnavailable(
            "a model of this kind needs sentence-transformers: `uv sync --extra encoder`"
        ) from error
    # Eager attention is the form that onnxruntime knows how to fuse.
    model = SentenceTransformer(
        source,
        device="cpu",
        local_files_only=Path(source).is_dir(),
        model_kwargs={"attn_implementation": "eager"},
    )
    model.eval()
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise EncoderUnavailable("the model has no fast tokenizer (tokenizer.json)")
    model.default_prompt_name = None  # prefixes are put before texts by whoever encodes them
    reference = _reference(model)
    agreement = _graph(model, path, reference)
    return Exported(
        tokenizer=tokenizer,
        dimension=int(reference.shape[1]),
        max_tokens=_window(model),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        pooling=" + ".join(type(module).__name__ for module in list(model)[1:]) or "none",
        agreement=agreement,
        lower_case=bool(getattr(model[0], "do_lower_case", False)),
        prompts={name: text for name, text in (model.prompts or {}).items() if text},
    )
