"""What a browser sees of every kind of page alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.pages import PageKind
from tests.browser.site import Site
from tests.browser.watching import watch

WIDTHS = (320, 768, 1440)

# What reaches over the side; not what is kept off the page on purpose, or cut off by what it is in.
STICKING_OUT = """() => {
  const isCut = element => element && element !== document.body && (
    getComputedStyle(element).overflowX !== "visible" || getComputedStyle(element).clip !== "auto"
    || isCut(element.parentElement));
  const sticksOut = element => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5) && !isCut(element);
  };
  const found = [...document.body.querySelectorAll("*")].filter(sticksOut).map(element => element.outerHTML);
  const width = document.scrollingElement.scrollWidth;
  return (width > innerWidth ? [`${width} px wide`] : []).concat(found.slice(0, 3));
}"""


@pytest.fixture(scope="module")
def reader(newcomer: NewPage) -> Iterator[Page]:
    """One for all tests, which only look: to come anew costs more than all the rest."""
    page = newcomer()
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def reader_without_scripts(newcomer: NewPage) -> Iterator[Page]:
    page = newcomer(width=320, java_script_enabled=False)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def complaints(reader: Page) -> list[str]:
    return watch(reader)


def test_it_answers_and_complains_of_nothing(kind: PageKind, site: Site, reader: Page, complaints: list[str]) -> None:
    complaints.clear()
    response = reader.goto(site.address_of(kind.path))
    assert response
    assert response.status == kind.status
    assert not complaints


def test_nothing_of_it_sticks_out(kind: PageKind, site: Site, reader: Page) -> None:
    reader.goto(site.address_of(kind.path))
    found = {}
    for width in WIDTHS:
        reader.set_viewport_size({"width": width, "height": 800})
        found[width] = reader.evaluate(STICKING_OUT)
    assert found == {width: [] for width in WIDTHS}


def test_it_is_whole_without_scripts(kind: PageKind, site: Site, reader_without_scripts: Page) -> None:
    reader_without_scripts.goto(site.address_of(kind.path))
    heading = reader_without_scripts.get_by_role("heading", level=1)
    assert heading.is_visible()
    assert len(reader_without_scripts.get_by_role("main").inner_text()) > len(heading.inner_text())


def test_the_watch_sees_what_the_policy_forbids(page: Page) -> None:
    complaints = watch(page)
    page.goto("/about/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))")
    assert "Content Security Policy" in complaints[0]


def test_the_watch_sees_what_is_asked_elsewhere(page: Page) -> None:
    complaints = watch(page)
    page.goto("/about/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    page.wait_for_timeout(100)
    assert complaints
