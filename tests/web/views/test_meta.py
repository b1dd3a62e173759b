"""What a page tells of itself: its one address, its feed, and what a link preview or a search engine shows of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image

from chatlogs.models import Member, Message, Room
from tests.linked_data import find_linked_data, read_linked_data
from tests.markup import elements_of
from tests.readers import make_private, turn
from tests.site_environment import ROOT
from tests.small_archive import HOSTILE, LU, SPRING, import_tree
from tests.transcripts.making import message, write_transcript
from tests.web.test_search_engines import open_to_robots

Visibility = Room.Visibility
HOST = "http://testserver"
ROOM, YEAR, MONTH = "/rooms/tea-room/", "/rooms/tea-room/2018/", "/rooms/tea-room/2018/03/"
DAY = "/rooms/tea-room/2018/03/27/"
PAGES = ["/", ROOM, YEAR, MONTH, DAY, "/messages/", "/members/", "/about/", "/removal/"]
ALWAYS_TOLD = {"og:site_name", "og:title", "og:type", "og:url", "og:locale", "og:image"}


def read_page(client: Client, path: str) -> str:
    return client.get(path, headers={"accept-language": "en"}).content.decode()


def canonical_of(client: Client, path: str) -> str | None:
    links = [one for tag, one in elements_of(read_page(client, path)) if tag == "link"]
    canonical = [one["href"].removeprefix(HOST) for one in links if one["rel"] == "canonical"]
    assert len(canonical) <= 1
    return canonical[0] if canonical else None


def meta_of(client: Client, path: str) -> dict[str, str]:
    metas = [one for tag, one in elements_of(read_page(client, path)) if tag == "meta"]
    told = [(one.get("property") or one.get("name", ""), one.get("content", "")) for one in metas]
    assert len({name for name, _ in told}) == len(told)
    return dict(told)


def path_of_lu() -> str:
    return Member.objects.get(aliases__name=LU, aliases__room__slug="tea-room").get_absolute_url()


# The one address


@pytest.mark.parametrize("path", PAGES)
def test_a_pages_address_is_its_own(path: str, archive: Path, client: Client) -> None:
    assert canonical_of(client, path) == path


@pytest.mark.parametrize("path", PAGES)
def test_what_was_added_to_it_is_no_part_of_it(path: str, archive: Path, client: Client) -> None:
    assert canonical_of(client, f"{path}?utm_source=x&older=c&newer=d&message=e&counts=1") == path


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("?room=tea-room&q=早", "?q=%E6%97%A9&room=tea-room"),
        ("?kind=&q=+早+&utm=1&older=x", "?q=%E6%97%A9"),
        ("?sort=oldest&until=2018-03-28&since=2018-03-27", "?since=2018-03-27&until=2018-03-28&sort=oldest"),
        ("?q=", ""),
        ("?room=tea-room&room=wine-room", "?room=wine-room"),
    ],
)
def test_a_search_is_known_by_what_it_asks(asked: str, canonical: str, archive: Path, client: Client) -> None:
    assert canonical_of(client, f"/messages/{asked}") == f"/messages/{canonical}"


def test_so_is_a_list_of_members(archive: Path, client: Client) -> None:
    assert canonical_of(client, "/members/?page=1&sort=name&q=陆&x=y") == "/members/?q=%E9%99%86&sort=name"


def test_a_member_has_one_address(archive: Path, client: Client) -> None:
    path = path_of_lu()
    assert canonical_of(client, f"{path}?older=x&utm=1") == path


def test_a_permanent_address_leads_to_a_page_that_knows_its_own(archive: Path, client: Client) -> None:
    leads = client.get(Message.objects.get(text="第二天").get_absolute_url()).headers["Location"]
    assert canonical_of(client, leads.partition("#")[0]) == "/rooms/tea-room/2018/03/28/"


def test_an_address_is_written_as_it_is_fetched(archive: Path, client: Client) -> None:
    write_transcript(archive, "茶室", SPRING, message("09:00:00", LU, "早"))
    import_tree(archive)
    assert canonical_of(client, "/rooms/茶室/") == f"/rooms/{quote('茶室')}/"


@pytest.mark.parametrize(
    "path", ["/no/such/page/", "/rooms/tea-room/2016/01/01/", "/messages/?kind=song", "/members/?messages=x", "/m/x/"]
)
def test_an_error_has_no_address_nor_anything_to_tell(path: str, archive: Path, client: Client) -> None:
    assert canonical_of(client, path) is None
    assert not {name for name in meta_of(client, path) if name.startswith(("og:", "twitter:", "description"))}


# Previews


@pytest.mark.parametrize("path", PAGES)
def test_each_page_says_what_it_is(path: str, archive: Path, client: Client) -> None:
    meta = meta_of(client, path)
    assert {*meta} >= ALWAYS_TOLD
    assert meta["og:url"] == f"{HOST}{path}"
    assert (meta["og:site_name"], meta["og:locale"], meta["twitter:card"]) == ("群录", "en_US", "summary")
    assert f"<title>{meta['og:title']} · 群录</title>" in read_page(client, path)
    assert meta.get("description") == meta.get("og:description")


def test_in_chinese_it_says_that_it_is(archive: Path, client: Client) -> None:
    assert 'content="zh_CN"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "description"),
    [
        ("/", "134 messages · 5 days · 6 members · 2018-03-27 – 2019-01-05"),
        (ROOM, "13 messages · 3 days · 2018-03-27 – 2019-01-05"),
        (YEAR, "12 messages · 2 days"),
        (MONTH, "12 messages · 2 days"),
        (DAY, "11 messages · 4 members"),
    ],
)
def test_it_is_described_by_figures(path: str, description: str, archive: Path, client: Client) -> None:
    assert meta_of(client, path)["description"] == description


def test_a_member_is_described_by_figures(archive: Path, client: Client) -> None:
    meta = meta_of(client, path_of_lu())
    assert (meta["description"], meta["og:type"]) == ("5 messages · 2018-03-27 – 2019-01-05", "profile")


def test_only_of_a_room_that_is_open_to_search_engines_words_are_told(archive: Path, client: Client) -> None:
    assert "早上好" not in str(meta_of(client, DAY))
    open_to_robots()
    meta = meta_of(client, DAY)
    assert meta["og:type"] == "article"
    assert meta["description"].startswith("11 messages · 4 members · 早上好👍 / 对账文件到了吗？")
    assert HOSTILE in meta["description"]


@pytest.mark.parametrize("path", [ROOM, YEAR, MONTH, DAY])
def test_of_a_room_that_is_unlisted_the_title_alone_is_told(path: str, archive: Path, client: Client) -> None:
    open_to_robots()
    turn("tea-room", Visibility.UNLISTED)
    assert {*meta_of(client, path)} >= ALWAYS_TOLD
    assert not {name for name in meta_of(client, path) if "description" in name}


@pytest.mark.parametrize("path", [ROOM, YEAR, MONTH, DAY])
def test_and_of_a_private_one(path: str, archive: Path, client: Client) -> None:
    reader = User.objects.create_user("wen")
    reader.groups.add(make_private("tea-room"))
    client.force_login(reader)
    assert {*meta_of(client, path)} >= ALWAYS_TOLD
    assert not {name for name in meta_of(client, path) if "description" in name}


def test_no_title_breaks_out_of_it(archive: Path, client: Client) -> None:
    title = '"><script>alert(1)</script>\n茶'
    Room.objects.filter(slug="tea-room").update(title=title)
    assert meta_of(client, ROOM)["og:title"] == title.replace("\n", " ")


def test_the_picture_is_a_small_square(archive: Path, client: Client) -> None:
    address = meta_of(client, "/")["og:image"]
    assert address == f"{HOST}/static/chatlogs/icon.png"
    picture = ROOT / "static/chatlogs/icon.png"
    assert picture.stat().st_size < 10_000
    with Image.open(picture) as opened:
        assert (opened.format, opened.size) == ("PNG", (512, 512))
    assert 'rel="apple-touch-icon" href="/static/chatlogs/icon.png"' in read_page(client, "/")


# Search engines


def data_of(client: Client, path: str = DAY) -> Any:
    return read_linked_data(read_page(client, path))


def test_a_day_is_a_discussion(archive: Path, client: Client) -> None:
    open_to_robots()
    data = data_of(client)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "DiscussionForumPosting")
    assert (data["text"], data["datePublished"]) == ("早上好[强]", "2018-03-27T09:00:00+08:00")
    assert data["comment"][1]["text"] == HOSTILE
    assert {comment["@type"] for comment in data["comment"]} == {"Comment"}


def test_its_addresses_lead_to_the_messages(archive: Path, client: Client) -> None:
    open_to_robots()
    data = data_of(client)
    for one in [data, *data["comment"]]:
        assert client.get(one["url"], follow=True).status_code == 200


def test_what_is_hidden_is_no_part_of_it(archive: Path, client: Client) -> None:
    open_to_robots()
    Message.objects.filter(text="早上好[强]").update(state=Message.State.HIDDEN)
    assert "早上好[强]" not in str(data_of(client))
    assert "早上好👍" not in meta_of(client, DAY)["description"]


@pytest.mark.parametrize("path", ["/", ROOM, MONTH, DAY])
def test_elsewhere_there_is_none(path: str, archive: Path, client: Client) -> None:
    open_to_robots("wine-room")
    assert find_linked_data(read_page(client, path)) == []
