"""What has been talked about last, over all rooms in lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chatlogs.models import Day
from chatlogs.queries.conversations import Conversation, group_in_conversations
from chatlogs.queries.timelines import Timeline, TimelineMessage, read_newest

# So many messages are looked through, for so many conversations; shorter ones are shown only where there are no others.
LOOKED_AT = 300
SHOWN = 6
TALK = 5

SPEAKERS_NAMED = 4
LINES_QUOTED = 2


@dataclass(frozen=True, slots=True)
class NewestConversation:
    """The first of its messages with words in them, and the names of who spoke first."""

    day: Day
    first: TimelineMessage
    message_count: int
    lines: Sequence[TimelineMessage]
    speakers: Sequence[str]
    other_speakers: int


def find_newest_conversations() -> list[NewestConversation]:
    """The newest first. What begins before the messages looked at is shown from there on."""
    by_day: defaultdict[int, list[TimelineMessage]] = defaultdict(list)
    for message in read_newest(LOOKED_AT):
        by_day[message.day_id].append(message)
    days = Day.objects.listed().select_related("room").in_bulk(by_day)
    talks = [(days[day_id], talk) for day_id, said in by_day.items() for talk in group_in_conversations(Timeline(said))]
    talks.sort(key=lambda talk: (talk[1].message_count >= TALK, talk[1].messages[0].position), reverse=True)
    newest = sorted(talks[:SHOWN], key=lambda talk: -talk[1].messages[0].position)
    return [_describe(day, talk) for day, talk in newest]


def _describe(day: Day, talk: Conversation) -> NewestConversation:
    messages = talk.messages
    speakers = list(dict.fromkeys(str(message.alias) for message in messages if message.alias))
    lines = [message for message in messages if message.text.strip()][:LINES_QUOTED]
    others = max(0, len(speakers) - SPEAKERS_NAMED)
    return NewestConversation(day, messages[0], len(messages), lines, speakers[:SPEAKERS_NAMED], others)
