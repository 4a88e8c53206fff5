import sys
from types import SimpleNamespace

from actions import intent_report


def test_examine_writes_the_report(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(intent_report, "load_encoder", lambda settings: None)
    monkeypatch.setattr(intent_report, "load", lambda: SimpleNamespace(models=tmp_path))
    monkeypatch.setattr(sys, "argv", ["examine", "--language", "de"])
    assert intent_report.main() == 0
    assert (tmp_path / "nlu" / "report-de.html").is_file()
    assert "recognised" in capsys.readouterr().out


def test_examine_says_when_a_language_has_no_test_sentences(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(intent_report, "load_encoder", lambda settings: None)
    monkeypatch.setattr(intent_report, "load", lambda: SimpleNamespace(models=tmp_path))
    monkeypatch.setattr(sys, "argv", ["examine", "--language", "xx"])
    assert intent_report.main() == 1
    assert "No test sentences" in capsys.readouterr().err
