"""Build the sentence encoder's files: ``python -m catalog.search.encoder_export SOURCE FOLDER KEY``.

Runs in a process of its own, so that what only the build needs leaves the memory with it. A model of the
BERT family is built from its weights (``bert_graph``); any other goes through PyTorch (``torch_export``).
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import EncoderUnavailable
from catalog.search import bert_graph, torch_export
from catalog.search.encoder import Layout
from catalog.search.exported import AGREEMENT, SAMPLES, Exported

logger = logging.getLogger(__name__)

PATTERNS = ("*.json", "*.safetensors", "*.txt")
"""Files of a model on the hub that a build from its weights reads."""


def _folder_of(source: str) -> Path:
    """The folder of a model, fetched from the hub when it is a name there."""
    if Path(source).is_dir():
        return Path(source)
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(source, allow_patterns=list(PATTERNS)))


def _tokenizer(folder: Path) -> Any:
    """The tokenizer of a model; one without tokenizer.json is made from its word pieces."""
    from tokenizers import BertWordPieceTokenizer, Tokenizer

    if (folder / "tokenizer.json").is_file():
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    if (folder / "vocab.txt").is_file():
        lower = bert_graph.read_json(folder / "tokenizer_config.json").get("do_lower_case", True)
        return BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=lower)
    raise bert_graph.UnsupportedModel("it has neither tokenizer.json nor vocab.txt")


def _from_weights(source: str, path: Path) -> Exported:
    folder = _folder_of(source)
    files = bert_graph.read_files(folder)
    tokenizer = _tokenizer(files.folder)
    return Exported(
        tokenizer=tokenizer,
        dimension=bert_graph.write_graph(files, path),
        max_tokens=files.max_tokens,
        pad_id=files.pad_id,
        pooling=files.pooling,
        agreement=1.0,
        lower_case=files.lower_case,
        prompts=files.prompts,
    )


def _vectors(path: Path, exported: Exported) -> NDArray[np.float32]:
    """What a graph makes of the samples, one after the other: [samples, dimension], of unit length."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    exported.tokenizer.enable_truncation(exported.max_tokens)
    exported.tokenizer.no_padding()
    rows = []
    for text in SAMPLES:
        ids = np.array([exported.tokenizer.encode(text).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        rows.append(np.asarray(session.run(None, feed)[0][0], dtype=np.float32))
    vectors = np.stack(rows)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def shrink(path: Path, exported: Exported) -> float | None:
    """Store the table of word vectors in int8, a third of the memory; None when that costs accuracy.

    The matrices stay float32: in int8 they are twice as fast but the cosine falls to 0.98.

    Args:
        path: the graph, replaced by the smaller one.
        exported: what runs it.

    Returns:
        Smallest cosine of the smaller graph to the whole one over the samples.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = _vectors(path, exported)
    small = path.with_suffix(".int8")
    quantize_dynamic(
        str(path),
        str(small),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["Gather"],
    )
    agreement = float((_vectors(small, exported) * whole).sum(axis=1).min())
    if agreement < AGREEMENT or small.stat().st_size >= path.stat().st_size:
        small.unlink()
        return None
    small.replace(path)
    return agreement


def export(source: str, folder: Path, key: str, *, whole: bool = False) -> Layout:
    """Write model.onnx, tokenizer.json and encoder.json into the folder.

    Args:
        source: Folder or hub name of a sentence-transformers model.
        folder: Where the files go.
        key: Hash of the source.
        whole: Keep every weight in float32.

    Raises:
        EncoderUnavailable: the model cannot be built here; says why.
    """
    path = folder / "model.onnx"
    try:
        exported = _from_weights(source, path)
    except bert_graph.UnsupportedModel as error:
        logger.info("not built from its weights: %s", error)
        try:
            exported = torch_export.export(source, path)
        except EncoderUnavailable as second:
            raise EncoderUnavailable(f"{error}; {second}") from second
    shrunk = None if whole else shrink(path, exported)
    exported.tokenizer.no_padding()
    exported.tokenizer.no_truncation()
    exported.tokenizer.save(str(folder / "tokenizer.json"))
    layout = Layout(
        source=source,
        key=key,
        dimension=exported.dimension,
        max_tokens=exported.max_tokens,
        pad_id=exported.pad_id,
        pooling=exported.pooling,
        precision="float32" if shrunk is None else "int8 words",
        agreement=exported.agreement * (1.0 if shrunk is None else shrunk),
        lower_case=exported.lower_case,
        query_prefix=exported.prompts.get("query") or "",
        document_prefix=exported.prompts.get("document") or exported.prompts.get("passage") or "",
        sizes={name: (folder / name).stat().st_size for name in ("model.onnx", "tokenizer.json")},
    )
    layout.write(folder)
    return layout


def main(arguments: list[str]) -> int:
    """Build ``arguments`` = [source, folder, key]; returns the exit code."""
    warnings.simplefilter("ignore")
    source, folder, key = arguments
    try:
        export(source, Path(folder), key)
    except EncoderUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
