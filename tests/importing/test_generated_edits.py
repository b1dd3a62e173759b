"""Whatever is done to a day's file, in whatever order, certain things hold after each import."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.importing import Status
from chatlogs.models import Message, Segment
from chatlogs.search import sync
from tests.examples import examples
from tests.importing.archives import (
    exported,
    hide_key,
    import_tree,
    live_messages,
    on_disk,
    recount,
    row_writes,
    stored_counters,
)
from tests.importing.dumps import dump_tables
from tests.search.index_dumps import indexed_positions
from tests.transcripts.making import DAY, message, write_transcript

RUN_ONLY = 2
ROOMS = ("porch", "tea-room")

# Few of each, so that much is equal: seconds, names, texts.
Line = tuple[int, str, str]
lines = st.tuples(
    st.integers(0, 3), st.sampled_from(["江月", "乔木", "我", ""]), st.sampled_from(["一", "二", "+1", ""])
)
days = st.lists(lines, max_size=9)


class Edits:
    """Ways to edit a day; `choose` is where chance comes in."""

    def __init__(self, choose: Random, fresh: list[Line]) -> None:
        self._choose = choose
        self._fresh = fresh

    def apply(self, day: list[Line]) -> list[Line]:
        edit = self._choose.choice([self.insert, self.delete, self.retype, self.retime, self.rename, self.swap])
        return edit(list(day)) if day else list(self._fresh)

    def insert(self, day: list[Line]) -> list[Line]:
        for line in self._fresh:
            day.insert(self._choose.randrange(len(day) + 1), line)
        return day

    def delete(self, day: list[Line]) -> list[Line]:
        del day[self._choose.randrange(len(day))]
        return day

    def retype(self, day: list[Line]) -> list[Line]:
        place = self._choose.randrange(len(day))
        second, name, text = day[place]
        day[place] = second, name, f"{text}!"
        return day

    def retime(self, day: list[Line]) -> list[Line]:
        place = self._choose.randrange(len(day))
        second, name, text = day[place]
        day[place] = second + 1, name, text
        return day

    def rename(self, day: list[Line]) -> list[Line]:
        renamed = self._choose.choice(day)[1]
        return [(second, f"{name}-青禾" if name == renamed else name, text) for second, name, text in day]

    def swap(self, day: list[Line]) -> list[Line]:
        first, second = self._choose.randrange(len(day)), self._choose.randrange(len(day))
        day[first], day[second] = day[second], day[first]
        return day


@examples(30)
@given(
    random=st.randoms(use_true_random=False), first=st.tuples(days, days), fresh=st.lists(days, min_size=1, max_size=4)
)
def test_edits_and_imports_keep_everything_in_order(
    db: None, random: Random, first: tuple[list[Line], list[Line]], fresh: list[list[Line]]
) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        archive = Imported(Path(folder), dict(zip(ROOMS, first, strict=True)))
        archive.import_and_check()
        for lines_to_add in fresh:
            if random.random() < 0.3:
                archive.hide_any(random)
            room = random.choice(ROOMS)
            archive.days[room] = Edits(random, lines_to_add[:2]).apply(archive.days[room])
            archive.import_and_check()
        transaction.set_rollback(True)


class Imported:
    """Two rooms' day on disk, and its import."""

    def __init__(self, folder: Path, days: dict[str, list[Line]]) -> None:
        self._folder = folder
        self.days = days

    def import_and_check(self) -> None:
        known, states = {one.pk: one.key for one in Message.objects.all()}, self._moderated()
        identities = self._keys_by_identity()
        self._write()
        report = import_tree(self._folder, allow_withdrawals=True)
        assert not report.files[Status.REJECTED]
        self._check_rows()
        self._check_positions()
        self._check_index()
        assert known.items() <= {one.pk: one.key for one in Message.objects.all()}.items()
        assert states.items() <= self._moderated().items()
        self._check_kept(identities)
        self._check_held(set(known))
        self._check_that_importing_again_changes_nothing()

    def hide_any(self, random: Random) -> None:
        keys = sorted(Message.objects.values_list("key", flat=True))
        if keys:
            hide_key(random.choice(keys))

    def _write(self) -> None:
        """Within a file, times run forwards, as they do in the real ones."""
        for room, day in self.days.items():
            day.sort(key=lambda line: line[0])
            said = (message(f"09:00:{second:02}", name, text or None) for second, name, text in day)
            write_transcript(self._folder, room, DAY, *said)

    def _check_rows(self) -> None:
        assert exported() == on_disk(self._folder)
        assert stored_counters() == recount()
        for room, day in self.days.items():
            live = live_messages(room)
            said = [(one.time.second, one.alias.name if one.alias else "", one.text) for one in live]
            assert said == day
            numbers = Segment.objects.filter(message__in=live).order_by("number").values_list("number", flat=True)
            assert list(numbers) == list(range(len(day)))

    def _check_positions(self) -> None:
        for room in ROOMS:
            positions = [one.position for one in live_messages(room)]
            assert positions == sorted(positions)
        ordered = Message.objects.in_time_order().values_list("time", "room__slug")
        assert list(ordered) == sorted(ordered)

    def _check_index(self) -> None:
        assert indexed_positions() == {*Message.objects.visible().values_list("position", flat=True)}
        assert not sync.check()

    def _moderated(self) -> dict[str, str]:
        return dict(Message.objects.exclude(state="shown").values_list("key", "state"))

    def _keys_by_identity(self) -> dict[tuple[str, Line], set[str]]:
        identities: defaultdict[tuple[str, Line], set[str]] = defaultdict(set)
        for room in ROOMS:
            for one in live_messages(room):
                identities[room, (one.time.second, one.alias.name if one.alias else "", one.text)].add(one.key)
        return identities

    def _check_kept(self, before: dict[tuple[str, Line], set[str]]) -> None:
        """What stands in the file as it stood keeps its key, as many times as it still does."""
        after = self._keys_by_identity()
        for identity, keys in before.items():
            assert len(keys & after[identity]) >= min(len(keys), len(after[identity]))

    def _check_held(self, known: set[int]) -> None:
        for room in ROOMS:
            messages = Message.objects.filter(room__slug=room)
            is_gone = messages.filter(is_withdrawn=True).exclude(state="shown").exists()
            states = set(messages.exclude(pk__in=known).values_list("state", flat=True))
            assert states <= {"held" if is_gone else "shown"}

    def _check_that_importing_again_changes_nothing(self) -> None:
        for reparse in (False, True):
            before, writes = dump_tables(), row_writes()
            import_tree(self._folder, reparse=reparse)
            assert (dump_tables(), row_writes() - writes) == (before, RUN_ONLY)
