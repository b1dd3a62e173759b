"""Tests of finding mentions in texts."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatlogs.text.mentions import LONGEST_NAME, KnownNames, Span, find_mentions
from chatlogs.text.quotations import RULE

FULL = "江月-云杉支付-产品-杭州"
KNOWN = KnownNames(["江月", FULL, "江月@云杉", "M.cc", "Lu Fan", "Momo", "??汤圆??", "石榴?杭州", " 乔木 ", "Override"])
NO_SENDER = KnownNames([])


def names(text: str, known: KnownNames = KNOWN) -> list[str]:
    return [span.name for span in find_mentions(text, known)]


# Known names


@pytest.mark.parametrize("name", ["江月", FULL, "江月@云杉", "M.cc", "Lu Fan", "??汤圆??", "石榴?杭州", "乔木"])
@pytest.mark.parametrize("end", ["?", "\u2005", " ", ""])
def test_a_known_name_is_found_whole(name: str, end: str) -> None:
    assert find_mentions(f"早@{name}{end}", KNOWN) == [Span(1, 2 + len(name), name)]


@pytest.mark.parametrize(
    "name", ["momo", "MOMO", "Ｍｏｍｏ", "lu fan", "LU　FAN", "江月＠云杉", "江月－云杉支付－产品－杭州"]
)
def test_a_known_name_is_found_in_another_width_and_case_and_told_as_written(name: str) -> None:
    assert names(f"@{name}?早") == [name]


@pytest.mark.parametrize(
    "end", [*'?？,，。:：;；!！…、"“”()（）[]【】「」<>《》{}=@\n\t', ". ", "\u3000", "~ ", "-", "--x"]
)
def test_a_known_name_ends_before(end: str) -> None:
    assert names(f"@江月{end}")[0] == "江月"


def test_of_several_known_names_the_longest_counts() -> None:
    assert names(f"@{FULL}?早") == [FULL]


def test_a_known_name_need_not_go_on_as_a_longer_one_does() -> None:
    assert names("@江月 云杉支付") == ["江月"]


@pytest.mark.parametrize("rest", ["-北京", "—北京", "_北京", "～北京", "·北京", "/北京", "|北京", "&北京", "亮"])
def test_a_known_name_that_goes_on_is_another_one(rest: str) -> None:
    assert names(f"@江月{rest} 早") == [f"江月{rest}"]


def test_chinese_may_follow_a_known_latin_name() -> None:
    assert names("@Momo你好") == ["Momo"]


def test_latin_may_follow_a_known_chinese_name() -> None:
    assert names("@江月hello") == ["江月"]


def test_other_latin_letters_may_not_follow_a_latin_name() -> None:
    assert names("@Momoko 早") == ["Momoko"]


def test_a_space_may_precede_a_known_name() -> None:
    assert find_mentions("@ 江月 早", KNOWN) == [Span(0, 4, "江月")]


def test_no_space_may_precede_an_unknown_name() -> None:
    assert names("@ 阿甲 早") == []


def test_letters_that_grow_when_made_small_move_no_place() -> None:
    assert find_mentions("İİ@Momo 早", KNOWN) == [Span(2, 7, "Momo")]


# Unknown names


@pytest.mark.parametrize("end", [*'?？ \u2005\u3000\n,，。:：;；!！…、"“”()（）[]【】「」<>《》{}=', "", ".", ".早"])
def test_an_unknown_name_ends_at_the_first_sign_that_is_no_part_of_names(end: str) -> None:
    assert names(f"@阿甲-青禾银行_产品{end}", NO_SENDER) == ["阿甲-青禾银行_产品"]


def test_an_unknown_name_has_dots_before_latin_letters() -> None:
    assert names("@K.cc 早", NO_SENDER) == ["K.cc"]


@pytest.mark.parametrize("between", [" ", "?", "@"])
def test_roles_and_places_belong_to_an_unknown_name(between: str) -> None:
    name = between.join(["阿甲", "产品", "杭州"])
    assert names(f"@{name} 早上好", NO_SENDER) == [name]


@pytest.mark.parametrize("between", ["?", "@"])
def test_a_short_word_before_a_role_belongs_to_an_unknown_name(between: str) -> None:
    name = between.join(["阿甲", "拾光", "产品"])
    assert names(f"@{name} 早", NO_SENDER) == [name]


def test_a_company_before_a_role_belongs_to_an_unknown_name() -> None:
    assert names("@阿甲 云杉支付 产品 早", NO_SENDER) == ["阿甲 云杉支付 产品"]


def test_other_words_do_not_belong_to_an_unknown_name() -> None:
    assert names("@阿甲 早上好 产品", NO_SENDER) == ["阿甲"]


@pytest.mark.parametrize("beginning", ["产品", "杭州"])
def test_a_role_or_a_place_alone_is_nobody_so_that_the_next_word_is_the_name(beginning: str) -> None:
    assert names(f"@{beginning} 阿甲 早", NO_SENDER) == [f"{beginning} 阿甲"]


def test_latin_words_with_a_role_behind_them_are_one_name() -> None:
    assert names("@Ann Bee-产品 早", NO_SENDER) == ["Ann Bee-产品"]


def test_latin_words_alone_are_not_told_from_the_text() -> None:
    assert names("@Ann hello 早", NO_SENDER) == ["Ann"]


def test_a_word_that_begins_with_a_separator_belongs_to_the_name() -> None:
    assert names("@阿甲 -杭州 早", NO_SENDER) == ["阿甲 -杭州"]


def test_a_text_without_end_is_no_name() -> None:
    assert names("@" + "长" * (LONGEST_NAME + 1), NO_SENDER) == []


def test_the_longest_name_is_one() -> None:
    assert names("@" + "长" * LONGEST_NAME, NO_SENDER) == ["长" * LONGEST_NAME]


def test_a_list_of_places_is_no_longer_than_a_name() -> None:
    (name,) = names("@阿甲" + " 杭州" * 100, NO_SENDER)
    assert len(name) <= LONGEST_NAME


# Other uses of `@`


@pytest.mark.parametrize("text", ["", "早", "@", "早@", "@ ", "@?", "@，早", "@@", "＠"])
def test_a_sign_without_a_name_is_no_mention(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize("text", ["momo@example.org", "写信给mo.mo+x@mail.example.org，谢谢", "a_b@momo.cc"])
def test_mail_addresses_are_no_mentions(text: str) -> None:
    assert names(text) == []


def test_a_name_with_a_dot_behind_chinese_is_no_mail_address() -> None:
    assert names("早@M.cc 你好") == ["M.cc"]


@pytest.mark.parametrize(
    "address", ["https://example.org/@Momo", "http://a:b@example.org/", "https://e.org/?to=a@Momo"]
)
def test_web_addresses_are_no_mentions(address: str) -> None:
    assert names(f"看{address} 好") == []


@pytest.mark.parametrize(
    "code", ["@Autowired", "@Test public", '@GetMapping("/a")', "@RequestMapping(x)", "@Mine(1)", "@EnableCaching 注解"]
)
def test_annotations_of_programs_are_no_mentions(code: str) -> None:
    assert names(code) == []


def test_a_known_name_may_be_the_name_of_an_annotation() -> None:
    assert names("@Override 早") == ["Override"]


def test_a_name_may_begin_as_programs_call_things() -> None:
    assert names("@Testing 早", NO_SENDER) == ["Testing"]


def test_the_sign_in_the_name_of_who_is_quoted_is_no_mention() -> None:
    assert names(f"「 阿甲@青禾: 早 」 {RULE} @Momo 好") == ["Momo"]


def test_quoted_words_may_mention() -> None:
    assert names(f"「 阿甲: @Momo 早 」 {RULE} 好") == ["Momo"]


# Several mentions, and mentions of everybody


@pytest.mark.parametrize("between", ["?", " ", "", "早"])
def test_two_mentions_may_be_adjacent(between: str) -> None:
    first = 5 + len(between)
    assert find_mentions(f"@Momo{between}@江月 早", KNOWN) == [Span(0, 5, "Momo"), Span(first, first + 3, "江月")]


def test_a_wide_sign_mentions_too() -> None:
    assert names("＠江月 早 ＠阿甲 早") == ["江月", "阿甲"]


@pytest.mark.parametrize("everybody", ["所有人", "all"])
def test_everybody_is_a_name(everybody: str) -> None:
    assert names(f"@{everybody} 早", NO_SENDER) == [everybody]


# KnownNames.are_in


@pytest.mark.parametrize("text", ["@江月", "@江月亮 @momo 好", "@ Lu Fan", "＠??汤圆??", "@Override"])
def test_a_text_with_a_known_name_behind_the_sign_has_one(text: str) -> None:
    assert KNOWN.are_in(text)


@pytest.mark.parametrize("text", ["", "江月", "@", "@@", "早@阿甲", "@  江月", "@江月亮"])
def test_any_other_text_has_none(text: str) -> None:
    assert not KNOWN.are_in(text)


# Any text

PARTS = [
    "@",
    "＠",
    " ",
    "?",
    "-",
    "江月",
    FULL,
    "Momo",
    "产品",
    "杭州",
    "M.cc",
    "「 ",
    "https://e.org/",
    RULE,
    "早",
    ".",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=20).map("".join) | st.text(max_size=200)
NAMES = st.text(
    alphabet=st.sampled_from("江月云aBİß-_~·.@? ？Ａ1") | st.characters(codec="utf-8"), min_size=1, max_size=30
)


@given(TEXTS)
def test_mentions_are_in_order_and_apart_and_say_what_stands_there(text: str) -> None:
    end = 0
    for start, stop, name in find_mentions(text, KNOWN):
        assert end <= start < stop <= len(text)
        assert text[start] in "@＠"
        assert name == text[start + 1 : stop].removeprefix(" ")
        assert name.strip()
        end = stop


@given(st.lists(NAMES, min_size=1, max_size=5), st.sampled_from(["?", "? 早"]))
def test_any_known_name_is_found_whole(called: list[str], end: str) -> None:
    longest = max((name.strip() for name in called), key=len)
    assume(longest and not any(name.strip().startswith(longest + "?") for name in called))
    found = find_mentions(f"@{longest}{end}", KnownNames(called))
    assert found[0] == Span(0, 1 + len(longest), longest)


@given(TEXTS, st.lists(NAMES, max_size=3), NAMES)
def test_a_name_that_is_not_in_a_text_changes_none_of_its_mentions(text: str, called: list[str], name: str) -> None:
    before, after = KnownNames(called), KnownNames([*called, name])
    if not KnownNames([name]).are_in(text):
        assert find_mentions(text, before) == find_mentions(text, after)
