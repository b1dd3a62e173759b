"""Tests of masks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.masks import BLOCK, Mask, apply_masks, cover_all, find_under_masks

texts = st.text("金丝雀来了", min_size=1, max_size=12)
masks = st.lists(st.builds(Mask, st.integers(0, 14), st.integers(0, 14), st.sampled_from([BLOCK, "成员"])), max_size=5)


@pytest.mark.parametrize(
    ("places", "seen"),
    [
        ([], "金丝雀来了"),
        ([(0, 3)], f"{BLOCK}来了"),
        ([(3, 5)], f"金丝雀{BLOCK}"),
        ([(0, 5)], BLOCK),
        ([(0, 2), (2, 3)], f"{BLOCK}{BLOCK}来了"),
        ([(0, 2), (1, 3)], f"{BLOCK}来了"),
        ([(1, 2), (0, 5)], BLOCK),
        ([(0, 3), (0, 3)], f"{BLOCK}来了"),
        ([(3, 99)], f"金丝雀{BLOCK}"),
        ([(5, 9)], "金丝雀来了"),
        ([(9, 12)], "金丝雀来了"),
        ([(2, 2)], "金丝雀来了"),
    ],
)
def test_a_block_stands_for_what_is_covered(places: list[tuple[int, int]], seen: str) -> None:
    assert apply_masks("金丝雀来了", (Mask(*place) for place in places)) == seen


def test_a_name_stands_for_a_name() -> None:
    assert apply_masks("@陈江月 好", [Mask(1, 4, "成员1")]) == "@成员1 好"


def test_of_two_that_overlap_the_first_is_shown() -> None:
    assert apply_masks("金丝雀来了", [Mask(2, 4), Mask(0, 3, "成员")]) == "成员了"


def test_all_of_it_is_one_block() -> None:
    assert (apply_masks("金丝雀来了", cover_all()), apply_masks("", cover_all())) == (BLOCK, "")


def covered(text: str, over: list[Mask]) -> set[int]:
    return {place for mask in over for place in range(mask.start, min(mask.stop, len(text)))}


@given(texts, masks)
def test_nothing_covered_is_seen_and_everything_else_is(text: str, over: list[Mask]) -> None:
    seen = apply_masks(text, over).replace(BLOCK, "").replace("成员", "")
    assert seen == "".join(sign for place, sign in enumerate(text) if place not in covered(text, over))


@given(texts, masks, st.integers(0, 20), st.integers(1, 20))
def test_what_is_marked_in_what_is_seen_is_where_it_stands(
    text: str, over: list[Mask], start: int, length: int
) -> None:
    seen = apply_masks(text, over)
    place = find_under_masks(text, over, start, start + length)
    if place is None:
        assert seen[start : start + length] == "" or not text
        return
    first, last = place
    assert 0 <= first <= last <= len(text)
    marked = seen[start : start + length].replace("█", "").replace("成", "").replace("员", "")
    assert marked in text[first:last] or any(sign in covered(text, over) for sign in range(first, last))
