from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import CHROMIUM_MISSING, find_chromium, running_chromium
from tests.browser.site import Site, running_site
from tests.steps import required

NewPage = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Of the package: it ends before the next test that asks for a database begins."""
    if not find_chromium():
        (pytest.fail if required(os.environ) else pytest.skip)(CHROMIUM_MISSING)
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[NewPage]:
    """Makes a page of a visitor of their own, who differs from the others in what is named."""
    contexts = []

    def make(*, width: int = 1280, height: int = 800, locale: str = "zh-CN", **options: Any) -> Page:
        viewport = {"width": width, "height": height}
        contexts.append(chromium.new_context(viewport=viewport, locale=locale, base_url=site.origin, **options))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """The narrowest there is."""
    return new_page(width=320, height=640, has_touch=True)
