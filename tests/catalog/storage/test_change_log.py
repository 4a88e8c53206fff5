"""Changes are read back whole and in order, or not at all."""

import numpy as np
import pytest

from catalog.errors import ShopError
from catalog.storage.change_log import (
    HEAD,
    LOG,
    Change,
    append_changes,
    import_lock,
    is_cut_short,
    log_size,
    read_changes,
)
from tests.catalog.goods import HOE, RAKE, SPADE


def gone(id):
    return Change(id=id, product=None)


def test_what_is_written_is_read_back_in_its_order(tmp_path):
    append_changes(tmp_path, [Change(id=RAKE.id, product=RAKE), gone("S-200")])
    append_changes(tmp_path, [Change(id=HOE.id, product=HOE)])
    read = read_changes(tmp_path)
    assert [(change.id, change.product) for change in read.changes] == [
        (RAKE.id, RAKE),
        ("S-200", None),
        (HOE.id, HOE),
    ]
    assert not read.damaged
    assert read.end == log_size(tmp_path)


def test_a_vector_keeps_its_direction(tmp_path):
    vector = np.array([0.6, 0.8], dtype=np.float32)
    append_changes(tmp_path, [Change(id="x", product=SPADE, vector=vector)])
    back = read_changes(tmp_path).changes[0].vector
    assert back == pytest.approx(vector, abs=1e-3)
    assert np.linalg.norm(back) == pytest.approx(1)


def test_a_reader_goes_on_where_it_stopped(tmp_path):
    append_changes(tmp_path, [gone("a")])
    first = read_changes(tmp_path)
    append_changes(tmp_path, [gone("b")])
    rest = read_changes(tmp_path, first.end, first.sum)
    assert [change.id for change in rest.changes] == ["b"]


def test_nothing_changed_yet(tmp_path):
    assert read_changes(tmp_path).changes == ()
    assert log_size(tmp_path) == 0
    assert not is_cut_short(tmp_path)


def test_half_a_line_is_no_change_and_is_written_over(tmp_path):
    append_changes(tmp_path, [gone("a")])
    with (tmp_path / LOG).open("ab") as log:
        log.write(b"0000 {")
    assert [change.id for change in read_changes(tmp_path).changes] == ["a"]
    append_changes(tmp_path, [gone("b")])
    assert [change.id for change in read_changes(tmp_path).changes] == ["a", "b"]


def test_a_changed_line_ends_the_log_there(tmp_path, caplog):
    append_changes(tmp_path, [gone("aa"), gone("bb"), gone("cc")])
    path = tmp_path / LOG
    path.write_bytes(path.read_bytes().replace(b'"bb"', b'"bx"'))
    read = read_changes(tmp_path)
    assert [change.id for change in read.changes] == ["aa"]
    assert read.damaged
    assert "Import the feed again" in caplog.text


def test_a_moved_line_is_noticed(tmp_path):
    append_changes(tmp_path, [gone("aa"), gone("bb")])
    path = tmp_path / LOG
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(reversed(lines)))
    assert read_changes(tmp_path).damaged


def test_a_log_that_was_cut_short_is_noticed(tmp_path):
    append_changes(tmp_path, [gone("aa"), gone("bb")])
    path = tmp_path / LOG
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert is_cut_short(tmp_path)
    (tmp_path / HEAD).write_text("no json")
    assert is_cut_short(tmp_path)


def test_only_one_import_writes_at_a_time(tmp_path):
    with (
        import_lock(tmp_path / "index"),
        pytest.raises(ShopError, match=r"another import|Another import"),
        import_lock(tmp_path / "index"),
    ):
        pass
    with import_lock(tmp_path / "index"):
        pass


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "index").write_text("a file")
    with (
        pytest.raises(ShopError, match="cannot be written"),
        import_lock(tmp_path / "index" / "deeper"),
    ):
        pass
    with pytest.raises(ShopError, match=LOG):
        append_changes(tmp_path / "missing", [gone("a")])
