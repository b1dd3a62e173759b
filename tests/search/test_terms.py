import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chatlogs.search.terms import Token, make_term
from chatlogs.search.tokens import BEGINNING, LONGEST_WORD, searchable, tokenise
from tests.search.oracle import fold, is_seen, occurs

# Few characters of each kind, so that all combinations occur.
MIXED = st.text("ab1支付通 +。👍e\u0301\u200bＡﾞ\ue000é", max_size=8)

SURE = st.one_of(
    st.text("ab1Ａ", min_size=1, max_size=3), st.text("支付", min_size=1, max_size=2), st.sampled_from("+。👍")
)


def has(text: str, token: Token) -> bool:
    """Return whether the index would find the text by the token."""
    tokens = tokenise(text)
    return any(one.startswith(token.text) for one in tokens) if token.is_beginning else token.text in tokens


@pytest.mark.parametrize(
    ("typed", "tokens"),
    [
        ("支", [Token("支")]),
        ("支付", [Token("支付")]),
        ("支付通", [Token("支付"), Token("付通")]),
        ("a", [Token(BEGINNING + "a")]),
        ("ap", [Token(BEGINNING + "ap")]),
        ("api", [Token("api", is_beginning=True)]),
        ("API好", [Token("api"), Token("好")]),
        ("好api", [Token("好"), Token("api", is_beginning=True)]),
        ("a b", [Token("a"), Token(BEGINNING + "b")]),
        ("a" * 300, [Token("a" * LONGEST_WORD)]),
    ],
)
def test_the_tokens_that_a_term_asks_for(typed: str, tokens: list[Token]) -> None:
    term = make_term(typed)
    assert term
    assert list(term.tokens) == tokens


@pytest.mark.parametrize("typed", ["支", "支付", "a", "api", "+", "👍", " ＡＰＩ ", "a" * 254])
def test_one_token_is_sure(typed: str) -> None:
    term = make_term(typed)
    assert term
    assert term.is_sure


@pytest.mark.parametrize("typed", ["支付通", "api好", "a b", "++", "a" * 255, "a" * 300, "支a"])
def test_what_the_index_has_in_pieces_is_not_sure(typed: str) -> None:
    term = make_term(typed)
    assert term
    assert not term.is_sure


@given(st.text())
def test_only_what_cannot_be_seen_is_no_term(typed: str) -> None:
    assert (make_term(typed) is not None) is is_seen(typed.strip())


@given(MIXED, MIXED, MIXED)
@example("支", "a" * 255, "a")
@example("", "a" * 254, "a")
def test_a_term_occurs_where_the_oracle_says(before: str, typed: str, after: str) -> None:
    term = make_term(typed)
    assume(term)
    assert term
    for text in (before + typed + after, before + after + typed, before + after):
        assert term.occurs_in(searchable(text)) is occurs(typed, fold(text))


@given(MIXED, MIXED, MIXED)
@example("支", "a" * 255, "a")
@example("", "a" * 300, "b")
def test_where_a_term_occurs_the_text_has_its_tokens(before: str, typed: str, after: str) -> None:
    term = make_term(typed)
    assume(term)
    assert term
    text = before + typed + after
    if term.occurs_in(searchable(text)):
        assert all(has(text, token) for token in term.tokens)


@given(SURE, MIXED)
def test_where_a_text_has_the_tokens_of_a_sure_term_it_occurs(typed: str, text: str) -> None:
    term = make_term(typed)
    assert term
    assert term.is_sure
    assert all(has(text, token) for token in term.tokens) is term.occurs_in(searchable(text))
