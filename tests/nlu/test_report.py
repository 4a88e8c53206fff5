from nlu.acts.model import load_model
from nlu.language import load_wordlists
from nlu.report import main, measure, page, summary


def test_report_counts_what_is_taken_for_what(nlu_models, tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "greet.yml").write_text('phrases:\n  - "hello"\n  - "goodbye <b>"\n')
    model = load_model(load_wordlists("en"), models=nlu_models)
    report = measure(model, "en", tmp_path)
    assert report.total == 2
    assert report.accuracy == 0.5
    assert report.of("greet") == (0.5, 1.0)
    assert [(m.intent, m.prediction) for m in report.misses] == [("greet", "goodbye")]
    text = page(report)
    assert "goodbye &lt;b&gt;" in text
    assert "greet: 50%" in summary(report, tmp_path / "x.html")


def test_report_is_written(nlu_models, tmp_path, capsys):
    out = tmp_path / "report.html"
    assert main(["--out", str(out), "--models", str(nlu_models)]) == 0
    assert out.read_text().startswith("<!doctype html>")
    assert "recognised" in capsys.readouterr().out


def test_report_says_where_sentences_are_missing(tmp_path, capsys):
    assert main(["--tests", str(tmp_path)]) == 1
    assert "add one YAML file an intent" in capsys.readouterr().err
