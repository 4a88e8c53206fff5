"""Generations: each import's products and facets in a folder of their own, checksummed, swapped in atomically.

index/CURRENT                    name of the generation that is served
index/<generation>/              products.jsonl facets.json words.* [vectors.npy index.faiss texts.txt] manifest.json
                                 updates.log: what changed since, see `catalog.storage.change_log`
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import IndexBroken, ShopError
from catalog.inferred import InferredFacet
from catalog.storage.files import write_atomically
from catalog.storage.product_lines import product_from_json, product_id, product_line
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig

if TYPE_CHECKING:
    from catalog.parsing.text import Language
    from catalog.search.inverted_index import WordIndex

logger = logging.getLogger(__name__)

KEPT = 3
"""Generations that stay on disk, the current one included."""
_VERSION = 1
"""Raised when an older program could not read what a newer one wrote."""
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One stored import."""

    name: str
    """Name of its folder."""
    folder: Path
    """Where it lies."""
    config: Mapping[str, str]
    """ShopConfig as inferred at that import."""
    facets: tuple[Facet, ...]
    """As inferred at that import."""
    products: tuple[Product, ...]
    """In the order of the feed."""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    """Counts, times and checksums."""

    def vectors(self) -> NDArray[np.float32] | None:
        """[products, dimensions], memory-mapped; None when the import made none."""
        path = self.folder / "vectors.npy"
        return np.load(path, mmap_mode="r") if path.exists() else None

    @property
    def encoder(self) -> str:
        """Name of the encoder the vectors come from; empty when it did not say or made none."""
        return str(self.manifest.get("encoder", ""))

    def words(self, tables: Language) -> WordIndex | None:
        """The words of the products; None when an older import stored none."""
        from catalog.search.inverted_index import WordIndex

        return WordIndex.load(self.folder, len(self.products), tables)

    def ids(self) -> Iterator[str]:
        """Ids of the products, read from the file."""
        with (self.folder / "products.jsonl").open(encoding="utf-8") as lines:
            yield from map(product_id, lines)

    def text_hashes(self) -> list[str]:
        """SHA-256 of each product's embedded text, in the order of the vectors."""
        path = self.folder / "texts.txt"
        return path.read_text(encoding="ascii").split() if path.exists() else []


def index_folder(shop: Path) -> Path:
    """Where a shop's generations lie."""
    return shop / "index"


def write_generation(
    shop: Path,
    *,
    products: Iterable[Product | str],
    inferred: Sequence[InferredFacet],
    config: ShopConfig,
    facts: Mapping[str, Any],
    vectors: NDArray[np.float32] | None = None,
    hashes: Sequence[str] = (),
    words: WordIndex | None = None,
) -> Path:
    """Write a generation that is not yet served; `make_current` serves it.

    Args:
        shop: the shop's folder.
        products: in their order, as products or as the lines that `catalog.storage.product_lines` makes of them.
        inferred: the facets as found.
        config: name, currency and so on as found.
        facts: what else the manifest says.
        vectors: [products, dimensions]; None without search by meaning.
        hashes: SHA-256 of each product's embedded text.
        words: their words; None leaves it to every process that serves them to take them apart.
    """
    index = index_folder(shop)
    index.mkdir(parents=True, exist_ok=True)
    name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3] + "-" + secrets.token_hex(2)
    unfinished = index / f".new-{name}"
    unfinished.mkdir()
    try:
        with (unfinished / "products.jsonl").open("w", encoding="utf-8") as file:
            count = 0
            for count, product in enumerate(products, start=1):  # noqa: B007 - the last one counts
                file.write(product if isinstance(product, str) else product_line(product))
        sheet = {
            "config": {
                key: value for key, value in asdict(config).items() if isinstance(value, str)
            },
            "facets": [asdict(inferred_facet.facet) for inferred_facet in inferred],
            "reasons": {
                inferred_facet.facet.key: inferred_facet.reason
                for inferred_facet in inferred
                if inferred_facet.reason
            },
        }
        (unfinished / "facets.json").write_text(
            json.dumps(sheet, ensure_ascii=False), encoding="utf-8"
        )
        if vectors is not None:
            _save_vectors(unfinished, vectors)
            (unfinished / "texts.txt").write_text("\n".join(hashes), encoding="ascii")
        if words is not None:
            words.save(unfinished)
        files = {path.name: _checksum(path) for path in sorted(unfinished.iterdir())}
        manifest = {
            "version": _VERSION,
            "name": name,
            "products": count,
            **facts,
            "files": files,
        }
        write_atomically(unfinished / "manifest.json", json.dumps(manifest, indent=1))
        folder = index / name
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder


