"""Groups a day's messages into conversations and turns, and splits large days into parts."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chatlogs.models import Alias, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.queries.timelines import Timeline, TimelineMessage
from chatlogs.text.quotations import find_quotation

# The longest silence within a turn.
TURN_SECONDS = 7 * 60

# The silence that ends a conversation, unless the next message is a reply that comes within ANSWER_SECONDS.
SILENCE_SECONDS = 20 * 60
ANSWER_SECONDS = 60 * 60

# A message that mentions one of the last speakers is a reply.
LAST_SPEAKERS = 15

# Days with more messages are split into parts with at least FEWEST_ON_A_PAGE.
MOST_ON_A_PAGE, FEWEST_ON_A_PAGE = 500, 100


@dataclass(slots=True)
class Turn:
    """Consecutive messages of one sender, or the number of messages removed in one place."""

    alias: Alias | None = None
    messages: list[TimelineMessage] = field(default_factory=list)
    removed: int = 0


@dataclass(slots=True)
class Conversation:
    """Turns without a long silence between them. `starts_at` is None without readable messages.

    `number` counts within the day; a conversation that is split between parts has the same number in both.
    """

    number: int
    starts_at: dt.time | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def messages(self) -> list[TimelineMessage]:
        return [message for turn in self.turns for message in turn.messages]

    @property
    def message_count(self) -> int:
        return sum(len(turn.messages) for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a day, numbered from 1."""

    number: int
    conversations: Sequence[Conversation]

    @property
    def messages(self) -> list[TimelineMessage]:
        return messages_of(self.conversations)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A conversation in a day's index; `part` is the number of the part in which it begins."""

    number: int
    starts_at: dt.time | None
    message_count: int
    part: int


def messages_of(conversations: Iterable[Conversation]) -> list[TimelineMessage]:
    return [message for conversation in conversations for message in conversation.messages]


def group_in_conversations(timeline: Timeline) -> list[Conversation]:
    """Group a timeline. A removed message belongs to the conversation before it, or else to the first one."""
    conversations: list[Conversation] = []
    speakers = _LastSpeakers()
    before: TimelineMessage | None = None
    for message in timeline.in_order():
        if message is None:
            if not conversations:
                conversations.append(Conversation(1))
            turns = conversations[-1].turns
            if not turns or not turns[-1].removed:
                turns.append(Turn())
            turns[-1].removed += 1
            continue
        silence = message.second - before.second if before else 0
        if before is None and conversations:
            conversations[-1].starts_at = message.time
        elif before is None or (silence > SILENCE_SECONDS and not _is_reply(message, silence, speakers)):
            conversations.append(Conversation(len(conversations) + 1, message.time))
        turns = conversations[-1].turns
        if not turns or turns[-1].removed or before is None or not _are_one_turn(before, message):
            turns.append(Turn(message.alias))
        turns[-1].messages.append(message)
        speakers.add(message)
        before = message
    return conversations


def cut_in_parts(conversations: Sequence[Conversation]) -> list[Part]:
    """Split at the longest silences between turns; only a turn that is longer than a page is split itself."""
    messages = messages_of(conversations)
    cuts = list(find_cuts([message.second for message in messages]))
    if not cuts:
        return [Part(1, conversations)]
    starts = [messages[place].position for place in cuts]
    parts: list[list[Conversation]] = [[] for _ in range(len(starts) + 1)]
    place = 0
    for conversation in conversations:
        for turn in conversation.turns:
            for piece in _cut_turn(turn, starts):
                while piece.messages and place < len(starts) and piece.messages[0].position >= starts[place]:
                    place += 1
                part = parts[place]
                if not part or part[-1].number != conversation.number:
                    starts_at = piece.messages[0].time if piece.messages else conversation.starts_at
                    part.append(Conversation(conversation.number, starts_at))
                part[-1].turns.append(piece)
    return [Part(number, of_part) for number, of_part in enumerate(parts, 1)]


def find_cuts(seconds: Sequence[int]) -> Iterator[int]:
    """Return the indexes at which parts after the first begin: at the longest silences between these times."""
    start = 0
    while len(seconds) - start > MOST_ON_A_PAGE:
        last = min(start + MOST_ON_A_PAGE, len(seconds) - FEWEST_ON_A_PAGE)
        choices = range(start + FEWEST_ON_A_PAGE, last + 1)
        start = max(choices, key=lambda place: seconds[place] - seconds[place - 1])
        yield start


def index_conversations(parts: Sequence[Part]) -> list[IndexEntry]:
    entries: dict[int, IndexEntry] = {}
    for part in parts:
        for conversation in part.conversations:
            known = entries.get(conversation.number)
            count = conversation.message_count + (known.message_count if known else 0)
            begins_in = known.part if known else part.number
            starts_at = known.starts_at if known else conversation.starts_at
            entries[conversation.number] = IndexEntry(conversation.number, starts_at, count, begins_in)
    return list(entries.values())


def find_part_number(message: Message) -> int:
    """Return the number of the part that shows a message."""
    if message.day.message_count <= MOST_ON_A_PAGE:
        return 1
    visible = Message.objects.visible().on(message.day).in_time_order()
    positions = list(visible.values_list("position", flat=True))
    starts = [positions[cut] for cut in find_cuts([position >> SEQUENCE_BITS for position in positions])]
    return bisect_right(starts, message.position) + 1


class _LastSpeakers:
    def __init__(self) -> None:
        self._members: deque[int] = deque()

    def add(self, message: TimelineMessage) -> None:
        if message.alias is None:
            return
        member_id = message.alias.member_id
        if self._members and self._members[-1] == member_id:
            return
        if member_id in self._members:
            self._members.remove(member_id)
        elif len(self._members) == LAST_SPEAKERS:
            self._members.popleft()
        self._members.append(member_id)

    def __contains__(self, member_id: object) -> bool:
        return member_id in self._members


def _is_reply(message: TimelineMessage, silence: int, speakers: _LastSpeakers) -> bool:
    """Return whether the message continues the conversation before the silence."""
    if silence > ANSWER_SECONDS:
        return False
    if find_quotation(message.text):
        return True
    return any(mention.member and mention.member.pk in speakers for mention in message.mentions)


def _are_one_turn(before: TimelineMessage, after: TimelineMessage) -> bool:
    """Return whether two messages are one turn. Without visible senders they are not: those may be two people."""
    is_hidden = before.is_author_hidden or after.is_author_hidden
    return not is_hidden and before.alias_id == after.alias_id and after.second - before.second <= TURN_SECONDS


def _cut_turn(turn: Turn, starts: Sequence[int]) -> Iterator[Turn]:
    """Yield the turn, split where parts begin."""
    inner = [start for start in starts if turn.messages and turn.messages[0].position < start]
    rest = turn
    for start in inner:
        earlier = [message for message in rest.messages if message.position < start]
        if len(earlier) == len(rest.messages):
            break
        yield Turn(turn.alias, earlier)
        rest = Turn(turn.alias, rest.messages[len(earlier) :])
    yield rest
