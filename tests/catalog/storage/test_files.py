"""A file is the old or the new one, whatever happens in between."""

import os

import pytest

from catalog.storage.files import write_atomically


def test_the_new_text_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "shop.yml"
    write_atomically(path, "old")
    write_atomically(path, "new: größer")
    assert path.read_text(encoding="utf-8") == "new: größer"
    assert [entry.name for entry in tmp_path.iterdir()] == ["shop.yml"]


def test_a_crash_before_the_end_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "shop.yml"
    write_atomically(path, "old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
