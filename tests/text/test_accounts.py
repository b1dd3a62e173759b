"""Tests of masking private account ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.accounts import bare_account, is_account, mask_accounts


@pytest.mark.parametrize(
    "name",
    [
        "wxid_sample0000000a",
        "wxid_sample0000000a]]>",
        " wxid_a-b_c: ",
        "12345678@chatroom",
        "gh_0123456789ab",
        "kele_sample77]]>",
    ],
)
def test_an_id_is_known_by_its_shape_or_by_what_the_export_left_behind_it(name: str) -> None:
    assert is_account(name)


@pytest.mark.parametrize(
    "name", ["江月", "kele_sample77", "wxid_sample0000000a 江月", "[强]>", "", "]]>", "a]]>", "xwxid_a"]
)
def test_a_name_is_no_id(name: str) -> None:
    assert not is_account(name)


@pytest.mark.parametrize("name", ["kele_sample77", "kele_sample77]]>", " kele_sample77:"])
def test_an_id_that_somebody_chose_must_be_known(name: str) -> None:
    assert is_account(name, {"kele_sample77"})


def test_the_bare_id_is_free_of_left_overs() -> None:
    assert bare_account(" wxid_a1]]> ") == "wxid_a1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("wxid_sample0000000a", "未知成员"),
        ("@wxid_sample0000000a 在吗", "@未知成员 在吗"),
        ("请wxid_a、wxid_b看", "请未知成员、未知成员看"),
        ("wxid_sample0000000a:\n12345678@chatroom", "未知成员:\n未知成员"),
        ("关注gh_0123456789ab", "关注未知成员"),
        ("kele_sample77]]>", "未知成员"),
    ],
)
def test_ids_are_masked_anywhere_in_a_text(text: str, shown: str) -> None:
    assert mask_accounts(text) == shown


@pytest.mark.parametrize(
    "text", ["", "早上好", "wxid_", "1234@chatroom", "gh_012", "kele_sample77", "a]]>", "x<![CDATA[y]]>z"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert mask_accounts(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kele_sample77", "未知成员"),
        ("kele_sample77]]>", "未知成员"),
        ("我是kele_sample77，加我", "我是未知成员，加我"),
        ("<from>kele_sample77</from>", "<from>未知成员</from>"),
        ("「 kele_sample77: 早 」", "「 未知成员: 早 」"),
        ("kele_sample770 xkele_sample77", "kele_sample770 xkele_sample77"),
        ("wxid_a kele_sample77", "未知成员 未知成员"),
    ],
)
def test_a_known_id_is_masked_only_as_a_whole_word(text: str, shown: str) -> None:
    assert mask_accounts(text, {"kele_sample77"}) == shown


def test_a_long_number_costs_no_more_than_its_length() -> None:
    assert mask_accounts("1" * 300_000 + " @chatroom") == "1" * 300_000 + " @chatroom"


@given(
    st.lists(st.sampled_from(["wxid_", "a1", "gh_", "0123456789ab", "@chatroom", "]]>", " ", "江", ":", "-"])).map(
        "".join
    )
)
def test_no_made_id_is_left_after_masking(text: str) -> None:
    masked = mask_accounts(text)
    assert not is_account(masked)
    assert mask_accounts(masked) == masked
