import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatlogs.search.highlighting import Marker
from chatlogs.search.terms import make_term
from tests.search.oracle import fold, occurs

MIXED = st.text("ab1A支付通 +。👍Ａé\u0301eß\u200b\ue000ｶﾞﬁ\u0345", max_size=12)
PLAIN = st.text("abA1支付通 +。👍Ａ\u200bé", max_size=12)


def marked(text: str, *words: str) -> list[str]:
    terms = [term for term in map(make_term, words) if term]
    return [text[start:end] for start, end in Marker(terms).find_spans(text)]


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("支付通道", ["付通"], ["付通"]),
        ("ＡＰＩ 和 api", ["Api"], ["ＡＰＩ", "api"]),
        ("payment prepay", ["pay"], ["pay"]),
        ("支付支付", ["支付"], ["支付支付"]),
        ("支付 支付", ["支付"], ["支付", "支付"]),
        ("支付通道", ["支付", "付通"], ["支付通"]),
        ("哈哈哈", ["哈哈"], ["哈哈哈"]),
        ("e\u0301té", ["été"], ["e\u0301té"]),
        ("Straße", ["strasse"], ["Straße"]),
        ("Straße", ["stras"], ["Straß"]),
        ("㎡ 好", ["m"], ["㎡"]),
        ("👍🏽", ["👍"], ["👍"]),
        ("ｶﾞ ｶ", ["ガ"], ["ｶﾞ"]),
        ("ｶﾞ ｶ", ["カ"], ["ｶ"]),
        ("\u1112\u1161\u11ab 한", ["한"], ["\u1112\u1161\u11ab", "한"]),
        ("支付", ["通道"], []),
        ("", ["通道"], []),
        ("支付", [], []),
    ],
)
def test_what_is_marked(text: str, words: list[str], spans: list[str]) -> None:
    assert marked(text, *words) == spans


@given(MIXED, MIXED, MIXED)
def test_what_is_marked_holds_the_term(before: str, word: str, after: str) -> None:
    term = make_term(word)
    assume(term)
    for text in (before + word + after, before + after):
        assert all(fold(word.strip()).strip() in fold(span) for span in marked(text, word))


@given(MIXED, MIXED)
def test_a_text_without_the_term_has_no_mark(text: str, word: str) -> None:
    assume(make_term(word) and not occurs(word, fold(text)))
    assert not marked(text, word)


@given(PLAIN, PLAIN, PLAIN)
def test_a_plain_text_with_the_term_has_a_mark(before: str, word: str, after: str) -> None:
    text = before + word + after
    assume(make_term(word) and occurs(word, fold(text)))
    assert marked(text, word)


@given(MIXED, st.lists(MIXED, max_size=3))
def test_spans_are_in_order_within_the_text_and_apart(text: str, words: list[str]) -> None:
    terms = [term for term in map(make_term, words) if term]
    places = [0, *(place for span in Marker(terms).find_spans(text) for place in span), len(text)]
    assert places == sorted(places)
    assert len({*places[1:-1]}) == len(places) - 2


@given(MIXED, MIXED)
def test_no_mark_ends_before_what_combines_with_its_last_character(text: str, word: str) -> None:
    term = make_term(word)
    ends = [end for _, end in Marker([term] if term else []).find_spans(text)]
    assert not any(end < len(text) and unicodedata.combining(text[end]) for end in ends)
