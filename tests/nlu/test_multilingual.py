from nlu.multilingual import SeveralLanguages
from nlu.parser import Parser
from tests.nlu.gold.reading import load_shops


def test_several_languages_reads_each_message_in_its_own(nlu_models):
    shop = next(s for s in load_shops() if s.vocabulary.language == "de").vocabulary
    parsers = {c: Parser.load(shop, language=c, models=nlu_models) for c in ("de", "en")}
    both = SeveralLanguages(parsers, "de")
    assert both.parse("ich hätte gern etwas in Blau").language == "de"
    english = both.parse("I would like something under 50 euros")
    assert english.language == "en"
    assert [(c.facet, c.operator) for c in english.constraints] == [("price", "<")]
    assert both.parse("Samt", current="en").language == "en"


def test_parser_reads_as_english_where_a_language_has_no_lists(nlu_models, caplog):
    shop = load_shops()[0].vocabulary
    parser = Parser.load(shop, language="fr", models=nlu_models)
    assert parser.parse("hello").intent.name == "greet"
    assert "read as English" in caplog.text
