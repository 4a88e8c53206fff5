"""shop.yml: read with what the staff wrote, and written without losing it."""

from __future__ import annotations

import re

import pytest

from catalog.errors import ShopError
from catalog.inferred import InferredFacet
from catalog.storage.shop_file import (
    FacetOverride,
    ShopFile,
    keep_shop_file,
    read_shop_file,
    served_shop_file,
    write_shop_file,
)
from catalog.types import Facet, FacetKind, ShopConfig


@pytest.fixture
def folder(tmp_path):
    """A shop's folder into which texts can be put as its shop.yml."""

    class Folder:
        path = tmp_path
        file = tmp_path / "shop.yml"

        def read(self, text: str) -> ShopFile:
            self.file.write_text(text, "utf-8")
            return read_shop_file(tmp_path)

        def wrong(self, text: str) -> str:
            with pytest.raises(ShopError) as caught:
                self.read(text)
            return str(caught.value)

    return Folder()


def test_a_shop_without_a_file_has_nothing_to_say(folder):
    assert read_shop_file(folder.path) == ShopFile()
    assert folder.read("# only a remark\n") == ShopFile()
    assert folder.read("facets:\n  wood:\ncolumns:\n") == ShopFile(facets={"wood": FacetOverride()})


def test_everything_that_can_be_said_is_read(folder):
    file = folder.read(
        "name: Old Mill\ncurrency: SEK\nlocale: de-AT\nnoun: 5\ncontact: ''\n"
        "glossary: {Tannin: ' what dries the mouth '}\n"
        "columns: {title: [maker, model], price: cost}\n"
        "facets:\n"
        "  wood:\n"
        "    label: ' timber '\n    question: ''\n    unit: cm\n    weight: 10\n    askable: no\n"
        "    knowable: 1\n    from_text: ja\n    apart: [Black, 7]\n    names: timber\n"
        "    synonyms: {Oak: [quercus, ' '], yes: wooden}\n"
        "rules:\n  - hide: {products: [P1]}\n"
    )
    assert file.config == {
        "name": "Old Mill",
        "currency": "SEK",
        "locale": "de-AT",
        "noun": "5",
        "contact": "",
    }
    assert file.glossary == {"tannin": "what dries the mouth"}
    assert file.columns == {"title": ["maker", "model"], "price": "cost"}
    assert file.facets["wood"] == FacetOverride(
        label="timber",
        unit="cm",
        weight=10.0,
        askable=False,
        knowable=1.0,
        from_text=True,
        apart=("Black", "7"),
        names=("timber",),
        synonyms={"oak": ("quercus",), "yes": ("wooden",)},
    )
    assert file.rules[0].products == ("P1",)


def test_yes_and_no_are_values_too(folder):
    file = folder.read("facets:\n  folds:\n    synonyms: {true: [folding], false: [rigid]}\n")
    assert file.facets["folds"].synonyms == {"yes": ("folding",), "no": ("rigid",)}


