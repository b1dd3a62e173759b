"""Tests of coverage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.audit import Justification
from chatlogs.models import Day, ImportRun, Room
from chatlogs.queries.coverage import Coverage, State, Stretch, find_coverage, find_last_import
from tests.importing.archives import import_tree
from tests.readers import make_private, turn
from tests.transcripts.making import make_front, message, write_transcript
from tests.worlds import import_once

WHY: Justification = {"by": None, "category": "request", "reason": "说不了"}

MARCH, NEXT_YEAR = dt.date(2018, 3, 27), dt.date(2019, 1, 2)


def day(number: int) -> dt.date:
    """Return the date so many days after 27 March 2018."""
    return MARCH + dt.timedelta(number)


@pytest.fixture
def tree(db: None, tmp_path: Path) -> Path:
    """Transcripts of 27 to 29 March, of which the second is empty, of 1 April, and of the next year."""
    for number in (0, 2, 5):
        write_transcript(tmp_path, "tea-room", day(number), message("09:00:00", "石榴", f"早{number}"))
    write_transcript(tmp_path, "tea-room", day(1))
    write_transcript(tmp_path, "tea-room", NEXT_YEAR, message("09:00:00", "石榴", "新年"))
    import_once(tmp_path)
    return tmp_path


def coverage_of(slug: str = "tea-room") -> Coverage:
    return next(one for one in find_coverage() if one.room.slug == slug)


def test_every_day_from_the_first_transcript_to_the_last_has_a_state(tree: Path) -> None:
    covered = coverage_of()
    assert (covered.first, covered.last) == (MARCH, NEXT_YEAR)
    assert [covered.days[day(number)].value for number in range(7)] == [
        "with_messages", "without_messages", "with_messages", "missing", "missing", "with_messages", "missing",
    ]  # fmt: skip
    assert covered.counts == {State.WITH: 4, State.WITHOUT: 1, State.MISSING_FILE: 277}
    assert len(covered.days) == (NEXT_YEAR - MARCH).days + 1
    assert covered.years == [2019, 2018]


def test_missing_days_are_grouped_in_stretches(tree: Path) -> None:
    stretches = coverage_of().missing
    assert stretches == [
        Stretch(dt.date(2018, 3, 30), dt.date(2018, 3, 31)),
        Stretch(dt.date(2018, 4, 2), dt.date(2019, 1, 1)),
    ]
    assert [stretch.day_count for stretch in stretches] == [2, 275]


def test_months_have_as_many_days_of_each_state_as_the_year(tree: Path) -> None:
    months = coverage_of().count_by_month(2018)
    assert months[dt.date(2018, 3, 1)] == {State.WITH: 2, State.WITHOUT: 1, State.MISSING_FILE: 2}
    assert months[dt.date(2018, 4, 1)] == {State.WITH: 1, State.MISSING_FILE: 29}
    assert coverage_of().count_by_month(2019) == {dt.date(2019, 1, 1): {State.WITH: 1, State.MISSING_FILE: 1}}


def break_file(tree: Path, date: dt.date, data: bytes = b"no front matter\n") -> None:
    (tree / "tea-room" / f"{date}-chat.markdown").write_bytes(data)


def test_a_rejected_transcript_is_not_missing(tree: Path) -> None:
    break_file(tree, day(3))
    import_tree(tree)
    covered = coverage_of()
    assert covered.days[day(3)] is State.REJECTED
    assert covered.missing[0] == Stretch(day(4), day(4))


def test_a_rejected_transcript_after_the_last_day_does_not_become_the_last_day(tree: Path) -> None:
    later = NEXT_YEAR + dt.timedelta(days=3)
    break_file(tree, later)
    import_tree(tree)
    covered = coverage_of()
    assert covered.days[later] is State.REJECTED
    assert covered.last == NEXT_YEAR
    assert NEXT_YEAR + dt.timedelta(days=1) not in covered.days


def test_a_rejected_newer_version_is_shown_until_it_is_fixed(tree: Path) -> None:
    before = (tree / "tea-room" / f"{day(2)}-chat.markdown").read_bytes()
    break_file(tree, day(2))
    import_tree(tree)
    assert coverage_of().days[day(2)] is State.REJECTED
    break_file(tree, day(2), before)
    import_tree(tree)
    assert coverage_of().days[day(2)] is State.WITH


def test_a_transcript_with_text_outside_messages_is_rejected(tree: Path) -> None:
    break_file(tree, day(2), make_front(day(2)) + "散落的话\n".encode() + message("09:00:00", "石榴", "早2"))
    import_tree(tree)
    assert coverage_of().days[day(2)] is State.REJECTED


def test_a_hidden_day_is_as_one_without_messages(tree: Path) -> None:
    moderation.hide_day(Day.objects.get(date=day(2)), **WHY)
    assert coverage_of().days[day(2)] is coverage_of().days[day(1)] is State.WITHOUT


def test_rooms_that_are_not_listed_have_no_coverage(tree: Path) -> None:
    write_transcript(tree, "wine-room", MARCH, message("09:00:00", "石榴", "酒"))
    (tree / "wine-room" / f"{day(1)}-chat.markdown").write_bytes(b"?\n")
    import_tree(tree)
    assert [one.room.slug for one in find_coverage()] == ["tea-room", "wine-room"]
    before = coverage_of().days
    for visibility in (Room.Visibility.UNLISTED, Room.Visibility.HIDDEN):
        turn("wine-room", visibility)
        assert [one.room.slug for one in find_coverage()] == ["tea-room"]
        assert coverage_of().days == before
    make_private("wine-room")
    assert [one.room.slug for one in find_coverage()] == ["tea-room"]


def test_a_room_without_transcripts_has_no_days(db: None) -> None:
    Room.objects.create(slug="empty")
    covered = coverage_of("empty")
    assert (covered.first, covered.days, covered.years, covered.missing) == (None, {}, [], [])


def test_the_last_import_is_the_newest_run_with_the_end_of_the_last_completed_one(tree: Path) -> None:
    finished = ImportRun.objects.latest("pk")
    assert find_last_import() == (finished, finished.finished_at)
    killed = ImportRun.objects.create(started_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert find_last_import() == (killed, finished.finished_at)


def test_before_the_first_import_there_is_none(db: None) -> None:
    assert find_last_import() == (None, None)
