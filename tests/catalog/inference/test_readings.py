"""How whole columns are read, and which facets are asked."""

# ruff: noqa: E501 - feeds are shown as they are, one row a line

from __future__ import annotations

import pytest


def feed(column: str, texts: list[str], *more: str) -> str:
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    lines = [f"title,{column}" + "".join("," + name for name in more)]
    for n, text in enumerate(quoted):
        lines.append(f"Thing number {n},{text}" + f",{n}.5" * len(more))
    return "\n".join(lines) + "\n"


def read(shop, column, texts, *more):
    shop.take(feed(column, texts, *more))
    key = column.lower().replace(" ", "_")
    return shop.facet(key), shop.values(key)


def test_packed_ranges_are_two_numbers_where_the_feed_writes_points(shop):
    facet, values = read(shop, "response", ["15,25", "20,20", "5,40", "12,23.5"] * 5, "weight")
    assert facet.kind == "number"
    assert values[0] == (15.0, 25.0) and values[1] == (20.0,) and values[3] == (12.0, 23.5)


def test_decimal_commas_are_one_number_where_they_must_be(shop):
    _, values = read(shop, "weight", ["1,05", "13,3", "2,10", "0,75"] * 5)
    assert values[:4] == [(1.05,), (13.3,), (2.1,), (0.75,)]


def test_thousands_marks_are_no_ranges(shop):
    _, values = read(shop, "pixels", ["54,999", "12,500", "101,250"] * 5, "weight")
    assert values[0] == (54999.0,)


def test_mixed_units_of_a_family_become_one(shop):
    facet, values = read(shop, "mass", ["500 g", "1.5 kg", "750 g", "2 kg"] * 4 + ["250 g"])
    assert facet.unit == "g"
    assert values[:2] == [(500.0,), (1500.0,)]


@pytest.mark.parametrize(
    ("texts", "entries"),
    [
        (["Black / Red", "Black", "Red", "White / Black"], ("Black", "Red")),
        (["Wired, Wireless", "Wireless", "Wired, Wired", "Wired"], ("Wired", "Wireless")),
        (["a|b", "b|c", "a", "c"], ("a", "b")),
        (["['Beef', 'Lamb']", "['Lamb']", "['Pork', 'Beef']", "[]"], ("Beef", "Lamb")),
        (["Gym\nTravel", "Gym", "Travel\nYoga", "Yoga"], ("Gym", "Travel")),
        (["Home > Lamps", "Home > Tables", "Home > Lamps", "Home > Rugs"], ("Lamps",)),
        (["Varietal/100%", "Blend/50%", "Varietal/75%", "Blend/50%"], ("Varietal/100%",)),
        (
            [
                "Ink, black, made in Wales by hand",
                "Oil, used for lamps and much else",
                "Wax",
                "Tar",
            ],
            None,
        ),
    ],
    ids=["slash", "comma", "pipe", "python", "lines", "path", "tight slash", "sentence"],
)
def test_lists_are_split_where_the_parts_recur(shop, texts, entries):
    _, values = read(shop, "made of", texts * 5)
    assert values[0] == (entries if entries else (texts[0],))


def test_packed_pairs_become_columns(shop):
    shop.take(
        feed("facets", ["category:Sofas|brand:Ekle", "category:Lamps|category:Desk|brand:Osk"] * 4)
    )
    assert shop.values("category")[:2] == [("Sofas",), ("Lamps", "Desk")]
    assert shop.values("brand")[0] == ("Ekle",)


@pytest.mark.parametrize(
    ("yes", "no"), [("TRUE", "FALSE"), ("yes", "no"), ("1", "0"), ("Y", "N"), ("ja", "nein")]
)
def test_flags_are_booleans_in_all_spellings(shop, yes, no):
    facet, values = read(shop, "wireless", [yes, no, no, yes] * 4)
    assert facet.kind == "flag" and values[:2] == [(True,), (False,)]
    assert {value.label for value in facet.values} == {"yes", "no"}


def test_missing_stays_missing(shop):
    facet, values = read(
        shop, "fee", ["?", "n/a", "none", "-", "free", "5 pounds", "free", "free"] * 3
    )
    assert values[:4] == [(), (), (), ()] and facet.coverage == 0.5


def test_spellings_are_merged_to_the_most_frequent(shop):
    facet, _ = read(
        shop,
        "fit",
        ["Over-ear", "over ear", "Over-ear", "OVER-EAR", "In-ear", "in-ear ", "In-ear"] * 3,
    )
    assert {value.value: value.count for value in facet.values} == {"Over-ear": 12, "In-ear": 9}
    assert "also written" in (shop.folder / "shop.yml").read_text()


def test_dates_become_years(shop):
    facet, values = read(shop, "year", ["1970-01-01", "1982-01-01"] * 8)
    assert facet.kind == "number" and values[0] == (1970.0,) and facet.askable