FACET = "facets:\n  wood:\n    "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("currency: eur", "line 1: currency is 'eur'. Allowed: an ISO 4217 code such as EUR."),
        ("currency: EURO", "line 1: currency is 'EURO'. Allowed: an ISO 4217 code such as EUR."),
        ("locale: german", "line 1: locale is 'german'. Allowed: a language code such as en or de-AT."),
        ("name: ''", "line 1: name is ''. Allowed: a text that is not empty."),
        ("name: true", "line 1: name is True. Allowed: a text."),
        ("noun: [a]", "line 1: noun is ['a']. Allowed: a text."),
        ("glossary: {tannin: 5}", "line 1: 'tannin' is explained as 5. Allowed: a sentence."),
        ("glossary: tannin", "line 1: glossary is 'tannin'. Allowed: names followed by a colon"),
        ("facets: [wood]", "line 1: facets is ['wood']. Allowed: names followed by a colon"),
        ("facets: {wood: 5}", "line 1: facet 'wood' is 5. Allowed: label, question"),
        (FACET + "synonyms: [a]", "line 3: synonyms is ['a']. Allowed: values with their other words"),
        ("columns: 5", "line 1: columns is 5. Allowed: names followed by a colon"),
        ("columns: {maker: x}", "line 1: unknown field 'maker' under columns. Allowed: id, title"),
        ("\nprice: 5", "line 2: unknown field 'price' at the top of shop.yml. Allowed: name, currency"),
        ("- name", "line 1: found no fields. Allowed are name, currency"),
        ("a text", "line 1: found no fields. Allowed are name, currency"),
        (FACET + "colour: x", "line 3: unknown field 'colour' in facet 'wood'. Allowed: label"),
        (FACET + "label: [a]", "line 3: label is ['a']. Allowed: a text, or nothing."),
        (FACET + "unit: true", "line 3: unit is True. Allowed: a text, or nothing."),
        (FACET + "weight: 10.1", "line 3: weight is 10.1. Allowed: a number from 0 to 10."),
        (FACET + "weight: -0.1", "line 3: weight is -0.1. Allowed: a number from 0 to 10."),
        (FACET + "weight: true", "line 3: weight is True. Allowed: a number from 0 to 10."),
        (FACET + "weight: much", "line 3: weight is 'much'. Allowed: a number from 0 to 10."),
        (FACET + "knowable: 1.1", "line 3: knowable is 1.1. Allowed: a number from 0 to 1."),
        (FACET + "from_text: some", "line 3: from_text is 'some'. Allowed: true or false."),
        (FACET + "apart: {a: b}", "line 3: apart is "),
        (FACET + "names: [[a]]", "line 3: names is [['a']]. Allowed: a list of words such as [crimson, ruby]."),
        (FACET + "synonyms:\n      Oak: {a: b}", "line 4: Oak is "),
        ("rules: 5", "line 1: rules is 5."),
        ("name: 'a", "line 2: found unexpected end of stream. Correct the line."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(folder, text, message):
    assert folder.wrong(text + "\n").startswith(f"shop.yml, {message}")


def test_a_file_that_is_no_text_is_told(folder):
    folder.file.write_bytes(b"name: M\xfchle\n")
    with pytest.raises(ShopError, match=r"shop\.yml cannot be read: .*Save it as UTF-8 text"):
        read_shop_file(folder.path)


# ---- the last good version ----


@pytest.fixture
def once_good(folder):
    """A shop whose shop.yml was once good."""
    folder.read("name: Old Mill\n")
    (folder.path / "index").mkdir()
    keep_shop_file(folder.path)
    return folder


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("name: [", "shop.yml, line 1: expected the node content"),
        ("colour: red\n", "shop.yml, line 1: unknown field 'colour'"),
        ("", "shop.yml, line 1: the file is empty. Allowed: its text, or no file at all to begin anew."),
        (" \n", "shop.yml, line 1: the file is empty."),
    ],
    ids=["broken", "unknown field", "empty", "blank"],
)  # fmt: skip
def test_the_last_good_version_goes_on_while_there_is_a_mistake(once_good, text, mistake):
    once_good.file.write_text(text)
    served = served_shop_file(once_good.path)
    assert served.file.config == {"name": "Old Mill"}
    assert served.mistake.startswith(mistake)
    assert served.mistake.endswith("Until then the version before goes on.")


def test_a_mistake_without_a_good_version_is_an_error(folder):
    folder.file.write_text("colour: red\n")
    with pytest.raises(ShopError, match="unknown field 'colour'"):
        served_shop_file(folder.path)
    folder.file.write_text("")
    assert served_shop_file(folder.path).file == ShopFile()


def test_a_file_without_a_mistake_is_served_as_it_stands(once_good):
    once_good.file.write_text("name: New Mill\n")
    served = served_shop_file(once_good.path)
    assert (served.file.config["name"], served.mistake) == ("New Mill", "")


def test_a_file_that_was_taken_away_begins_anew(once_good):
    once_good.file.unlink()
    assert served_shop_file(once_good.path).file == ShopFile()


def test_a_folder_in_its_place_cannot_be_read(folder):
    folder.file.mkdir()
    with pytest.raises(ShopError, match=r"shop\.yml cannot be read"):
        served_shop_file(folder.path)


def test_what_is_kept_follows_the_file_and_a_missing_one_changes_nothing(once_good):
    good = once_good.path / "index" / "shop.good.yml"
    once_good.file.write_text("name: New Mill\n")
    keep_shop_file(once_good.path)
    assert good.read_text() == "name: New Mill\n"
    once_good.file.unlink()
    keep_shop_file(once_good.path)
    assert good.read_text() == "name: New Mill\n"


# ---- writing ----

