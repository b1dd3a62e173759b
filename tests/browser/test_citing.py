"""Some messages in a row are chosen, and taken along as a quotation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

pytestmark = pytest.mark.xfail(reason="nothing can be cited yet", strict=False, run=False)

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


def test_the_chosen_are_told_from_the_others(chosen: Page, keys: list[str]) -> None:
    look = "article => [article, article.parentNode].map(one => getComputedStyle(one).backgroundColor).join()"
    looks = [chosen.locator(f"#m-{key}").evaluate(look) for key in (keys[1], keys[2], keys[4], keys[5])]
    assert looks[0] == looks[3]
    assert looks[1] == looks[2] != looks[0]


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
