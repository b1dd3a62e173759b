"""The directory of shared links."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.test import Client

from chatlogs import moderation
from chatlogs.models import Alias, Link, Message, Room
from chatlogs.web.views import links as views
from tests.importing.archives import import_tree
from tests.markup import elements_of
from tests.moderation.deciding import why
from tests.transcripts.making import DAY, link_a, message, write_transcript
from tests.web.views.test_every_page import count_queries
from tests.web.views.test_members import get, hrefs, words
from tests.worlds import import_once

A, B, C = "https://read.example.com/a", "https://read.example.com/b?x=1&y=2", "http://doc.example.org/"
LATER = DAY + dt.timedelta(1)


def share(time: str, name: str, title: str, url: str) -> bytes:
    return message(time, name, link_a(title, url))


@pytest.fixture
def tree(db: None, tmp_path: Path) -> Path:
    """`A` was shared three times, in both rooms."""
    write_transcript(
        tmp_path,
        "tea-room",
        DAY,
        share("09:00:00", "石榴", "头一个标题", A),
        share("09:01:00", "陈江月", "乙文", B),
        share("09:02:00", "陈江月", "又一个标题", A),
        message("09:03:00", "石榴", "看 https://written.example.net/x 这里"),
    )
    write_transcript(
        tmp_path,
        "wine-room",
        LATER,
        share("09:00:00", "石榴", "他处的标题", A),
        share("09:01:00", "石榴", "丙文", C),
    )
    import_once(tmp_path)
    return tmp_path


def titles(client: Client, query: str = "") -> list[str]:
    return [address.first.text for address in client.get(f"/links/?{query}").context["page"]]


def hosts(client: Client, query: str = "") -> dict[str, int]:
    return {choice.value: choice.count for choice in client.get(f"/links/?{query}").context["hosts"].largest}


def said(title: str) -> Message:
    return Message.objects.get(text=title)


def line(client: Client, title: str, query: str = "") -> str:
    return next(one for one in get(client, f"/links/?{query}").split("<li") if title in one)


def test_each_address_is_listed_once_under_its_first_title(tree: Path, client: Client) -> None:
    assert titles(client) == ["丙文", "乙文", "头一个标题"]


def test_a_line_tells_host_sender_date_and_how_often(tree: Path, client: Client) -> None:
    told = line(client, "头一个标题")
    assert "read.example.com" in told
    assert "石榴" in words(told)
    assert f"#m-{said('头一个标题').key}" in told
    assert f"/links/{said('头一个标题').key}/" in told
    assert client.get("/links/").context["page"][2].shares == 3


def test_an_address_opens_elsewhere_and_tells_nothing(tree: Path, client: Client) -> None:
    (link,) = [one for name, one in elements_of(get(client, "/links/")) if name == "a" and one["href"] == B]
    assert link["rel"] == "nofollow noopener ugc"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "weixin://dl/x"])
def test_what_no_browser_should_open_is_no_link(url: str, tree: Path, client: Client) -> None:
    message = said("丙文")
    Link.objects.filter(message=message).update(url=url, host="")
    for page in (get(client, "/links/"), get(client, f"/links/{message.key}/")):
        assert "丙文" in page
        assert url not in hrefs(page)


def test_an_address_within_a_text_is_not_listed(tree: Path, client: Client) -> None:
    assert "written.example.net" not in get(client, "/links/")


def test_hosts_are_counted_by_addresses(tree: Path, client: Client) -> None:
    assert hosts(client) == {"read.example.com": 2, "doc.example.org": 1}


def test_where_a_host_is_chosen_the_others_are_counted_too(tree: Path, client: Client) -> None:
    assert hosts(client, "host=read.example.com") == {"read.example.com": 2, "doc.example.org": 1}


@pytest.mark.parametrize("query", ["", "room=tea-room", f"since={LATER}", "host=read.example.com"])
def test_each_host_leads_to_as_many_as_it_says(query: str, tree: Path, client: Client) -> None:
    for host, count in hosts(client, query).items():
        narrowed = client.get(f"/links/?{query}&host={host}")
        assert narrowed.context["page"].paginator.count == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=shared", ["头一个标题", "丙文", "乙文"]),
        ("host=READ.example.com", ["乙文", "头一个标题"]),
        ("room=wine-room", ["丙文", "他处的标题"]),
        (f"since={LATER}", ["丙文", "他处的标题"]),
        (f"until={DAY}&host=read.example.com&sort=shared", ["头一个标题", "乙文"]),
    ],
)
def test_filters_and_orders(query: str, found: list[str], tree: Path, client: Client) -> None:
    assert titles(client, query) == found


def test_each_condition_is_a_chip_that_takes_it_away(tree: Path, client: Client) -> None:
    page = get(client, f"/links/?host=read.example.com&room=tea-room&until={DAY}")
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    assert chips
    assert len(hrefs(chips[0])) == 4


def test_a_count_leads_to_where_it_was_shared(tree: Path, client: Client) -> None:
    (href,) = [one for one in hrefs(line(client, "头一个标题")) if one.startswith("/links/")]
    shown = client.get(href.replace("&amp;", "&")).context
    assert [one.text for one in shown["page"].messages] == ["他处的标题", "又一个标题", "头一个标题"]


def test_under_filters_it_leads_to_as_many_as_it_says(tree: Path, client: Client) -> None:
    query = "room=tea-room&host=read.example.com"
    (href,) = [one for one in hrefs(line(client, "头一个标题", query)) if one.startswith("/links/")]
    shown = client.get(href.replace("&amp;", "&")).context
    assert [one.text for one in shown["page"].messages] == ["又一个标题", "头一个标题"]


def test_any_message_names_its_address(tree: Path, client: Client) -> None:
    assert client.get(f"/links/{said('又一个标题').key}/").context["count"] == 3


@pytest.mark.parametrize("key", ["nothing", "20180327-000000000000", "%00", "x" * 300])
def test_a_key_of_no_link_is_no_page(key: str, tree: Path, client: Client) -> None:
    assert client.get(f"/links/{key}/").status_code == 404


def test_a_text_has_no_page_of_links(tree: Path, client: Client) -> None:
    assert client.get(f"/links/{Message.objects.get(kind='text').key}/").status_code == 404


def test_there_are_pages(tree: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ADDRESSES_A_PAGE", 2)
    assert [titles(client), titles(client, "page=2"), titles(client, "page=zz")] == [
        ["丙文", "乙文"],
        ["头一个标题"],
        ["丙文", "乙文"],
    ]


@pytest.mark.parametrize("query", ["room=nowhere", "since=morgen", "sort=key", "host=%00", f"host={'x' * 300}"])
def test_what_makes_no_sense_is_told_at_its_field(query: str, tree: Path, client: Client) -> None:
    response = client.get(f"/links/?{query}")
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()
    assert client.get(f"/links/{said('乙文').key}/?{query}").status_code == 200


def test_where_nothing_is_found_it_says_what_could_go(tree: Path, client: Client) -> None:
    shown = client.get("/links/?host=doc.example.org&room=tea-room").context
    assert [(chip.name, count) for chip, count in shown["without"]] == [("room", 1), ("host", 2)]


def test_an_archive_without_links_says_so(db: None, tmp_path: Path, client: Client) -> None:
    assert "import_transcripts" in get(client, "/links/")
    write_transcript(tmp_path, "tea-room", DAY, message("09:00:00", "石榴", "早"))
    import_tree(tmp_path)
    page = get(client, "/links/")
    assert "import_transcripts" not in page
    assert "/messages/" in page


def test_queries_do_not_grow_with_what_is_shared(tree: Path, client: Client) -> None:
    many = [share(f"10:00:{n:02}", f"客人{n}", f"第{n}篇", f"https://h{n}.example.org/") for n in range(40)]
    write_transcript(tree, "porch", DAY, *many)
    import_tree(tree)
    assert count_queries(client, "/links/?page=1") <= 7


# Nobody is exposed


def test_a_hidden_share_is_neither_listed_nor_counted(tree: Path, client: Client) -> None:
    titles(client)
    moderation.hide([said("头一个标题")], **why())
    assert titles(client) == ["丙文", "又一个标题", "乙文"]
    assert [address.shares for address in client.get("/links/").context["page"]] == [1, 2, 1]
    assert client.get(f"/links/{Message.objects.get(state='hidden').key}/").status_code == 404


def test_an_address_that_nobody_may_see_is_gone_with_its_host(tree: Path, client: Client) -> None:
    titles(client)
    moderation.redact_all([said("丙文")], **why())
    assert C not in get(client, "/links/")
    assert hosts(client) == {"read.example.com": 2}
    assert "doc.example.org" not in get(client, "/links/?host=read.example.com")


def test_what_stands_twice_in_a_merged_export_is_shared_once(db: None, tmp_path: Path, client: Client) -> None:
    pairs = [share(f"09:0{n}:00", name, f"第{n}篇", A) for n in range(3) for name in ("石榴", "石榴-青禾")]
    write_transcript(tmp_path, "tea-room", DAY, *pairs)
    import_tree(tmp_path)
    assert [address.shares for address in client.get("/links/").context["page"]] == [3]


@pytest.mark.parametrize("visibility", ["unlisted", "private", "hidden"])
def test_a_room_in_no_list_shares_nothing(visibility: str, tree: Path, client: Client) -> None:
    titles(client)
    Room.objects.filter(slug="wine-room").update(visibility=visibility)
    assert titles(client) == ["乙文", "头一个标题"]
    assert [address.shares for address in client.get("/links/").context["page"]] == [1, 2]
    assert client.get(f"/links/{said('丙文').key}/").status_code == 404
    assert client.get("/links/?room=wine-room").status_code == 400
    assert hosts(client) == {"read.example.com": 2}


def test_who_opted_out_is_not_named(tree: Path, client: Client) -> None:
    for alias in Alias.objects.filter(name="石榴"):
        moderation.opt_out(alias.member, "name", **why())
    assert "石榴" not in get(client, "/links/")
