"""The page as a shopper uses it: by clicks, by text, by keyboard, by voice, on a phone, and when things fail."""

from __future__ import annotations

import array
import itertools
import json
import math
import re
from pathlib import Path

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
expect.set_options(timeout=15_000)  # a busy machine; what is there at once is not waited for

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "assistant/widget/node_modules/axe-core/axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


def say(page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def choose(page, label: str) -> None:
    page.locator(".choice", has_text=label).click()


def replies(page):
    return page.locator(".reply")


def last_reply(page):
    return replies(page).last


def wishes(page):
    return page.locator(".wish")


class TestTalking:
    def test_by_clicks_to_a_product(self, visit, shop):
        page = visit()
        expect(page.locator(".shelf-count")).to_have_text("8 lamps fit")
        choose(page, "Bedroom")
        expect(page.locator(".said")).to_have_text("Bedroom")
        expect(page.locator(".shelf-count")).to_have_text("3 lamps fit")
        choose(page, "Steel")
        expect(page.locator(".shelf-count")).to_have_text("1 lamp fits")
        card = page.locator(".card")
        expect(card).to_have_count(1)
        expect(card).to_contain_text("Fjord reading lamp")
        expect(card).to_contain_text("€79.50")
        expect(card).to_contain_text("Out of stock")
        expect(card.locator(".met")).to_have_count(2)
        expect(card.get_by_role("link")).to_have_attribute("href", re.compile("/products/lamp-3$"))
        card.get_by_role("button", name="This one").click()
        expect(last_reply(page)).to_contain_text("A good choice.")
        expect(page.locator(".said").last).to_have_text("I'll take Fjord reading lamp")
        assert [m.get("choice_id") for m in shop.sent] == [
            "room:bedroom",
            "material:steel",
            "select:lamp-3",
        ]

    def test_by_text_to_a_product(self, visit):
        page = visit()
        say(page, "an oak lamp please")
        expect(page.locator(".said")).to_contain_text("an oak lamp please")
        expect(page.locator(".card")).to_have_count(1)
        expect(page.locator(".card")).to_contain_text("Havn floor lamp")
        page.get_by_role("button", name="Tell me more Havn").click()
        expect(last_reply(page)).to_contain_text("dimmable.\nMade in small numbers.")

    def test_options_show_how_many_products_are_behind_them(self, visit):
        page = visit()
        expect(page.locator(".choice").first.locator(":scope > span[dir]")).to_have_text("Bedroom")
        expect(page.locator(".choice").first.locator(".count [aria-hidden]")).to_have_text("· 3")
        expect(page.get_by_role("button", name="Bedroom 3 lamps")).to_be_visible()
        expect(page.locator(".choice.any")).to_have_text("I don't mind")

    def test_only_the_newest_question_can_be_answered(self, visit):
        page = visit()
        choose(page, "I don't mind")
        expect(last_reply(page)).to_contain_text("What should it be made of?")
        expect(page.locator(".answers")).to_have_count(1)
        expect(page.locator(".choice", has_text="Bedroom")).to_have_count(0)

    def test_no_question_can_be_answered_twice_while_waiting(self, visit, shop):
        page = visit()
        shop.delay = 1
        choose(page, "Bedroom")
        expect(page.locator(".typing")).to_be_visible()
        expect(page.locator(".choice")).to_have_count(0)
        expect(last_reply(page)).to_contain_text("What should it be made of?")
        assert len(shop.sent) == 1

    def test_quick_messages_are_answered_in_their_order(self, visit, shop):
        page = visit()
        shop.delay = 0.3
        say(page, "steel")
        say(page, "under 80")
        expect(replies(page)).to_have_count(3)
        expect(page.locator(".typing")).to_have_count(0)
        assert [m["text"] for m in shop.sent] == ["steel", "under 80"]
        expect(wishes(page)).to_have_count(2)

    def test_a_wish_can_be_taken_back(self, visit, shop):
        page = visit()
        say(page, "something in glass")
        expect(wishes(page)).to_have_text(["glass"])
        page.get_by_role("button", name="Take back: glass").click()
        expect(wishes(page)).to_have_count(0)
        expect(page.locator(".shelf-count")).to_have_text("8 lamps fit")
        expect(page.locator(".said").last).to_have_text("No longer glass")
        assert shop.sent[-1]["choice_id"] == "remove:material"

    def test_when_nothing_fits_the_closest_are_shown_as_such(self, visit):
        page = visit()
        say(page, "oak under 80")
        expect(page.locator(".shelf-count")).to_have_text(
            "Nothing fits every wish; these come closest"
        )
        expect(page.locator(".card").first.locator(".unmet")).to_contain_text(["oak", "under €80"])

    def test_what_was_shown_before_stays_in_reach(self, visit):
        page = visit()
        choose(page, "Bedroom")
        expect(page.locator(".card")).to_have_count(3)
        page.get_by_text("8 lamps shown").click()
        expect(page.get_by_role("link", name="Havn floor lamp")).to_be_visible()

    def test_shift_enter_makes_a_line_and_empty_messages_are_not_sent(self, visit, shop):
        page = visit()
        page.get_by_label("Your message").fill("  ")
        page.keyboard.press("Enter")
        page.get_by_label("Your message").fill("oak")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("please")
        page.keyboard.press("Enter")
        expect(replies(page)).to_have_count(2)
        assert [m["text"] for m in shop.sent] == ["oak\nplease"]


class TestHostileText:
    def test_markup_in_product_texts_is_text(self, visit):
        page = visit()
        card = page.locator("[data-product=lamp-4]")
        expect(card).to_contain_text("<img src=x onerror=")
        expect(card.get_by_role("link")).to_have_count(0)  # its address is javascript:
        page.wait_for_timeout(200)
        assert page.evaluate("window.hacked") is None
        assert page.locator("script").count() == 1

    def test_markup_in_messages_is_text(self, visit):
        page = visit()
        say(page, "<img src=x onerror='window.hacked=1'><b>oak</b>")
        expect(page.locator(".said")).to_contain_text("<b>oak</b>")
        expect(replies(page)).to_have_count(2)
        assert page.evaluate("window.hacked") is None

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://a/b",
            "file:///etc/passwd",
            "https://[bad",
            "",
        ],
    )
    def test_addresses_of_other_kinds_are_dropped(self, visit, address):
        def poison(route):
            answer = route.fetch()
            body = answer.json()
            for product in body["reply"]["products"]:
                product["url"] = product["image_url"] = address
            route.fulfill(response=answer, json=body)

        page = visit(prepare=lambda page: page.route("**/api/conversations", poison))
        assert page.locator(".card a").count() == 0
        assert page.locator(".card img").count() == 0

    def test_a_picture_that_is_missing_leaves_a_tidy_card(self, visit):
        page = visit()
        card = page.locator("[data-product=lamp-5]")
        card.scroll_into_view_if_needed()
        expect(card.locator("img")).to_have_count(0)
        expect(card.locator(".no-picture")).to_have_text("E")

    def test_a_shelf_without_any_picture_has_no_frames_for_them(self, visit):
        page = visit(prepare=lambda page: page.route("**/images/**", lambda route: route.abort()))
        expect(page.locator(".card").first.locator(".no-picture")).to_be_hidden()
        expect(page.locator(".card img")).to_have_count(0)
        box = page.locator(".card .picture").first.bounding_box()
        assert box["width"] < 60, "only the number stands there"

    def test_foreign_links_open_elsewhere_without_a_way_back(self, visit):
        page = visit()
        link = page.locator("[data-product=lamp-6] a")
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", re.compile("noopener"))


