"""Inferring who is mentioned from who speaks near the mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.mentions.inference import (
    FEWEST_OCCURRENCES,
    WINDOW,
    WINDOW_SECONDS,
    Chances,
    Occurrence,
    Spoken,
    count_windows,
    find_answerer,
    look_around,
)

ASKER, MEANT, CHATTY, OTHER = 1, 2, 3, 4
MONTH = 7
CHANCES: Chances = {MONTH: {ASKER: 0.3, MEANT: 0.02, CHATTY: 0.9, OTHER: 0.02}}


def occurrence(*present: int, asker: int = ASKER, share: float = 1.0) -> Occurrence:
    return Occurrence(asker, MONTH, frozenset(present), share)


def spoken(*members: int, seconds: Sequence[int] | None = None) -> Spoken:
    """Return a day with one message per second unless the seconds are given."""
    return Spoken(members, seconds or range(len(members)))


def find(*occurrences: Occurrence, chances: Chances = CHANCES) -> int | None:
    return find_answerer(occurrences, chances)


# The mentioned member


def test_who_is_always_there_and_rarely_elsewhere_is_meant() -> None:
    assert find(*[occurrence(MEANT, CHATTY)] * FEWEST_OCCURRENCES) == MEANT


def test_who_is_missing_once_may_still_be_meant() -> None:
    assert find(*[occurrence(MEANT)] * 9, occurrence()) == MEANT


def test_who_is_there_by_chance_is_not_meant() -> None:
    assert find(*[occurrence(CHATTY)] * 20) is None


def test_too_few_mentions_are_not_resolved() -> None:
    assert find(*[occurrence(MEANT)] * (FEWEST_OCCURRENCES - 1)) is None


def test_without_anybody_there_nobody_is_meant() -> None:
    assert find(*[occurrence()] * 9) is None


def test_who_is_there_in_few_of_the_mentions_is_not_meant() -> None:
    assert find(*[occurrence(MEANT)] * 5, *[occurrence()] * 5) is None


def test_of_two_who_are_always_there_nobody_is_certain() -> None:
    assert find(*[occurrence(MEANT, OTHER)] * 9) is None


def test_of_two_the_one_who_is_there_more_often_is_meant() -> None:
    assert find(*[occurrence(MEANT, OTHER)] * 7, *[occurrence(MEANT)] * 3) == MEANT


def test_mentions_close_together_tell_less() -> None:
    common: Chances = {MONTH: {MEANT: 0.3}}
    assert find(*[occurrence(MEANT)] * 4, chances=common) == MEANT
    assert find(*[occurrence(MEANT, share=0.5)] * 4, chances=common) is None


def test_the_sender_of_the_mentions_is_not_the_mentioned_member() -> None:
    own = [occurrence(CHATTY, asker=MEANT)] * 3
    assert find(*[occurrence(MEANT)] * 7, *own) is None


def test_who_mentions_the_name_once_in_many_may_be_meant() -> None:
    assert find(*[occurrence(MEANT)] * 9, occurrence(CHATTY, asker=MEANT)) == MEANT


def test_each_month_has_chances_of_its_own() -> None:
    chances: Chances = {MONTH: {MEANT: 0.02}, MONTH + 1: {MEANT: 0.95}}
    later = Occurrence(ASKER, MONTH + 1, frozenset({MEANT}))
    assert find(*[later] * 9, chances=chances) is None
    assert find(*[later] * 6, *[occurrence(MEANT)] * 3, chances=chances) == MEANT


def test_many_occurrences_are_not_too_many_to_weigh() -> None:
    assert find(*[occurrence(MEANT)] * 5_000) == MEANT


# The window


def test_who_spoke_before_and_after_is_around() -> None:
    (found,) = look_around(spoken(MEANT, ASKER, OTHER), [1], MONTH)
    assert found == occurrence(MEANT, OTHER)


def test_who_mentions_is_not_around_and_nobody_is_no_one() -> None:
    (found,) = look_around(spoken(ASKER, 0, ASKER, MEANT), [2], MONTH)
    assert found.present == {MEANT}


@pytest.mark.parametrize(("distance", "is_around"), [(WINDOW, True), (WINDOW + 1, False)])
def test_who_spoke_too_many_messages_away_is_not_around(distance: int, is_around: bool) -> None:
    day = spoken(*[OTHER] * 50, ASKER, *[OTHER] * (distance - 1), MEANT)
    (found,) = look_around(day, [50], MONTH)
    assert (MEANT in found.present) == is_around


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("seconds", "is_around"), [(WINDOW_SECONDS, True), (WINDOW_SECONDS + 1, False)])
def test_who_spoke_too_long_ago_is_not_around(seconds: int, is_around: bool, before: bool) -> None:
    members = (MEANT, ASKER) if before else (ASKER, MEANT)
    (found,) = look_around(spoken(*members, seconds=[0, seconds]), [int(before)], MONTH)
    assert (MEANT in found.present) == is_around


def test_mentions_close_to_each_other_share_what_they_tell() -> None:
    day = spoken(*[ASKER] * 100)
    shares = [found.share for found in look_around(day, [0, WINDOW, 2 * WINDOW, 3 * WINDOW, 99], MONTH)]
    assert shares == [0.5, 0.5, 0.5, 0.5, 1.0]


# Chances


def test_of_no_days_there_are_no_windows() -> None:
    assert count_windows([]) == {}


MEMBERS = st.lists(st.integers(0, 3), max_size=60).map(lambda members: spoken(*members))


@given(st.lists(MEMBERS, max_size=4))
def test_the_share_of_windows_is_as_counted_one_by_one(days: list[Spoken]) -> None:
    counts: Counter[int] = Counter()
    for day in days:
        for place in range(len(day.members)):
            counts.update(set(day.members[max(0, place - WINDOW) : place + WINDOW + 1]))
    total = sum(len(day.members) for day in days)
    assert count_windows(days) == {member: count / total for member, count in counts.items()}
