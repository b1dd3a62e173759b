"""A range of a day's messages, to read apart and to cite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape

from chatlogs import moderation
from chatlogs.models import Message
from chatlogs.queries.ranges import MOST_CITED
from tests.readers import turn
from tests.small_archive import LU, import_tree
from tests.transcripts.making import DAY as DATE
from tests.transcripts.making import message, write_transcript

DAY = "/rooms/tea-room/2018/03/27/"


def keys() -> list[str]:
    messages = Message.objects.filter(day__date="2018-03-27", room__slug="tea-room").order_by("position")
    return list(messages.values_list("key", flat=True))


def shown(client: Client, first: str, last: str = "") -> list[str]:
    page = client.get(DAY, {"from": first, "to": last}).content.decode()
    return re.findall(r'id="m-([0-9a-f-]+)"', page)


def test_it_shows_the_range_alone(archive: Path, client: Client) -> None:
    assert shown(client, keys()[1], keys()[3]) == keys()[1:4]


def test_the_ends_may_be_given_in_either_order(archive: Path, client: Client) -> None:
    assert shown(client, keys()[3], keys()[1]) == keys()[1:4]


def test_one_end_is_enough_for_one_message(archive: Path, client: Client) -> None:
    assert shown(client, keys()[2]) == [keys()[2]]


def test_it_can_be_made_longer_at_both_ends(archive: Path, client: Client) -> None:
    page = client.get(DAY, {"from": keys()[2]}).content.decode()
    assert f"?from={keys()[1]}&amp;to={keys()[2]}" in page
    assert f"?from={keys()[2]}&amp;to={keys()[3]}" in page


def test_its_citation_has_names_times_words_and_the_address(archive: Path, client: Client) -> None:
    page = client.get(DAY, {"from": keys()[0]}).content.decode()
    (citation,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    address = f"http://testserver{DAY}?from={keys()[0]}&to={keys()[0]}"
    for part in ("&gt; **周可-云杉支付-产品-杭州** 09:00:00: 早上好", escape(f"(<{address}>)")):
        assert part in citation


def test_it_leads_back_into_its_day(archive: Path, client: Client) -> None:
    assert f'href="/m/{keys()[2]}/"' in client.get(DAY, {"from": keys()[2]}).content.decode()


def test_its_canonical_address_is_the_days(archive: Path, client: Client) -> None:
    page = client.get(DAY, {"from": keys()[2]}).content.decode()
    assert re.search(rf'rel="canonical"\s+href="http://testserver{DAY}"', page)


def test_it_has_a_limit_and_says_so(tmp_path: Path, db: None, client: Client) -> None:
    times = [f"09:{number // 60:02}:{number % 60:02}" for number in range(MOST_CITED + 5)]
    write_transcript(tmp_path, "tea-room", DATE, *(message(time, LU, "好") for time in times))
    import_tree(tmp_path)
    first, last = Message.objects.order_by("position").first(), Message.objects.order_by("position").last()
    assert first
    assert last
    response = client.get(first.day.get_absolute_url(), {"from": first.key, "to": last.key})
    assert len(response.context["excerpt"].timeline.messages) == MOST_CITED
    assert response.context["excerpt"].is_cut


@pytest.mark.parametrize("key", ["nothing", "20180327-000000000000", "x" * 300, "a\x00b", "", "<script>"])
def test_what_is_no_message_of_the_day_is_told(key: str, archive: Path, client: Client) -> None:
    response = client.get(DAY, {"from": key})
    assert response.status_code == 404
    assert DAY in response.content.decode()


def test_a_message_of_another_day_is_none(archive: Path, client: Client) -> None:
    other = Message.objects.get(text="第二天")
    assert client.get(DAY, {"from": keys()[0], "to": other.key}).status_code == 404


def test_it_neither_begins_nor_ends_with_what_is_hidden(archive: Path, client: Client) -> None:
    one = keys()[2]
    moderation.hide([Message.objects.get(key=one)], by=None, category="", reason="")
    assert client.get(DAY, {"from": one}).status_code == 404


def test_what_is_hidden_within_it_leaves_a_place_alone(archive: Path, client: Client) -> None:
    one = Message.objects.get(key=keys()[4])
    moderation.hide([one], by=None, category="", reason="")
    page = client.get(DAY, {"from": keys()[0], "to": keys()[-1]}).content.decode()
    assert "无名氏的话" not in page
    assert 'class="removed"' in page


def test_a_room_that_is_closed_has_none(archive: Path, client: Client) -> None:
    one = keys()[0]
    turn("tea-room", "hidden")  # type: ignore[arg-type]
    assert client.get(DAY, {"from": one}).status_code == 404


def test_it_keeps_out_of_search_engines(archive: Path, client: Client) -> None:
    assert "noindex" in client.get(DAY, {"from": keys()[0]}).headers["X-Robots-Tag"]
