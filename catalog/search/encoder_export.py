"""Export a sentence-transformers model to ONNX: ``python -m catalog.search.encoder_export SOURCE FOLDER KEY``.

Runs in a process of its own, the only one that imports torch. The graph takes token ids and gives
the sentence vector, pooling included, so whatever modules a model has after its transformer come
along. The result is compared with the original before it counts.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.encoder import Layout

logger = logging.getLogger(__name__)

AGREEMENT = 0.99
"""Cosine to the original: a smaller agreement would change which products are nearest."""
OPSET = 17
"""The oldest ONNX operator set with everything a transformer needs, so that every runtime reads
it."""
SAMPLES = (
    "red",
    "a light red wine to go with fish",
    "wireless over-ear headphones for the gym, under 80 euro",
    "Something warm and easy for a first date; nothing sweet, please.",
    "an oak dining table for six people, at most 180 cm long and not too heavy to move around the flat",
    "Kopfhörer für Kinder",
    "une robe d'été légère et bleue",
    "SKU 4711-B",
)


def _reference(model: Any) -> NDArray[np.float32]:
    vectors = model.encode(list(SAMPLES), normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)


def _wrapped(model: Any) -> Any:
    import torch

    class Sentence(torch.nn.Module):
        """Token ids to sentence vector, as one module that can be traced."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    return Sentence().eval()


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
    found = "nothing"
    for traced in (True, False):
        try:
            _write_graph(model, path, traced=traced)
            agreement = _agreement(path, model, reference)
        except Exception as error:  # noqa: BLE001 - torch's exporters raise whatever broke inside
            logger.info("export (traced=%s) failed: %s", traced, error)
            found = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            continue
        if agreement >= AGREEMENT:
            return agreement
        found = f"cosine {agreement:.3f} to the original, {AGREEMENT} needed"
    raise SystemExit(f"the exported graph cannot be used ({found})")


def _shrink(path: Path, model: Any, reference: NDArray[np.float32]) -> float | None:
    """Store the table of word vectors in int8, a third of the memory; None when that costs accuracy.

    The matrices stay float32: in int8 they are twice as fast but the cosine falls to 0.98.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    small = path.with_suffix(".int8")
    quantize_dynamic(
        str(path),
        str(small),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["Gather"],
    )
    agreement = _agreement(small, model, reference)
    if agreement < AGREEMENT or small.stat().st_size >= path.stat().st_size:
        small.unlink()
        return None
    small.replace(path)
    return agreement


def export(source: str, folder: Path, key: str) -> Layout:
    """Write model.onnx, tokenizer.json and encoder.json into the folder."""
    from sentence_transformers import SentenceTransformer

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
        raise SystemExit("the model has no fast tokenizer (tokenizer.json)")
    model.default_prompt_name = None  # prefixes are put before texts by whoever encodes them
    reference = _reference(model)
    path = folder / "model.onnx"
    agreement = _graph(model, path, reference)
    shrunk = _shrink(path, model, reference)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))
    prompts = dict(model.prompts or {})
    layout = Layout(
        source=source,
        key=key,
        dimension=int(reference.shape[1]),
        max_tokens=_window(model),
        pad_id=int(model.tokenizer.pad_token_id or 0),
        pooling=" + ".join(type(module).__name__ for module in list(model)[1:]) or "none",
        precision="float32" if shrunk is None else "int8 words",
        agreement=agreement if shrunk is None else shrunk,
        lower_case=bool(getattr(model[0], "do_lower_case", False)),
        query_prefix=prompts.get("query") or "",
        document_prefix=prompts.get("document") or prompts.get("passage") or "",
        sizes={name: (folder / name).stat().st_size for name in ("model.onnx", "tokenizer.json")},
    )
    layout.write(folder)
    return layout


def main(arguments: list[str]) -> int:
    """Export ``arguments`` = [source, folder, key]; returns the exit code."""
    warnings.simplefilter("ignore")
    source, folder, key = arguments
    export(source, Path(folder), key)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