def test_few_numbers_stay_numbers(shop):
    facet, _ = read(shop, "cylinders", ["4", "6", "8", "4"] * 5)
    assert facet.kind == "number" and facet.askable


def askable_of(shop, column, texts):
    return read(shop, column, texts)[0].askable


CODES = [f"AX{n * 7919 % 9973:04d}" for n in range(40)]


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("part", CODES),
        ("gtin", [f"{4_006_381_333_000 + n * 37}" for n in range(40)]),
        ("page", [f"https://maker.example/{n % 7}" for n in range(40)]),
        ("phone", [f"01223 {n * 7919 % 99991:05d}" for n in range(40)]),
        ("postcode", [f"CB{n % 9} {n % 7}AB" for n in range(40)]),
        ("ask", [f"ring{n % 5}@shop.example" for n in range(40)]),
        (
            "story",
            [
                f"Made by hand in the small valley of the river number {n % 9} by people who love it"
                for n in range(40)
            ],
        ),
        ("finish", ["matt"] * 40),
        ("polish", ["matt", *["?"] * 20, *["shiny"] * 2]),
        ("created at", [f"2021-03-{n % 28 + 1:02d} 10:00:00" for n in range(40)]),
        ("tax class", ["full", "half"] * 20),
        ("latitude", [f"52.{n * 7919 % 99991:06d}" for n in range(40)]),
    ],
)
def test_what_no_shopper_can_answer_is_not_asked(shop, column, texts):
    assert not askable_of(shop, column, texts)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("brand", [f"{chr(65 + n % 26)}elmark{'abcdefgh'[n % 8]}" for n in range(400)]),
        ("color", ["D", "E", "F", "G"] * 10),
        ("size", ["S", "M", "L", "38"] * 10),
        ("region", [f"{name} valley" for name in ("Upper", "Lower", "East", "West")] * 10),
    ],
)
def test_what_a_shopper_can_answer_is_asked(shop, column, texts):
    assert askable_of(shop, column, texts)


def test_knowable_is_lower_for_codes_scores_and_crowds(shop):
    shop.take(
        "title,colour,clarity,rating,maker\n"
        + "".join(
            f"Thing {n},{['red', 'blue'][n % 2]},{['VS1', 'SI2', 'IF'][n % 3]},{n % 50 / 10},Maker{'abcdefghijklmnop'[n % 16]}{'xyzuvw'[n % 6]} Ltd\n"
            for n in range(200)
        )
    )
    knowable = {facet.key: facet.knowable for facet in shop.stored.facets}
    assert knowable["colour"] == 1.0
    assert knowable["clarity"] <= 0.6 and knowable["rating"] <= 0.3
    assert 0.4 <= knowable["maker"] < 1.0


@pytest.mark.parametrize(
    ("header", "prices", "amount", "currency"),
    [
        ("Price ($)", ["10.50", "20"], "10.50", "USD"),
        ("msrp", ["10", "20"], "10.00", "USD"),
        ("price_eur", ["10.5", "20"], "10.50", "EUR"),
        ("Price_euros", ["10,5", "20"], "10.50", "EUR"),
        ("regular_price", ["£10.5", "£20"], "10.50", "GBP"),
        ("preis", ["10,50 €", "1.020,00 €"], "10.50", "EUR"),
    ],
)
def test_price_is_found_under_other_names(shop, header, prices, amount, currency):
    shop.take(f"title;kind;{header}\nMug;a;{prices[0]}\nBowl;b;{prices[1]}\n")
    mug = shop.stored.products[0]
    assert (str(mug.price.amount), mug.price.currency) == (amount, currency)
    assert mug.facets["price"] == (float(amount),)
    assert shop.facet("price").unit == currency


@pytest.mark.parametrize("header", ["pricepercent", "pricerange"])
def test_what_only_sounds_like_a_price_is_none(shop, header):
    shop.take(f"title,{header}\nMug,0.3\nBowl,0.9\n")
    assert shop.stored.products[0].price is None


def test_titles_of_nameless_things_are_put_together(shop):
    shop.take(
        "carat,cut,price\n"
        + "".join(f"0.{n % 5 + 2},{['Fair', 'Ideal'][n % 2]},{n + 300}\n" for n in range(20))
    )
    assert shop.stored.products[0].title == "0.2 carat, Fair cut"


def test_maker_and_model_together_name_a_thing(shop):
    shop.take(
        "manufacturer,model,doors\n"
        + "".join(
            f"{m},{k},{n % 3}\n" for m, k in [("audi", "a4"), ("ford", "ka")] for n in range(6)
        )
    )
    assert shop.stored.products[0].title == "audi a4"
    assert len({product.id for product in shop.stored.products}) == 12


def test_a_type_name_is_no_title_where_maker_and_product_are_there(shop):
    rows = "".join(
        f"{m},{p},{t}\n"
        for m, p in [("Acme", "Book 5"), ("Zeta", "Slim 9")]
        for t in ("Ultrabook", "Notebook", "Tablet")
    )
    shop.take("Company,Product,TypeName\n" + rows)
    assert shop.stored.products[0].title == "Acme Book 5"


