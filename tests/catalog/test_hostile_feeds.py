"""Hostile feeds: refused in one clear line, or their bad rows set aside; the last good catalog stays."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from catalog.errors import FeedError
from catalog.ingest.importer import import_feed
from catalog.storage.product_lines import product_line
from tests.catalog.hostile import BAD_ROWS, GOOD, REFUSED, SECRET, TAKEN

ROOT = Path(__file__).parents[2]
MEMORY = 700 * 1024 * 1024
"""Bytes of address space a hostile import may grow by."""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A shop with a good catalog, and a folder for feeds."""
    folder = tmp_path_factory.mktemp("hostile")
    good = folder / "good.csv"
    good.write_text(GOOD)
    import_feed(good, folder / "shop")
    return folder, folder / "shop"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def bounded():
    """Memory that an import may not go beyond."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_there_are_enough_of_them():
    assert len(REFUSED) + len(BAD_ROWS) + len(TAKEN) >= 120


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", REFUSED)
def test_refused_whole(stocked, name):
    folder, shop = stocked
    feed = folder / "feed.dat"
    feed.write_bytes(REFUSED[name])
    before = contents(shop)
    with pytest.raises(FeedError) as caught:
        import_feed(feed, shop)
    message = str(caught.value)
    assert "\n" not in message and 20 < len(message) < 600
    assert SECRET not in message
    assert contents(shop) == before


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_row_set_aside(shop, name):
    row, reason = BAD_ROWS[name]
    report = shop.take(GOOD + row + "\n")
    assert (report.accepted, report.rejected) == (6, 1)
    (bad,) = shop.rejected
    assert bad["row"] == 8 and reason in bad["reason"] and len(bad["value"]) <= 200
    assert {product.id for product in shop.stored.products} == {f"L{n}" for n in range(1, 7)}


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", TAKEN)
def test_taken_without_harm(shop, name):
    report = shop.take(TAKEN[name], "feed.dat")
    assert report.accepted >= 1
    stored = "".join(map(product_line, shop.stored.products)).lower()
    for poison in ("<script", "onerror=", "onload=", "<iframe", "<svg", "javascript:", SECRET):
        assert poison not in stored
    assert not any(ord(letter) < 32 and letter not in "\n" for letter in stored)
    for product in shop.stored.products:
        assert product.url.startswith(("http://", "https://")) or not product.url
        assert ".." not in product.image_url and not product.image_url.startswith(("/", "file:"))


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "dangling link", "device"])
def test_refused_for_what_the_file_is(stocked, kind, tmp_path):
    _, shop = stocked
    feed = tmp_path / "feed.csv"
    if kind == "folder":
        feed.mkdir()
    elif kind == "pipe":
        os.mkfifo(feed)
    elif kind == "dangling link":
        feed.symlink_to(tmp_path / "nowhere.csv")
    elif kind == "device":
        feed = Path("/dev/zero")
    before = contents(shop)
    with pytest.raises(FeedError, match="no feed file"):
        import_feed(feed, shop)
    assert contents(shop) == before


def test_refused_when_it_may_not_be_read_or_is_too_large(stocked, tmp_path, monkeypatch):
    _, shop = stocked
    feed = tmp_path / "feed.csv"
    with feed.open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    with pytest.raises(FeedError, match=r"201 MB, at most 200 MB"):
        import_feed(feed, shop)
    feed.write_text(GOOD)

    usual = Path.open

    def refuse(path: Path, *rest, **more):
        if path == feed:
            raise PermissionError(13, "Permission denied")
        return usual(path, *rest, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FeedError, match=r"cannot be read: Permission denied"):
        import_feed(feed, shop)


def test_a_link_to_a_feed_is_a_feed(shop, tmp_path):
    (tmp_path / "real.csv").write_text(GOOD)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert import_feed(tmp_path / "link.csv", shop.folder).accepted == 6


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_feed_cut_anywhere_is_refused_or_taken_in_part(shop, cut):
    text = GOOD.encode()
    shop.take(text[: len(text) * cut // 12] or b" ") if cut > 3 else None
    if cut <= 3:
        with pytest.raises(FeedError):
            shop.take(text[: cut * 12])


@pytest.mark.skipif(sys.platform != "linux", reason="resource limits are counted as Linux does")
def test_memory_stays_bounded_for_a_large_feed(tmp_path):
    """Rows pass through a temporary file, so the process grows far less than they would take as objects."""
    feed = tmp_path / "large.csv"
    with feed.open("w") as file:
        file.write("id,title,price,colour,description\n")
        for number in range(12_000):
            text = f"words {number} " * 70
            file.write(f"{number},Lamp {number},5,Black,{text}\n")
    script = textwrap.dedent(
        f"""
        import resource, sys
        from pathlib import Path
        from catalog.feeds import rows
        from catalog.ingest.importer import import_feed
        rows.IN_MEMORY = 1 << 20
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report = import_feed(Path({str(feed)!r}), Path({str(tmp_path / "shop")!r}))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        sys.exit(0 if report.accepted == 12_000 and grown < 120_000 else f"{{report.accepted}} {{grown}}")
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
