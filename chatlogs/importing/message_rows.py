"""Writes the messages of one day: inserts new ones and updates changed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from chatlogs.db.bulk import IdAllocator, execute_for_rows, in_batches, insert_rows
from chatlogs.importing.keys import MessageKeys
from chatlogs.importing.plans import DayPlan
from chatlogs.importing.positions import Neighbour, place, seconds_of_day
from chatlogs.importing.rules import Rules
from chatlogs.models import Day, Image, Link, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.moderation.decisions.pending import Match, New
from chatlogs.moderation.import_screening import NewText, state_of_new
from chatlogs.moderation.visible_content import read_original
from chatlogs.people import Speaker
from chatlogs.search.sync import reindexed
from chatlogs.text.urls import read_host
from chatlogs.transcripts import Kind

COLUMNS = (
    "id", "key", "room_id", "day_id", "position", "time", "alias_id", "kind", "text", "state",
    "is_withdrawn", "duplicate_of_id",
)  # fmt: skip

Shown = Counter[int | None]


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of the messages in file order, and numbers of shown messages by alias id before and after.

    `decided` has the decisions, by message id, that were made before the messages were imported.
    """

    ids: Sequence[int]
    shown_before: Shown
    shown_after: Shown
    new_texts: Sequence[NewText]
    decided: Mapping[int, Match]


class MessageRows:
    def __init__(
        self,
        plan: DayPlan,
        day: Day,
        keys: MessageKeys,
        ids: IdAllocator,
        alias_ids: dict[Speaker, int | None],
        rules: Rules,
    ) -> None:
        self._plan = plan
        self._day = day
        self._alias_ids = alias_ids
        self._stored = plan.stored_messages
        self._opted_out = rules.opted_out
        fresh = iter(ids.take(len(plan.created)))
        self._ids = [next(fresh) if index is None else self._stored[index].pk for index in plan.matches]
        entries, contents = plan.transcript.entries, plan.contents
        self._new_keys = {
            index: plan.known_keys.get(index) or keys.make(contents[index].time, entries[index].sender)
            for index in plan.created
        }
        new = {
            index: New(key, contents[index].time, contents[index].speaker, contents[index].text)
            for index, key in self._new_keys.items()
        }
        self._decided = rules.pending.match(day.date, new)
        is_awaited = rules.pending.waits_for(day.date, self._decided.values())
        self._holds_new = plan.holds_new_messages or (plan.stored is not None and is_awaited)

    def write(self) -> Written:
        plan, contents = self._plan, self._plan.contents
        shown_before = _count_shown(self._stored)
        # The stored messages still have their former texts.
        new_texts = [NewText(self._ids[index], contents[index].text, None) for index in plan.created]
        new_texts += [
            NewText(self._ids[index], contents[index].text, read_original(self._matched(index)).text)
            for index in plan.changed
        ]
        positions, moves = self._place()
        rewritten = [self._ids[index] for index in (*plan.created, *plan.changed)]
        withdrawn = [self._stored[place_].pk for place_ in plan.withdrawn]
        with reindexed([*{*rewritten, *withdrawn, *moves}]):
            _move({message_id: -message_id for message_id in moves})
            self._insert(positions)
            self._update()
            _move(moves)
        decided = {self._ids[index]: match for index, match in self._decided.items()}
        shown_after = _count_shown(self._stored)
        shown_after.update(
            self._alias_ids[contents[index].speaker]
            for index in plan.created
            if index not in plan.transcript.duplicates and self._new_states[index] == Message.State.SHOWN
        )
        return Written(self._ids, shown_before, shown_after, new_texts, decided)

    @cached_property
    def _new_states(self) -> dict[int, str]:
        return {index: self._state_of_new(index) for index in self._plan.created}

    def _state_of_new(self, index: int) -> str:
        if self._holds_new:
            usual = Message.State.HELD
        else:
            name, account_hash = self._plan.contents[index].speaker
            usual = state_of_new(self._day, name, self._opted_out, account_hash)
        decided = self._decided.get(index)
        return decided.state_instead_of(usual.value) if decided else usual.value

    def _place(self) -> tuple[list[int], dict[int, int]]:
        """Return the positions of the entries, and the new ones of stored messages that have to move."""
        times = [entry.time for entry in self._plan.transcript.entries]
        seconds = seconds_of_day(self._day.date, self._day.room.zone, times)
        absent = self._plan.absent
        seconds += [message.position >> SEQUENCE_BITS for message in absent]
        placement = place(seconds, self._day.room.slug, _find_neighbours(self._day, seconds))
        matched = [self._stored[index] if index is not None else None for index in self._plan.matches]
        moves = placement.moved
        for message, position in zip((*matched, *absent), placement.own, strict=True):
            if message and message.position != position:
                moves[message.pk] = position
        return placement.own, moves

    def _insert(self, positions: Sequence[int]) -> None:
        contents, alias_ids = self._plan.contents, self._alias_ids
        room_id, day_id = self._day.room_id, self._day.pk
        rows = []
        for index in self._plan.created:
            time, speaker, kind, text, _ = contents[index]
            rows.append((
                self._ids[index], self._new_keys[index], room_id, day_id, positions[index], time, alias_ids[speaker],
                kind, text, self._new_states[index], False, self._duplicate_of(index),
            ))  # fmt: skip
        insert_rows(Message, COLUMNS, rows)
        self._insert_addresses(self._plan.created)

    def _update(self) -> None:
        # Before any message changes, as states depend on each other. Only these states are written: a moderator may be
        # changing others at the same time.
        states = {index: self._plan.state_of_changed(index) for index in self._plan.changed}
        restricted = [index for index, state in states.items() if state != self._matched(index).state]
        for index in restricted:
            self._matched(index).state = states[index]
            Message.objects.filter(pk=self._ids[index]).update(state=states[index])
        for index in self._plan.changed:
            message, content = self._matched(index), self._plan.contents[index]
            message.time = self._plan.transcript.entries[index].time
            message.alias_id = self._alias_ids[content.speaker]
            message.kind = content.kind
            message.text = content.text
            message.is_withdrawn = False
            message.duplicate_of_id = self._duplicate_of(index)
        for place_ in self._plan.withdrawn:
            self._stored[place_].is_withdrawn = True
            self._stored[place_].duplicate_of_id = None
        withdrawn = [self._stored[place_].pk for place_ in self._plan.withdrawn]
        for some in in_batches(withdrawn):
            Message.objects.filter(pk__in=some).update(is_withdrawn=True, duplicate_of=None)
        differing = [self._matched(index) for index in self._plan.changed]
        if not differing:
            return
        fields = ["time", "alias", "kind", "text", "is_withdrawn", "duplicate_of"]
        Message.objects.bulk_update(differing, fields, batch_size=500)
        for model in (Link, Image):
            model.objects.filter(message__in=differing).delete()
        self._insert_addresses(self._plan.changed)

    def _matched(self, index: int) -> Message:
        place_ = self._plan.matches[index]
        assert place_ is not None, "what changed was matched"
        return self._stored[place_]

    def _duplicate_of(self, index: int) -> int | None:
        shown = self._plan.transcript.duplicates.get(index)
        return None if shown is None else self._ids[shown]

    def _insert_addresses(self, indexes: Sequence[int]) -> None:
        """Insert the rows of links and images. Files and links without an address have none."""
        links, images = [], []
        for index in indexes:
            _, _, kind, _, url = self._plan.contents[index]
            if kind == Kind.IMAGE:
                images.append((self._ids[index], url))
            elif url:
                links.append((self._ids[index], url, read_host(url)))
        insert_rows(Link, ["message_id", "url", "host"], links)
        insert_rows(Image, ["message_id", "url"], images)


