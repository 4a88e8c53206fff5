"""Feeds written on the spot, and where the real ones lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.ingest.importer import ImportReport, import_feed
from catalog.storage.generation import Generation, load_generation

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def real_data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the shared data folder is not there")
    return DATA


class Shop:
    """A shop folder in which feeds can be tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self._folder = folder

    def write(self, content: str | bytes, name: str = "feed.csv") -> Path:
        path = self._folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take(self, content: str | bytes, name: str = "feed.csv", **options) -> ImportReport:
        return import_feed(self.write(content, name), self.folder, **options)

    @property
    def stored(self) -> Generation:
        return load_generation(self.folder)

    @property
    def rejected(self) -> list[dict]:
        return [
            json.loads(line) for line in (self.folder / "rejected.jsonl").read_text().splitlines()
        ]

    def facet(self, key: str):
        return next(facet for facet in self.stored.facets if facet.key == key)

    def values(self, key: str) -> list[tuple]:
        return [product.facets.get(key, ()) for product in self.stored.products]

    def edit(self, change: Callable[[str], str]) -> None:
        path = self.folder / "shop.yml"
        path.write_text(change(path.read_text()))

    def everything(self) -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


LAMPS = """id,title,price,colour,height_cm,dimmable
L1,Arc lamp,49.90,Black,150,yes
L2,Desk lamp,19.50,White,40,no
L3,Floor lamp,89.00,Black,160,yes
L4,Bedside lamp,15.00,Green,30,no
L5,Clip lamp,12.00,White,25,no
L6,Globe lamp,35.00,Green,45,yes
"""


@pytest.fixture
def lamps() -> str:
    return LAMPS
