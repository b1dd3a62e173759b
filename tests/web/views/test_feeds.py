from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatlogs import moderation
from chatlogs.db.timeouts import TimeLimitExceeded
from chatlogs.models import Member, Message, Room
from chatlogs.people import merging
from tests.markup import elements_of
from tests.moderation.deciding import why
from tests.readers import make_private, turn
from tests.small_archive import HOSTILE, LU, SPRING, SUMMER, TANG, ZHOU, import_tree
from tests.transcripts.making import message, write_transcript
from tests.web.feeds.reading import ReadFeed, read_feed

Visibility = Room.Visibility
SITE = "/feed/"
TEA, WINE = "/rooms/tea-room/feed/", "/rooms/wine-room/feed/"
SEARCH = "/messages/feed/"


def key_of(name: str) -> str:
    return Member.objects.get(aliases__name=name, aliases__room__slug="tea-room").key


def feed_of(client: Client, path: str, **parameters: str) -> ReadFeed:
    return read_feed(client.get(path, parameters, headers={"accept-language": "en"}))


def member_feed(name: str) -> str:
    return f"/members/{key_of(name)}/feed/"


@pytest.fixture(params=["site", "room", "member", "search"])
def path(request: pytest.FixtureRequest, archive: Path) -> str:
    return {"site": SITE, "room": TEA, "member": member_feed(LU), "search": SEARCH}[request.param]


# All feeds


def test_it_is_what_the_rfc_wants(path: str, client: Client) -> None:
    feed = feed_of(client, path)
    assert feed.entries
    assert (feed.language, feed.itself) == ("en", f"http://testserver{path}")
    assert client.get(feed.page).status_code == 200


def test_its_entries_are_known_by_addresses_that_stay(path: str, client: Client) -> None:
    for entry in feed_of(client, path).entries:
        assert client.get(entry.key, follow=True).status_code == 200


def test_it_is_the_same_each_time(path: str, client: Client) -> None:
    assert client.get(path).content == client.get(path).content


def test_it_is_as_new_as_the_newest_message_in_it(path: str, client: Client) -> None:
    feed = feed_of(client, path)
    newest = max(message.sent_at for message in Message.objects.visible())
    assert feed.updated == max(entry.updated for entry in feed.entries) <= newest


def test_its_page_tells_of_it(path: str, client: Client) -> None:
    page = client.get(feed_of(client, path).page).content.decode()
    links = [one for tag, one in elements_of(page) if tag == "link" and one.get("type") == "application/atom+xml"]
    assert [(link["rel"], link["href"]) for link in links] == [("alternate", f"http://testserver{path}")]
    assert ("a", {"href": path}) in elements_of(page)


def test_it_asks_little_of_the_database(path: str, archive: Path, client: Client) -> None:
    many = (message(f"09:{n // 60:02}:{n % 60:02}", f"{LU}{n % 50}", f"早 @{TANG} {n}") for n in range(300))
    for day in range(1, 29):
        write_transcript(archive, "tea-room", dt.date(2019, 2, day), message("08:00:00", LU, "早"))
    write_transcript(archive, "tea-room", dt.date(2019, 3, 1), *many)
    import_tree(archive)
    with CaptureQueriesContext(connection) as queries:
        assert len(feed_of(client, path).entries) <= 30
    assert sum(" FROM " in query["sql"] for query in queries) <= 12


def test_it_may_be_neither_kept_nor_indexed(path: str, client: Client) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Robots-Tag"] in {"noindex", "noindex, nofollow"}


