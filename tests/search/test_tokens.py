import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.search.tokens import (
    ASCII_SIGNS,
    BEGINNING,
    LONGEST_WORD,
    PIECE,
    WORD_CHARACTERS,
    WORD_START,
    normalise,
    searchable,
    tokenise,
)
from tests.search.oracle import INVISIBLE, fold, is_latin

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
KNOWN = [character for character in EVERY_CHARACTER if unicodedata.category(character) != "Cn"]


def beginnings(*parts: str) -> set[str]:
    return {BEGINNING + part for part in parts}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", set()),
        (" \t\n\u3000\u00a0\u200b", set()),
        ("支", {"支"}),
        ("支付", {"支", "付", "支付"}),
        ("支付通", {"支", "付", "通", "支付", "付通"}),
        ("支 付", {"支", "付"}),
        ("ＡＰＩ", {"api", *beginnings("a", "ap")}),
        ("a", {"a", *beginnings("a")}),
        ("用API好", {"用", "好", "api", *beginnings("a", "ap")}),
        ("T+1", {"t", "1", ASCII_SIGNS["+"], *beginnings("t", "1")}),
        ("foo_bar", {"foo", "bar", ASCII_SIGNS["_"], *beginnings("f", "fo", "b", "ba")}),
        ("ｶﾞひ", {"ガ", "ひ", "ガひ"}),
        ("한국", {"한", "국", "한국"}),
        ("𠮷野", {"𠮷", "野", "𠮷野"}),
        ("👍。", {"👍", "。"}),
        ("Straße", {"strasse", *beginnings("s", "st")}),
    ],
)
def test_the_tokens_of_a_text(text: str, tokens: set[str]) -> None:
    assert tokenise(text) == tokens


def test_a_long_word_is_cut() -> None:
    assert tokenise("a" * 300) == {"a" * LONGEST_WORD, *beginnings("a", "aa")}


@given(st.text())
def test_the_normal_form_is_the_oracles(text: str) -> None:
    assert normalise(text) == fold(text)


def test_what_can_be_seen_has_a_token_and_nothing_else_has() -> None:
    differing = [
        character
        for character in KNOWN
        if bool(PIECE.match(character)) is (unicodedata.category(character) in INVISIBLE)
    ]
    assert differing == []


def test_words_are_of_latin_letters_and_digits() -> None:
    """Return the Latin letters that normalisation does not change, without phonetic small capitals."""
    letters = {one for one in KNOWN if one < "\u1d00" or "\u1e00" <= one < "\u2100" or "\u2c60" <= one < "\u2c80"}
    differing = {one for one in letters if is_latin(one) is not (one in WORD_CHARACTERS)}
    assert {one for one in differing if normalise(one) == one} == set()


@given(st.text())
def test_no_token_holds_what_a_database_would_take_for_a_sign_or_a_space(text: str) -> None:
    for token in tokenise(text):
        assert not any(one.isspace() or one == WORD_START or (one.isascii() and not one.isalnum()) for one in token)


@given(st.text())
def test_tokens_are_short_enough_for_both_databases(text: str) -> None:
    assert all(len(token.encode()) < 2_047 for token in tokenise(text + "ﷺ𠮷" * 300))


@given(st.text(), st.text())
def test_the_searchable_form_of_a_text_is_that_of_its_normal_form(text: str, more: str) -> None:
    assert searchable(text).replace(WORD_START, "") == normalise(text)
