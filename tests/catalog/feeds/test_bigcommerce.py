"""BigCommerce exports of both generations."""

OLD = (
    "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Price,Sale Price,"
    "Product Description,Allow Purchases?,Product Visible?,Track Inventory,Current Stock Level,Category"
)
NEW = (
    "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Sale Price,Brand ID,Is Visible,"
    "Categories,Description,Custom Fields,Image URL (Import)"
)


def old(n, *, visible="Y", buy="Y", track="by option", sale="0.00", stocks=(0, 3)):
    rows = [
        f"Product,{n},Mug {n},P,MG-{n},Kiln,1{n}.00,{sale},<p>A mug.</p>,{buy},{visible},{track},0,Table/Mugs;Gifts"
    ]
    for size, stock in zip(("Small", "Tall"), stocks, strict=True):
        options = f'"[RT]Size={size},[S]Glaze=Moss Green:#2f5d3a"'
        rows.append(f"  SKU,,{options},,MG-{n}-{size[0]},,,,,,,,{stock},")
    return [*rows, "  Rule,,,, ,,[ADD]2.00,,,Y,Y,,,"]


def test_skus_are_variants_and_rules_are_nothing(shop):
    shop.take("\n".join([OLD, *(line for n in range(1, 6) for line in old(n))]))
    product = shop.stored.products[0]
    assert (product.id, product.title, str(product.price.amount)) == ("MG-1", "Mug 1", "11.00")
    assert product.facets["category"] == ("Table", "Mugs", "Gifts")
    assert product.facets["glaze"] == ("Moss Green",)
    assert [(v.id, v.facets["size"], str(v.availability)) for v in product.variants] == [
        ("MG-1-S", ("Small",), "out_of_stock"),
        ("MG-1-T", ("Tall",), "in_stock"),
    ]
    assert len(shop.stored.products) == 5
    assert shop.rejected == []


def test_hidden_products_are_refused_with_all_their_rows(shop):
    lines = [line for n in range(1, 6) for line in old(n)] + old(7, visible="N")
    shop.take("\n".join([OLD, *lines]))
    assert {entry["reason"] for entry in shop.rejected} == {"the product is hidden from the shop"}
    assert "MG-7" not in [product.id for product in shop.stored.products]


def test_stock_counts_only_where_it_is_tracked(shop):
    lines = [line for n in range(1, 4) for line in old(n)]
    lines += (
        old(4, track="none", stocks=(0, 0)) + old(5, stocks=(0, 0)) + old(6, buy="N", stocks=(4, 4))
    )
    shop.take("\n".join([OLD, *lines]))
    states = {product.id: str(product.availability) for product in shop.stored.products}
    assert states["MG-4"] == "in_stock"
    assert states["MG-5"] == "out_of_stock"
    assert states["MG-6"] == "out_of_stock"


def test_a_sale_price_of_nothing_is_none(shop):
    lines = [line for n in range(1, 5) for line in old(n)] + old(5, sale="12.50")
    shop.take("\n".join([OLD, *lines]))
    prices = [str(product.price.amount) for product in shop.stored.products]
    assert prices == ["11.00", "12.00", "13.00", "14.00", "12.50"]


def new(n, visible="TRUE"):
    return [
        f"Product,{n},Jug {n},physical,JG{n},,variant,0,2{n}.00,,3,{visible},Table/Jugs,<p>A jug.</p>,"
        "Clay=Stone;Origin=Wye,",
        f"Variant,{n},,,JG{n}A,[S]Size=Half[S]Glaze=White,variant,0,1{n}.00,,,,,,,",
        f"Variant,{n},,,JG{n}B,[S]Size=Full[S]Glaze=Ochre,variant,4,,,,,,,,",
        f"Image,,,,,,,,,,,,,,,https://pictures.example/{n}.jpg",
    ]


def test_the_newer_export_has_variants_fields_and_pictures(shop):
    shop.take("\n".join([NEW, *(line for n in range(1, 6) for line in new(n))]))
    product = shop.stored.products[1]
    assert product.facets["clay"] == ("Stone",)
    assert [(v.id, v.facets["glaze"], str(v.price.amount)) for v in product.variants] == [
        ("JG2A", ("White",), "12.00"),
        ("JG2B", ("Ochre",), "22.00"),
    ]
    assert str(product.price.amount) == "22.00", "the cheaper one is sold out"