class TestKeyboard:
    def test_a_product_is_reached_by_keyboard_alone(self, visit):
        page = visit()
        self.tab_to(page, "Bedroom")
        page.keyboard.press("Enter")
        expect(last_reply(page)).to_contain_text("What should it be made of?")
        self.tab_to(page, "Linen")
        page.keyboard.press("Space")
        expect(page.locator(".card")).to_have_count(1)
        self.tab_to(page, "This one")
        page.keyboard.press("Enter")
        expect(last_reply(page)).to_contain_text("A good choice.")

    def tab_to(self, page, name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            found = page.evaluate("document.activeElement.innerText || ''")
            if found.startswith(name):
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring == "solid", "the focus must be seen"
                return
        pytest.fail(f"{name} is not reached with Tab")

    def test_the_next_answers_are_one_tab_away_after_answering(self, visit):
        page = visit()
        self.tab_to(page, "Bedroom")
        page.keyboard.press("Enter")
        expect(last_reply(page)).to_contain_text("What should it be made of?")
        page.keyboard.press("Tab")
        expect(page.locator(".choice").first).to_be_focused()

    def test_focus_stays_in_the_input_when_a_reply_arrives(self, visit):
        page = visit()
        say(page, "oak")
        expect(replies(page)).to_have_count(2)
        expect(page.get_by_label("Your message")).to_be_focused()

    def test_escape_closes_the_sheet_and_gives_the_focus_back(self, visit):
        page = visit()
        opener = page.get_by_role("button", name="About me and settings")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(opener).to_be_focused()


class TestAnnouncing:
    def test_only_new_replies_are_announced(self, visit):
        page = visit()
        expect(page.locator("#live")).to_contain_text("Which room is it for? 8 lamps shown.")
        say(page, "oak")
        expect(page.locator("#live")).to_contain_text("I see. 1 lamp shown.")
        expect(page.locator("#live")).not_to_contain_text("Which room")
        page.reload()
        expect(replies(page)).to_have_count(2)
        expect(page.locator("#live")).to_be_empty()

    def test_answers_are_read_aloud_only_when_asked_for(self, visit):
        page = visit()
        page.evaluate(
            "() => { window.spoken = []; speechSynthesis.speak = (u) => spoken.push(u.text); }"
        )
        say(page, "oak")
        expect(replies(page)).to_have_count(2)
        assert page.evaluate("spoken") == []
        page.get_by_role("button", name="About me and settings").click()
        page.get_by_label("Read answers aloud").check()
        page.keyboard.press("Escape")
        say(page, "under 80")
        expect(replies(page)).to_have_count(3)
        assert page.evaluate("spoken") == ["I see."]


class TestKeeping:
    def test_reload_keeps_the_conversation(self, visit, shop):
        page = visit()
        choose(page, "Bedroom")
        expect(replies(page)).to_have_count(2)
        say(page, "under 80")
        expect(replies(page)).to_have_count(3)
        page.reload()
        expect(replies(page)).to_have_count(3)
        expect(page.locator(".said")).to_have_text(["Bedroom", "under 80"])
        expect(wishes(page)).to_have_count(2)
        choose(page, "Linen")
        expect(page.locator(".card")).to_have_count(1)
        assert len(shop.talks) == 1

    def test_a_message_still_being_answered_at_reload_gets_its_answer(self, visit, shop):
        page = visit()
        choose(page, "Bedroom")
        expect(replies(page)).to_have_count(2)
        waiting = shop.talks["c1"].messages[-1]
        answer = waiting["reply"]
        waiting["reply"] = None
        page.reload()
        expect(page.locator(".typing")).to_be_visible()
        waiting["reply"] = answer
        expect(replies(page)).to_have_count(2)
        expect(page.locator(".typing")).to_have_count(0)

    def test_a_conversation_the_shop_forgot_is_begun_anew(self, visit, shop):
        page = visit()
        shop.talks.clear()
        page.reload()
        expect(page.locator(".card")).to_have_count(8)
        assert len(shop.talks) == 1

    def test_start_over_begins_anew_and_can_be_taken_back(self, visit, shop):
        page = visit()
        choose(page, "Bedroom")
        expect(wishes(page)).to_have_count(1)
        page.get_by_role("button", name="Start over").click()
        expect(wishes(page)).to_have_count(0)
        expect(replies(page)).to_have_count(1)
        page.get_by_role("button", name="Back to the former one").click()
        expect(wishes(page)).to_have_count(1)
        say(page, "linen")
        expect(page.locator(".card")).to_have_count(1)
        assert len(shop.talks) == 2

    def test_words_from_another_tab_appear(self, visit, served):
        page = visit()
        kept = page.evaluate("Object.entries(sessionStorage)")
        other = page.context.new_page()
        other.add_init_script(
            f"for (const [k, v] of {json.dumps(kept)}) sessionStorage.setItem(k, v)"
        )
        other.goto(served[1])
        expect(replies(other)).to_have_count(1)
        say(page, "oak please")
        expect(other.locator(".said")).to_have_text("oak please")
        expect(replies(other)).to_have_count(2)


class TestTrouble:
    def test_the_stream_comes_back_and_brings_what_was_missed(self, visit, shop, served):
        page = visit()
        shop.turn(shop.talks["c1"], {"client_message_id": "elsewhere", "text": "oak please"})
        page.request.post(served[1] + "test/drop")
        expect(page.locator(".said")).to_have_text("oak please")
        expect(wishes(page)).to_have_text(["oak"])

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (503, "Something went wrong on our side"),
            (429, "a lot at once"),
            (422, "could not be taken"),
        ],
    )
    def test_a_failed_message_is_kept_and_tried_again(self, visit, shop, status, words):
        page = visit()
        shop.fail.append(status)
        say(page, "something in oak")
        expect(page.locator(".trouble")).to_contain_text(words)
        expect(page.locator(".said")).to_contain_text("something in oak")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".trouble")).to_have_count(0)
        expect(wishes(page)).to_have_text(["oak"])
        assert shop.sent[0] == shop.sent[1], "the same client_message_id, so that it counts once"

    def test_a_failed_message_can_be_changed(self, visit, shop):
        page = visit()
        shop.fail.append(500)
        say(page, "something in oka")
        page.get_by_role("button", name="Change it").click()
        expect(page.get_by_label("Your message")).to_have_value("something in oka")
        expect(page.locator(".said")).to_have_count(0)
        expect(page.locator(".choice", has_text="Bedroom")).to_be_visible()

    def test_offline_words_are_sent_when_the_connection_is_back(self, visit):
        page = visit()
        page.context.set_offline(True)
        expect(page.locator("#banner")).to_contain_text("You are offline")
        say(page, "something in oak")
        expect(page.locator(".trouble")).to_contain_text("has not been sent")
        page.context.set_offline(False)
        expect(wishes(page)).to_have_text(["oak"])
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator(".trouble")).to_have_count(0)

    def test_a_shop_that_does_not_answer_at_first_is_tried_again(self, visit, shop):
        shop.fail_start.append(503)
        page = visit(wait=False)
        expect(page.locator(".trouble")).to_contain_text("not available just now")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".card")).to_have_count(8)

    def test_an_ended_conversation_offers_a_new_one(self, visit, shop):
        page = visit()
        shop.fail.append(404)
        say(page, "oak")
        expect(page.locator(".trouble")).to_contain_text("has ended")
        page.get_by_role("button", name="Start a new conversation").click()
        expect(page.locator(".card")).to_have_count(8)


