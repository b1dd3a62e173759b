"""With fingers and with a keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.pages import PageKind
from tests.browser.site import Site

DAY = "/rooms/tea-room/2018/03/27/"

# The height and width of what can be tapped and is not within a sentence, where it is less than these.
SMALL_TARGETS = """([least, leastAside]) => {
  const isInSentence = element => getComputedStyle(element).display === "inline" && [...element.parentNode.childNodes]
    .some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const isAside = element => element.closest(".facts, .meta, .said, .speaker, .mention");
  const isSmall = element => {
    const box = (element.closest("label") || element).getBoundingClientRect();
    const needed = isAside(element) ? leastAside : least;
    return box.right > 0 && element.checkVisibility({visibilityProperty: true})
      && getComputedStyle(element).clip === "auto" && !isInSentence(element)
      && (box.height < needed - 0.5 || box.width < leastAside);
  };
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(isSmall).map(element => {
      const box = element.getBoundingClientRect();
      return `${box.width} x ${box.height}: ${element.outerHTML}`;
    });
}"""


@pytest.fixture(scope="module")
def reader(newcomer: NewPage) -> Iterator[Page]:
    page = newcomer(width=320, has_touch=True)
    yield page
    page.context.close()


def test_whatever_can_be_tapped_is_large_enough(kind: PageKind, site: Site, reader: Page) -> None:
    reader.goto(site.address_of(kind.path))
    found = reader.evaluate(SMALL_TARGETS, [44, 24])
    assert not found, "\n".join(found)


def test_the_first_key_leads_past_the_header(page: Page) -> None:
    page.goto(DAY)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_skip_link_is_seen_once_it_has_focus(page: Page) -> None:
    page.goto(DAY)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/", DAY, "/messages/?q=早", "/members/"])
def test_whatever_has_focus_is_seen_to_have_it(path: str, page: Page) -> None:
    page.goto(path)
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            return
        expect(focused).to_be_in_viewport()
        style = focused.evaluate("element => [getComputedStyle(element).outlineStyle, element.outerHTML]")
        assert style[0] != "none", style[1]


def test_the_keyboard_leads_out_of_the_page_again(page: Page) -> None:
    page.goto("/members/")
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return
    pytest.fail("caught")
