"""Whatever is done, in whatever order, and whatever is imported between: certain things hold after each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Day, Member, Message, ModerationAction, OptOut, PersonalDataMatch
from chatlogs.moderation import Part
from chatlogs.moderation.actions.messages import find_hidden_otherwise
from chatlogs.moderation.visible_content import read_originals
from chatlogs.people import merging
from tests.examples import examples
from tests.importing.archives import import_tree
from tests.moderation.deciding import shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.transcripts.making import DAY, message, write_transcript

NAMES = ("陈江月", "石榴", "云-青禾", "我")
ROOMS = ("porch", "tea-room")

# Second, name, and words that nothing else has: `{}` is what is looked for.
Line = tuple[int, str, str]
SAID = ("{}", "{}来了", "@陈江月 {}", "{} 13800138000", "@云-青禾，{}", "陈江月说{}")


class World:
    """Two rooms' day on disk and in the archive, and what must not be seen any more, by what was done."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder = folder
        self._random = random
        self._made = 0
        self.erased: set[str] = set()
        self.days = {room: [self._make_line() for _ in range(random.randrange(2, 6))] for room in ROOMS}
        self.import_all()

    def _make_line(self) -> Line:
        self._made += 1
        words = self._random.choice(SAID).format(f"雀{self._made:03}言")
        return self._random.randrange(4), self._random.choice(NAMES), words

    def import_all(self) -> None:
        for room, day in self.days.items():
            day.sort(key=lambda line: line[0])
            lines = (message(f"09:00:{second:02}", name, text) for second, name, text in day)
            write_transcript(self._folder, room, DAY, *lines)
        report = import_tree(self._folder, allow_withdrawals=True)
        assert not report.files["rejected"]  # type: ignore[index]

    def edit(self) -> None:
        day = self.days[self._random.choice(ROOMS)]
        place = self._random.randrange(len(day)) if day else None
        edits = ["insert"] if place is None else ["insert", "delete", "retype", "retime", "rename", "swap"]
        match self._random.choice(edits), place:
            case "delete", int(place):
                del day[place]
            case "retype", int(place):
                day[place] = (*day[place][:2], f"{day[place][2]}!")
            case "retime", int(place):
                day[place] = (day[place][0] + 1, *day[place][1:])
            case "rename", int(place):
                day[place] = (day[place][0], f"{day[place][1]}-新", day[place][2])
            case "swap", int(place):
                day.insert(0, day.pop(place))
            case _:
                day.append(self._make_line())
        self.import_all()

    def step(self, choices: Sequence[Callable[[], object]]) -> None:
        try:
            with transaction.atomic():
                self._random.choice(choices)()
        except ActionRefused:
            pass

    def _some(self) -> list[Message]:
        messages = list(Message.objects.with_originals().order_by("pk"))
        return self._random.sample(messages, min(len(messages), self._random.randrange(1, 3)))

    def hide(self) -> None:
        moderation.hide(self._some(), self._random.choice(list(Part)), **why())

    def restore(self) -> None:
        """Nothing that is hidden with its day or its sender: such an exception ends when the message is hidden."""
        some = self._some()
        otherwise = find_hidden_otherwise(some)
        moderation.restore([one for one in some if one.key not in otherwise], **why())

    def hide_day(self) -> None:
        moderation.hide_day(self._random.choice(list(Day.objects.order_by("pk"))), **why())

    def restore_day(self) -> None:
        moderation.restore_day(self._random.choice(list(Day.objects.order_by("pk"))), **why())

    def redact(self) -> None:
        one = self._some()[0]
        text = read_originals([one])[one.pk].text
        start = self._random.randrange(len(text) or 1)
        moderation.redact(one, self._random.choice([None, [(start, start + 1)], [(0, len(text))]]), **why())

    def erase(self) -> None:
        some = [one for one in self._some() if not one.is_withdrawn]
        texts = {original.text for original in read_originals(some).values()}
        moderation.erase(some, **why())
        self.erased |= {text[place : place + 5] for text in texts if (place := text.find("雀")) >= 0}

    def opt_out(self) -> None:
        person = self._random.choice(list(Member.objects.filter(aliases__isnull=False).distinct().order_by("pk")))
        moderation.opt_out(person, self._random.choice(OptOut.Extent.values), **why())

    def merge(self) -> None:
        owners = list(Member.objects.filter(aliases__isnull=False).distinct().order_by("pk"))
        if len(owners) > 1:
            merging.merge(*self._random.sample(owners, 2), by=None, reason="")

    def decide(self) -> None:
        found = list(PersonalDataMatch.objects.order_by("pk"))
        if found:
            state = self._random.choice(PersonalDataMatch.State.values)
            moderation.decide_on_matches([self._random.choice(found)], state, **why())

    def undo(self) -> None:
        if done := list(ModerationAction.objects.order_by("pk")):
            moderation.undo(self._random.choice(done), **why())

    def check(self) -> None:
        check_everything()
        for words in self.erased:
            assert (places_with(words), words) == (set(), words)
        self._check_that_nobody_is_named()
        self._check_redactions()

    def _check_that_nobody_is_named(self) -> None:
        """Who opted out, as a sender, in a mention, or with a message that was not wanted."""
        hiding = OptOut.objects.exclude(extent="name").values("pseudonym")
        assert not Message.objects.visible().filter(alias__name__in=hiding).exists()
        for pseudonym, name in OptOut.objects.values_list("pseudonym", "member__first_alias__original_name__name"):
            assert name is None or not any(f"@{name}" in text for text in shown()), pseudonym

    def _check_redactions(self) -> None:
        whole = Message.objects.visible().filter(redactions__start=None, redactions__isnull=False)
        assert not [one.text for one in whole if "雀" in one.text]


some = examples(25)


@some
@given(random=st.randoms(use_true_random=False), steps=st.integers(2, 8))
def test_actions_and_imports_leave_everything_in_order(db: None, random: Random, steps: int) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        world = World(Path(folder), random)
        for _ in range(steps):
            choices = [world.hide, world.restore, world.hide_day, world.restore_day, world.redact, world.erase]
            choices += [world.opt_out, world.merge, world.decide, world.undo, world.edit, world.edit, world.edit]
            world.step(choices)
            world.check()
        transaction.set_rollback(True)


@some
@given(random=st.randoms(use_true_random=False), steps=st.integers(2, 8))
def test_all_undone_from_the_newest_everything_is_as_before(db: None, random: Random, steps: int) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        world = World(Path(folder), random)
        before = snapshot()
        for _ in range(steps):
            choices = [world.hide, world.restore, world.hide_day, world.restore_day, world.redact]
            world.step([*choices, world.opt_out, world.merge, world.decide])
            world.check()
        for action in ModerationAction.objects.order_by("-pk"):
            moderation.undo(action, **why())
            check_everything()
        after = snapshot()
        del before["suggestions"], after["suggestions"]  # What a moderator parted stays so.
        assert differences(before, after) == {}
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", range(3))
def test_importing_again_after_many_actions_changes_nothing(db: None, tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, Random(seed))
    for _ in range(12):
        world.step([world.hide, world.redact, world.erase, world.opt_out, world.merge, world.edit])
    import_tree(tmp_path)
    before = snapshot()
    import_tree(tmp_path, reparse=True)
    assert differences(before, snapshot()) == {}
