"""Themes, print, forced colours, reduced motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

DAY = "/rooms/tea-room/2018/03/27/"
# Of a colour as the style gives it: the mean of red, green and blue.
BRIGHTNESS = """() => {
  const parts = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number);
  return (parts[0] + parts[1] + parts[2]) / 3;
}"""


def is_dark(page: Page) -> bool:
    return bool(page.evaluate(BRIGHTNESS) < 128)


def toggle_theme(page: Page) -> None:
    page.get_by_role("button", name="切换浅色或深色").click()


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_theme_is_the_systems(scheme: str, dark: bool, new_page: NewPage) -> None:
    page = new_page(color_scheme=scheme)
    page.goto("/")
    assert is_dark(page) is dark


def test_the_toggle_changes_the_theme(page: Page) -> None:
    page.goto("/")
    toggle_theme(page)
    assert is_dark(page)


def test_the_chosen_theme_survives_a_reload(page: Page) -> None:
    page.goto("/")
    toggle_theme(page)
    page.reload()
    assert is_dark(page)


def test_the_chosen_theme_holds_on_every_page(page: Page) -> None:
    page.goto("/")
    toggle_theme(page)
    page.goto(DAY)
    assert is_dark(page)


def test_the_toggle_leads_back(page: Page) -> None:
    page.goto("/")
    toggle_theme(page)
    toggle_theme(page)
    page.reload()
    assert not is_dark(page)


@pytest.fixture
def printed(page: Page) -> Page:
    page.goto(DAY)
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("role", ["banner", "navigation", "contentinfo", "search"])
def test_it_prints_no(role: str, printed: Page) -> None:
    for element in printed.locator("css=header.site-header" if role == "banner" else f"role={role}").all():
        expect(element).to_be_hidden()


def test_it_prints_what_was_said(printed: Page) -> None:
    expect(printed.get_by_text("也早")).to_be_visible()


def test_it_prints_no_button(printed: Page) -> None:
    assert not [button for button in printed.locator("main button").all() if button.is_visible()]


def test_it_prints_where_links_lead(printed: Page) -> None:
    link = printed.locator("main a[href='https://read.example.com/x']")
    assert "https://read.example.com/x" in link.evaluate("link => getComputedStyle(link, '::after').content")


def test_a_dark_page_is_printed_on_white(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    page.goto(DAY)
    page.emulate_media(media="print")
    assert not is_dark(page)


def test_with_forced_colours_a_bubble_has_an_edge(new_page: NewPage) -> None:
    page = new_page(forced_colors="active")
    page.goto(DAY)
    bubble = page.get_by_text("也早").locator("xpath=ancestor-or-self::*[contains(@class, 'bubble')]").first
    assert bubble.evaluate("bubble => getComputedStyle(bubble).borderTopStyle") == "solid"


def test_with_reduced_motion_nothing_moves(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(DAY)
    moving = """() => document.getAnimations().length + [...document.querySelectorAll("*")].filter(element =>
      getComputedStyle(element).transitionDuration !== "0s"
      || getComputedStyle(element).scrollBehavior === "smooth").length"""
    assert page.evaluate(moving) == 0
