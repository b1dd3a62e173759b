"""What the search page shows."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.html import strip_tags

from chatlogs.models import Archive, Message
from chatlogs.queries.pagination import MessagePage
from tests.markup import elements_of


def get(client: Client, **parameters: str) -> str:
    response = client.get("/messages/", parameters)
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, **parameters: str) -> list[str]:
    page: MessagePage = client.get("/messages/", parameters).context["page"]
    return [message.text for message in page.messages]


def hrefs(page: str) -> list[str]:
    return [attributes["href"] for name, attributes in elements_of(page) if name == "a"]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page))


def test_a_word_finds_the_messages_that_hold_it(archive: Path, client: Client) -> None:
    assert found(client, q="对账") == ["对账.xlsx", "对账文件到了吗？看 https://pay.example.org/a?b=1&c=2。"]


def test_the_found_word_is_marked(archive: Path, client: Client) -> None:
    assert "<mark>对账</mark>文件到了吗" in get(client, q="对账")


def test_a_found_title_is_marked(archive: Path, client: Client) -> None:
    assert "一篇<mark>文章</mark>" in get(client, q="文章")


def test_what_is_typed_stays_in_the_box(archive: Path, client: Client) -> None:
    box = next(
        attributes for name, attributes in elements_of(get(client, q='"a b" <x>')) if attributes.get("name") == "q"
    )
    assert box["value"] == '"a b" <x>'


def test_the_title_says_what_was_looked_for(archive: Path, client: Client) -> None:
    assert "<title>&lt;对账&gt; · 搜索" in get(client, q="<对账>")


def test_a_hit_stands_between_two_messages_on_either_side(archive: Path, client: Client) -> None:
    page = words(get(client, q="无名氏的话").split('<ol class="turns list">')[1])
    said = [page.index(text) for text in ("未导出", "无名氏的话", "」 - - -", "图片")]
    assert said == sorted(said)


def test_a_hit_leads_into_its_day(archive: Path, client: Client) -> None:
    message = Message.objects.get(text="无名氏的话")
    assert f"/rooms/tea-room/2018/03/27/#m-{message.key}" in hrefs(get(client, q="无名氏"))


def test_it_says_how_many_there_are(archive: Path, client: Client) -> None:
    assert "120 条消息" in words(get(client, q="句"))


def test_more_than_can_be_counted_is_told_so(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("chatlogs.queries.search", "chatlogs.queries.facets", "chatlogs.web.views.messages"):
        monkeypatch.setattr(f"{module}.MOST_COUNTED", 100)
    assert "100+ 条消息" in words(get(client, q="句"))


def test_each_condition_is_a_chip_that_takes_it_away(archive: Path, client: Client) -> None:
    page = get(client, q="早 -新年 from:老陆", room="tea-room", since="2018-01-01")
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    assert chips
    rest = [parse_qs(urlsplit(href.replace("&amp;", "&")).query) for href in hrefs(chips[0])]
    everything = {"q": ["早 -新年 from:老陆"], "room": ["tea-room"], "since": ["2018-01-01"]}
    assert rest == [
        everything | {"q": ["-新年 from:老陆"]},
        everything | {"q": ["早 from:老陆"]},
        everything | {"q": ["早 -新年"]},
        {name: value for name, value in everything.items() if name != "room"},
        {name: value for name, value in everything.items() if name != "since"},
        {},
    ]


@pytest.mark.parametrize("q", ["第", "句 -第1句", "", '"第2"'])
def test_each_narrowing_link_finds_as_many_as_it_says(q: str, archive: Path, client: Client) -> None:
    page = get(client, q=q, kind="text", since="2018-01-01")
    facets = re.search(r"<aside.*</aside>", page, re.DOTALL)
    assert facets
    links = re.findall(r'<a href="([^"]+)">(?:(?!</a>).)*<small>([\d,]+)</small>', facets[0], re.DOTALL)
    assert len(links) >= 4
    for href, count in links:
        narrowed = client.get("/messages/" + href.replace("&amp;", "&"))
        assert narrowed.context["count"] == int(count)


def test_what_takes_too_long_to_count_is_counted_when_asked_for(
    archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatlogs.web.views.messages.SECONDS_FOR_FACETS", -1)
    link = next(href for href in hrefs(get(client, q="句")) if "counts=all" in href)
    assert ">wine-room <small>120</small>" in re.sub(r"\s+", " ", client.get("/messages/" + link).content.decode())


def test_where_nothing_is_found_it_says_what_was_searched(archive: Path, client: Client) -> None:
    page = words(get(client, q="驫", room="tea-room", until="2018-12-31"))
    assert "搜索范围： 12 条消息 2018-03-27 – 2018-03-28" in page


def test_where_nothing_is_found_it_says_what_could_go(archive: Path, client: Client) -> None:
    page = get(client, q="新年好", room="wine-room")
    assert "去掉 群：wine-room <small>1</small>" in re.sub(r"\s+", " ", page)


def test_an_operator_that_makes_no_sense_is_told(archive: Path, client: Client) -> None:
    assert "“before:morgen”已按普通文字搜索" in get(client, q="before:morgen")


def test_an_index_that_is_being_built_is_told(archive: Path, client: Client) -> None:
    Archive.objects.update(indexed_until=0)
    assert "搜索索引正在建立" in get(client, q="早")


def test_all_messages_are_listed_without_an_index(archive: Path, client: Client) -> None:
    Archive.objects.update(indexed_until=0, index_version=0)
    assert found(client)[0] == "新年好"


@pytest.mark.parametrize("q", ["长" * 101, "一 二 三 四 五 六 七 八 九 十 百"])
def test_too_much_at_once_is_refused_kindly(q: str, archive: Path, client: Client) -> None:
    response = client.get("/messages/", {"q": q})
    assert (response.status_code, "errorlist" in response.content.decode()) == (400, True)


@pytest.mark.parametrize("parameters", [{}, {"q": "早"}, {"kind": "image"}, {"kind": "song"}])
def test_search_engines_neither_index_nor_follow_it(parameters: dict[str, str], archive: Path, client: Client) -> None:
    response = client.get("/messages/", parameters)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert ("meta", {"name": "robots", "content": "noindex, nofollow"}) in elements_of(response.content.decode())


def test_the_oldest_come_first_when_asked_for(archive: Path, client: Client) -> None:
    assert found(client, q="句", sort="oldest")[:2] == ["第0句", "第1句"]


@pytest.mark.parametrize(
    "path", ["/", "/rooms/tea-room/", "/rooms/tea-room/2018/03/27/", "/members/", "/no/such/page/"]
)
def test_every_page_has_a_search_box(path: str, archive: Path, client: Client) -> None:
    page = client.get(path).content.decode()
    boxes = [attributes for name, attributes in elements_of(page) if attributes.get("type") == "search"]
    assert [box["name"] for box in boxes] == ["q"]


def test_a_room_is_searched_from_its_page(archive: Path, client: Client) -> None:
    fields = [one for name, one in elements_of(get_room(client)) if name == "input" and one["type"] == "hidden"]
    assert [(field["name"], field["value"]) for field in fields] == [("room", "tea-room")]


def get_room(client: Client) -> str:
    return client.get("/rooms/tea-room/").content.decode()


def test_a_name_is_found_whatever_its_width_and_case(archive: Path, client: Client) -> None:
    assert found(client, q="from:老陆＿", since="2019-01-01") == ["新年好"]


@pytest.mark.parametrize(
    ("operators", "fields"),
    [
        ("from:云杉", {"sender": "云杉"}),
        ("room:tea-room", {"room": "tea-room"}),
        ("群:wine-room", {"room": "wine-room"}),
        ("after:2018-07", {"since": "2018-07-01"}),
        ("before:2018-07", {"until": "2018-06-30"}),
        ("on:2018-03-28", {"since": "2018-03-28", "until": "2018-03-28"}),
        ("日期:2018年3月", {"since": "2018-03-01", "until": "2018-03-31"}),
        ("has:link", {"has": "link"}),
        ("含：图片", {"has": "image"}),
        ("kind:file", {"kind": "file"}),
        ("提到:周可", {"mentions": "周可"}),
    ],
)
def test_an_operator_is_its_form_field(operators: str, fields: dict[str, str], archive: Path, client: Client) -> None:
    assert found(client, q=operators) == found(client, **fields)


def test_a_text_with_an_address_has_a_link_too(archive: Path, client: Client) -> None:
    assert found(client, has="link") == ["又一篇", "一篇文章", "对账文件到了吗？看 https://pay.example.org/a?b=1&c=2。"]


def test_a_search_that_is_given_up_says_when_to_come_back(
    archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatlogs.web.views.messages.SECONDS_FOR_PAGE", -1)
    response = client.get("/messages/", {"q": '"早上好"'})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "<h1>" in response.content.decode()


def test_dates_of_the_archive_are_shown_as_the_rooms(archive: Path, client: Client) -> None:
    assert f"{dt.date(2019, 1, 5)} 08:00" in words(get(client, q="新年好"))