def _save_vectors(folder: Path, vectors: NDArray[np.float32]) -> None:
    from catalog.search.vector_index import write_index

    np.save(folder / "vectors.npy", vectors)
    write_index(folder, vectors)


def make_current(folder: Path) -> None:
    """Serve a generation from now on and drop those that are too old."""
    index = folder.parent
    write_atomically(index / "CURRENT", folder.name + "\n")
    for old in _names(index)[KEPT:]:
        if old != folder.name:
            shutil.rmtree(index / old, ignore_errors=True)


def current_name(shop: Path) -> str | None:
    """Name of the generation that is served; None before the first import. Cheap: one small file."""
    path = index_folder(shop) / "CURRENT"
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def load_generation(shop: Path, *, with_products: bool = True) -> Generation:
    """The current generation, or the newest whole one when that is broken.

    Args:
        shop: the shop's folder.
        with_products: False leaves ``products`` empty; `Generation.ids` still reads their ids.

    Raises:
        ShopError: nothing was ever imported.
        IndexBroken: no generation passes its checksums.
    """
    index = index_folder(shop)
    names = _names(index) if index.is_dir() else []
    if not names:
        raise ShopError(f"{shop} holds no catalog. Run: assistant import FEED --shop {shop}")
    current = current_name(shop)
    if current in names:
        names = [current, *(name for name in names if name != current)]
    problems = []
    for name in names:
        try:
            return read_generation(index / name, with_products=with_products)
        except _BROKEN as error:
            logger.warning("generation %s of %s is broken: %s", name, shop, error)
            problems.append(f"{name}: {error}")
    raise IndexBroken(
        f"No stored catalog of {shop} is whole ({problems[0]}). Run: assistant import FEED --shop {shop}"
    )


def _names(index: Path) -> list[str]:
    """Newest first."""
    names = (
        path.name for path in index.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    return sorted(names, reverse=True)


def read_generation(folder: Path, *, with_products: bool = True) -> Generation:
    """Read one generation, whole or not at all; raises whatever is wrong with it."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["version"] != _VERSION:
        raise ValueError(f"it has format {manifest['version']}, this program reads {_VERSION}")
    files: dict[str, str] = manifest["files"]
    if not {"products.jsonl", "facets.json"} <= set(files):
        raise ValueError("its manifest names no products")
    for name, checksum in files.items():
        if _checksum(folder / name) != checksum:
            raise ValueError(f"the checksum of {name} is wrong")
    sheet = json.loads((folder / "facets.json").read_text(encoding="utf-8"))
    products: tuple[Product, ...] = ()
    if with_products:
        with (folder / "products.jsonl").open(encoding="utf-8") as lines:
            products = tuple(product_from_json(json.loads(line)) for line in lines)
    return Generation(
        name=folder.name,
        folder=folder,
        config=sheet["config"],
        facets=tuple(_facet(entry) for entry in sheet["facets"]),
        products=products,
        manifest=manifest,
    )


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facet(entry: dict[str, Any]) -> Facet:
    values = tuple(
        FacetValue(**{**value, "synonyms": tuple(value.get("synonyms", ()))})
        for value in entry["values"]
    )
    names = tuple(entry["names"])
    return Facet(**{**entry, "kind": FacetKind(entry["kind"]), "values": values, "names": names})