def _count_shown(messages: Sequence[Message]) -> Shown:
    return Counter(message.alias_id for message in messages if message.is_visible)


def _find_neighbours(day: Day, seconds: Sequence[int]) -> list[Neighbour]:
    """Return other rooms' messages, and this day's erased ones, in the same seconds as this day's messages."""
    if not seconds:
        return []
    first, last = min(seconds) << SEQUENCE_BITS, ((max(seconds) + 1) << SEQUENCE_BITS) - 1
    wanted = set(seconds)
    # A covering index has the positions, which nearly always show that there is no neighbour.
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM chatlogs_message WHERE position BETWEEN %s AND %s", [first, last])
        if all(position >> SEQUENCE_BITS not in wanted for (position,) in cursor.fetchall()):
            return []
    others = Message.objects.filter(position__range=(first, last)).exclude(day=day, segment__isnull=False).order_by()
    rows = others.values_list("pk", "position", "day__room__slug")
    return [Neighbour(*row) for row in rows if row[1] >> SEQUENCE_BITS in wanted]


def _move(positions: dict[int, int]) -> None:
    """Set positions by id. Negative ones avoid conflicts of messages that swap places."""
    execute_for_rows(
        "UPDATE chatlogs_message SET position = given.column2 FROM {given} AS given"
        " WHERE chatlogs_message.id = given.column1",
        "(%s::bigint, %s::bigint)",
        list(positions.items()),
    )
