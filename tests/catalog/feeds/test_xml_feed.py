"""XML: which elements are products, and what becomes of the elements in them."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError


def rss(*items: str, before: str = "") -> str:
    inside = "".join(f"<item><title>Mug</title>{item}</item>" for item in items)
    return f"<rss><channel>{before}{inside}</channel></rss>"


def cells(read, item: str, before: str = "") -> dict:
    cells = dict(read(rss(item, before=before)).rows.first.cells)
    assert cells.pop("title") == "Mug"
    return cells


@pytest.mark.parametrize("tag", ["item", "entry", "product", "offer", "row", "record"])
def test_products_are_elements_of_these_names(read, tag):
    content = f"<list><{tag}><title>Mug</title></{tag}><{tag}><title>Cup</title></{tag}></list>"
    assert [(row.number, row.cells["title"]) for row in read(content).rows] == [
        (1, "Mug"),
        (2, "Cup"),
    ]


@pytest.mark.parametrize(
    "content", ["<list><thing><title>Mug</title></thing></list>", "<item><title>Mug</title></item>"]
)
def test_xml_without_products_says_what_they_are_called(read, content):
    with pytest.raises(FeedError, match=r"has no products in it. Allowed are RSS"):
        read(content)


def test_an_item_inside_an_item_belongs_to_it(read):
    feed = read(rss("<product><colour>red</colour></product>", ""))
    assert len(feed.rows) == 2
    assert feed.rows.first.cells == {"title": "Mug", "product_colour": "red"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<size><outer><width>9</width></outer></size>", {"size_outer_width": "9"}),
        ("<tag>hot</tag><tag>blue</tag>", {"tag": ("hot", "blue")}),
        ("<link href='https://a.example/1'/>", {"link": "https://a.example/1"}),
        ("<link href='https://a.example/1'>https://b.example</link>", {"link": "https://b.example"}),
        ("<empty/><blank> </blank>", {}),
        ("<description>Very <b>hot</b> mug</description>", {"description": "Very hot mug"}),
        ("<summary><p>Very</p> hot</summary>", {"summary": "Very hot"}),
        ("<d><attribute_name>Rim</attribute_name><attribute_value>round</attribute_value></d>", {"rim": "round"}),
        ("<d><attribute_name>Rim</attribute_name><attribute_value/></d>", {"d_attribute_name": "Rim"}),
        ("<x:hue xmlns:x='https://x.example'>red</x:hue>", {"hue": "red"}),
        ("<!-- no --><hue>r<!-- no -->ed</hue><?no no?>", {"hue": "red"}),
    ],
    ids=[
        "nested", "repeated", "address", "address and text", "empty", "prose", "summary", "detail",
        "detail without a value", "prefix", "comments",
    ],
)  # fmt: skip
def test_elements_become_cells(read, item, expected):
    assert cells(read, item) == expected


def test_five_levels_are_columns_and_what_is_deeper_is_text(read):
    assert cells(read, "<a><b><c><d><e>1</e></d></c></b></a>") == {"a_b_c_d_e": "1"}
    assert cells(read, "<a><b><c><d><e><f>1</f><g>2</g></e></d></c></b></a>") == {"a_b_c_d_e": "12"}


def test_of_a_repeated_element_five_hundred_are_read(read):
    assert len(cells(read, "<tag>x</tag>" * 501)["tag"]) == 500


def test_the_name_of_the_shop_stands_before_its_products(read):
    assert read(rss("", before="<title> Old Mill </title><title>No</title>")).title == "Old Mill"
    assert read("<rss><item><title>Mug</title></item><title>Late</title></rss>").title == ""


def test_bookkeeping_of_merchants_is_told_apart_by_its_name(read):
    bookkeeping = [
        "tax", "shipping", "additional_image_link", "mobile_link", "identifier_exists",
        "custom_label_0", "ads_redirect", "adwords_labels", "excluded_destination",
        "included_destination", "google_product_category", "cost_of_goods_sold",
        "min_handling_time", "max_handling_time", "transit_time_label", "installment",
        "loyalty_points", "promotion_id", "display_ads_id", "pause", "updated", "published",
        "author", "unit_pricing_measure",
    ]  # fmt: skip
    told = ["colour", "has_tax", "material"]
    feed = read(rss("".join(f"<{name}>x</{name}>" for name in bookkeeping + told)))
    assert feed.technical == set(bookkeeping)


@pytest.mark.parametrize(
    "content",
    [
        "<?xml version='1.0'?><!DOCTYPE rss>" + rss(""),
        "<!-- " + "x" * 300_000 + " --><!doctype rss>".upper().replace("RSS", "rss") + rss(""),
    ],
    ids=["in the first lines", "behind a long comment"],
)
def test_a_doctype_is_refused_wherever_it_stands(read, content):
    with pytest.raises(FeedError, match="has a DOCTYPE or entity declarations, which are refused"):
        read(content)


def test_a_web_page_is_told_from_a_feed(read):
    with pytest.raises(FeedError, match=r"a web page, not a feed. Check the address"):
        read("<HTML><body>" + rss("") + "</body></HTML>")
    beginning = "x" * (2048 - len("<rss><channel><item><title>Mug</title><html"))
    with pytest.raises(FeedError, match="a web page"):
        read(rss("<html>oak</html>", before=beginning))
    assert cells(read, "<html>oak</html>", before=beginning + "x") == {"html": "oak"}


@pytest.mark.parametrize(
    "content", [rss("")[:-10], rss("<a></b>"), rss("") + "<rss/>"], ids=["cut", "crossed", "two"]
)
def test_broken_xml_is_refused_in_one_line(read, content):
    with pytest.raises(FeedError, match="The feed is not well-formed XML: ") as caught:
        read(content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_bare_ampersand_is_mended_where_bytes_are_letters(read, encoding):
    written = '<?xml version="1.0"?>' + rss("<maker>Öl &amp; Co</maker>")
    assert read(written.encode(encoding)).rows.first.cells["maker"] == "Öl & Co"
    broken = written.replace("&amp;", "&").encode(encoding)
    if encoding == "utf-8":
        assert read(broken).rows.first.cells["maker"] == "Öl & Co"
    else:
        with pytest.raises(FeedError, match="not well-formed XML"):
            read(broken)
