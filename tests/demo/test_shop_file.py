import pytest
from ruamel.yaml import YAML

from assistant.demo.feed import COLUMNS, SHOP_FILE
from catalog.storage.shop_file import read_shop_file


@pytest.fixture(scope="module")
def shop():
    return YAML(typ="safe").load(SHOP_FILE)


def test_the_catalog_reads_it(shop_folder):
    file = read_shop_file(shop_folder)
    assert file.config["nouns"] == "wines"
    assert set(file.facets) <= set(COLUMNS)


def test_synonyms_belong_to_values_on_the_shelf(shop, rows):
    for key, facet in shop["facets"].items():
        values = {value for row in rows for value in row[key].split(", ")}
        assert set(facet.get("synonyms", {})) <= values, key


def test_no_synonym_means_two_values_of_a_facet(shop):
    for key, facet in shop["facets"].items():
        words = [word for words in facet.get("synonyms", {}).values() for word in words]
        assert len(set(words)) == len(words), key
        assert not set(words) & set(facet.get("synonyms", {})), key


def test_everything_asked_has_a_question_in_the_shops_own_words(shop):
    for key, facet in shop["facets"].items():
        assert not facet.get("askable", True) or facet["question"].endswith("?"), key


def test_glossary_explains_in_whole_sentences(shop):
    assert {"tannin", "brut", "body", "orange wine"} <= set(shop["glossary"])
    assert all(text.endswith(".") for text in shop["glossary"].values())