def test_prices_that_count_up_are_still_prices(shop):
    shop.take("title,price\n" + "".join(f"Thing {n},{n + 100}\n" for n in range(60)))
    assert shop.facet("price").askable


def test_weak_separators_are_believed_where_the_parts_are_values_by_themselves(shop):
    colours = ["Black/Red", "Red/White", "Black", "White", "Red", "Black & White", "Blue"]
    shop.take("title,colour\n" + "".join(f"Mug {n},{one}\n" for n, one in enumerate(colours)))
    assert shop.values("colour")[:2] == [("Black", "Red"), ("Red", "White")]
    blends = ["Syrah/Shiraz", "Merlot", "Syrah/Shiraz", "Malbec"]
    shop.take(
        "title,grape\n" + "".join(f"W {n},{one}\n" for n, one in enumerate(blends)), force=True
    )
    assert shop.values("grape")[0] == ("Syrah/Shiraz",)


def test_further_prices_are_amounts_in_their_currency(shop):
    rows = "".join(f'{n},Mug {n},€5,"€ {n + 1},{n}50.00"\n' for n in range(1, 6))
    shop.take("id,title,price,deposit\n" + rows)
    deposit = shop.facet("deposit")
    assert (deposit.kind, deposit.unit) == ("number", "EUR")


def test_sentences_for_no_value_are_no_values(shop):
    texts = ["Oak", "Not available", "No finish given", "Ash", "not found", "keine Angabe"] * 4
    assert [value for value in read(shop, "finish", texts)[1] if value] == [("Oak",), ("Ash",)] * 4


def test_an_amount_said_again_in_another_unit_is_one_amount(shop):
    facet, values = read(
        shop, "mass", ["196 g (6.91 oz)", "210 g (7.41 oz)", "1.2 kg (2.65 lbs)"] * 4
    )
    assert facet.unit == "g" and values[:3] == [(196.0,), (210.0,), (1200.0,)]


def test_objects_in_cells_become_columns(shop):
    rows = [
        """{"specs"=>[{"key"=>"Fabric", "value"=>"Linen"}, {"key"=>"Fit", "value"=>"Slim"}]}""",
        """{"specs"=>[{"key"=>"Fabric", "value"=>"Wool"}, {"key"=>"Fit", "value"=>"Loose"}]}""",
        """{"specs"=>[{"key"=>"Fabric", "value"=>"Linen"}, {"key"=>"Fit", "value"=>nil}]}""",
    ] * 3
    shop.take(feed("specifications", rows))
    assert shop.values("fabric")[:3] == [("Linen",), ("Wool",), ("Linen",)]
    assert shop.values("fit")[:3] == [("Slim",), ("Loose",), ()]


def test_a_path_in_a_list_is_its_levels(shop):
    texts = [f'["Home >> {kind} >> Model {n}"]' for n, kind in enumerate(["Lamps", "Rugs"] * 8)]
    assert read(shop, "product_tree", texts)[1][:2] == [("Lamps",), ("Rugs",)]


def test_a_unit_that_one_odd_cell_writes_is_not_that_of_the_column(shop):
    sizes = [str(n % 5 + 8) for n in range(20)] + ["10 S"]
    rows = [f"B{n},Boot {n},{n + 20}.00 EUR,{size}" for n, size in enumerate(sizes)]
    shop.take("\n".join(["id,title,price,fit", *rows]))
    assert shop.facet("fit").unit is None
    assert shop.values("fit")[0] == (8.0,)
    assert shop.values("fit")[-1] == ()


def test_a_unit_that_many_cells_write_is_that_of_the_others_too(shop):
    cells = [f"{n % 5 + 8}{' cm' if n % 2 else ''}" for n in range(20)]
    rows = [f"B{n},Bowl {n},{n + 20}.00 EUR,{cell}" for n, cell in enumerate(cells)]
    shop.take("\n".join(["id,title,price,rim", *rows]))
    assert shop.facet("rim").unit == "cm"


@pytest.mark.parametrize(
    ("odd", "kind"), [(["190 cm"], "flag"), (["partly", "partly", "partly"], "category")]
)
def test_one_odd_cell_does_not_make_a_yes_or_no_column_one_of_words(shop, odd, kind):
    cells = [["yes", "no"][n % 2] for n in range(30)] + odd
    rows = "".join(f"b{n},Boat {n},{n + 9},{cell}\n" for n, cell in enumerate(cells))
    shop.take(f"id,title,price,cabin\n{rows}")
    assert shop.facet("cabin").kind == kind


def test_of_few_cells_an_odd_one_counts(shop):
    rows = "".join(
        f"b{n},Boat {n},{n + 9},{cell}\n" for n, cell in enumerate(["yes", "no", "half"] * 3)
    )
    shop.take(f"id,title,price,cabin\n{rows}")
    assert shop.facet("cabin").kind == "category"
