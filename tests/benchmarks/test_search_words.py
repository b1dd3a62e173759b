"""The words that the search benchmark looks for are as frequent as it reports."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.search_words import BANDS, COMMON, MEDIUM, RARE, VERY_COMMON, Words, chinese, choose_words
from benchmarks.vocabulary import sentence
from chatlogs.search.terms import make_term
from chatlogs.search.tokens import searchable


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = Random("texts")
    return [sentence(rng, rng.randint(4, 40)) for _ in range(12_000)]


@pytest.fixture(scope="module")
def words(texts: list[str]) -> Words:
    return choose_words(texts, texts[::4])


def share(word: str, texts: list[str]) -> float:
    term = make_term(word)
    assert term
    return sum(term.occurs_in(searchable(text)) for text in texts) / len(texts)


def test_each_word_is_in_its_band(texts: list[str], words: Words) -> None:
    for (_, band), chosen in words.items():
        for word in chosen:
            assert band.above < share(word, texts) <= band.most


def test_there_are_words_for_combined_searches(words: Words) -> None:
    assert all(words[chinese(2), band] for band in (VERY_COMMON, COMMON, MEDIUM, RARE))
    assert words[chinese(1), VERY_COMMON]
    assert words[chinese(3), MEDIUM]
    assert words[chinese(4), RARE]
    assert {band for _, band in words} == set(BANDS)


def test_the_same_texts_give_the_same_words(texts: list[str], words: Words) -> None:
    assert choose_words(texts, texts[::4]) == words
