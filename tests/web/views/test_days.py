from __future__ import annotations

import re
from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client

from chatlogs.models import Message
from tests.small_archive import LU, ZHOU

DAY = "/rooms/tea-room/2018/03/27/"


def page_of(client: Client, path: str = DAY) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def find_addresses(page: str, relation: str) -> list[str]:
    tags = re.findall(rf'<a [^>]*rel="{relation}"[^>]*>', page)
    return [address for tag in tags for address in re.findall(r'href="([^"]*)"', tag)]


def test_a_day_shows_every_message_in_its_place(archive: Path, client: Client) -> None:
    keys = re.findall(r'id="m-([0-9a-f-]+)"', page_of(client))
    stored = Message.objects.filter(day__date="2018-03-27", room__slug="tea-room").order_by("position")
    assert keys == [message.key for message in stored]


def test_each_messages_time_is_its_permanent_address(archive: Path, client: Client) -> None:
    page = page_of(client)
    for message in Message.objects.filter(day__date="2018-03-27", room__slug="tea-room"):
        assert f'href="/m/{message.key}/"' in page


def test_a_typed_script_is_shown_as_text(archive: Path, client: Client) -> None:
    page = page_of(client)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_emoji_token_is_shown_as_emoji(archive: Path, client: Client) -> None:
    assert "👍" in page_of(client)


def test_an_address_in_a_text_is_a_link_that_ends_before_chinese_punctuation(archive: Path, client: Client) -> None:
    assert '<a href="https://pay.example.org/a?b=1&amp;c=2" rel="nofollow noopener ugc">' in page_of(client)


def test_a_quotation_is_a_blockquote(archive: Path, client: Client) -> None:
    assert re.search(rf"<blockquote>\s*<cite>{ZHOU}</cite>", page_of(client))


def test_a_link_leads_outward_without_endorsing(archive: Path, client: Client) -> None:
    (link,) = re.findall(r'<a [^>]*href="https://read.example.com/x"[^>]*>', page_of(client))
    assert "nofollow noopener ugc" in link


def test_an_image_is_never_loaded_from_another_host(archive: Path, client: Client) -> None:
    assert not re.search(r'<(img|source|iframe)[^>]*(src|srcset)="https?:', page_of(client))


def test_a_private_account_id_is_nowhere(archive: Path, client: Client) -> None:
    for path in (DAY, "/", "/messages/", "/members/", "/rooms/tea-room/"):
        assert "wxid_" not in page_of(client, path)


def test_previous_and_next_lead_over_days_without_messages(archive: Path, client: Client) -> None:
    page = page_of(client, "/rooms/tea-room/2018/03/28/")
    links = {tag: address for tag in ("prev", "next") for address in find_addresses(page, tag)}
    assert links == {"prev": "/rooms/tea-room/2018/03/27/", "next": "/rooms/tea-room/2019/01/05/"}


def test_an_empty_day_is_a_page_that_leads_on(archive: Path, client: Client) -> None:
    page = page_of(client, "/rooms/tea-room/2018/03/29/")
    assert "/rooms/tea-room/2018/03/28/" in page


def test_the_speaker_of_the_day_is_named(archive: Path, client: Client) -> None:
    assert client.get(DAY).context["day"].speaker.name == LU


def test_the_same_date_in_another_room_is_linked(archive: Path, client: Client) -> None:
    assert 'href="/rooms/wine-room/2018/03/27/"' in page_of(client)


def test_a_silence_begins_another_conversation(archive: Path, client: Client) -> None:
    entries = client.get(DAY).context["index"]
    assert [entry.starts_at.isoformat() for entry in entries] == ["09:00:00", "10:00:00"]


def test_messages_of_one_sender_within_minutes_share_one_turn(archive: Path, client: Client) -> None:
    first = client.get(DAY).context["part"].conversations[0]
    assert [len(turn.messages) for turn in first.turns] == [2, 1]


def test_a_hidden_message_is_not_on_its_day(hidden: Message, client: Client) -> None:
    page = client.get("/rooms/tea-room/2018/03/28/").content.decode()
    assert hidden.text not in page
    assert hidden.key not in page


def test_the_source_files_hash_is_not_for_readers(archive: Path, client: Client) -> None:
    assert client.get(DAY).context["day"].source_file.sha256 not in page_of(client)


def test_the_source_files_hash_is_for_staff(archive: Path, client: Client) -> None:
    client.force_login(User.objects.create_user("wen", is_staff=True))
    assert client.get(DAY).context["day"].source_file.sha256 in page_of(client)
