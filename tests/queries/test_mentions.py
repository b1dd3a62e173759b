"""Tests of mentions and of the messages that they reply to."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import mentions
from chatlogs.models import Alias, Day, Mention, MentionedName
from chatlogs.people import merging
from chatlogs.queries.mentions import (
    count_mentioned,
    find_answered,
    find_mentioned_ids,
    find_mentioned_ids_of,
)
from chatlogs.queries.timelines import TimelineMessage, read_timeline
from tests.importing.archives import import_tree
from tests.people.people import import_day, import_day_once, member
from tests.transcripts.making import DAY, message, write_transcript

JIANG, LU, TANG = "江月-云杉支付-产品-杭州", "陆鸣", "汤圆"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return tmp_path


def messages() -> list[TimelineMessage]:
    """Return all messages in order, as a page reads them."""
    return [message for day in Day.objects.order_by("date") for message in read_timeline(day).messages]


# Replies


def answered(tree: Path, *said: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Return (text with mention, text replied to) for a day with these times, names and texts."""
    write_transcript(tree, "tea-room", DAY, *(message(*one) for one in said))
    import_tree(tree)
    all_messages = messages()
    found = find_answered(all_messages)
    return [
        (one.text, found[one.pk, mention.start].text)
        for one in all_messages
        for mention in one.mentions
        if (one.pk, mention.start) in found
    ]


def test_a_mention_replies_to_the_members_last_message_before_it(tree: Path, db: None) -> None:
    said = [("09:00:00", TANG, "一"), ("09:01:00", TANG, "二"), ("09:02:00", LU, "@汤圆 好"), ("09:03:00", TANG, "三")]
    assert answered(tree, *said) == [("@汤圆 好", "二")]


def test_it_may_reply_to_a_message_of_the_same_second(tree: Path, db: None) -> None:
    assert answered(tree, ("09:00:00", TANG, "一"), ("09:00:00", LU, "@汤圆 好")) == [("@汤圆 好", "一")]


@pytest.mark.parametrize(("time", "is_answer"), [("10:00:00", True), ("10:00:01", False)])
def test_it_replies_to_nothing_older_than_an_hour(time: str, is_answer: bool, tree: Path, db: None) -> None:
    assert bool(answered(tree, ("09:00:00", TANG, "一"), (time, LU, "@汤圆 好"))) == is_answer


def test_who_has_said_nothing_is_not_answered(tree: Path, db: None) -> None:
    assert answered(tree, ("09:00:00", LU, "@汤圆 好"), ("09:01:00", TANG, "一")) == []


def test_who_is_unknown_is_not_answered(tree: Path, db: None) -> None:
    assert answered(tree, ("09:00:00", TANG, "一"), ("09:01:00", LU, "@石榴 好")) == []


def test_each_mention_replies_to_its_own_message(tree: Path, db: None) -> None:
    said = [("09:00:00", TANG, "一"), ("09:01:00", JIANG, "二"), ("09:02:00", LU, f"@汤圆 @{JIANG} 好")]
    assert [words for _, words in answered(tree, *said)] == ["一", "二"]


def test_an_answer_may_have_been_said_under_another_name(tree: Path, db: None) -> None:
    said = [("09:00:00", TANG, "一"), ("09:01:00", JIANG, "二"), ("09:02:00", LU, "@汤圆 好")]
    answered(tree, *said)
    merging.merge(member(TANG), member(JIANG), by=None, reason="")
    assert [one.text for one in find_answered(messages()).values()] == ["二"]


def test_members_who_mention_themselves_reply_to_nothing(tree: Path, db: None) -> None:
    assert answered(tree, ("09:00:00", TANG, "一"), ("09:01:00", TANG, "@汤圆 好")) == []


# Counts


def counted() -> list[tuple[str, int]]:
    return [(one.member.name, one.count) for one in count_mentioned(messages())]


def test_members_are_counted_the_most_often_mentioned_first(tree: Path, db: None) -> None:
    import_day(tree, TANG, JIANG, (LU, f"@{JIANG} 早"), (LU, "@江月 早"), (LU, "@汤圆 早"))
    assert counted() == [(JIANG, 2), (TANG, 1)]


def test_a_message_counts_once_however_often_it_mentions_a_member(tree: Path, db: None) -> None:
    import_day(tree, TANG, (LU, "@汤圆 @汤圆 早"))
    assert counted() == [(TANG, 1)]


def test_those_mentioned_as_often_are_in_the_order_of_names(tree: Path, db: None) -> None:
    import_day(tree, "汤圆", "阿甲", (LU, "@汤圆 @阿甲 早"))
    assert counted() == [("阿甲", 1), ("汤圆", 1)]


def test_everybody_and_the_unknown_are_not_counted(tree: Path, db: None) -> None:
    import_day(tree, (LU, "@all @石榴 早"))
    assert counted() == []


# Finding mentioned names


@pytest.fixture
def people(tree: Path, db: None) -> Path:
    import_day_once(tree, JIANG, TANG, "小花生", (LU, "@江月 早"), (LU, "@汤圆 早"), (LU, "@石榴 早"))
    merging.merge(member("小花生"), member(TANG), by=None, reason="")
    return tree


def texts_of(ids: frozenset[int]) -> set[str]:
    return set(MentionedName.objects.filter(pk__in=ids).values_list("text", flat=True))


@pytest.mark.parametrize("part", ["石榴", "石", "@石榴", "＠石榴", " 石榴 "])
def test_a_mentioned_name_is_found_by_a_part_of_it(part: str, people: Path) -> None:
    assert texts_of(find_mentioned_ids(part)) == {"石榴"}


def test_a_mentioned_name_is_found_by_the_name_of_who_is_meant(people: Path) -> None:
    assert texts_of(find_mentioned_ids("云杉支付")) == {"江月"}


def test_a_mentioned_name_is_found_by_another_name_of_who_is_meant(people: Path) -> None:
    assert texts_of(find_mentioned_ids("小花生")) == {TANG}


def test_width_and_case_make_no_difference(tree: Path, db: None) -> None:
    import_day(tree, (LU, "@Momo 早"))
    assert texts_of(find_mentioned_ids("ｍＯmo")) == {"Momo"}


@pytest.mark.parametrize("part", ["", " ", "@", "＠@ ", "没有这个人"])
def test_nothing_is_found_by_nothing_or_by_what_nobody_is_called(part: str, people: Path) -> None:
    assert find_mentioned_ids(part) == frozenset()


def test_a_single_mention_is_found_by_who_is_meant_by_it(people: Path) -> None:
    mention = Mention.objects.get(name__text="石榴")
    mentions.override_mention(mention, Alias.objects.get(name=LU))
    mention.refresh_from_db()
    assert find_mentioned_ids_of(member(LU)) == {mention.name_id}


def test_of_a_member_all_names_are_found_that_stand_for_it(people: Path) -> None:
    assert texts_of(find_mentioned_ids_of(member(TANG))) == {TANG}


def test_a_member_without_mentions_has_no_mentioned_names(people: Path) -> None:
    assert find_mentioned_ids_of(member(LU)) == frozenset()
