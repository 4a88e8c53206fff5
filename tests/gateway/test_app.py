"""The catalog over HTTP, the page, the documentation."""

from __future__ import annotations

import pytest


async def test_pages_cover_the_catalog_once(gateway):
    found, cursor = [], None
    while True:
        params = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        page = (await gateway.client.get("/api/products", params=params)).json()
        assert page["total"] == 6
        found += [product["id"] for product in page["products"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ["w1", "w2", "w3", "w4", "w5", "w6"]


async def test_product_is_as_in_the_catalog(gateway):
    product = (await gateway.client.get("/api/products/w4")).json()
    assert product == {
        "id": "w4",
        "title": "Sancerre",
        "description": "A white wine.",
        "price": {"amount": "19.90", "currency": "EUR"},
        "availability": "in_stock",
        "url": "https://shop.example/w4",
        "image_url": "/images/w4.svg",
        "facets": {"colour": ["white"], "price": [19.9]},
        "variants": [],
    }


async def test_search_passes_filters_and_gives_counts(gateway):
    url = "/api/search?q=&facet.colour=red&facet.colour=white&facet.price=10-20&limit=1"
    found = (await gateway.client.get(url)).json()
    assert [product["id"] for product in found["products"]] == ["w2"]
    assert found["total"] == 2
    assert {"value": "red", "label": "red", "count": 1} in found["facets"]["colour"]
    assert found["ranges"]["price"] == [12.5, 19.9]
    rest = (await gateway.client.get(f"{url}&cursor={found['next']}")).json()
    assert [product["id"] for product in rest["products"]] == ["w4"]
    assert rest["next"] is None


async def test_suggest_completes(gateway):
    found = (await gateway.client.get("/api/suggest", params={"q": "chia"})).json()
    (one,) = found["suggestions"]
    assert (one["text"], one["kind"], one["product_id"]) == ("Chianti", "product", "w2")


async def test_openapi_documents_replies_and_products(gateway):
    document = (await gateway.client.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert {"ReplySchema", "ProductSchema", "Option", "Question", "Problem"} <= set(schemas)
    assert schemas["Option"]["properties"]["count"]["description"].startswith("Products behind it")
    assert set(schemas["ReplySchema"]["required"]) >= {
        "message_id",
        "text",
        "products",
        "remaining",
    }
    say = document["paths"]["/api/conversations/{conversation_id}/messages"]["post"]
    assert "text" in say["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert "application/problem+json" in say["responses"]["4XX"]["content"]


async def test_every_answer_has_safety_headers(gateway):
    for path in ("/", "/api/products", "/nothing"):
        headers = (await gateway.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["referrer-policy"]


async def test_page_is_served_when_it_is_built(gateway, tmp_path, monkeypatch):
    (mount,) = [route for route in gateway.app.routes if getattr(route, "name", "") == "page"]
    monkeypatch.setattr(mount.app, "_folder", tmp_path / "missing")
    assert (await gateway.client.get("/")).status_code == 404
    monkeypatch.undo()
    if not mount.app._folder.is_dir():
        pytest.skip("the page is not built here")
    page = await gateway.client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"


async def test_pictures_cannot_run_scripts(gateway, settings):
    folder = settings.shop / "images"
    folder.mkdir()
    (folder / "w1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = await gateway.client.get("/images/w1.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await gateway.client.get("/images/%2e%2e/data/assistant.db")).status_code == 404


async def test_the_shop_introduces_itself(gateway):
    shop = (await gateway.client.get("/api/shop")).json()
    assert shop["products"] == 6
    assert shop["nouns"]
    assert shop["name"]
