import datetime as dt

import pytest

from chatlogs.search import conditions as module
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.conditions import Conditions
from chatlogs.search.lookups import HIGHEST, LINK_TOKEN, LOWEST
from chatlogs.search.syntax import parse
from chatlogs.search.terms import Token

EARLY, LATE = dt.date(2018, 3, 27), dt.date(2018, 3, 28)


def typed(text: str, **others: object) -> Conditions:
    query = parse(text)
    return Conditions(wanted=query.wanted, unwanted=query.unwanted, **others)  # type: ignore[arg-type]


def test_none_ask_for_nothing() -> None:
    assert not Conditions()


@pytest.mark.parametrize(
    "conditions",
    [typed("好"), typed("-好"), Conditions(rooms=frozenset()), Conditions(has_link=True), Conditions(since=EARLY)],
)
def test_any_ask_for_something(conditions: Conditions) -> None:
    assert conditions


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(rooms=frozenset()),
        Conditions(aliases=frozenset()),
        Conditions(attributes=frozenset({("kind", "text"), ("kind", "file")})),
        Conditions(since=LATE, until=EARLY),
    ],
)
def test_what_no_message_can_fulfil(conditions: Conditions) -> None:
    assert conditions.are_impossible


@pytest.mark.parametrize("conditions", [Conditions(), typed("好 -好"), Conditions(since=EARLY, until=EARLY)])
def test_what_a_message_might_fulfil(conditions: Conditions) -> None:
    assert not conditions.are_impossible


@pytest.mark.parametrize(
    ("text", "needs"), [("支付", False), ("支付 -通道 api", False), ("支付通", True), ("支付 -支付通", True)]
)
def test_texts_are_needed_where_a_term_is_not_sure(text: str, needs: bool) -> None:
    assert typed(text).need_texts is needs


@pytest.mark.parametrize(
    ("text", "is_accepted"), [("支付通道", True), ("支付，付通", False), ("支付通道，不太好", False), ("", False)]
)
def test_a_text_is_accepted_that_has_what_is_wanted_and_not_what_is_not(text: str, is_accepted: bool) -> None:
    assert typed("支付通 -不太好").accept(None, text) is is_accepted


def test_equal_conditions_have_the_same_fingerprint() -> None:
    numbers = [10**number for number in range(12)]
    one, other = (typed("好 -坏", rooms=frozenset(given)) for given in (numbers, numbers[::-1]))
    assert one.fingerprint() == other.fingerprint()


def test_different_conditions_have_different_fingerprints() -> None:
    several = [typed("好"), typed("-好"), typed('"好 好"'), typed("好 好a"), Conditions(since=EARLY)]
    several += [Conditions(until=EARLY), Conditions(rooms=frozenset({1})), Conditions(aliases=frozenset({1}))]
    assert len({one.fingerprint() for one in several}) == len(several)


def test_what_the_index_is_asked() -> None:
    attributes = frozenset({("kind", "text")})
    conditions = typed("支付 ap -通道 -不好啊", attributes=attributes, has_link=True, aliases=frozenset({5, 3}))
    lookup = conditions.lookup(frozenset({2, 1}), LOWEST, HIGHEST)
    assert lookup.all_of[0] == Token("支付")
    assert lookup.all_of[-2:] == (LINK_TOKEN, ATTRIBUTES["kind"].token("text"))
    assert (lookup.none_of, lookup.rooms, lookup.aliases) == ((Token("通道"),), (1, 2), (3, 5))


def test_many_names_are_compared_message_by_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ALIASES_ASKED_FOR", 2)
    conditions = Conditions(aliases=frozenset({1, 2, 3}))
    assert conditions.need_texts
    assert conditions.lookup(None, LOWEST, HIGHEST).aliases is None
    assert [conditions.accept(alias_id, "") for alias_id in (3, 4, None)] == [True, False, False]
