from collections import Counter

import pytest

from assistant.demo.wines import THIS_YEAR, make_wines, read_table

SWEETNESS = ["bone-dry", "dry", "off-dry", "medium-sweet", "sweet"]


def named(wines, text):
    found = [wine for wine in wines if text in wine.label or text == wine.appellation]
    assert found, f"no wine called {text}"
    return found


def test_same_seed_draws_the_same_wines_and_another_seed_others(wines):
    assert make_wines() == wines
    assert make_wines(8) != wines


def test_range_is_large_and_titles_and_ids_are_unique(wines):
    assert 300 <= len(wines) <= 450
    assert len({wine.title for wine in wines}) == len(wines)
    assert len({wine.id for wine in wines}) == len(wines)


def test_every_blend_in_the_tables_is_grown_in_its_region(regions):
    grapes = read_table("grapes.yml")
    for country, region, facts in regions:
        assert set(facts["grapes"]) <= set(grapes), region
        for entry in facts["wines"]:
            for blend in entry["blends"]:
                assert set(blend) <= set(facts["grapes"]), (country, region, blend)


def test_every_entry_names_a_style_and_pairs_what_belongs_together(regions):
    styles, dishes = read_table("styles.yml"), read_table("phrases.yml")["dishes"]
    for _, region, facts in regions:
        for entry in facts["wines"]:
            style = styles[entry["style"]] | entry
            assert set(style["food"]) <= {*dishes, "aperitif"}, (region, entry)
            if "appellations" in entry:
                assert len(entry["appellations"]) == len(entry["names"]), (region, entry)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("red", 11, 16),
        ("white", 7.5, 14),
        ("rosé", 10, 14),
        ("sparkling", 5, 13),
        ("orange", 11, 14),
        ("dessert", 7, 16),
        ("fortified", 15, 20),
        ("alcohol-free", 0, 0.5),
    ],
)
def test_alcohol_fits_the_type(wines, kind, low, high):
    strengths = [
        wine.alcohol for wine in wines if wine.types[0] == kind and wine.alcohol is not None
    ]
    assert strengths
    assert low <= min(strengths) and max(strengths) <= high


def test_prices_are_positive_end_as_in_shops_and_one_is_very_high(wines):
    assert all(wine.price > 0 for wine in wines)
    assert {str(wine.price)[-3:] for wine in wines} <= {".00", ".50", ".90"}
    assert sum(wine.price > 500 for wine in wines) >= 1


def test_reds_have_tannins_and_whites_have_none(wines):
    for wine in wines:
        if wine.types == ("red",):
            assert wine.tannin, wine.title
        if wine.types[0] in {"white", "rosé", "sparkling"} and "red" not in wine.types:
            assert wine.tannin is None, wine.title


def test_dessert_wines_are_sweet(wines):
    assert all(
        wine.sweetness in {"sweet", "medium-sweet"} for wine in wines if "dessert" in wine.types
    )


def test_vintages_are_on_sale_and_still_drinkable(wines):
    for wine in wines:
        if wine.vintage:
            assert wine.vintage <= THIS_YEAR, wine.title
            assert wine.drink_until is None or wine.drink_until > THIS_YEAR, wine.title
    northern = [
        w
        for w in wines
        if w.vintage == THIS_YEAR and w.country in {"France", "Italy", "Spain", "Germany"}
    ]
    assert {wine.label for wine in northern} <= {"Beaujolais Nouveau"}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "Barolo",
            {"grapes": ("Nebbiolo",), "tannin": "firm", "body": "full-bodied", "oak": "oak-aged"},
        ),
        ("Brunello di Montalcino", {"grapes": ("Sangiovese",), "tannin": "firm"}),
        (
            "Chablis",
            {"grapes": ("Chardonnay",), "oak": "unoaked", "acidity": "crisp", "sweetness": "dry"},
        ),
        ("Sancerre", {"grapes": ("Sauvignon Blanc",), "types": ("white",), "acidity": "crisp"}),
        ("Sauternes", {"sweetness": "sweet", "types": ("dessert",)}),
        ("Beaujolais-Villages", {"grapes": ("Gamay",), "tannin": "soft"}),
        ("Cahors", {"tannin": "firm", "body": "full-bodied"}),
        ("Riesling Kabinett", {"sweetness": "off-dry", "body": "light-bodied", "acidity": "crisp"}),
        ("Riesling trocken", {"sweetness": "dry"}),
        ("Tavel", {"types": ("rosé",), "sweetness": "dry"}),
        ("Vintage Port", {"types": ("fortified",), "sweetness": "sweet"}),
        ("Fino", {"types": ("fortified",), "sweetness": "bone-dry", "grapes": ("Palomino",)}),
        ("Moscato d'Asti", {"types": ("sparkling",), "sweetness": "sweet", "grapes": ("Muscat",)}),
    ],
)
def test_classics_are_what_their_name_promises(wines, name, facts):
    for wine in named(wines, name):
        for key, value in facts.items():
            assert getattr(wine, key) == value, wine.title


