"""Previews of days and the latest conversations."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Min, Q, Window
from django.db.models.functions import Lag, RowNumber

from chatlogs.models import Day, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.queries.conversations import SILENCE_SECONDS, group_in_conversations
from chatlogs.queries.pagination import find_at
from chatlogs.queries.timelines import Timeline, TimelineMessage, read_newest
from chatlogs.text.summaries import shorten

MOST_BEGINNINGS = 10

# An excerpt joins the first texts; each text, and the whole, is cut to a number of characters.
EXCERPT_TEXTS, LONGEST_TEXT, LONGEST_EXCERPT = 6, 60, 160


@dataclass(frozen=True, slots=True)
class Digest:
    """A day with the first messages of its first MOST_BEGINNINGS conversations."""

    day: Day
    began_at: dt.datetime
    ended_at: dt.datetime
    beginnings: Sequence[Message]
    conversation_count: int
    excerpt: str

    @property
    def more_conversations(self) -> int:
        return self.conversation_count - len(self.beginnings)


def find_digests(days: Iterable[Day]) -> list[Digest]:
    """Return digests, in order, of the days with readable messages. Four queries."""
    by_id = {day.pk: day for day in days}
    visible = Message.objects.visible().filter(day__in=by_id)
    ends = visible.order_by().values_list("day").annotate(Min("position"), Max("position"))
    spans = {day_id: (_moment(first), _moment(last)) for day_id, first, last in ends}
    excerpts = find_excerpts(by_id)

    second = F("position").bitrightshift(SEQUENCE_BITS)
    silence = second - Window(Lag(second), partition_by="day", order_by="position")
    first_messages = visible.annotate(silence=silence).filter(Q(silence=None) | Q(silence__gt=SILENCE_SECONDS))
    starts: defaultdict[int, list[int]] = defaultdict(list)
    for day_id, position in first_messages.order_by("position").values_list("day", "position"):
        starts[day_id].append(position)

    shown = [position for positions in starts.values() for position in positions[:MOST_BEGINNINGS]]
    messages = {message.position: message for message in find_at(shown)}
    return [
        Digest(
            day,
            *spans[pk],
            [messages[position] for position in starts[pk][:MOST_BEGINNINGS] if position in messages],
            len(starts[pk]),
            excerpts.get(pk, ""),
        )
        for pk, day in by_id.items()
        if pk in spans
    ]


def find_excerpt(day: Day) -> str:
    return find_excerpts([day.pk]).get(day.pk, "")


def find_excerpts(day_ids: Collection[int]) -> Mapping[int, str]:
    """Return excerpts by day id."""
    place = Window(RowNumber(), partition_by="day", order_by="position")
    texts = Message.objects.visible().filter(day__in=day_ids, kind=Message.Kind.TEXT).annotate(place=place)
    first = texts.filter(place__lte=EXCERPT_TEXTS).order_by("position").values_list("day", "text")
    said: defaultdict[int, list[str]] = defaultdict(list)
    for day_id, text in first:
        if line := shorten(text, LONGEST_TEXT):
            said[day_id].append(line)
    return {day_id: shorten(" / ".join(lines), LONGEST_EXCERPT) for day_id, lines in said.items()}


def _moment(position: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(position >> SEQUENCE_BITS, dt.UTC)


# The number of messages searched for conversations, of conversations shown, and of messages of a conversation that is
# preferred to shorter ones.
LOOKED_AT = 300
SHOWN = 6
TALK = 5

SPEAKERS_NAMED = 4
LINES_QUOTED = 2


@dataclass(frozen=True, slots=True)
class LatestConversation:
    """A conversation with its first lines and speakers."""

    day: Day
    first: TimelineMessage
    message_count: int
    lines: Sequence[TimelineMessage]
    speakers: Sequence[str]
    other_speakers: int


def find_latest_conversations() -> list[LatestConversation]:
    """Return the latest conversations, newest first; older messages than the newest LOOKED_AT are not read."""
    by_day: defaultdict[int, list[TimelineMessage]] = defaultdict(list)
    for message in read_newest(LOOKED_AT):
        by_day[message.day_id].append(message)
    days = Day.objects.listed().select_related("room").in_bulk(by_day)
    talks = [(days[day_id], talk) for day_id, said in by_day.items() for talk in group_in_conversations(Timeline(said))]
    talks.sort(key=lambda talk: (talk[1].message_count >= TALK, talk[1].messages[0].position), reverse=True)
    latest = []
    for day, talk in sorted(talks[:SHOWN], key=lambda talk: -talk[1].messages[0].position):
        messages = talk.messages
        speakers = list(dict.fromkeys(str(message.alias) for message in messages if message.alias))
        latest.append(
            LatestConversation(
                day,
                first=messages[0],
                message_count=len(messages),
                lines=[message for message in messages if message.text.strip()][:LINES_QUOTED],
                speakers=speakers[:SPEAKERS_NAMED],
                other_speakers=max(0, len(speakers) - SPEAKERS_NAMED),
            )
        )
    return latest
