from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.summaries import shorten

RULE = " ".join("-" * 15)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("早上好", "早上好"),
        ("一二三四五六七八九十", "一二三四五六七八九十"),
        ("一二三四五六七八九十百", "一二三四五六七八九…"),
        (" 一\n二\t 三\u3000", "一 二 三"),
        ("早[强]", "早👍"),
        (f"「 老陆: 早上好 」 {RULE} 也早", "也早"),
        (" \n", ""),
    ],
)
def test_it_is_what_fits_on_a_line(text: str, line: str) -> None:
    assert shorten(text, 10) == line


@given(st.text(), st.integers(1, 40))
def test_it_is_never_longer_nor_more_than_a_line(text: str, length: int) -> None:
    line = shorten(text, length)
    assert len(line) <= length
    assert len(line.splitlines()) <= 1
