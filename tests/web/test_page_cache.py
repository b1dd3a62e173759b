"""The cache of day pages in the database."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatlogs import moderation
from chatlogs.models import Archive, CachedPage, Message, Room
from chatlogs.models.revision import bump_revision
from chatlogs.queries.cache import read_revision
from chatlogs.web.page_cache import DatabaseStore, Page
from tests.small_archive import import_tree, write_archive

DAY = "/rooms/tea-room/2018/03/28/"
PAGE = Page("<p>一页</p>", "noindex")


@pytest.fixture
def store(db: None) -> DatabaseStore:
    Archive.objects.create(revision=7)
    return DatabaseStore()


def test_a_stored_page_is_found(store: DatabaseStore) -> None:
    store.keep("key", 7, PAGE)
    assert store.find("key", 7) == PAGE


def test_a_page_can_be_stored_twice(store: DatabaseStore) -> None:
    store.keep("key", 7, PAGE)
    store.keep("key", 7, PAGE)
    assert store.find("key", 7) == PAGE


def test_a_page_of_another_revision_is_not_found(store: DatabaseStore) -> None:
    store.keep("key", 7, PAGE)
    assert store.find("key", 8) is None


def test_a_page_rendered_before_a_change_is_not_stored_after_it(store: DatabaseStore) -> None:
    bump_revision()
    store.keep("key", 7, PAGE)
    assert not CachedPage.objects.exists()


def test_a_change_deletes_stored_pages(store: DatabaseStore) -> None:
    store.keep("key", 7, PAGE)
    bump_revision()
    assert not CachedPage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_reader_does_not_wait_for_a_writer() -> None:
    Archive.objects.create(revision=7)
    has_given_up: list[bool] = []

    def keep() -> None:
        DatabaseStore().keep("key", 7, PAGE)
        has_given_up.append(True)
        connection.close()

    with transaction.atomic():
        bump_revision()
        reader = Thread(target=keep)
        reader.start()
        reader.join(timeout=10)
    assert has_given_up
    assert not CachedPage.objects.exists()


# Pages of days


def read_queries(client: Client, path: str = DAY) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def test_a_cached_page_needs_two_queries(archive: Path, client: Client) -> None:
    client.get(DAY)
    assert len(read_queries(client)) == 2


def test_a_cached_page_has_the_same_content_and_headers(archive: Path, client: Client) -> None:
    first, second = client.get(DAY), client.get(DAY)
    assert first.content == second.content
    assert first.headers["X-Robots-Tag"] == second.headers["X-Robots-Tag"] == "noindex"


def test_a_page_with_unknown_parameters_is_not_cached(archive: Path, client: Client) -> None:
    client.get(f"{DAY}?utm_source=a")
    assert not CachedPage.objects.exists()


def test_a_404_is_not_cached(archive: Path, client: Client) -> None:
    client.get("/rooms/tea-room/1999/01/01/")
    assert not CachedPage.objects.exists()


def test_a_hidden_message_is_in_no_cached_page(archive: Path, client: Client) -> None:
    client.get(DAY)
    assert CachedPage.objects.filter(html__contains="第二天").exists()
    moderation.hide([Message.objects.get(text="第二天")], by=None, category="", reason="")
    assert not CachedPage.objects.filter(html__contains="第二天").exists()


def test_a_closed_room_serves_no_cached_page(archive: Path, client: Client) -> None:
    client.get(DAY)
    moderation.set_visibility(Room.objects.get(slug="tea-room"), "hidden", by=None, category="", reason="")
    assert client.get(DAY).status_code == 404


def test_an_import_without_changes_keeps_cached_pages(archive: Path, client: Client) -> None:
    client.get(DAY)
    before = read_revision()
    import_tree(archive)
    assert (read_revision(), CachedPage.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_an_import_with_changes_deletes_cached_pages(tmp_path: Path, client: Client) -> None:
    write_archive(tmp_path)
    import_tree(tmp_path)
    client.get(DAY)
    path = tmp_path / "wine-room" / "2018-03-27-chat.markdown"
    path.write_bytes(path.read_bytes().replace("另一个群".encode(), "同一个群".encode()))
    import_tree(tmp_path)
    assert not CachedPage.objects.exists()
