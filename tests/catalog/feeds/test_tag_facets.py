"""Tags that carry a name and a value become facets; the others stay tags."""

import pytest


def take(shop, *tags):
    rows = "".join(f'p{n},Pot {n},{n + 5},"{text}"\n' for n, text in enumerate(tags))
    shop.take(f"id,title,price,tags\n{rows}")
    return shop.stored.products


@pytest.mark.parametrize("mark", ["_", ":", ": ", "="])
def test_a_name_with_several_values_is_a_facet(shop, mark):
    products = take(
        shop, *[f"Clay{mark}{['Red', 'Grey'][n % 2]}, kitchen, round{n % 2}" for n in range(8)]
    )
    assert products[0].facets["clay"] == ("Red",)
    assert products[1].facets["clay"] == ("Grey",)
    assert products[0].facets["tags"] == ("kitchen", "round0")


def test_a_tag_that_only_looks_like_one_stays(shop):
    products = take(shop, *["best_seller, kitchen", "best_seller, garden", "kitchen, garden"] * 3)
    assert products[0].facets["tags"] == ("best_seller", "kitchen")
    assert "best" not in products[0].facets


def test_names_that_few_products_carry_stay_tags(shop):
    rare = ["Line_One", "Line_Two"] + ["kitchen", "garden"] * 20
    assert "line" not in take(shop, *rare)[0].facets


def test_a_column_of_that_name_is_not_overwritten(shop):
    rows = "".join(
        f"p{n},Pot {n},{n + 5},{['Big', 'Small'][n % 2]},Size_{['L', 'S'][n % 2]}\n"
        for n in range(8)
    )
    shop.take(f"id,title,price,size,tags\n{rows}")
    assert shop.stored.products[0].facets["size"] == ("Big",)
    assert shop.stored.products[0].facets["tags_size"] == ("L",)
