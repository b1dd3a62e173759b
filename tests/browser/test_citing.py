"""Some messages in a row are chosen, and taken along as a quotation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

DAY = "/rooms/wine-room/2018/07/02/"


@pytest.fixture
def keys(page: Page) -> list[str]:
    """Of the day's messages."""
    page.goto(DAY)
    ids = page.locator("article[id^=m-]").evaluate_all("articles => articles.map(article => article.id)")
    return [one.removeprefix("m-") for one in ids]


@pytest.fixture
def chosen(new_page: NewPage, keys: list[str]) -> Page:
    """The third to the fifth message, by their address."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{DAY}?from={keys[2]}&to={keys[4]}")
    return page


def copy(page: Page) -> str:
    """What "copy as Markdown" puts into the clipboard, as it was handed over: a page may not read it."""
    page.evaluate("""() => {
      window.copied = [];
      navigator.clipboard.writeText = async text => { window.copied.push(text); };
    }""")
    page.get_by_role("button", name=re.compile("Markdown")).first.click()
    page.wait_for_function("window.copied.length")
    return str(page.evaluate("window.copied[0]"))


def test_the_chosen_are_in_view(chosen: Page, keys: list[str]) -> None:
    expect(chosen.locator(f"#m-{keys[2]}")).to_be_in_viewport()


def test_nothing_but_the_chosen_is_there(chosen: Page, keys: list[str]) -> None:
    ids = chosen.locator("article[id^=m-]").evaluate_all("articles => articles.map(article => article.id)")
    assert ids == [f"m-{key}" for key in keys[2:5]]


def test_what_is_copied_is_a_quotation(chosen: Page) -> None:
    assert all(line.startswith(">") for line in copy(chosen).strip().splitlines() if "第" in line)


def test_what_is_copied_is_what_was_chosen(chosen: Page) -> None:
    assert re.findall(r"第\d+句", copy(chosen)) == ["第2句", "第3句", "第4句"]


def test_what_is_copied_names_who_said_it(chosen: Page) -> None:
    assert "汤圆" in copy(chosen)


def test_what_is_copied_tells_when_it_was_said(chosen: Page) -> None:
    assert "12:00" in copy(chosen)


def test_what_is_copied_tells_where_it_is_from(chosen: Page, keys: list[str]) -> None:
    assert keys[2] in copy(chosen)


def test_a_range_is_chosen_without_scripts(new_page: NewPage, keys: list[str]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{DAY}?from={keys[2]}&to={keys[4]}")
    expect(page.get_by_text(re.compile("^> .*第2句"))).to_be_visible()


def ask_to_cite(page: Page, key: str) -> None:
    """The link stands beside a message that somebody points at."""
    page.locator(f"#m-{key}").hover()
    page.locator(f'#m-{key} a[href^="?from="]').click()


def test_a_range_is_chosen_by_its_first_and_last_message(page: Page, keys: list[str]) -> None:
    ask_to_cite(page, keys[1])
    page.locator(f"#m-{keys[3]} .bubble").click()
    page.get_by_role("status").get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"from={keys[1]}&to={keys[3]}$"))


def test_a_range_is_chosen_backwards(page: Page, keys: list[str]) -> None:
    ask_to_cite(page, keys[3])
    page.locator(f"#m-{keys[1]} .bubble").click()
    page.get_by_role("status").get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"from={keys[1]}&to={keys[3]}$"))


def test_who_chooses_sees_what_is_chosen(page: Page, keys: list[str]) -> None:
    ask_to_cite(page, keys[1])
    page.locator(f"#m-{keys[3]} .bubble").click()
    expect(page.locator(".message.chosen")).to_have_count(3)
    expect(page.get_by_role("status")).to_contain_text("3")


def test_escape_ends_the_choosing(page: Page, keys: list[str]) -> None:
    ask_to_cite(page, keys[1])
    page.keyboard.press("Escape")
    expect(page.locator(".choosing, .chosen")).to_have_count(0)


def test_one_message_is_cited_without_scripts(new_page: NewPage, keys: list[str]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{DAY}#m-{keys[2]}")
    page.locator(f'#m-{keys[2]} a[href^="?from="]').click()
    expect(page).to_have_url(re.compile(f"from={keys[2]}$"))
