"""Each format: what its rows become."""

# ruff: noqa: E501 - feeds are shown as they are, one row a line

from __future__ import annotations

import json

import pytest

from catalog.storage.load import load_catalog

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Old Mill</title>
<item><g:id>b1</g:id><title>Bag</title><g:price>30.00 EUR</g:price><g:item_group_id>bag</g:item_group_id>
 <g:color>Red</g:color><g:availability>out of stock</g:availability><g:link>https://mill.example/bag</g:link>
 <g:shipping><g:country>DE</g:country><g:price>4 EUR</g:price></g:shipping>
 <g:product_detail><g:section_name>Size</g:section_name><g:attribute_name>Volume</g:attribute_name><g:attribute_value>20 l</g:attribute_value></g:product_detail></item>
<item><g:id>b2</g:id><title>Bag</title><g:price>35.00 EUR</g:price><g:item_group_id>bag</g:item_group_id>
 <g:color>Blue</g:color><g:availability>in_stock</g:availability></item>
<item><g:id>m</g:id><title>Mug</title><g:price>8 EUR</g:price><g:sale_price>6 EUR</g:sale_price><g:availability>preorder</g:availability></item>
</channel></rss>"""


def test_google_rss_groups_variants_and_keeps_their_stock(shop):
    report = shop.take(RSS, "mill.xml")
    bag, mug = shop.stored.products
    assert (report.format, report.accepted, report.variants) == ("google", 2, 2)
    assert (bag.id, bag.title, bag.facets["color"], bag.facets["volume"]) == (
        "bag",
        "Bag",
        ("Red", "Blue"),
        (20.0,),
    )
    assert [(v.id, v.title, v.availability, v.facets["color"]) for v in bag.variants] == [
        ("b1", "Red", "out_of_stock", ("Red",)),
        ("b2", "Blue", "in_stock", ("Blue",)),
    ]
    assert (str(bag.price.amount), bag.availability, bag.url) == (
        "35.00",
        "in_stock",
        "https://mill.example/bag",
    )
    assert (str(mug.price.amount), mug.availability) == ("6.00", "preorder")
    assert "shipping_country" not in {facet.key for facet in shop.stored.facets}
    catalog = load_catalog(shop.folder)
    assert (catalog.config.name, catalog.config.currency) == ("Old Mill", "EUR")


def test_google_atom_without_prefix(shop):
    shop.take(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Shop</title><entry><id>1</id><title>Mug</title>'
        '<link href="https://a.example/1"/><price>5 USD</price></entry></feed>',
        "feed.xml",
    )
    (mug,) = shop.stored.products
    assert (mug.id, mug.url, str(mug.price.amount)) == ("1", "https://a.example/1", "5.00")


def test_google_tab_separated(shop):
    report = shop.take(
        "id\ttitle\tlink\tprice\tavailability\titem group id\n1\tMug\thttps://a.example\t5.00 USD\tin stock\t\n",
        "f.txt",
    )
    assert (report.format, shop.stored.products[0].title) == ("google", "Mug")


SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status
top,Varsity Top,<p>Warm</p>,Mill,Tops,"wool, warm",true,Size,Small,T-S,shopify,0,deny,60,https://c.example/t.jpg,active
top,,,,,,,,Large,T-L,shopify,3,deny,65,,
top,,,,,,,,,,,,,,https://c.example/t2.jpg,
cap,Cap,Flat,Mill,Caps,wool,true,Title,Default Title,,,,,20,,active
old,Old,Gone,Mill,Caps,wool,true,Title,Default Title,,,,,20,,draft
"""


def test_shopify_rows_of_a_handle_are_one_product(shop):
    report = shop.take(SHOPIFY)
    top, cap = shop.stored.products
    assert (report.format, top.id, top.description) == ("shopify", "top", "Warm")
    assert [(v.id, v.title, v.availability) for v in top.variants] == [
        ("T-S", "Small", "out_of_stock"),
        ("T-L", "Large", "in_stock"),
    ]
    assert (str(top.price.amount), top.facets["size"], top.facets["tags"]) == (
        "65.00",
        ("Small", "Large"),
        ("wool", "warm"),
    )
    assert cap.variants == () and "title" not in cap.facets
    assert shop.rejected[0]["reason"] == "the product is draft, not for sale"


