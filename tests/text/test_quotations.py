"""Tests of replies that quote a message, as written by WeChat's desktop client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.quotations import RULE, Quotation, find_quotation

R = "- - - - - - - - - - - - - - -"
PARTS = ["「", "」", "?", " ", ":", "：", "\n", R, "- ", "-", "江月", "我", "好"]


def test_the_rule_has_fifteen_dashes() -> None:
    assert RULE == R
    assert R.count("-") == 15


@pytest.mark.parametrize("colon", [":", "："])
def test_a_quotation_has_a_name_the_words_and_the_reply(colon: str) -> None:
    assert find_quotation(f"「 江月-产品{colon} 明天几点 」 {R} 九点") == Quotation("江月-产品", "明天几点", "九点")


@pytest.mark.parametrize("colon", [":", "："])
def test_the_marks_may_be_lost_to_question_marks(colon: str) -> None:
    assert find_quotation(f"? 江月{colon} 明天几点? ? {R} 九点") == Quotation("江月", "明天几点?", "九点")


@pytest.mark.parametrize(
    "text",
    [
        f"「江月:明天几点」{R}九点",
        f"「 江月:  明天几点  」\n{R}\n九点",
        f" 「 江月： 明天几点 」  {R}  九点 ",
        f"? 江月: 明天几点? {R} 九点",
    ],
)
def test_spaces_may_be_lost_or_line_breaks_kept(text: str) -> None:
    assert find_quotation(text) == Quotation("江月", "明天几点", "九点")


def test_who_quotes_themselves_stays_me() -> None:
    assert find_quotation(f"「 我: 早 」 {R} 晚") == Quotation("我", "早", "晚")


def test_the_name_ends_at_the_first_colon() -> None:
    assert find_quotation(f"「 江月： 12:30 见 」 {R} 好") == Quotation("江月", "12:30 见", "好")


def test_name_words_and_reply_may_be_empty() -> None:
    assert find_quotation(f"「 :  」 {R}") == Quotation("", "", "")


@pytest.mark.parametrize("reply", ["-1", "-5% 的费率", "--verbose"])
def test_a_reply_may_begin_with_a_minus_sign(reply: str) -> None:
    assert find_quotation(f"「 江月: 早 」 {R} {reply}") == Quotation("江月", "早", reply)


def test_the_words_may_hold_brackets_of_their_own() -> None:
    assert find_quotation(f"「 江月: 「早」安 」 {R} 好") == Quotation("江月", "「早」安", "好")


def test_brackets_need_not_add_up() -> None:
    assert find_quotation(f"「 江月: 「早 」 {R} 好」") == Quotation("江月", "「早", "好」")


def test_of_nested_quotations_the_outermost_is_found() -> None:
    inner = f"「 石榴: 几点 」 {R} 九点"
    assert find_quotation(f"「 江月: {inner} 」 {R} 好") == Quotation("江月", inner, "好")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "「 江月: 早 」",
        f"「 江月: 早 」 {R} - 好",
        f"「 江月: 早 」 {R}- 好",
        f"「 江月: 早 」 {R} -",
        f"「 江月: 早 」 {R[2:]} 好",
        f"「 江月: 早 」 x {R} 好",
        f"「 江月 早 」 {R} 好",
        f"「 江月: 早 {R} 好",
        f"江月: 早 」 {R} 好",
        f"他说「 江月: 早 」 {R} 好",
        f"?江月: 早 ? {R} 好",
        f"? ? {R} 好",
        R,
    ],
)
def test_anything_else_is_no_quotation(text: str) -> None:
    assert find_quotation(text) is None


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.text())
def test_no_text_makes_it_fail_or_loses_a_word(text: str) -> None:
    quotation = find_quotation(text)
    if quotation:
        for part in (quotation.name, quotation.text, quotation.reply):
            assert part in text


@given(st.text(), st.text())
def test_words_without_marks_come_back(words: str, reply: str) -> None:
    quotation = find_quotation(f"「 江月: {words} 」 {R} {reply}")
    if not set("「」-") & set(words + reply):
        assert quotation == Quotation("江月", words.strip(), reply.strip())
