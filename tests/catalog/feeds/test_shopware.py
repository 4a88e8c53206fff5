"""Shopware exports: empty cells of a variant are those of its parent."""

HEAD = (
    "id;parent_id;product_number;active;stock;name;description;price_net;price_gross;tax_rate;"
    "manufacturer_name;options"
)


def family(n, *, active=1, gross=None, stocks=(0, 5)):
    parent = f"{n:032x}"
    gross = gross or f"{n}9.00"
    rows = [f"{parent};;SW{n};{active};0;Kettle {n};A kettle.;{n}5.00;{gross};19;Herdmann;"]
    for place, (colour, stock) in enumerate(zip(("Red", "Black"), stocks, strict=True)):
        own = "75.00" if place and n == 2 else ""
        rows.append(
            f"{n * 100 + place:032x};{parent};SW{n}.{place};1;{stock};;;;{own};19;;Colour: {colour}|Litres: {n}"
        )
    return rows


def take(shop, *families):
    shop.take("\n".join([HEAD, *(line for lines in families for line in lines)]))
    return {product.id: product for product in shop.stored.products}


def test_variants_inherit_and_have_their_own(shop):
    products = take(shop, *(family(n) for n in range(1, 5)))
    first, second = products["SW1"], products["SW2"]
    assert (first.title, str(first.price.amount), first.description) == (
        "Kettle 1",
        "19.00",
        "A kettle.",
    )
    assert first.facets["manufacturer"] == ("Herdmann",)
    assert [
        (v.facets["colour"], str(v.price.amount), str(v.availability)) for v in second.variants
    ] == [
        (("Red",), "29.00", "out_of_stock"),
        (("Black",), "75.00", "in_stock"),
    ]
    assert str(second.price.amount) == "75.00"


def test_what_is_not_active_is_out_with_its_variants(shop):
    products = take(shop, *(family(n) for n in range(1, 5)), family(7, active=0))
    assert "SW7" not in products
    assert [entry["reason"] for entry in shop.rejected] == ["the product is not active"] * 3