def test_shopify_new_headers_and_metafields(shop):
    shop.take(
        "Title,URL handle,Description,Vendor,Type,Tags,Status,SKU,Option1 name,Option1 value,Price,Inventory tracker,"
        "Inventory quantity,Continue selling when out of stock,Product image URL,Fabric (product.metafields.shopify.fabric)\n"
        "Top,top,Warm,Mill,Tops,wool,Active,T1,Color,Red,60,shopify,0,TRUE,,Wool\n"
        ",top,,,,,,T2,,Blue,60,shopify,2,FALSE,,\n"
    )
    (top,) = shop.stored.products
    assert [v.availability for v in top.variants] == ["backorder", "in_stock"]
    assert (top.facets["color"], top.facets["fabric"]) == (("Red", "Blue"), ("Wool",))


WOO = """ID,Type,SKU,Name,Published,Visibility in catalog,Short description,In stock?,Sale price,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s),Tax status
1,variable,tee,Tee,1,visible,Soft,1,,,"Clothing > Tees","https://a.example/1.png, https://a.example/2.png",,Color,"Blue, Red",taxable
2,variation,tee-b,Tee - Blue,1,visible,,0,,25,,,tee,Color,Blue,taxable
3,variation,tee-r,Tee - Red,1,visible,,1,20,25,,,id:1,Color,Red,taxable
4,simple,cap,Cap,1,visible,,1,,18,Clothing > Caps,,,Color,Red,taxable
5,simple,hid,Hidden,1,hidden,,1,,18,Clothing,,,,,taxable
6,simple,off,Private,0,visible,,1,,18,Clothing,,,,,taxable
"""


def test_woocommerce_variations_belong_to_their_parent(shop):
    report = shop.take(WOO)
    tee, cap = shop.stored.products
    assert (report.format, report.rejected) == ("woocommerce", 2)
    assert (tee.id, str(tee.price.amount), tee.image_url) == (
        "tee",
        "20.00",
        "https://a.example/1.png",
    )
    assert tee.facets["color"] == ("Blue", "Red") and tee.facets["categories"] == (
        "Clothing",
        "Tees",
    )
    assert [(v.id, v.availability) for v in tee.variants] == [
        ("tee-b", "out_of_stock"),
        ("tee-r", "in_stock"),
    ]
    assert "tax_status" not in {facet.key for facet in shop.stored.facets}
    assert cap.facets["color"] == ("Red",)


def test_rows_with_a_blank_name_belong_to_the_product_above(shop):
    shop.take(
        "name   ,slug ,facets             ,optionGroups,optionValues,sku ,price,stockOnHand\n"
        'Laptop ,lap  ,category:PC|brand:A,"screen|RAM","13 inch|8GB" ,L1  ,1299 ,100\n'
        '       ,     ,                   ,            ,"15 inch|16GB",L2  ,1499 ,0\n'
        "Mouse  ,mouse,category:PC|brand:B,            ,            ,M1  ,19   ,5\n"
    )
    laptop, mouse = shop.stored.products
    assert (laptop.title, laptop.facets["ram"], laptop.facets["screen"]) == (
        "Laptop",
        (8.0, 16.0),
        (13.0, 15.0),
    )
    assert [v.availability for v in laptop.variants] == ["in_stock", "out_of_stock"]
    assert mouse.facets["brand"] == ("B",) and mouse.variants == ()


def test_a_single_blank_name_is_a_mistake_not_a_continuation(shop):
    shop.take("sku,name,colour\n1,Mug,red\n2,,blue\n3,Bowl,red\n")
    assert [p.title for p in shop.stored.products] == ["Mug", "Bowl"]
    assert shop.rejected[0]["row"] == 3


