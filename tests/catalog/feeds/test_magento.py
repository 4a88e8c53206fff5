"""Magento exports: paths with commas, special prices with days, variants under their product."""

HEAD = (
    "sku,attribute_set_code,product_type,categories,name,description,price,special_price,special_price_from_date,"
    "special_price_to_date,product_online,visibility,is_in_stock,additional_attributes,configurable_variations"
)


def row(
    n,
    *,
    categories="Default Category/Tools",
    special=",,",
    online=1,
    more="",
    kind="simple",
    sees="Catalog, Search",
):
    return f'M-{n},Default,{kind},"{categories}",Tool {n},A tool.,{n}0.0000,{special},{online},"{sees}",1,"{more}",'


def take(shop, *rows):
    shop.take("\n".join([HEAD, *rows]))
    return shop.stored.products


def test_a_comma_in_a_category_is_part_of_its_name(shop):
    paths = "Default Category/Bed, Bath/Towels, Robes,Default Category/Offers"
    products = take(
        shop,
        *(row(n, categories=paths) for n in range(1, 5)),
        row(9, categories="Default Category/Other"),
    )
    assert products[0].facets["categories"] == ("Bed, Bath", "Towels, Robes", "Offers")


def test_a_root_of_another_name_is_left_out_too(shop):
    paths = "Shop Root/Garden/Rakes,Shop Root/Garden"
    products = take(
        shop, *(row(n, categories=paths) for n in range(1, 5)), row(9, categories="Shop Root/Other")
    )
    assert products[0].facets["categories"] == ("Garden", "Rakes")


def test_a_special_price_counts_on_its_days(shop):
    products = take(
        shop,
        row(1, special="5.0000,1/1/20,2/1/20"),
        row(2, special="5.0000,1/1/39,2/1/39"),
        row(3, special="5.0000,1/1/20,2/1/39"),
        row(4, special="5.0000,,"),
        row(5),
    )
    assert [str(product.price.amount) for product in products] == [
        "10.00",
        "20.00",
        "5.00",
        "5.00",
        "50.00",
    ]


def test_a_value_with_a_comma_is_one_and_bars_part_values(shop):
    more = "material=Ash|Steel,care=Wipe dry, oil once a year"
    products = take(
        shop, *(row(n, more=more) for n in range(1, 5)), row(9, more="material=Steel,care=Rinse")
    )
    assert products[0].facets["material"] == ("Ash", "Steel")
    assert products[0].facets["care"] == ("Wipe dry, oil once a year",)


def test_what_is_not_online_is_refused(shop):
    take(shop, *(row(n) for n in range(1, 5)), row(9, online=2))
    assert [entry["reason"] for entry in shop.rejected] == ["the product is not online"]