class TestRemembering:
    def open_sheet(self, page):
        page.get_by_role("button", name="About me and settings").click()
        return page.get_by_role("dialog")

    def stored(self, page) -> str:
        return page.evaluate("JSON.stringify(Object.values(localStorage))")

    def test_nothing_is_stored_before_consent(self, visit, shop):
        page = visit()
        say(page, "oak")
        expect(replies(page)).to_have_count(2)
        assert self.stored(page) == "[]"
        assert page.context.cookies() == []
        assert shop.shoppers == {}

    def test_consent_makes_a_shopper_and_shows_what_is_known(self, visit, shop):
        page = visit()
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        expect(sheet).to_contain_text("no glass")
        expect(sheet).to_contain_text("Since May 4, 2026")
        assert shop.shoppers["shopper-1"]["consent"] is True
        assert "shopper-1" in self.stored(page)
        expect(page.locator(".card")).to_have_count(8)
        assert shop.starts[-1]["shopper_token"] == "shopper-1", "nobody had spoken yet"

    def test_consent_given_while_talking_holds_for_this_conversation(self, visit, shop):
        page = visit()
        say(page, "oak")
        expect(wishes(page)).to_have_text(["oak"])
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        expect(sheet).to_contain_text("From now on what you ask me to remember is kept")
        expect(wishes(page)).to_have_text(["oak"])
        assert [talk.shopper for talk in shop.talks.values()] == ["shopper-1"]

    def test_consent_says_when_it_holds_only_from_the_next_conversation_on(self, visit, shop):
        page = visit()
        say(page, "oak")
        expect(wishes(page)).to_have_text(["oak"])
        next(iter(shop.talks.values())).shopper = "somebody-else"
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        expect(sheet).to_contain_text("from your next conversation on")
        sheet.get_by_role("button", name="Start over").click()
        expect(wishes(page)).to_have_count(0)
        assert shop.starts[-1]["shopper_token"] == "shopper-1"

    def test_a_conversation_that_was_erased_is_not_shown_any_more(self, visit):
        page = visit()
        say(page, "oak")
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        sheet.get_by_role("button", name="Forget everything about me").click()
        expect(sheet).to_contain_text("has been erased")
        page.keyboard.press("Escape")
        expect(page.locator(".said")).to_have_count(0)
        say(page, "steel")
        expect(wishes(page)).to_have_text(["steel"])

    def test_one_fact_can_be_forgotten(self, visit):
        page = visit()
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        sheet.get_by_role("button", name="Forget: no glass").click()
        expect(sheet.locator(".facts li")).to_have_count(1)
        expect(sheet.locator(".facts")).not_to_contain_text("no glass")

    def test_everything_can_be_forgotten(self, visit, shop):
        page = visit()
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        sheet.get_by_role("button", name="Forget everything about me").click()
        expect(sheet).to_contain_text("has been erased")
        expect(sheet.get_by_label("Remember me")).not_to_be_checked()
        assert shop.shoppers == {}
        assert self.stored(page) == "[]"

    def test_withdrawing_consent_stops_its_use_and_its_keeping(self, visit, shop):
        page = visit()
        sheet = self.open_sheet(page)
        sheet.get_by_label("Remember me").check()
        expect(sheet).to_contain_text("no glass")
        sheet.get_by_label("Remember me").uncheck()
        expect(sheet).to_contain_text("has been forgotten")
        expect(sheet).not_to_contain_text("no glass")
        assert shop.shoppers["shopper-1"]["consent"] is False
        assert self.stored(page) == "[]"
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Start over").click()
        expect(page.locator(".card")).to_have_count(8)
        assert "shopper_token" not in shop.starts[-1]