@pytest.mark.parametrize(
    "wrap",
    [
        json.dumps,
        lambda rows: json.dumps({"shop": "x", "data": {"products": rows}}),
        lambda rows: "\n".join(json.dumps(row) for row in rows),
        lambda rows: json.dumps({str(row["id"]): row for row in rows}),
    ],
    ids=["array", "object", "lines", "by id"],
)
def test_json_in_its_shapes(shop, wrap):
    shop.take(
        wrap(
            [
                {
                    "id": 1,
                    "title": "Mug",
                    "size": {"height": 9.5, "box": {"w": 2}},
                    "tags": ["hot", "blue"],
                    "lid": True,
                },
                {
                    "id": 2,
                    "title": "Bowl",
                    "size": {"height": 5},
                    "tags": ["blue"],
                    "lid": False,
                    "note": None,
                },
            ]
        ),
        "f.json",
    )
    mug, bowl = shop.stored.products
    assert (mug.id, mug.facets["size_height"], mug.facets["size_box_w"]) == ("1", (9.5,), (2.0,))
    assert (mug.facets["tags"], bowl.facets["lid"]) == (("hot", "blue"), (False,))


def test_json_variants_and_named_values(shop):
    shop.take(
        json.dumps(
            [
                {
                    "id": "tee",
                    "title": "Tee",
                    "attributes": [{"name": "Fabric", "value": "Cotton"}],
                    "variants": [
                        {"sku": "a", "size": "S", "price": 9},
                        {"sku": "b", "size": "M", "price": 8},
                    ],
                }
            ]
        )
    )
    (tee,) = shop.stored.products
    assert (str(tee.price.amount), tee.facets["size"], tee.facets["fabric"]) == (
        "8.00",
        ("S", "M"),
        ("Cotton",),
    )


def test_json_entries_that_are_no_objects_are_set_aside(shop):
    report = shop.take('[{"title": "Mug", "a": 1}, 5, {"title": "Bowl", "a": 2}]')
    assert (report.accepted, report.rejected) == (2, 1)
    assert "not an object" in shop.rejected[0]["reason"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_found(shop, encoding):
    shop.take("id;title;price\n1;Crème brûlée;5,50 €\n2;Café;4,00 €\n".encode(encoding))
    creme = shop.stored.products[0]
    assert (creme.title, str(creme.price.amount), creme.price.currency) == (
        "Crème brûlée",
        "5.50",
        "EUR",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(shop, delimiter):
    rows = [["id", "title", "note"], ["1", "Mug", "a b"], ["2", "Bowl", "c d"]]
    shop.take("\r\n".join(delimiter.join(row) for row in rows))
    assert shop.stored.products[1].title == "Bowl"


def test_keys_are_the_feeds_own_names(shop):
    shop.take(
        "g:id,title,Entrance Fee,In stock?,Größe,Größe\n1,Mug,free,1,5,6\n2,Bowl,free,1,7,8\n"
    )
    assert {facet.key for facet in shop.stored.facets} == {"entrance_fee", "größe", "größe_2"}
    assert shop.stored.products[0].availability == "in_stock"


def test_magento_export_takes_attributes_apart(shop):
    shop.take(
        "sku,product_type,attribute_set_code,categories,name,price,visibility,additional_attributes,is_in_stock,configurable_variations\n"
        'H-S,simple,Top,"Default/Men/Hoodies,Default",Hoodie-S,52,Not Visible Individually,"size=S,color=Black",1,\n'
        'H-M,simple,Top,"Default/Men/Hoodies,Default",Hoodie-M,52,Not Visible Individually,"size=M,color=Black",0,\n'
        'H,configurable,Top,"Default/Men/Hoodies,Default",Hoodie,52,"Catalog, Search","material=Wool|Cotton,climate=Cool",1,"sku=H-S,size=S|sku=H-M,size=M"\n'
        "X,simple,Top,,Lost,5,Not Visible Individually,,1,\n"
    )
    (hoodie,) = shop.stored.products
    assert (hoodie.id, hoodie.title, hoodie.facets["material"]) == (
        "H",
        "Hoodie",
        ("Wool", "Cotton"),
    )
    assert (hoodie.facets["size"], len(hoodie.variants)) == (("S", "M"), 2)
    assert "Men" in hoodie.facets["categories"]
    assert shop.rejected[0]["row"] == 5
