from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.chromium import CHROMIUM_MISSING, find_chromium, running_chromium
from tests.browser.pages import PAGES, PageKind
from tests.browser.site import Site, running_site
from tests.site_environment import skip_or_fail

NewPage = Callable[..., Page]

# Where the machine is busy, a page may take a while.
MILLISECONDS_TO_WAIT = 15_000


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Of the package: it ends before the next test that asks for a database begins."""
    if not find_chromium():
        skip_or_fail(CHROMIUM_MISSING)
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(params=PAGES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> PageKind:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="package")
def newcomer(chromium: Browser, site: Site) -> NewPage:
    """Makes the page of a visitor of their own, who differs from others in what is named; closed by whoever asked."""

    def make(*, width: int = 1280, height: int = 800, locale: str = "zh-CN", **options: Any) -> Page:
        viewport = ViewportSize(width=width, height=height)
        context = chromium.new_context(viewport=viewport, locale=locale, base_url=site.origin, **options)
        context.set_default_timeout(MILLISECONDS_TO_WAIT)
        return context.new_page()

    return make


@pytest.fixture
def new_page(newcomer: NewPage) -> Iterator[NewPage]:
    """The same, closed after the test."""
    pages: list[Page] = []

    def make(**options: Any) -> Page:
        pages.append(newcomer(**options))
        return pages[-1]

    yield make
    for page in pages:
        page.context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """The narrowest there is."""
    return new_page(width=320, height=640, has_touch=True)