def beeps(page, shop):
    """Whether sound arrives: the fake microphone beeps, and is silent in between."""
    for _ in range(200):
        sound = array.array("h", b"".join(shop.audio))
        if len(sound) and max(sound) > 1000:
            return True
        page.wait_for_timeout(50)
    return False


class TestSpeaking:
    def test_speech_is_heard_shown_and_answered(self, visit, shop):
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator(".partial")).to_have_text(re.compile("something"))
        assert beeps(page, shop), "the fake microphone beeps every second"
        page.get_by_role("button", name="Finish speaking").click()
        expect(page.locator(".said")).to_have_text("something in oak")
        expect(wishes(page)).to_have_text(["oak"])
        start = shop.speech_starts[0]
        assert (start["sample_rate"], start["send"]) == (16000, "auto")
        assert {len(frame) for frame in shop.audio[:-1]} == {3200}, "100 ms of 16 kHz s16le each"
        expect(page.get_by_role("button", name="Speak", exact=True)).to_be_enabled()

    def test_spoken_words_can_be_checked_before_they_are_sent(self, visit, shop):
        page = visit()
        page.get_by_role("button", name="About me and settings").click()
        page.get_by_label("Let me check spoken words").check()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator(".partial")).to_have_text(re.compile("something"))
        page.get_by_role("button", name="Finish speaking").click()
        field = page.get_by_label("Your message")
        expect(field).to_have_value("something in oak")
        assert shop.speech_starts[0]["send"] == "confirm"
        page.get_by_role("button", name="something in soap").click()
        expect(field).to_have_value("something in soap")
        assert shop.sent == []

    def test_holding_the_button_speaks_until_it_is_let_go(self, visit):
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).hover()
        page.mouse.down()
        expect(page.locator(".partial")).to_have_text(re.compile("something"))
        page.mouse.up()
        expect(page.locator(".said")).to_have_text("something in oak")
        expect(page.locator("#hearing")).to_be_hidden()

    def test_escape_throws_what_was_said_away(self, visit, shop):
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator(".partial")).to_have_text(re.compile("something"))
        page.keyboard.press("Escape")
        expect(page.locator("#hearing")).to_be_hidden()
        expect(page.locator(".said")).to_have_count(0)

    def test_silence_is_worded(self, visit, shop):
        shop.heard = ""
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator("#mic")).to_have_attribute("data-state", "listening")
        page.get_by_role("button", name="Finish speaking").click()
        expect(page.locator("#note")).to_contain_text("I heard nothing")

    def test_without_a_recognizer_the_button_goes_and_says_so(self, visit, shop):
        shop.speech_status = 501
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator("#note")).to_contain_text("Speaking is not available here")
        expect(page.locator("#mic")).to_be_disabled()
        say(page, "oak")
        expect(replies(page)).to_have_count(2)

    def test_a_recognizer_that_fails_once_may_be_tried_again(self, visit, shop):
        shop.speech_status = 502
        page = visit()
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator("#note")).to_contain_text("could not hear you this time")
        shop.speech_status = 0
        page.get_by_role("button", name="Speak", exact=True).click()
        expect(page.locator(".partial")).to_have_text(re.compile("something"))
        page.get_by_role("button", name="Finish speaking").click()
        expect(wishes(page)).to_have_text(["oak"])

    def test_sound_is_brought_to_16_khz_without_changing_its_pitch(self, visit):
        page = visit()
        frames = page.evaluate(RENDER)
        sound = array.array("h", [value for frame in frames for value in frame])
        assert abs(len(sound) - 16000) < 200
        middle = sound[2000:14000]
        crossings = sum(a < 0 <= b for a, b in itertools.pairwise(middle))
        assert abs(crossings - 440 * len(middle) / 16000) <= 2
        loudness = math.sqrt(sum(v * v for v in middle) / len(middle)) / 32767
        assert loudness == pytest.approx(0.5 / math.sqrt(2), rel=0.03), (
            "and the 15 kHz tone is gone"
        )


