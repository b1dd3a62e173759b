"""Single keys: `/` searches, `?` helps, `j` and `k` go by messages, `[` and `]` by days."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage

DAY = "/rooms/tea-room/2018/03/28/"
LONG_DAY = "/rooms/wine-room/2018/07/02/"

# A key pressed while an input method puts characters together, as browsers tell of it: either way.
COMPOSING = [{"isComposing": True}, {"keyCode": 229}]
SEND_KEY = """([key, more]) => (document.activeElement || document.body).dispatchEvent(
  new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}))"""


@pytest.fixture
def day(page: Page) -> Page:
    page.goto(DAY)
    return page


@pytest.fixture
def long_day(page: Page) -> Page:
    page.goto(LONG_DAY)
    return page


def search_box(page: Page) -> Locator:
    return page.get_by_role("searchbox").locator("visible=true").first


def message_with_focus(page: Page) -> str:
    """The text of the message that has the focus, or in which it is."""
    article = page.locator("article:focus, article:focus-within")
    return article.inner_text() if article.count() else ""


@pytest.mark.parametrize("path", [DAY, "/", "/messages/", "/members/"])
def test_slash_goes_to_the_search(path: str, page: Page) -> None:
    page.goto(path)
    page.keyboard.press("/")
    expect(search_box(page)).to_be_focused()


def test_slash_is_not_typed_into_the_search(day: Page) -> None:
    day.keyboard.press("/")
    expect(search_box(day)).to_be_focused()
    expect(search_box(day)).to_have_value("")


def test_slash_finds_the_search_on_a_phone(phone: Page) -> None:
    phone.goto("/messages/")
    phone.keyboard.press("/")
    expect(search_box(phone)).to_be_focused()


def test_a_question_mark_opens_the_help(day: Page) -> None:
    day.keyboard.press("?")
    expect(day.get_by_role("dialog")).to_be_visible()


def test_escape_closes_the_help(day: Page) -> None:
    day.keyboard.press("?")
    expect(day.get_by_role("dialog")).to_be_visible()
    day.keyboard.press("Escape")
    expect(day.get_by_role("dialog")).to_be_hidden()


def test_j_goes_to_the_first_message(long_day: Page) -> None:
    long_day.keyboard.press("j")
    assert "第0句" in message_with_focus(long_day)


def test_j_goes_on_to_the_next_message(long_day: Page) -> None:
    for _ in range(3):
        long_day.keyboard.press("j")
    assert "第2句" in message_with_focus(long_day)


def test_k_goes_back_a_message(long_day: Page) -> None:
    for key in "jjjk":
        long_day.keyboard.press(key)
    assert "第1句" in message_with_focus(long_day)


def test_j_brings_its_message_into_view(long_day: Page) -> None:
    for _ in range(40):
        long_day.keyboard.press("j")
    expect(long_day.locator("article:focus, article:focus-within")).to_be_in_viewport()


def test_a_bracket_goes_to_the_day_before(day: Page) -> None:
    day.keyboard.press("[")
    expect(day).to_have_url(re.compile("/rooms/tea-room/2018/03/27/$"))


def test_the_other_bracket_goes_to_the_day_after(day: Page) -> None:
    day.keyboard.press("]")
    expect(day).to_have_url(re.compile("/rooms/tea-room/2019/01/05/$"))


@pytest.mark.parametrize("key", ["j", "[", "]", "?", "/"])
def test_in_a_field_it_is_a_character(key: str, day: Page) -> None:
    search_box(day).focus()
    day.keyboard.press(key)
    expect(search_box(day)).to_have_value(key)
    expect(day).to_have_url(re.compile(f"{DAY}$"))


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_with_a_modifier_it_is_the_browsers(modifier: str, day: Page) -> None:
    day.evaluate(SEND_KEY, ["]", {f"{modifier.lower().replace('control', 'ctrl')}Key": True}])
    day.wait_for_timeout(200)
    expect(day).to_have_url(re.compile(f"{DAY}$"))


@pytest.mark.parametrize("composing", COMPOSING, ids=["isComposing", "keyCode 229"])
def test_while_an_input_method_composes_it_is_the_methods(composing: dict[str, object], day: Page) -> None:
    day.evaluate(SEND_KEY, ["]", composing])
    day.wait_for_timeout(200)
    expect(day).to_have_url(re.compile(f"{DAY}$"))


@pytest.fixture
def switched_off(day: Page) -> Page:
    """The switch is in the help."""
    day.keyboard.press("?")
    day.get_by_role("dialog").get_by_role("checkbox").uncheck()
    day.keyboard.press("Escape")
    expect(day.get_by_role("dialog")).to_be_hidden()
    return day


def test_switched_off_it_does_nothing(switched_off: Page) -> None:
    switched_off.keyboard.press("]")
    switched_off.wait_for_timeout(200)
    expect(switched_off).to_have_url(re.compile(f"{DAY}$"))


def test_it_stays_switched_off_on_the_next_page(switched_off: Page) -> None:
    switched_off.reload()
    switched_off.keyboard.press("]")
    switched_off.wait_for_timeout(200)
    expect(switched_off).to_have_url(re.compile(f"{DAY}$"))


def test_switched_off_there_is_still_a_way_to_switch_it_on(switched_off: Page) -> None:
    switched_off.reload()
    switched_off.keyboard.press("?")
    expect(switched_off.get_by_role("dialog").get_by_role("checkbox")).not_to_be_checked()


def test_without_scripts_nobody_is_told_of_keys(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(DAY)
    expect(page.get_by_role("dialog")).to_have_count(0)
