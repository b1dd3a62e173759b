"""Pictures of the samples for the documents: python -m tests.browser.screenshots"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from tests.browser.chromium import CHROMIUM_MISSING, find_chromium, running_chromium
from tests.browser.site import Site, running_site
from tests.site_environment import ROOT

FOLDER = ROOT / "docs" / "screenshots"
# Bytes that a picture may have: it is kept with the code.
LIMIT = 200_000

PATHS = {
    "home": "/",
    "room": "/rooms/payment-architects/",
    "day": "/rooms/payment-architects/2018/03/27/",
    "search": "/messages/?q=对账",
    "members": "/members/",
    "member": "/members/{member}/",
}


class Look(NamedTuple):
    name: str
    width: int
    height: int
    theme: Literal["light", "dark"] = "light"


PHONE, DESKTOP = Look("phone", 375, 760), Look("desktop", 1280, 800)
DARK = Look("desktop-dark", 1280, 800, "dark")
SHOTS = [*((page, look) for page in PATHS for look in (PHONE, DESKTOP)), ("day", DARK)]


def take(browser: Browser, site: Site, page_name: str, look: Look) -> Path:
    context = browser.new_context(
        viewport=ViewportSize(width=look.width, height=look.height), locale="zh-CN", color_scheme=look.theme
    )
    page = context.new_page()
    page.goto(site.address_of(PATHS[page_name]))
    path = FOLDER / f"{page_name}-{look.name}.png"
    page.screenshot(path=path)
    context.close()
    _make_small(path)
    return path


def _make_small(path: Path) -> None:
    """A page has few colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    assert path.stat().st_size <= LIMIT, path


def main() -> None:
    if not find_chromium():
        sys.exit(CHROMIUM_MISSING)
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, running_site(Path(folder), "samples") as site, running_chromium() as browser:
        for page_name, look in SHOTS:
            path = take(browser, site, page_name, look)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
