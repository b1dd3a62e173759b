from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.names import NameParts, fold, is_telling, person_keys, split_name

PARTS = NameParts("江月", "云杉支付", "产品", "杭州")


@pytest.mark.parametrize(
    "separator", ["-", "—", "–", "－", "_", "～", "~", "·", "/", "|", "、", " ", " - ", "一", "--"]
)
def test_any_separator_parts_a_name(separator: str) -> None:
    assert split_name(separator.join(["江月", "云杉支付", "产品", "杭州"])) == PARTS


@pytest.mark.parametrize(
    "name", ["杭州-江月-云杉支付-产品", "云杉支付-产品-江月-杭州", "产品_江月_杭州_云杉支付", "江月-杭州-产品-云杉支付"]
)
def test_the_parts_may_be_in_any_order(name: str) -> None:
    assert split_name(name) == PARTS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("江月", NameParts("江月")),
        ("汤圆", NameParts("汤圆")),
        ("Momo", NameParts("Momo")),
        ("??汤圆??", NameParts("汤圆")),
        ("江月-云杉支付产品经理", NameParts("江月", "云杉支付", "产品经理")),
        ("江月-云杉支付PM", NameParts("江月", "云杉支付", "PM")),
        ("江月@云杉支付", NameParts("江月", "云杉支付")),
        ("江月（苏州）", NameParts("江月", city="苏州")),
        ("Momo（江月）-产品", NameParts("Momo 江月", role="产品")),
        ("Lu Fan-架构", NameParts("Lu Fan", role="架构")),
        ("江月-拾光-产品-杭州", NameParts("江月", "拾光", "产品", "杭州")),
        ("江月-拾光", NameParts("江月", remark="拾光")),
        ("江月-杭州市-浙江省", NameParts("江月", city="杭州市", remark="浙江省")),
        ("江月-测试-高级产品总监", NameParts("江月", role="测试", remark="高级产品总监")),
        ("互金产品-江小月-杭州", NameParts("江小月", role="互金产品", city="杭州")),
        ("支付-江小月", NameParts("江小月", remark="支付")),
        ("江一月-产品", NameParts("江一月", role="产品")),
        ("7", NameParts(remark="7")),
        ("", NameParts()),
        ("产品", NameParts(role="产品")),
    ],
)
def test_a_name_tells(name: str, parts: NameParts) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize("name", ["橘猫街_江宁", "慢悠悠小和-安吉-技术", "永远-云账户-开发-北京"])
def test_who_of_two_is_the_person_is_not_guessed(name: str) -> None:
    assert split_name(name).person == ""


@given(st.text(max_size=60))
def test_no_letter_of_a_name_is_lost_or_made_up(name: str) -> None:
    parts = split_name(name)
    told = "".join([parts.person, parts.company, parts.role, parts.city, parts.remark])
    assert sorted(character for character in told if character.isalnum() and character != "一") == sorted(
        character for character in name if character.isalnum() and character != "一"
    )


@pytest.mark.parametrize(
    ("one", "other"), [("江月-云杉", "江月—云杉 "), ("Momo", "ＭＯＭＯ"), ("江月??", "江月"), ("A.B-C", "abc")]
)
def test_width_case_and_punctuation_fold_away(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_name_of_signs_alone_does_not_fold_to_nothing() -> None:
    assert fold("???") != fold("~")


@pytest.mark.parametrize(
    ("person", "keys"),
    [
        ("江月", ("江月",)),
        ("江月Momo", ("江月momo", "江月", "momo")),
        ("Momo 江月", ("momo江月", "江月", "momo")),
        ("Lu", ()),
        ("风", ()),
        ("", ()),
    ],
)
def test_a_person_is_known_by(person: str, keys: tuple[str, ...]) -> None:
    assert person_keys(person) == keys


@pytest.mark.parametrize("key", ["a", "ab", "月", "123456", ""])
def test_what_too_many_are_called_tells_nobody(key: str) -> None:
    assert not is_telling(key)


def test_words_that_can_be_cut_in_thousands_of_ways_take_no_time() -> None:
    assert split_name("江月-" + "产品经理" * 40 + "啊").person == "江月"


@pytest.mark.parametrize("part", ["产品&运营", "产品和运营", "JAVA开发", "高级产品总监"])
def test_words_of_work_together_are_a_role(part: str) -> None:
    assert split_name(f"江月-{part}").role == part


@pytest.mark.parametrize("part", ["产品&", "&产品", "支付", "产品啊"])
def test_what_is_not_made_of_words_of_work_is_no_role(part: str) -> None:
    assert split_name(f"江月-{part}").role == ""
