"""Entries of the log are recognised as they were written, and each by one type."""

from __future__ import annotations

from typing import Any

import pytest

from chatlogs.moderation.actions import registry
from chatlogs.moderation.actions.registry import find_change_type

# As actions have always written them: rows of the log are never rewritten.
STORED: dict[str, list[dict[str, Any]]] = {
    "MessageState": [
        {"message": "m", "state": ["shown", "hidden"]},
        {"message": "m", "state": ["hidden", "hidden"], "otherwise": True},
    ],
    "MessageErased": [{"message": "m", "state": ["shown", "erased"]}],
    "MessageAuthor": [{"message": "m", "author": [False, True]}],
    "MatchState": [{"message": "m", "start": 3, "kind": "qq", "state": ["open", "masked"]}],
    "Redacted": [
        {"message": "m", "spans": None},
        {"message": "m", "spans": [[0, 2]], "was_outdated": True},
    ],
    "RedactionUndone": [{"message": "m", "redacted": [True, False]}],
    "OriginalPurged": [{"message": "m", "purged": "text"}],
    "DayVisibility": [{"day": ["tea-room", "2018-03-27"], "hidden": [False, True]}],
    "RoomVisibility": [{"room": "tea-room", "visibility": ["public", "hidden"]}],
    "RoomMaskedKinds": [{"room": "tea-room", "masked_kinds": [[], ["qq"]]}],
    "MemberOptOut": [{"member": "p", "extent": [None, "name"]}],
    "NameExemption": [{"name": "p", "exempt": [False, True]}],
    "TombstoneReview": [{"tombstone": ["tea-room", "2018-03-27", "09:00:00"], "messages": 1, "fate": ["held", "kept"]}],
    "NameMove": [{"name": "p", "from": "p", "to": "q"}],
    "NoteWritten": [{"day": ["tea-room", "2018-03-27"], "note": [False, True]}],
    "HighlightWritten": [{"highlight": "h", "parts": 2}],
    "HighlightPublished": [{"highlight": "h", "published": [False, True]}],
}


@pytest.mark.parametrize("name", STORED)
def test_a_stored_entry_is_of_its_type(name: str) -> None:
    assert [type(find_change_type(change)).__name__ for change in STORED[name]] == [name] * len(STORED[name])


def test_types_with_the_same_keys_exclude_each_other() -> None:
    for change in (change for changes in STORED.values() for change in changes):
        candidates = registry._types_by_keys[frozenset(change)]
        assert [one.matches(change) for one in candidates].count(True) == 1


@pytest.mark.parametrize("change", [{"message": "m"}, {"message": "m", "state": ["a", "b"], "more": 1}, {}])
def test_an_entry_with_other_keys_is_of_no_type(change: dict[str, Any]) -> None:
    assert find_change_type(change) is None
