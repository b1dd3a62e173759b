"""From the start page to one message, and from a search into its day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.site import Site

ROOM, MONTH, DAY = "/rooms/tea-room/", "/rooms/tea-room/2018/03/", "/rooms/tea-room/2018/03/27/"


def background_of(element: Locator) -> str:
    return str(element.evaluate("element => getComputedStyle(element).backgroundColor"))


@pytest.fixture
def target(page: Page, site: Site) -> Locator:
    """The message whose permanent address was followed."""
    page.goto(site.address_of("/m/{late}/"))
    return page.locator(":target")


def test_a_room_is_opened_from_the_start_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="tea-room", exact=True).first.click()
    expect(page).to_have_url(re.compile(f"{ROOM}$"))


def test_a_day_is_opened_from_the_calendar(page: Page) -> None:
    page.goto(MONTH)
    page.get_by_role("table").get_by_role("link", name=re.compile("27")).click()
    expect(page).to_have_url(re.compile(f"{DAY}$"))


def test_a_day_without_messages_is_no_link_in_the_calendar(page: Page) -> None:
    page.goto(MONTH)
    assert page.get_by_role("cell").get_by_role("link").count() == 2


def test_a_messages_time_is_its_permanent_address(page: Page) -> None:
    page.goto(DAY)
    message = page.get_by_role("article").filter(has_text="也早")
    message.get_by_role("link", name="10:00", exact=True).click()
    expect(page.locator(":target")).to_contain_text("也早")
    expect(page).to_have_url(re.compile(f"{DAY}#m-"))


def test_a_message_that_was_asked_for_is_in_view(target: Locator) -> None:
    expect(target).to_be_in_viewport()


def test_a_message_that_was_asked_for_is_highlighted(target: Locator, page: Page) -> None:
    other = page.locator("article[id^=m-]:not(:target)").first
    assert background_of(target) != background_of(other)


def test_a_day_leads_to_the_next_that_has_messages(page: Page) -> None:
    page.goto("/rooms/tea-room/2018/03/28/")
    page.locator("main a[rel=next]").first.click()
    expect(page).to_have_url(re.compile("/rooms/tea-room/2019/01/05/$"))


def test_a_date_typed_in_leads_to_its_day(page: Page) -> None:
    page.goto(ROOM)
    page.locator("input[type=date][name=date]").fill("2018-03-27")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{DAY}$"))


@pytest.fixture
def hit(page: Page) -> Locator:
    page.goto("/messages/")
    page.get_by_role("main").get_by_role("searchbox").fill("对账文件")
    page.keyboard.press("Enter")
    return page.get_by_role("article").filter(has_text="对账文件到了吗")


def test_what_was_searched_for_is_marked_in_its_hit(hit: Locator) -> None:
    expect(hit.locator("mark").first).to_have_text("对账文件")


def test_a_hit_stands_in_its_context(hit: Locator) -> None:
    expect(hit).to_contain_text("早上好")


def test_a_hit_leads_into_its_day(hit: Locator, page: Page) -> None:
    hit.get_by_role("link", name=re.compile("2018-03-27 09:01")).click()
    expect(page).to_have_url(re.compile(f"{DAY}#m-"))
    expect(page.locator(":target")).to_be_in_viewport()


def test_a_chip_takes_one_filter_away(page: Page) -> None:
    page.goto("/messages/?q=早&room=tea-room")
    page.get_by_role("main").get_by_role("link", name=re.compile("^移除.*tea-room")).click()
    expect(page).to_have_url(re.compile(r"/messages/\?q=%E6%97%A9$"))


def test_a_removal_is_asked_for_from_the_message(page: Page, site: Site) -> None:
    page.goto(site.address_of("/m/{message}/"))
    page.locator(":target").get_by_role("link", name="引用·移除").click()
    page.get_by_role("status").get_by_role("link", name="申请移除").click()
    expect(page.locator("textarea").first).to_have_value(re.compile(site.known["message"]))


def test_a_request_leads_to_its_reference(page: Page) -> None:
    page.goto("/removal/")
    page.locator("input[type=radio]").first.check()
    page.locator("textarea").first.fill("那天的一句话")
    page.get_by_role("main").locator("form[method=post] button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/removal/done/\w{10}/$"))


def test_all_this_goes_without_scripts(new_page: NewPage) -> None:
    page = new_page(width=320, java_script_enabled=False)
    page.goto("/messages/?q=对账文件")
    page.get_by_role("link", name=re.compile("2018-03-27 09:01")).click()
    expect(page).to_have_url(re.compile(f"{DAY}#m-"))
