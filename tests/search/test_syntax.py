import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.syntax import OPERATORS, Item, Operator, parse

# Pieces with a meaning in the syntax, and a few without.
TYPED = st.text('"＂“”„-－−:：　 afromkind来自含支🇨\u200b\x1f0128', max_size=20)
ROOMS = {"tea-room", "茶馆"}


def items(typed: str) -> list[tuple[str, str | None, bool]]:
    """Return each value with its operator and whether it is excluded."""
    return [(item.value, item.operator, item.is_excluded) for item in parse(typed, ROOMS.__contains__).items]


def only(typed: str) -> Item:
    (item,) = parse(typed, ROOMS.__contains__).items
    return item


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("支付 通道", ["支付", "通道"]),
        ("支付　通道", ["支付", "通道"]),
        ('"支付 通道" 好', ["支付 通道", "好"]),
        ("“支付 通道”", ["支付 通道"]),
        ("＂支付 通道＂", ["支付 通道"]),
        ("„支付 通道“", ["支付 通道"]),
        ("”支付 通道”", ["支付 通道"]),
        ('"支付 通道', ["支付 通道"]),
        ('"支付"通道', ["支付", "通道"]),
        ('"" 好', ["好"]),
        ('a"b c"', ['a"b', 'c"']),
        ("\u200b 好", ["好"]),
        ("", []),
        ("   ", []),
        ("-", ["-"]),
        ("- 好", ["-", "好"]),
        ("a-b", ["a-b"]),
        ("T+1", ["T+1"]),
    ],
)
def test_words_and_exact_words(typed: str, words: list[str]) -> None:
    assert items(typed) == [(word, None, False) for word in words]


@pytest.mark.parametrize("typed", ["-支付", "－支付", "−支付", '-"支付"', "-“支付”"])
def test_a_minus_excludes(typed: str) -> None:
    assert items(typed) == [("支付", None, True)]


@pytest.mark.parametrize("colon", [":", "："])
@pytest.mark.parametrize(
    ("names", "operator", "value", "meaning"),
    [
        ("from 来自 发言人 FROM Ｆｒｏｍ", Operator.FROM, "周可", "周可"),
        ("room 群", Operator.ROOM, "tea-room", "tea-room"),
        ("mentions 提到", Operator.MENTIONS, "老陆", "老陆"),
        ("before 早于 之前", Operator.BEFORE, "2018-03-27", "2018-03-27"),
        ("after 自 之后", Operator.AFTER, "2018年3月", "2018年3月"),
        ("on 日期", Operator.ON, "2018", "2018"),
        ("has 含", Operator.HAS, "链接", "link"),
        ("has 含", Operator.HAS, "IMAGE", "image"),
        ("kind 类型", "kind", "文件", "file"),
        ("kind 类型", "kind", "Text", "text"),
    ],
)
def test_an_operator_has_a_name_in_either_language(
    names: str, operator: str, value: str, meaning: str, colon: str
) -> None:
    for name in names.split():
        assert items(f"{name}{colon}{value}") == [(meaning, operator, False)]


def test_every_operator_has_a_name_in_either_language() -> None:
    for operator in (*Operator, *ATTRIBUTES):
        names = [name for name, named in OPERATORS.items() if named == operator]
        assert {name.isascii() for name in names} == {True, False}


def test_an_operators_value_may_be_quoted() -> None:
    assert items('from:"周可 云杉" 好') == [("周可 云杉", Operator.FROM, False), ("好", None, False)]


@pytest.mark.parametrize("typed", ["http://pay.example.org", "时间:明天", "x:y", ":好", "12:30", "自己:好"])
def test_what_looks_like_an_operator_and_is_none_is_a_word(typed: str) -> None:
    assert only(typed) == Item(typed, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "before:昨天", "on:2018-02-30", 'after:"昨天 晚上"', "has:video", "kind:song", "类型：歌", "room:nowhere",
        "from:\u200b", "-from:周可",
    ],
)  # fmt: skip
def test_an_operator_that_makes_no_sense_is_told_and_a_word(typed: str) -> None:
    item = only(typed)
    assert (item.operator, item.is_misread, item.value) == (None, True, typed.removeprefix("-"))


@pytest.mark.parametrize("typed", ["from:", "自：", "from: 周可"])
def test_an_operator_without_a_value_is_a_word_and_not_told(typed: str) -> None:
    first = parse(typed).items[0]
    assert (first.operator, first.is_misread) == (None, False)


def test_without_an_item_the_others_stay_as_they_were_typed() -> None:
    query = parse('支付 -"a b" 来自：周可')
    assert [query.without(place) for place in range(3)] == ['-"a b" 来自：周可', "支付 来自：周可", '支付 -"a b"']


def test_the_same_word_twice_is_one_term() -> None:
    assert len(parse("API ａｐｉ api").wanted) == 1


@given(st.text())
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    parse(typed)


@given(TYPED)
def test_what_is_left_out_can_be_typed_again(typed: str) -> None:
    query = parse(typed)
    again = parse(query.without(-1))
    assert [item.value for item in again.items] == [item.value for item in query.items]


@given(TYPED)
def test_every_word_that_can_be_seen_is_looked_for_or_excluded(typed: str) -> None:
    query = parse(typed)
    words = {item.value for item in query.items if not item.operator}
    assert bool(words) is bool(query.wanted or query.unwanted)