@pytest.mark.parametrize(
    ("name", "age"),
    [
        ("Rioja Crianza", 2),
        ("Rioja Reserva", 3),
        ("Rioja Gran Reserva", 5),
        ("Barolo", 4),
        ("Brunello", 5),
        ("Chianti Classico Riserva", 2),
        ("Late Bottled Vintage Port", 4),
    ],
)
def test_no_wine_is_sold_before_its_rules_allow(wines, name, age):
    assert all(wine.vintage + age <= THIS_YEAR for wine in named(wines, name))


def test_chianti_is_led_by_sangiovese(wines):
    assert all(
        wine.grapes[0] == "Sangiovese"
        for wine in named(wines, "Chianti")
        if "Vin Santo" not in wine.label
    )


def test_dosage_in_the_name_agrees_with_the_sweetness(wines):
    for wine in (wine for wine in wines if "sparkling" in wine.types):
        if wine.label.endswith("Brut") and "Extra" not in wine.label:
            assert wine.sweetness == "dry", wine.title
        if "Nature" in wine.label or "Extra Brut" in wine.label:
            assert wine.sweetness == "bone-dry", wine.title
        if "Extra Dry" in wine.label:
            assert wine.sweetness == "off-dry", wine.title


def test_no_climate_is_ignored(wines):
    """Of the same grape, warm regions give more alcohol than cool ones."""

    def mean(region):
        strengths = [
            w.alcohol for w in wines if w.region == region and "Syrah" in w.grapes and w.alcohol
        ]
        return sum(strengths) / len(strengths)

    assert mean("South Australia") > mean("Rhône Valley")


def test_feed_has_its_awkward_rows(wines):
    out = sum(wine.stock == 0 for wine in wines) / len(wines)
    assert 0.02 <= out <= 0.1
    assert sum(wine.alcohol is None for wine in wines) == 3
    assert any(wine.vintage is None for wine in wines)
    assert any(wine.vegan is None for wine in wines)
    for mark in ("'", "&", "é", "·"):
        assert any(mark in wine.title or mark in " ".join(wine.grapes) for wine in wines), mark
    sizes = Counter(wine.bottle_size for wine in wines)
    assert sizes["standard bottle"] > 0.9 * len(wines)
    assert sizes["magnum"] >= 2 and sizes["half bottle"] >= 2


def test_sizes_of_the_same_wine_differ_in_price_and_title_only_where_they_should(wines):
    by_title = {wine.title: wine for wine in wines}
    for wine in wines:
        base = by_title.get(wine.title.removesuffix(" (magnum)"))
        if wine.bottle_size == "magnum" and base:
            assert wine.price > base.price
            assert wine.grapes == base.grapes


def test_organic_is_a_habit_of_the_estate_and_biodynamic_implies_it(wines):
    assert all(wine.organic for wine in wines if wine.biodynamic)
    assert 0.15 < sum(wine.organic for wine in wines) / len(wines) < 0.6


def test_wine_fined_with_egg_white_is_not_called_vegan(wines):
    assert all(wine.vegan is False for wine in wines if "egg white" in wine.description)


def test_every_level_of_sweetness_is_on_the_shelf(wines):
    assert {wine.sweetness for wine in wines} == set(SWEETNESS)