RENDER = """async () => {
  const context = new OfflineAudioContext(1, 44100, 44100);
  await context.audioWorklet.addModule("mic-worklet.js");
  const node = new AudioWorkletNode(context, "microphone");
  const frames = [];
  const ended = new Promise((resolve) => {
    node.port.onmessage = ({ data }) => data === "end" ? resolve() : frames.push([...new Int16Array(data)]);
  });
  for (const [pitch, level] of [[440, 0.5], [15000, 0.4]]) {
    const tone = new OscillatorNode(context, { frequency: pitch });
    tone.connect(new GainNode(context, { gain: level })).connect(node);
    tone.start();
  }
  node.connect(context.destination);
  await context.startRendering();
  node.port.postMessage("stop");
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
  return frames;
}"""


class TestLayout:
    @pytest.mark.parametrize("device", [PHONE, SMALL], ids=["390", "320"])
    def test_a_phone_never_scrolls_sideways_and_keeps_the_input_in_sight(self, visit, device):
        page = visit(**device)
        say(
            page,
            "something under 80 in a wordwithoutanyspaceatallthatislongerthanthescreeniswideforsure",
        )
        expect(wishes(page)).to_have_count(1)
        width = device["viewport"]["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.get_by_label("Your message").bounding_box()
        assert box["y"] + box["height"] <= device["viewport"]["height"]
        page.set_viewport_size({"width": width, "height": 380})  # the keyboard is up
        box = page.get_by_label("Your message").bounding_box()
        assert box["y"] + box["height"] <= 380

    @pytest.mark.parametrize(
        "size", [(844, 390), (320, 256)], ids=["phone on its side", "1280 at 400 %"]
    )
    def test_with_little_height_the_question_is_read_first(self, visit, size):
        page = visit(viewport={"width": size[0], "height": size[1]})
        say(page, "under 80")
        expect(last_reply(page)).to_contain_text("I see.")
        expect(last_reply(page)).to_be_in_viewport()
        expect(page.get_by_label("Your message")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]

    def test_cards_on_a_phone_have_buttons_for_those_who_cannot_drag(self, visit):
        page = visit(**PHONE)
        page.get_by_role("button", name="More products").click()
        expect(page.locator(".card").nth(1)).to_be_in_viewport(ratio=0.9)

    def test_with_little_height_nothing_shines_through_the_input(self, visit):
        page = visit(viewport={"width": 640, "height": 400})
        number = page.locator(".card .position").first
        top = page.get_by_label("Your message").bounding_box()["y"]
        page.evaluate(f"window.scrollBy(0, {number.bounding_box()['y'] - top - 4})")
        box = number.bounding_box()
        at = [box["x"] + box["width"] / 2, box["y"] + box["height"] - 4]
        above = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('form')?.id", at)
        assert above == "composer"

    def test_the_newest_wish_is_in_sight_on_a_phone(self, visit):
        page = visit(**SMALL)
        choose(page, "Bedroom")
        expect(wishes(page)).to_have_count(1)
        for count, text in enumerate(("steel", "under 80"), start=2):
            say(page, text)
            expect(wishes(page)).to_have_count(count)
        expect(wishes(page).last).to_be_in_viewport(ratio=0.95)

    def test_the_shelf_moves_beside_the_conversation_where_there_is_room(self, visit):
        page = visit()
        expect(page.locator("#aside .card")).to_have_count(8)
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator("#log .card")).to_have_count(8)

    @pytest.mark.parametrize("device", [PHONE, {}], ids=["touch", "mouse"])
    def test_targets_are_large_enough(self, visit, device):
        page = visit(**device)
        say(page, "bedroom under 80")
        expect(wishes(page)).to_have_count(1)
        least = 44 if device else 24
        small = page.evaluate(
            """(least) => [...document.querySelectorAll("button, summary, textarea")]
              .filter((e) => e.offsetParent && !e.matches(".skip"))
              .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
              .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
              .map(([html, box]) => `${html} ${box.width}x${box.height}`)""",
            least,
        )
        assert small == []

    def test_words_follow_the_language_asked_for(self, visit, shop):
        page = visit("?locale=de-AT")
        expect(page.get_by_label("Ihre Nachricht")).to_be_visible()
        expect(page.locator(".shelf-count")).to_have_text("8 Produkte passen")
        assert shop.starts[0]["locale"] == "de"

    def test_words_follow_the_browser(self, visit):
        page = visit(locale="de-DE")
        assert page.locator(".price").first.inner_text().replace("\xa0", " ") == "129,00 €"

    def test_right_to_left_texts_run_their_own_way(self, visit):
        page = visit()
        title = page.locator("[data-product=lamp-6] h3")
        assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
        say(page, "שלום oak")
        expect(replies(page)).to_have_count(2)
        assert page.locator(".said").evaluate("e => getComputedStyle(e).direction") == "rtl"


STATES = {
    "opening": lambda page: None,
    "wishes": lambda page: (say(page, "steel under 80"), expect(wishes(page)).to_have_count(2)),
    "nothing fits": lambda page: (say(page, "oak under 80"), expect(wishes(page)).to_have_count(2)),
    "sheet": lambda page: (
        page.get_by_role("button", name="About me and settings").click(),
        page.get_by_label("Remember me").check(),
        expect(page.locator(".facts")).to_be_visible(),
    ),
    "listening": lambda page: (
        page.get_by_role("button", name="Speak", exact=True).click(),
        expect(page.locator(".partial")).to_have_text(re.compile("something")),
    ),
    "offline": lambda page: (
        page.context.set_offline(True),
        say(page, "oak"),
        expect(page.locator(".trouble")).to_be_visible(),
    ),
}
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "forced": {"forced_colors": "active"},
}


@pytest.mark.skipif(
    not AXE.is_file(), reason="axe-core is not installed: npm ci in assistant/widget"
)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_no_barrier_that_axe_can_find(visit, state, look):
    page = visit(reduced_motion="reduce", **LOOKS[look])
    STATES[state](page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    violations = [
        (v["id"], v["help"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found["violations"]
    ]
    assert violations == []
