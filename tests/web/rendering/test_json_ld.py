from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.models import Alias, Day, Room
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.queries.timelines import TimelineMessage
from chatlogs.web.rendering import render_linked_data
from chatlogs.web.rendering.json_ld import describe_discussion
from tests.linked_data import read_linked_data
from tests.markup import elements_of

PAGE = "/rooms/tea-room/2018/03/27/"
BEGINNING = '<script type="application/ld+json">'
PIECES = st.sampled_from(["</script>", "<!--", "<script>", "]]>", "\u2028", "\u2029", "\x10", '"', "\\", "&", "早"])


def line(text: str, name: str = "老陆", second: int = 0, *, is_author_hidden: bool = False) -> TimelineMessage:
    """A message sent so many seconds after nine o'clock in Shanghai."""
    nine = dt.datetime(2018, 3, 27, 1, tzinfo=dt.UTC)
    position = (int(nine.timestamp()) + second) << SEQUENCE_BITS
    fields = dict.fromkeys(TimelineMessage._fields) | {
        "key": f"20180327-{second:012}",
        "position": position,
        "text": text,
        "alias": Alias(name=name) if name else None,
        "is_author_hidden": is_author_hidden,
    }
    return TimelineMessage(**fields)  # type: ignore[arg-type]


def describe(*lines: TimelineMessage, zone: str = "Asia/Shanghai") -> Any:
    day = Day(room=Room(slug="tea-room", title="茶室", time_zone=zone), date=dt.date(2018, 3, 27))
    return describe_discussion(day, lines, PAGE, "https://example.org{}".format)


def test_the_first_message_is_the_posting() -> None:
    posting = describe(line("早"), line("你也早", "汤圆", 5))
    assert posting["@type"] == "DiscussionForumPosting"
    assert (posting["author"], posting["text"]) == ({"@type": "Person", "name": "老陆"}, "早")
    assert posting["headline"] == "2018-03-27 · 茶室"
    assert posting["mainEntityOfPage"] == f"https://example.org{PAGE}"
    assert posting["isPartOf"]["url"] == "https://example.org/rooms/tea-room/"


def test_the_others_are_its_comments() -> None:
    (comment,) = describe(line("早"), line("你也早", "汤圆", 5))["comment"]
    assert comment == {
        "@type": "Comment",
        "author": {"@type": "Person", "name": "汤圆"},
        "datePublished": "2018-03-27T09:00:05+08:00",
        "text": "你也早",
        "url": "https://example.org/m/20180327-000000000005/",
    }


@pytest.mark.parametrize(("zone", "time"), [("Asia/Shanghai", "09:00:00+08:00"), ("Europe/London", "02:00:00+01:00")])
def test_times_are_the_rooms_own(zone: str, time: str) -> None:
    assert describe(line("早"), zone=zone)["datePublished"] == f"2018-03-27T{time}"


@pytest.mark.parametrize(("is_hidden", "name"), [(True, "author hidden"), (False, "unknown")])
def test_who_is_not_named_is_a_person_all_the_same(is_hidden: bool, name: str) -> None:
    with override("en"):
        assert describe(line("早", "", is_author_hidden=is_hidden))["author"] == {"@type": "Person", "name": name}


def test_what_has_no_words_is_left_out() -> None:
    posting = describe(line(""), line("早"), line(" \n"))
    assert (posting["text"], posting["comment"]) == ("早", [])


def test_where_there_are_no_words_there_is_nothing() -> None:
    assert describe(line(""), line(" ")) is None
    assert describe() is None


@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join)))
def test_no_text_ends_the_element_or_is_changed_by_it(text: str) -> None:
    markup = render_linked_data({"text": text})
    assert elements_of(f"{markup}<p>") == [("script", {"type": "application/ld+json"}), ("p", {})]
    assert not {*"<>&\u2028\u2029"} & {*markup[len(BEGINNING) : -len("</script>")]}
    assert read_linked_data(markup) == {"text": text}
