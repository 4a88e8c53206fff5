"""The committed build is the build of the committed source, and stays small."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

WIDGET = Path(__file__).resolve().parents[2] / "assistant" / "widget"
DIST = WIDGET / "dist"
LANGUAGES = ["en", "de"]


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def hash_of(folder: Path, names: list[str]) -> str:
    lines = (f"{n}\0{hashlib.sha256((folder / n).read_bytes()).hexdigest()}\n" for n in names)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.fixture(scope="module")
def build() -> dict[str, str]:
    return json.loads((DIST / "build.json").read_text())


def test_dist_is_built_from_this_source(build):
    tools = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"]
    sources = sorted(tools + [f"src/{name}" for name in files(WIDGET / "src")])
    assert build["sources"] == hash_of(WIDGET, sources), (
        "assistant/widget/dist is older than its source; "
        "run `npm ci && npm run build` in assistant/widget and commit dist/"
    )


def test_dist_was_not_edited_by_hand(build):
    names = [name for name in files(DIST) if name != "build.json"]
    assert build["files"] == hash_of(DIST, names), "change src/ and build; dist/ is made from it"


def test_app_fits_its_budget():
    assert len(gzip.compress((DIST / "app.js").read_bytes())) <= 30 * 1024


def test_page_needs_nothing_inline_and_nothing_from_elsewhere():
    html = (DIST / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    for address in re.findall(r'(?:src|href)="([^"]*)"', html):
        assert not re.match(r"[a-z]+:|//", address)
    app = (DIST / "app.js").read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_words_everything_with_the_same_values(language):
    english = json.loads((DIST / "locales" / "en.json").read_text())
    words = json.loads((DIST / "locales" / f"{language}.json").read_text())
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert text.strip(), key
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_wording_used_exists_and_every_one_that_exists_is_used():
    english = json.loads((DIST / "locales" / "en.json").read_text())
    source = "".join(p.read_text() for p in (WIDGET / "src").glob("*.ts"))
    literal = set(re.findall(r'"([a-z]+\.[a-z_0-9]+)"', source))
    stems = {key.removesuffix(".one").removesuffix(".other") for key in english}
    known = stems | set(english)
    prefixes = {"stock.", "trouble.", "speech.", "about.trouble_", "card."}
    areas = {key.split(".")[0] for key in english}
    missing = {key for key in literal if key.split(".")[0] in areas} - known
    assert missing == set()
    unused = {k for k in stems - literal if not any(k.startswith(p) for p in prefixes)}
    assert unused == set()
