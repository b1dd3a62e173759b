"""Tests of finding frequent words."""

from __future__ import annotations

import pytest

from chatlogs.text.frequent_words import FEWEST, find_words
from tests.wordy import around


@pytest.mark.parametrize("word", ["通道", "支付宝", "虚拟账户"])
def test_what_always_stands_together_is_a_word_and_its_parts_are_none(word: str) -> None:
    assert find_words([*around(word, 40), *around("", 200)], 20) == [word]


def test_the_most_frequent_comes_first() -> None:
    texts = [*around("通道", 20), *around("退款", 40), *around("支付宝", 30), *around("", 200)]
    assert find_words(texts, 20) == ["退款", "支付宝", "通道"]
    assert find_words(texts, 2) == ["退款", "支付宝"]


def test_a_word_that_stands_alone_as_often_as_in_a_longer_one_is_a_word_of_its_own() -> None:
    texts = [*around("支付", 40), *around("支付宝", 30), *around("", 300)]
    assert find_words(texts, 20) == ["支付", "支付宝"]


@pytest.mark.parametrize("word", ["我们", "可以", "通道的", "这通道", "没有通道"])
def test_what_every_conversation_has_is_left_out(word: str) -> None:
    assert word not in find_words([*around(word, 40), *around("", 200)], 20)


def test_what_was_copied_is_no_word_where_nothing_else_stands_beside_it() -> None:
    assert "退款" not in find_words(["请先退款后再说吧"] * 40 + around("", 200), 20)


def test_one_text_that_many_write_is_a_word() -> None:
    assert find_words(["签到"] * 40 + around("", 200), 20) == ["签到"]


def test_what_is_rare_is_left_out() -> None:
    assert find_words([*around("通道", FEWEST - 1), *around("", 200)], 20) == []


def test_latin_words_are_written_as_most_write_them() -> None:
    texts = ["用 api 吗", "API 好", "看API文档", "ＡＰＩ", "API"] + ["the ok"] * 9 + ["2018 a 1"] * 9
    assert find_words(texts, 20) == ["API"]


def test_of_nothing_there_are_no_words() -> None:
    assert find_words([], 20) == []
    assert find_words(["", "？"], 20) == []


def test_the_same_texts_give_the_same_words() -> None:
    texts = [one for word in ("通道", "退款", "账户", "清算") for one in around(word, 20)] + around("", 200)
    assert find_words(texts, 20) == find_words(texts[::-1], 20)