CONFIG = ShopConfig(name="Mill", currency="EUR")
WOOD = Facet(key="wood", label="wood", kind=FacetKind.CATEGORY)


def inferred(facet: Facet = WOOD, **more) -> InferredFacet:
    return InferredFacet(facet=facet, **{"reason": "", "merged": {}, "unread": [], **more})


def write(folder, *facets: InferredFacet, config=CONFIG, columns=None, **before) -> str:
    write_shop_file(
        folder.path,
        config=config,
        columns=columns or {},
        inferred=facets,
        before=before.get("before_facets", {}),
        before_config=before.get("before_config", {}),
        before_columns=before.get("before_columns", {}),
    )
    return folder.file.read_text("utf-8")


def test_a_new_file_explains_itself_and_is_read_back(folder):
    text = write(folder, inferred(), columns={"title": ["maker", "model"], "id": "sku"})
    assert text.startswith("# The shop as the assistant knows it, written by `assistant import`")
    file = read_shop_file(folder.path)
    assert file.config == {
        "name": "Mill", "currency": "EUR", "locale": "en", "noun": "product", "nouns": "products", "contact": "",
    }  # fmt: skip
    assert file.columns == {"title": ["maker", "model"], "id": "sku"}
    assert file.facets["wood"] == FacetOverride(label="wood", weight=1.0, askable=True)


def test_what_was_decided_is_written_beside_the_facet(folder):
    spellings = [f"OAK{n}" for n in range(7)]
    merged = {"Oak": spellings, **{f"w{n}": ["x"] for n in range(10)}}
    note = inferred(reason="it holds codes", merged=merged, unread=["wide\rand\nlong"], note="by its unit")  # fmt: skip
    text = write(folder, note)
    assert re.search(r"askable: true +# it holds codes\n", text)
    assert re.search(r"from_text: true +# by its unit\n", text)
    assert "'Oak' also written 'OAK0', 'OAK1', 'OAK2', 'OAK3', 'OAK4', 'OAK5'\n" in text
    assert "'w8' also written" in text and "'w9' also written" not in text
    assert r"not readable and left out: 'wide\rand\nlong'" in text


def test_a_long_remark_is_cut_to_three_hundred_letters(folder):
    text = write(folder, inferred(unread=["x" * 400]))
    (line,) = [line for line in text.splitlines() if "not readable" in line]
    assert len(line.strip().removeprefix("# ")) == 300


def test_what_nobody_edited_follows_the_feed_and_what_the_staff_wrote_stays(folder):
    old = Facet(key="wood", label="wood", kind=FacetKind.CATEGORY, unit="cm")
    write(folder, inferred(old), columns={"id": "sku", "title": "name"})
    text = folder.file.read_text().replace("name: Mill", "name: Old Mill")
    folder.file.write_text(text.replace("label: wood", "label: timber").replace("id: sku", "id: ean"))  # fmt: skip
    new = Facet(key="wood", label="woods", kind=FacetKind.CATEGORY, unit="mm", askable=False)
    write(
        folder,
        inferred(new),
        config=ShopConfig(name="Feed", currency="SEK"),
        columns={"id": "gtin", "title": "heading"},
        before_facets={"wood": old},
        before_config={"name": "Mill", "currency": "EUR"},
        before_columns={"id": "sku", "title": "name"},
    )
    file = read_shop_file(folder.path)
    assert (file.config["name"], file.config["currency"]) == ("Old Mill", "SEK")
    assert file.columns == {"id": "ean", "title": "heading"}
    wood = file.facets["wood"]
    assert (wood.label, wood.unit, wood.askable) == ("timber", "mm", False)


def test_a_facet_the_last_import_did_not_know_is_left_alone(folder):
    folder.file.write_text("facets:\n  wood:\n    label: timber\n")
    write(folder, inferred())
    assert read_shop_file(folder.path).facets["wood"] == FacetOverride(label="timber")


def test_a_file_with_a_mistake_is_not_written_over(folder):
    folder.file.write_text("name: [\n")
    with pytest.raises(ShopError, match="Correct the line"):
        write(folder, inferred())
    assert folder.file.read_text() == "name: [\n"


def test_an_unchanged_file_is_not_written_again(folder):
    write(folder, inferred())
    before = folder.file.stat().st_mtime_ns, folder.file.stat().st_ino
    write(folder, inferred())
    assert (folder.file.stat().st_mtime_ns, folder.file.stat().st_ino) == before
