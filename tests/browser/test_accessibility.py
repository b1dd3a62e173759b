"""What axe-core finds on every kind of page, in both languages and both themes: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.pages import PageKind
from tests.browser.site import Site

Theme = Literal["light", "dark"]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARDS}}
# All that another theme can change.
RULES_ON_COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

# Narrow in one language and theme, wide in the other.
LOOKS: list[tuple[str, int, Theme, Theme]] = [("zh-CN", 320, "light", "dark"), ("en-US", 1440, "dark", "light")]


@pytest.fixture(
    scope="module", params=[LOOKS[0], pytest.param(LOOKS[1], marks=pytest.mark.thorough)], ids=lambda look: str(look[0])
)
def look(request: pytest.FixtureRequest) -> tuple[str, int, Theme, Theme]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def reader(newcomer: NewPage, look: tuple[str, int, Theme, Theme]) -> Iterator[Page]:
    page = newcomer(locale=look[0], width=look[1])
    yield page
    page.context.close()


def find_violations(page: Page, theme: Theme, rules: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=theme)
    found = Axe().run(page, options=rules | {"resultTypes": ["violations"], "preload": False})
    return [
        f"{violation['id']} ({theme}): {node['html']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def test_nothing_is_in_the_way_of_anybody(
    kind: PageKind, site: Site, reader: Page, look: tuple[str, int, Theme, Theme], is_thorough: bool
) -> None:
    """In one language; with --thorough in both."""
    reader.goto(site.address_of(kind.path))
    _, _, theme, other_theme = look
    found = find_violations(reader, theme, EVERY_RULE) + find_violations(reader, other_theme, RULES_ON_COLOURS)
    assert not found, "\n".join(found)


def test_axe_looks_at_the_size_of_targets_too(page: Page) -> None:
    page.goto("/about/")
    done = Axe().run(page, options=EVERY_RULE).response
    assert "target-size" in {
        rule["id"] for outcome in ("passes", "inapplicable", "violations") for rule in done[outcome]
    }
