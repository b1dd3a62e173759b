"""The gallery, pictures within pages, and their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from chatlogs import moderation
from chatlogs.images.matching import find_images
from chatlogs.models import Alias, Image, Message, Room
from chatlogs.web.views import images as views
from tests.images.conftest import folder
from tests.images.drawing import draw, draw_moving, put
from tests.importing.archives import import_tree
from tests.markup import elements_of
from tests.moderation.deciding import why
from tests.transcripts.making import DAY, image, link_a, message, write_transcript
from tests.web.views.test_every_page import count_queries
from tests.web.views.test_members import get, hrefs
from tests.worlds import import_once

__all__ = ["folder"]

LATER = DAY + dt.timedelta(1)
DAY_PAGE = "/rooms/tea-room/2018/03/27/"
PICTURE = draw(960, 600)


@pytest.fixture
def tree(db: None, tmp_path: Path, folder: Path) -> Path:
    """Of five pictures in two rooms, two are here."""
    tree = tmp_path / "transcripts"
    write_transcript(tree, "tea-room", DAY, image("10:00:10", "石榴"), image("10:00:20", "陈江月"))
    write_transcript(
        tree, "tea-room", LATER, image("09:00:00", "陈江月", date=LATER), message("09:00:05", "石榴", "早")
    )
    write_transcript(
        tree, "wine-room", DAY, image("11:00:00", "石榴"), image("12:00:00", "石榴"), message("12:30:00", "云", "是吗")
    )
    put(folder, "20180327_100010.png", PICTURE)
    put(folder, "wine-room/2018-03/20180327_110000.gif", draw_moving("red", "lime"))
    import_once(tree)
    find_images(folder)
    return tree


def shown(at: str = "10:00:10") -> Message:
    return Message.objects.get(time=at, kind="image")


def times(client: Client, query: str = "") -> list[str]:
    return [f"{one.time:%H:%M:%S}" for one in client.get(f"/images/?{query}").context["page"].messages]


def sources(page: str) -> list[str]:
    return [one["src"] for name, one in elements_of(page) if name == "img" and "/static/" not in one["src"]]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


def fetch(client: Client, address: str, **headers: str) -> Answer:
    response: Any = client.get(address, headers=headers)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(response.status_code, response.headers, content)


def small(message: Message) -> str:
    return f"/images/{message.key}/small/"


def full(message: Message) -> str:
    return f"/images/{message.key}/full/"


# The gallery


def test_the_newest_comes_first(tree: Path, client: Client) -> None:
    assert times(client) == ["09:00:00", "12:00:00", "11:00:00", "10:00:20", "10:00:10"]


def test_it_says_how_many_of_how_many_are_here(tree: Path, client: Client) -> None:
    counts = client.get("/images/").context["counts"]
    assert (counts.here, counts.total) == (2, 5)


def test_what_is_here_is_shown_and_leads_to_the_whole_picture(tree: Path, client: Client) -> None:
    page = get(client, "/images/")
    assert sources(page) == [small(shown("11:00:00")), small(shown())]
    assert {full(shown("11:00:00")), full(shown())} < set(hrefs(page))


def test_what_is_not_here_has_sender_date_and_day(tree: Path, client: Client) -> None:
    (card,) = [one for one in get(client, "/images/?show=").split("<li") if shown("10:00:20").key in one]
    assert f"{DAY_PAGE}#m-{shown('10:00:20').key}" in card
    assert "陈江月" in card
    assert "<img" not in card


def test_a_picture_has_a_size_and_words_and_does_not_hurry(tree: Path, client: Client) -> None:
    pictures = [one for name, one in elements_of(get(client, "/images/")) if one.get("src") == small(shown())]
    assert [(one["width"], one["height"], one["loading"]) for one in pictures] == [("480", "300", "lazy")]
    assert "10:00" in pictures[0]["alt"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=here", ["11:00:00", "10:00:10"]),
        ("room=wine-room", ["12:00:00", "11:00:00"]),
        ("room=wine-room&show=here", ["11:00:00"]),
        (f"since={LATER}", ["09:00:00"]),
        (f"until={DAY}&room=tea-room", ["10:00:20", "10:00:10"]),
        (f"since={LATER}&show=here", []),
    ],
)
def test_filters(query: str, found: list[str], tree: Path, client: Client) -> None:
    assert times(client, query) == found


def test_counts_are_of_what_is_asked_for(tree: Path, client: Client) -> None:
    counts = client.get("/images/?room=wine-room&show=here").context["counts"]
    assert (counts.here, counts.total) == (1, 2)


def test_pages_begin_beside_a_message(tree: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PICTURES_A_PAGE", 2)
    second = times(client, f"older={shown('12:00:00').key}")
    assert (times(client), second) == (["09:00:00", "12:00:00"], ["11:00:00", "10:00:20"])
    assert times(client, f"newer={shown('11:00:00').key}") == times(client)


@pytest.mark.parametrize("query", ["room=nowhere", "since=morgen", "show=all", "room=%00"])
def test_what_makes_no_sense_is_told_at_its_field(query: str, tree: Path, client: Client) -> None:
    response = client.get(f"/images/?{query}")
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()


def test_empty_lists_say_what_to_do(db: None, tmp_path: Path, client: Client) -> None:
    assert "import_transcripts" in get(client, "/images/")
    write_transcript(tmp_path, "tea-room", DAY, message("09:00:00", "石榴", "早"))
    import_tree(tmp_path)
    assert "/messages/" in hrefs(get(client, "/images/"))
    assert "/images/" in hrefs(get(client, "/images/?show=here"))
    assert "import_transcripts" not in get(client, "/images/")


def test_queries_do_not_grow_with_the_pictures(tree: Path, folder: Path, client: Client) -> None:
    many = [image(f"13:00:{n:02}", f"客人{n}") for n in range(40)]
    write_transcript(tree, "porch", DAY, *many)
    import_tree(tree)
    for n in range(40):
        put(folder, f"porch/20180327_1300{n:02}.png")
    find_images(folder)
    assert count_queries(client, "/images/?show=here") <= 6


# Within pages


@pytest.mark.parametrize("path", [DAY_PAGE, "/messages/", "/messages/?kind=image", "/images/"])
def test_a_page_shows_the_picture(path: str, tree: Path, client: Client) -> None:
    page = get(client, path)
    assert small(shown()) in sources(page)
    assert full(shown()) in hrefs(page)


@pytest.mark.parametrize("path", [DAY_PAGE, "/messages/", "/images/"])
def test_where_there_is_no_file_no_picture_is_asked_for(path: str, tree: Path, client: Client) -> None:
    page = get(client, path)
    assert shown("10:00:20").key in page
    assert small(shown("10:00:20")) not in page
    assert not [source for source in sources(page) if not source.startswith("/images/")]


def test_without_the_setting_there_are_placeholders(tree: Path, client: Client, settings: Settings) -> None:
    settings.IMAGES = None
    assert [sources(get(client, path)) for path in (DAY_PAGE, "/messages/", "/images/")] == [[], [], []]
    assert times(client, "show=here") == []
    assert client.get(small(shown())).status_code == 404


# The files


def test_the_whole_picture_is_the_file(tree: Path, client: Client) -> None:
    response = fetch(client, full(shown()))
    assert (response.status, response.content) == (200, PICTURE)
    headers = {name: response.headers[name] for name in ("Content-Type", "Content-Disposition", "Content-Length")}
    assert headers == {
        "Content-Type": "image/png",
        "Content-Disposition": 'inline; filename="20180327_100010.png"',
        "Content-Length": str(len(PICTURE)),
    }


def test_the_small_one_is_a_webp(tree: Path, client: Client) -> None:
    response = fetch(client, small(shown()))
    assert response.headers["Content-Type"] == "image/webp"
    assert response.content.startswith(b"RIFF")


@pytest.mark.parametrize("address", [small, full])
def test_a_browser_takes_it_for_nothing_else_and_asks_again(address: object, tree: Path, client: Client) -> None:
    response = fetch(client, address(shown()))  # type: ignore[operator]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_one_who_has_it_is_told_so(tree: Path, client: Client) -> None:
    for address in (small(shown()), full(shown())):
        tag = fetch(client, address).headers["ETag"]
        again = fetch(client, address, **{"if-none-match": tag})
        assert (again.status, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == "no-cache"


def test_one_who_is_signed_in_keeps_it_to_himself(tree: Path, client: Client) -> None:
    client.force_login(User.objects.create_user("wen"))
    assert "private" in fetch(client, full(shown())).headers["Cache-Control"]


def test_another_file_has_another_tag(tree: Path, folder: Path, client: Client) -> None:
    tag = fetch(client, full(shown())).headers["ETag"]
    put(folder, "20180327_100010.png", draw(10, 10))
    assert fetch(client, full(shown()), **{"if-none-match": tag}).status == 200


def test_what_it_is_is_told_by_the_file_and_not_by_its_name(tree: Path, folder: Path, client: Client) -> None:
    put(folder, "20180327_100010.png", draw(10, 10, "JPEG"))
    response = fetch(client, full(shown()))
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "20180327_100010.jpeg" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("data", [b"<svg/>", b"<html><script>alert(1)</script>", b""])
def test_a_file_that_has_become_something_else_is_not_sent(
    data: bytes, tree: Path, folder: Path, client: Client
) -> None:
    put(folder, "20180327_100010.png", data)
    assert client.get(full(shown())).status_code == 404


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/passwd", "wine-room/../../secret.png", "link.png", "dir/a.png"]
)
def test_no_path_leads_out_of_the_folder(path: str, tree: Path, folder: Path, client: Client) -> None:
    secret = put(folder.parent, "secret.png")
    (folder / "link.png").symlink_to(secret)
    (folder / "dir").symlink_to(put(folder.parent, "outside/a.png").parent)
    Image.objects.filter(message=shown()).update(path=path)
    assert client.get(full(shown())).status_code == 404


def test_where_the_file_has_vanished_there_is_none(tree: Path, folder: Path, client: Client) -> None:
    (folder / "20180327_100010.png").unlink()
    assert client.get(full(shown())).status_code == 404
    find_images(folder)
    assert client.get(small(shown())).status_code == 404
    assert small(shown()) not in get(client, DAY_PAGE)


def test_a_lost_thumbnail_leaves_no_broken_picture(tree: Path, folder: Path, client: Client) -> None:
    for thumbnail in (folder.parent / "var").rglob("*.webp"):
        thumbnail.unlink()
    assert fetch(client, small(shown())).content == PICTURE


@pytest.mark.parametrize("key", ["nothing", "20180327-000000000000", "..", "%00", "x" * 300])
@pytest.mark.parametrize("size", ["small/", "full/"])
def test_a_key_of_no_picture_is_no_page(key: str, size: str, tree: Path, client: Client) -> None:
    assert client.get(f"/images/{key}/{size}").status_code == 404


def test_a_text_has_no_picture(tree: Path, client: Client) -> None:
    assert client.get(small(Message.objects.get(text="早"))).status_code == 404


def test_cutting_the_tail_leads_to_the_message(tree: Path, client: Client) -> None:
    response = client.get(f"/images/{shown().key}/", follow=True)
    assert response.redirect_chain[-1][0] == f"{DAY_PAGE}#m-{shown().key}"


# Nobody is exposed


@pytest.mark.parametrize("perform", [moderation.hide, moderation.redact_all, moderation.erase])
def test_a_picture_that_was_taken_away_is_gone_at_once(perform: object, tree: Path, client: Client) -> None:
    message = shown()
    tags = {address: fetch(client, address).headers["ETag"] for address in (small(message), full(message))}
    get(client, "/images/")
    perform([message], **why())  # type: ignore[operator]
    for address, tag in tags.items():
        assert client.get(address, headers={"if-none-match": tag}).status_code in {404, 410}
    for page in (DAY_PAGE, "/messages/", "/images/", "/images/?show=here", "/messages/?kind=image"):
        assert small(message) not in get(client, page)
    assert client.get("/images/").context["counts"].here == 1


def test_what_was_public_once_is_gone_and_what_never_was_is_unknown(tree: Path, client: Client) -> None:
    Message.objects.filter(pk=shown().pk).update(state="hidden")
    Message.objects.filter(pk=shown("11:00:00").pk).update(state="held")
    assert client.get(small(shown())).status_code == 410
    assert client.get(small(shown("11:00:00"))).status_code == 404


@pytest.mark.parametrize(("visibility", "status"), [("unlisted", 200), ("private", 404), ("hidden", 404)])
def test_a_room_that_is_not_public_keeps_its_pictures(visibility: str, status: int, tree: Path, client: Client) -> None:
    get(client, "/images/")
    Room.objects.filter(slug="wine-room").update(visibility=visibility)
    message = shown("11:00:00")
    assert times(client) == ["09:00:00", "10:00:20", "10:00:10"]
    counts = client.get("/images/").context["counts"]
    assert (counts.here, counts.total) == (1, 3)
    assert [fetch(client, address).status for address in (small(message), full(message))] == [status, status]


def test_the_thumbnail_goes_with_what_is_erased(
    tree: Path, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    key = shown().key
    with django_capture_on_commit_callbacks(execute=True):
        moderation.erase([shown()], **why())
    assert not list((folder.parent / "var").rglob(f"{key}*"))
    assert (folder / "20180327_100010.png").exists()


def test_where_that_was_broken_off_finishing_the_erasure_does_it(
    tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = shown().key
    moderation.erase([shown()], **why())
    assert list((folder.parent / "var").rglob(f"{key}*"))
    monkeypatch.setattr("chatlogs.moderation.compaction._checkpoint", lambda seconds: None)
    monkeypatch.setattr("chatlogs.moderation.compaction._rewrite_tables", lambda seconds: None)
    moderation.compact_after_erasure()
    assert not list((folder.parent / "var").rglob(f"{key}*"))


def test_who_opted_out_is_not_named(tree: Path, client: Client) -> None:
    for alias in Alias.objects.filter(name="石榴"):
        moderation.opt_out(alias.member, "name", **why())
    assert "石榴" not in get(client, "/images/")
    assert small(shown()) in get(client, "/images/")


def test_a_link_is_no_picture(tree: Path, client: Client) -> None:
    write_transcript(tree, "porch", DAY, message("09:00:00", "石榴", link_a("图", "https://x.example.org/a.png")))
    import_tree(tree)
    assert "x.example.org" not in get(client, "/images/")
