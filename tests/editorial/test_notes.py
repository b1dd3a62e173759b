"""The note of a day."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import editorial, moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Archive, DayNote, ModerationAction
from tests.editorial.writing import day
from tests.moderation.deciding import why
from tests.small_archive import SPRING

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(archive: Path) -> User:
    return User.objects.create_user("wen")


def test_it_is_written(curator: User) -> None:
    editorial.write_note(day(SPRING), " 一日 ", by=curator)
    note = DayNote.objects.get()
    assert (note.day, note.text, note.changed_by) == (day(SPRING), "一日", curator)


def test_there_is_one_a_day(curator: User) -> None:
    editorial.write_note(day(SPRING), "一日", by=curator)
    editorial.write_note(day(SPRING), "另一日", by=None)
    assert [(note.text, note.changed_by) for note in DayNote.objects.all()] == [("另一日", None)]


def test_the_same_words_are_no_action(curator: User) -> None:
    editorial.write_note(day(SPRING), "一日", by=curator)
    assert editorial.write_note(day(SPRING), "一日", by=None) is None
    assert DayNote.objects.get().changed_by == curator


def test_the_pages_are_others(curator: User) -> None:
    before = day(SPRING).revision, Archive.objects.get().revision
    editorial.write_note(day(SPRING), "一日", by=curator)
    assert (day(SPRING).revision, Archive.objects.get().revision) == (before[0] + 1, before[1] + 1)


def test_the_log_has_no_words(curator: User) -> None:
    editorial.write_note(day(SPRING), "一日", by=curator)
    editorial.write_note(day(SPRING), "", by=curator)
    where = ["tea-room", SPRING.isoformat()]
    assert list(ModerationAction.objects.order_by("pk").values_list("kind", "actor_name", "changes")) == [
        ("note", "wen", [{"day": where, "note": [False, True]}]),
        ("note", "wen", [{"day": where, "note": [True, False]}]),
    ]


def test_it_cannot_be_undone(curator: User) -> None:
    action = editorial.write_note(day(SPRING), "一日", by=curator)
    assert action
    with pytest.raises(ActionRefused, match="is not stored"):
        moderation.undo(action, **why())