def test_it_refuses_to_be_posted_to(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", [TEA, member_feed, SEARCH])
def test_what_was_written_is_no_markup(path: object, archive: Path, client: Client) -> None:
    feed = feed_of(client, member_feed(LU) if callable(path) else str(path))
    assert HOSTILE not in "".join(entry.content for entry in feed.entries)


@pytest.mark.parametrize("text", ["坏\x10字", "坏\x14字\x0c", "坏\x7f字"])
def test_a_character_that_xml_cannot_say_breaks_none(text: str, archive: Path, client: Client) -> None:
    write_transcript(archive, "tea-room", dt.date(2019, 3, 1), message("08:00:00", f"坏\x14{LU}", text))
    import_tree(archive)
    for path in (SITE, TEA, SEARCH):
        assert "坏" in feed_of(client, path).entries[0].content
    assert "坏字" in feed_of(client, SEARCH, q="坏").text.replace("\x7f", "")


# Days


def test_the_site_has_the_newest_days_of_all_rooms(archive: Path, client: Client) -> None:
    titles = [entry.title for entry in feed_of(client, SITE).entries]
    assert titles == [
        "2019-01-05 · tea-room",
        "2018-07-02 · wine-room",
        "2018-03-28 · tea-room",
        "2018-03-27 · tea-room",
        "2018-03-27 · wine-room",
    ]


def test_a_room_has_its_own(archive: Path, client: Client) -> None:
    feed = feed_of(client, WINE)
    assert [entry.title for entry in feed.entries] == ["2018-07-02 · wine-room", "2018-03-27 · wine-room"]
    assert feed.title == "wine-room · 群录"


def test_there_are_no_more_than_thirty(archive: Path, client: Client) -> None:
    for day in range(40):
        write_transcript(archive, "tea-room", SUMMER + dt.timedelta(days=day), message("08:00:00", LU, "早"))
    import_tree(archive)
    assert [len(feed_of(client, path).entries) for path in (SITE, TEA)] == [30, 30]


def test_a_day_says_how_much_it_is_and_how_its_conversations_begin(archive: Path, client: Client) -> None:
    content = feed_of(client, TEA).entries[-1].content
    assert "11 messages" in " ".join(content.split())
    links = [one["href"] for tag, one in elements_of(content) if tag == "a"]
    begin = Message.objects.filter(room__slug="tea-room", day__date=SPRING, time__in=["09:00", "10:00"])
    assert links == [one.get_absolute_url() for one in begin.order_by("position")]
    assert "早上好👍 / 对账文件到了吗" in content


def test_a_day_is_as_new_as_its_last_message(archive: Path, client: Client) -> None:
    (entry,) = [one for one in feed_of(client, TEA).entries if "03-28" in one.title]
    assert entry.updated == dt.datetime(2018, 3, 28, tzinfo=dt.UTC)


def test_what_is_hidden_is_in_none(hidden: Message, client: Client) -> None:
    for path in (SITE, TEA, member_feed(LU), SEARCH):
        assert "第二天" not in feed_of(client, path).text


def test_a_room_that_may_not_be_entered_has_none(archive: Path, client: Client) -> None:
    for visibility in (Visibility.PRIVATE, Visibility.HIDDEN):
        turn("tea-room", visibility)
        assert client.get(TEA).status_code == client.get("/rooms/no-such-room/feed/").status_code == 404
        assert "tea-room" not in client.get(SITE).content.decode()


def test_its_readers_have_the_feed_of_a_private_room(archive: Path, client: Client) -> None:
    reader = User.objects.create_user("wen")
    reader.groups.add(make_private("tea-room"))
    client.force_login(reader)
    assert feed_of(client, TEA).entries
    assert "tea-room" in feed_of(client, SITE).text + feed_of(client, SITE).entries[0].title


def test_an_unlisted_room_has_one_for_who_knows_its_address(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    response = client.get(TEA)
    assert read_feed(response).entries
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "tea-room" not in client.get(SITE).content.decode()
    assert "tea-room" not in client.get(SEARCH).content.decode()


def test_a_room_without_messages_has_an_empty_one(db: None, client: Client) -> None:
    Room.objects.create(slug="new")
    feed = feed_of(client, "/rooms/new/feed/")
    assert (feed.entries, feed.updated.year) == ([], 1970)


# Members


def test_a_member_has_their_newest_messages(archive: Path, client: Client) -> None:
    entries = feed_of(client, member_feed(LU)).entries
    assert (entries[0].title, entries[0].author) == (f"{LU}: 新年好", LU)
    assert {entry.author for entry in entries} == {LU}


def test_nobody_has_none(archive: Path, client: Client) -> None:
    assert client.get("/members/0123456789abcdef/feed/").status_code == 404


def test_who_is_in_no_list_has_none(archive: Path, client: Client) -> None:
    path = member_feed(ZHOU)
    turn("tea-room", Visibility.UNLISTED)
    assert client.get(path).status_code == 404


def test_the_feed_of_who_is_another_leads_there(archive: Path, client: Client) -> None:
    path = member_feed(ZHOU)
    one, other = (Member.objects.get(key=key_of(name)) for name in (ZHOU, LU))
    merging.merge(one, other, by=None, reason="同一个人")
    assert client.get(path).headers["Location"] == member_feed(LU)


def test_who_opted_out_is_not_named(archive: Path, client: Client) -> None:
    path = member_feed(ZHOU)
    moderation.opt_out(Member.objects.get(key=key_of(ZHOU)), "name", **why())
    feed = feed_of(client, path)
    assert feed.entries
    assert "周可" not in feed.text + feed.title


# A search


def test_a_search_has_the_newest_that_it_finds(archive: Path, client: Client) -> None:
    feed = feed_of(client, SEARCH, q="第", sort="oldest")
    assert [entry.title for entry in feed.entries] == [f"{TANG}: 第{n}句" for n in range(119, 89, -1)]


def test_its_title_says_what_was_searched(archive: Path, client: Client) -> None:
    feed = feed_of(client, SEARCH, q="早 from:陆", room="tea-room")
    assert feed.title == "Word: 早, Name contains: 陆, Room: tea-room · Search · 群录"


def test_without_conditions_it_has_all_messages(archive: Path, client: Client) -> None:
    assert feed_of(client, SEARCH).title == "All messages · Search · 群录"


def test_where_one_was_in_the_list_makes_no_other_feed(archive: Path, client: Client) -> None:
    one = feed_of(client, SEARCH, kind="text", older="x", utm_source="y", q="早")
    other = feed_of(client, SEARCH, q="早", kind="text")
    assert (one.key, one.itself) == (other.key, other.itself)
    assert other.itself == "http://testserver/messages/feed/?q=%E6%97%A9&kind=text"


def test_a_search_that_finds_nothing_has_an_empty_one(archive: Path, client: Client) -> None:
    assert feed_of(client, SEARCH, q="没有这句话").entries == []


def test_a_search_that_makes_no_sense_is_answered_by_the_page(archive: Path, client: Client) -> None:
    response = client.get(SEARCH, {"kind": "song"})
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_one_that_takes_too_long_is_broken_off(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise TimeLimitExceeded

    monkeypatch.setattr("chatlogs.web.views.feeds.Search.page", never)
    response = client.get(SEARCH, {"q": "早"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")


def test_whoever_searches_too_often_must_wait(archive: Path, client: Client, settings: object) -> None:
    settings.RATES = {"search": "1/min"}  # type: ignore[attr-defined]
    asked = [client.get(SEARCH, {"q": "早"}, REMOTE_ADDR="192.0.2.7").status_code for _ in range(2)]
    assert asked == [200, 429]
