"""Reads the mentions of the imported archive, for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from chatlogs.mentions.directory import Method
from chatlogs.models import Alias, Mention, MentionedName
from tests.people.people import Said, days_later, write_day

# The member that everybody calls 小满, a nickname that must be inferred.
MEANT, NICKNAME = "Anna-青禾银行", "小满"
CHATTERS = ("陈一鸣", "陆千帆")
FEWEST_DAYS = 6


class Told(NamedTuple):
    """A mention: the text, the name and its place, the names of the mentioned member, and the method."""

    text: str
    name: str
    start: int
    stop: int
    meant: tuple[tuple[str, str], ...]
    method: str
    is_sure: bool


def told() -> list[Told]:
    """Return all mentions without IDs, sorted by content."""
    names: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for member_id, room, name in Alias.objects.order_by("room__slug", "name").values_list(
        "member_id", "room__slug", "name"
    ):
        names[member_id].append((room, name))
    mentions = Mention.objects.select_related("message", "name__alias")
    return sorted(
        Told(
            one.message.text,
            one.name.text,
            one.start,
            one.stop,
            tuple(names[one.name.alias.member_id]) if one.name.alias else (),
            one.name.method,
            one.name.is_sure,
        )
        for one in mentions
    )


def mentioned(*, said: str = "") -> list[str]:
    """Return the mentioned names in order, of the message with this text if one is given."""
    mentions = Mention.objects.filter(message__text__contains=said).order_by("message__position", "start")
    return list(mentions.values_list("name__text", flat=True))


def the_mention(name: str) -> Mention:
    return Mention.objects.select_related("name__alias__member", "message__day").get(name__text=name)


def the_name(text: str) -> MentionedName:
    return MentionedName.objects.select_related("alias").get(text=text, is_single=False)


def meaning(text: str) -> tuple[str | None, str]:
    """Return the alias that a name refers to, and the method."""
    name = the_name(text)
    return (name.alias.name if name.alias else None), Method(name.method).name


def write_chatter(tree: Path, days: Iterable[int]) -> None:
    """Write days on which two talk and somebody mentions 小满, who answers under another name."""
    for number in days:
        said: list[str | Said] = [CHATTERS[n // 7 % 2] for n in range(120)]
        said[60:60] = [(CHATTERS[0], f"@{NICKNAME} 第{number}次问"), (MEANT, f"第{number}次答")]
        write_day(tree, days_later(number), *said)
