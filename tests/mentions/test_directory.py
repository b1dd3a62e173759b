"""Resolving mentions by names alone. Numbers are alias IDs; member IDs are the same unless given."""

from __future__ import annotations

import pytest

from chatlogs.mentions.directory import UNKNOWN, Directory, Known, Meaning, Method
from chatlogs.text.names import split_name

TEA, WINE = 1, 2
FULL = "江月-云杉支付-产品-杭州"


def known(alias_id: int, name: str, *, room: int = TEA, member: int = 0, count: int = 10) -> Known:
    return Known(alias_id, member or alias_id, room, name, split_name(name), count)


def find(text: str, *names: Known, room: int = TEA) -> Meaning:
    return Directory.of(names).find(text, room)


def found(text: str, *names: Known, room: int = TEA) -> int | None:
    return find(text, *names, room=room).alias_id


# Methods and certainty


def test_an_exact_name_is_certain() -> None:
    assert find(FULL, known(1, FULL), known(2, "江月")) == Meaning(1, Method.EXACT, True)


def test_surrounding_spaces_are_ignored() -> None:
    assert find("江月 ", known(1, " 江月")) == Meaning(1, Method.EXACT, True)


def test_the_very_name_of_another_room_is_sure_if_only_one_is_called_so() -> None:
    assert find(FULL, known(1, FULL, room=WINE)) == Meaning(1, Method.EXACT, True)


def test_of_those_with_the_very_name_the_rooms_own_is_meant_surely() -> None:
    assert find("江月", known(1, "江月", room=WINE, count=99), known(2, "江月")) == Meaning(2, Method.EXACT, True)


def test_the_very_name_of_two_in_other_rooms_is_not_sure() -> None:
    much, little = known(1, "江月", room=WINE, count=99), known(2, "江月", room=3, count=1)
    assert find("江月", much, little) == Meaning(1, Method.EXACT, False)


@pytest.mark.parametrize("text", ["ＭＯＭＯ", "momo", "Momo。", "Mo-Mo"])
def test_a_name_of_another_width_case_or_punctuation_is_sure(text: str) -> None:
    assert find(text, known(1, "Momo")) == Meaning(1, Method.NORMALISED, True)


def test_the_very_name_goes_before_the_same_but_for_signs() -> None:
    assert found("Momo", known(1, "momo", count=99), known(2, "Momo")) == 2


def test_a_person_of_the_same_company_is_sure() -> None:
    assert find("江月-云杉支付", known(1, FULL)) == Meaning(1, Method.PERSON, True)


def test_a_rare_name_that_one_in_the_room_has_is_sure() -> None:
    assert find("陈江月", known(1, "陈江月-产品")) == Meaning(1, Method.PERSON, True)


def test_a_rare_name_of_another_room_is_probable() -> None:
    assert find("陈江月", known(1, "陈江月-产品", room=WINE)) == Meaning(1, Method.PERSON, False)


def test_a_short_name_is_probable() -> None:
    assert find("江月", known(1, FULL)) == Meaning(1, Method.PERSON, False)


def test_a_part_of_a_name_is_probable() -> None:
    assert find("橘猫街", known(1, "橘猫街_江宁")) == Meaning(1, Method.PART, False)


@pytest.mark.parametrize("half", ["江月", "momo"])
def test_either_half_of_a_person_is_enough(half: str) -> None:
    assert found(half, known(1, "Momo（江月）-产品")) == 1


@pytest.mark.parametrize("everybody", ["所有人", "全体成员", "all", "ALL", "everyone", "all "])
def test_everybody_has_no_alias(everybody: str) -> None:
    assert find(everybody, known(1, "all")) == Meaning(None, Method.EVERYBODY, True)


# Several candidates


def test_of_two_called_alike_the_company_tells() -> None:
    other = known(2, "江月-青禾银行-测试-北京", count=99)
    assert found("江月-云杉支付", known(1, FULL), other) == 1


def test_a_company_is_told_by_its_beginning() -> None:
    assert found("江月-云杉-产品-杭州", known(1, FULL), known(2, "江月-青禾银行-测试-杭州", count=99)) == 1


def test_of_two_called_alike_the_room_tells() -> None:
    assert found("江月", known(1, "江月-测试", room=WINE, count=99), known(2, "江月-产品")) == 2


