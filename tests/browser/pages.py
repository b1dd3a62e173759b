"""Every kind of page that readers meet. What stands in braces, the site knows (`preparing.py`)."""

from __future__ import annotations

from typing import NamedTuple

from tests.browser.archive import HALL


class PageKind(NamedTuple):
    name: str
    path: str
    status: int = 200


PAGES = [
    PageKind("home", "/"),
    PageKind("room", "/rooms/tea-room/"),
    PageKind("room with a long name", f"/rooms/{HALL}/"),
    PageKind("year", "/rooms/tea-room/2018/"),
    PageKind("month", "/rooms/tea-room/2018/03/"),
    PageKind("day", "/rooms/tea-room/2018/03/27/"),
    PageKind("day of a sample", "/rooms/payment-architects/2018/11/21/"),
    PageKind("day of long words", f"/rooms/{HALL}/2018/03/27/"),
    PageKind("empty day", "/rooms/tea-room/2018/03/29/"),
    PageKind("day without transcript", "/rooms/tea-room/2018/04/01/", 404),
    PageKind("late part of a crowded day", "/m/{late}/"),
    PageKind("day with a note", "/rooms/wine-room/2018/07/02/"),
    PageKind("excerpt", "/rooms/payment-architects/2018/11/21/?from={first}&to={last}"),
    PageKind("no excerpt", "/rooms/tea-room/2018/03/27/?from=nothing", 404),
    PageKind("permalink", "/m/{message}/"),
    PageKind("permalink of what was removed", "/m/{removed}/", 410),
    PageKind("search, not yet asked", "/messages/"),
    PageKind("search with hits", "/messages/?q=对账"),
    PageKind("search by many filters", "/messages/?q=早&room=tea-room&kind=text&since=2018-01-01"),
    PageKind("search with mistakes", "/messages/?kind=song&since=yesterday", 400),
    PageKind("search that finds nothing", "/messages/?q=无此鸟语"),
    PageKind("members", "/members/"),
    PageKind("member", "/members/{member}/"),
    PageKind("links", "/links/"),
    PageKind("links that are not there", "/links/?host=nowhere.example.com"),
    PageKind("link", "/links/{link}/"),
    PageKind("images", "/images/"),
    PageKind("statistics", "/stats/"),
    PageKind("statistics of a room", "/stats/?room=payment-architects&year=2018"),
    PageKind("coverage", "/coverage/"),
    PageKind("highlights", "/highlights/"),
    PageKind("highlight", "/highlights/{highlight}/"),
    PageKind("tags", "/tags/"),
    PageKind("tag", "/tags/茶/"),
    PageKind("about", "/about/"),
    PageKind("removal", "/removal/"),
    PageKind("removal of a message", "/removal/?message={message}"),
    PageKind("removal done", "/removal/done/{removal_request}/"),
    PageKind("removal unknown", "/removal/done/ABCDEFGHJK/", 404),
    PageKind("no page", "/no/such/page/", 404),
    PageKind("login", "/accounts/login/"),
    PageKind("password reset", "/accounts/password_reset/"),
]
