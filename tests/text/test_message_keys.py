"""Tests of finding keys in texts."""

from __future__ import annotations

import pytest

from chatlogs.text.message_keys import find_member_keys, find_message_keys

KEY, OTHER, MEMBER = "20180327-0123456789ab", "20180328-ba9876543210", "0123456789abcdef"


@pytest.mark.parametrize(
    "words",
    [
        f"https://archive.example.org/m/{KEY}/",
        f"http://archive.example.org/m/{KEY}",
        f"/m/{KEY}/",
        f"https://archive.example.org/rooms/tea-room/2018/03/27/#m-{KEY}",
        f"https://archive.example.org/rooms/tea-room/2018/03/27/%23m-{KEY}",
        f"https://archive.example.org/removal/?message={KEY}",
        f"请删掉{KEY}。",
        f"（/m/{KEY}/）这一条",
    ],
)
def test_a_messages_address_is_recognised(words: str) -> None:
    assert find_message_keys(words) == [KEY]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "20180327",
        f"x{KEY}",
        f"{KEY}0",
        f"1{KEY}",
        KEY.upper(),
        "２０１８０３２７-0123456789ab",
        KEY.replace("-", "/"),
    ],
)
def test_what_is_no_messages_address_is_none(words: str) -> None:
    assert find_message_keys(words) == []


def test_several_messages_are_found_once_each_in_their_order() -> None:
    assert find_message_keys(f"/m/{OTHER}/\n/m/{KEY}/ 和 #m-{OTHER}") == [OTHER, KEY]


@pytest.mark.parametrize(
    "words",
    [f"https://archive.example.org/members/{MEMBER}/", f"/members/{MEMBER}", f"/messages/?member={MEMBER}&q=早"],
)
def test_a_members_address_is_recognised(words: str) -> None:
    assert find_member_keys(words) == [MEMBER]


@pytest.mark.parametrize("words", [MEMBER, f"/members/{MEMBER}0/", f"/members/{MEMBER[1:]}/", "/members/"])
def test_what_is_no_members_address_is_none(words: str) -> None:
    assert find_member_keys(words) == []
