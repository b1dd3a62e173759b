"""Tests of emoji: known words in brackets."""

import pytest

from chatlogs.text.emoji import EMOJI, TOKEN


@pytest.mark.parametrize("token", ["[强]", "[捂脸]", "[ThumbsUp]", "[OK]", "[發]", "[快哭了]"])
def test_a_listed_word_in_brackets_is_an_emoji(token: str) -> None:
    found = TOKEN.fullmatch(token)
    assert found
    assert EMOJI[found[1]]


@pytest.mark.parametrize("text", ["[2017]", "[招商银行]", "[一]", "[]", "强", "[强 ]", "[ok]", "【强】", "[强"])
def test_other_words_in_brackets_are_text(text: str) -> None:
    assert not TOKEN.search(text)


def test_several_emoji_may_be_adjacent() -> None:
    assert TOKEN.findall("好[强][强]x[[玫瑰]]") == ["强", "强", "玫瑰"]


def test_every_listed_word_is_found() -> None:
    for word, emoji in EMOJI.items():
        assert TOKEN.findall(f"[{word}]") == [word]
        assert not emoji.isascii()
