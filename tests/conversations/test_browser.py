"""The real page with the real assistant behind it, in a browser."""

import re
import shutil

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.browser]

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no chromium found; install it to test the page in a browser")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request, browser, house):
    errors = []
    context = browser.new_context(locale="en-US", **request.param)
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(house.url)
    opened.wait_for_selector(".card")
    yield opened
    context.close()
    assert errors == []


def say(page, text):
    before = page.locator(".reply").count()
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".reply")).to_have_count(before + 1)


def test_by_clicks_and_then_by_text_to_a_product(page, tmp_path, request):
    name = request.node.callspec.id
    page.screenshot(path=tmp_path / f"{name}-1-open.png")
    for _ in range(3):
        choices = page.locator(".choice:not(.any)")
        if not choices.count():
            break
        before = page.locator(".reply").count()
        choices.first.click()
        expect(page.locator(".reply")).to_have_count(before + 1)
    expect(page.locator(".wish").first).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()
    page.screenshot(path=tmp_path / f"{name}-2-clicks.png")

    wishes = page.locator(".wish").count()
    say(page, "under 40 euros please")
    assert page.locator(".wish").count() >= wishes
    title = page.locator(".card h3, .card .title").first.inner_text()
    say(page, "tell me more about the first one")
    expect(page.locator(".reply").last).to_contain_text(title)
    page.screenshot(path=tmp_path / f"{name}-3-text.png")
    say(page, "I'll take it")
    expect(page.locator(".reply").last).to_contain_text(title)
    page.screenshot(path=tmp_path / f"{name}-4-chosen.png")

    replies, wishes = page.locator(".reply").count(), page.locator(".wish").count()
    page.reload()
    expect(page.locator(".reply")).to_have_count(replies)
    expect(page.locator(".wish")).to_have_count(wishes)
    expect(page.locator(".card").first).to_contain_text(title)
    page.screenshot(path=tmp_path / f"{name}-5-reloaded.png")
    say(page, "thank you")
    expect(page.locator(".reply").last).to_have_text(re.compile("welcome", re.IGNORECASE))