def test_the_company_tells_more_than_the_room() -> None:
    assert found("江月-云杉支付", known(1, FULL, room=WINE), known(2, "江月-产品", count=99)) == 1


def test_of_two_called_alike_the_city_tells() -> None:
    assert found("江月-杭州", known(1, "江月-产品-杭州"), known(2, "江月-产品-北京", count=99)) == 1


def test_the_room_tells_more_than_the_city() -> None:
    assert found("江月-北京", known(1, "江月-产品-杭州"), known(2, "江月-产品-北京", room=WINE, count=99)) == 1


def test_of_two_called_alike_the_role_tells() -> None:
    assert found("江月-测试", known(1, "江月-测试-杭州"), known(2, "江月-产品-杭州", count=99)) == 1


@pytest.mark.parametrize(("count", "meant"), [(40, 1), (39, None)])
def test_of_two_alike_in_all_the_much_more_active_one_is_meant(count: int, meant: int | None) -> None:
    assert found("江月", known(1, "江月-产品", count=count), known(2, "江月-测试", count=10)) == meant


def test_of_two_who_said_nothing_nobody_is_meant() -> None:
    assert found("江月", known(1, "江月-产品", count=0), known(2, "江月-测试", count=0)) is None


def test_two_names_of_one_member_are_no_rivals() -> None:
    assert found("江月", known(1, "江月-产品", count=9), known(2, "江月-测试", member=1)) == 2


def test_two_names_of_one_member_leave_it_sure() -> None:
    names = known(1, "陈江月-产品"), known(2, "陈江月-测试", member=1, count=1)
    assert find("陈江月", *names) == Meaning(1, Method.PERSON, True)


def test_where_several_fit_equally_nobody_is_meant() -> None:
    assert find("陈江月", known(1, "陈江月-产品"), known(2, "陈江月-测试")) == UNKNOWN


def test_the_order_of_names_makes_no_difference() -> None:
    names = [known(1, FULL), known(2, "江月-测试", count=99), known(3, "江月", room=WINE), known(4, "Momo（江月）")]
    assert found("江月-杭州", *names) == found("江月-杭州", *reversed(names))


# Names without a referent


def test_a_short_name_with_another_company_and_another_city_is_somebody_else() -> None:
    assert find("江月-青禾银行-北京", known(1, FULL)) == UNKNOWN


@pytest.mark.parametrize("moved", ["江月-青禾银行-杭州", "江月-云杉支付-北京", "江月-青禾银行"])
def test_a_short_name_with_either_of_them_alone_may_have_moved(moved: str) -> None:
    assert found(moved, known(1, FULL)) == 1


def test_a_rare_name_may_have_moved_to_another_company_and_another_city() -> None:
    assert found("陈江月-青禾银行-北京", known(1, "陈江月-云杉支付-产品-杭州")) == 1


@pytest.mark.parametrize("company", ["云杉支付", "云杉支付-产品", "云杉支付-产品-杭州"])
def test_a_company_alone_is_nobody(company: str) -> None:
    assert find(company, known(1, FULL), known(2, "阿甲-云杉支付")) == UNKNOWN


def test_a_companys_word_that_looks_like_a_person_is_nobody() -> None:
    assert find("拾光", known(1, "石榴-拾光-产品-杭州"), known(2, "Momo-拾光")) == UNKNOWN


@pytest.mark.parametrize("text", ["产品", "杭州", "产品-杭州", "杭州 产品经理"])
def test_a_role_or_a_place_alone_is_nobody(text: str) -> None:
    assert find(text, known(1, FULL), known(2, "阿甲-杭州-产品")) == UNKNOWN


@pytest.mark.parametrize("text", ["月", "Lu", "123456"])
def test_what_too_many_are_called_is_nobody(text: str) -> None:
    assert find(text, known(1, "月-产品"), known(2, "Lu-产品"), known(3, "123456-产品")) == UNKNOWN


@pytest.mark.parametrize("text", ["石榴", "", "?"])
def test_whom_no_name_is_like_is_unknown(text: str) -> None:
    assert find(text, known(1, FULL)) == UNKNOWN


def test_without_names_everything_is_unknown() -> None:
    assert find("江月") == UNKNOWN
