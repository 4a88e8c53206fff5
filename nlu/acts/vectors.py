"""Sentence vectors of the training phrases, kept so that training again encodes only what is new."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.acts.linear import Floats
from nlu.types import TextEncoder

logger = logging.getLogger(__name__)

_BATCH = 256
"""Sentences encoded at once."""


def encoder_print(encoder: TextEncoder) -> str:
    """Tells one encoder from another by what it does."""
    probe = np.asarray(encoder.encode(["a red wine for tonight"]), np.float32)
    return hashlib.sha256(np.round(probe, 2).tobytes()).hexdigest()[:12]


def encode_all(encoder: TextEncoder, texts: Sequence[str], store: Path | None = None) -> Floats:
    """Vectors [len(texts), dimension]; those in the file ``store`` are taken from there, the rest added."""
    keys = [hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in texts]
    vectors_by_key = _read(store) if store is not None else {}
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors_by_key}
    # Sentences of one length need no padding, so the order is by length.
    order = sorted(new, key=lambda key: len(new[key]))
    for start in range(0, len(order), _BATCH):
        part = order[start : start + _BATCH]
        vectors = np.asarray(encoder.encode([new[key] for key in part]), np.float32)
        vectors_by_key.update(zip(part, vectors, strict=True))
    if store is not None and new:
        _write(store, {key: vectors_by_key[key] for key in dict.fromkeys(keys)})
    return np.stack([vectors_by_key[key] for key in keys]).astype(np.float32)


def _read(store: Path) -> dict[str, Floats]:
    try:
        with np.load(store, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError) as error:
        logger.warning("Kept vectors %s cannot be read (%s); encoding again.", store.name, error)
        return {}


def _write(store: Path, kept: dict[str, Floats]) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    partial = store.with_name(f".{os.getpid()}-{store.name}")
    vectors = np.stack(list(kept.values())).astype(np.float16)
    with partial.open("wb") as file:
        np.savez(file, keys=np.array(list(kept)), vectors=vectors)
    partial.replace(store)
