"""Tests of finding personal data, and of similar texts that are none."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.personal_data import ADDRESS, HINT, NARROW, Found, Kind, find_personal_data

# Fictitious: numbers reserved for documentation, all zeros, and impossible places.
MOBILE = "13800138000"
LANDLINE = "010-12345678"
UNIONPAY = "6222020000000000000"
VISA = "4111111111111111"
ID_NUMBER = "110101190001010006"
ID_NUMBER_WITH_X = "11010119000101009X"

CHINESE = "请打电话给我谢谢您好的在吗，。！\n"


def found(text: str) -> list[tuple[str, str]]:
    """Return the found texts and their kinds."""
    return [(text[start:stop], kind.value) for start, stop, kind in find_personal_data(text)]


def widen(text: str) -> str:
    wide = {narrow: wide for wide, narrow in NARROW.items() if "！" <= wide <= "～"}
    return "".join(wide.get(character, character) for character in text)


# Phone numbers


@pytest.mark.parametrize(
    "number",
    [
        MOBILE,
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "1380 013 8000",
        "138 00138000",
        "1380013 8000",
        "138\xa00013\u20058000",
        "138－0013—8000",
        "１３８００１３８０００",
        "+8613800138000",
        "+86 138 0013 8000",
        "＋86 138 0013 8000",
        "(+86)13800138000",
        "0086 13800138000",
        "86-13800138000",
        "8613800138000",
        LANDLINE,
        "010 12345678",
        "（010）12345678",
        "01022345678",
        "0571-88880000",
        "0571-8888 0000",
        "010-12345678-801",
        "010-12345678转801",
        "+86 10 2234 5678",
        "0086-10-22345678",
        "+1 212 555 0100",
        "+852 5123 4567",
    ],
)
@pytest.mark.parametrize("template", ["{}", "手机{}，随时", "江月/{}/杭州", "电话:{}.", "({})", "tel: {} 谢谢"])
def test_a_phone_number_is_found_whole(number: str, template: str) -> None:
    assert found(template.format(number)) == [(number, "phone")]


@pytest.mark.parametrize("template", ["江月+{}+杭州", "江月+{}"])
def test_a_plus_sign_may_join_a_name_and_a_phone_number(template: str) -> None:
    assert found(template.format(MOBILE)) == [(MOBILE, "phone")]


@pytest.mark.parametrize("between", [" ", "/", "、", ",", "\n", " / ", "+"])
def test_phone_numbers_beside_each_other_are_two(between: str) -> None:
    assert found(f"{MOBILE}{between}13900139000") == [(MOBILE, "phone"), ("13900139000", "phone")]


@pytest.mark.parametrize(
    "text",
    [
        "10086",
        "致电95588",
        "2018年",
        "2018-03-15 10:22:33",
        "20180315 12345678",
        "12345678元",
        "400-812-3456",
        "4008123456",
        "800-810-8888",
        "12000000000",
        "+999 1234 5678",
        "1552612345678",
        "1 3 8 0 0 1 3 8 0 0 0",
        "138****8000",
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "template",
    [
        "1{}",
        "{}1",
        "A{}",
        "{}x",
        "T_{}",
        "{}_2",
        "2018-{}",
        "{}-2018",
        "1.{}",
        "{}.00",
        "{}元",
        "{} 元",
        "{}万",
        "{}%",
        "￥{}",
        "${}",
        "订单号{}",
        "订单号：{}",
        "流水号是 {}",
        "order_no={}",
        '"orderId":"{}"',
        "http://example.com/{}",
        "看https://example.com/?m={}&n={}",
        "example.com/user/{}",
        "alipays://pay?to={}",
    ],
)
def test_part_of_something_else_is_no_phone_number(template: str) -> None:
    assert found(template.replace("{}", MOBILE)) == []


def test_a_phone_number_behind_a_web_address_is_found() -> None:
    assert found(f"https://example.com/1 {MOBILE}，http://example.com/2（{MOBILE}）") == [(MOBILE, "phone")] * 2


# E-mail addresses


@pytest.mark.parametrize(
    "address",
    [
        "jiangyue@example.com",
        "jiang.yue+chat@mail.example.com.cn",
        "12345678@qq.com",
        "qq12345678@qq.com",
        "jiangyue＠example.com",
        "ｊｙ＠ｑｑ．ｃｏｍ",
        f"{MOBILE}@example.com",
        "J_Y-1@EXAMPLE.ORG",
    ],
)
@pytest.mark.parametrize("template", ["{}", "邮箱{}谢谢", "mail:{}.", "<{}>", "({})", "https://example.com/?to={}&a=1"])
def test_an_email_address_is_found_whole(address: str, template: str) -> None:
    assert found(template.format(address)) == [(address, "email")]


@pytest.mark.parametrize(
    "text",
    [
        "@江月 早",
        "江月@example.com",
        "jiangyue@example",
        "jiangyue@",
        "@example.com",
        "icon@2x.png",
        "git@example.com:a/b",
        "root@127.0.0.1",
        "12345678@chatroom",
    ],
)
def test_other_texts_with_an_at_sign_are_no_email_addresses(text: str) -> None:
    assert found(text) == []


# QQ numbers


@pytest.mark.parametrize(
    "cue",
    [
        "qq",
        "QQ",
        "QQ:",
        "QQ：",
        "QQ号",
        "qq号码是",
        "QQ 号 ： ",
        "QQ number: ",
        "我的QQ是",
        "扣扣",
        "Q号",
        "企鹅号为",
        "qq群",
        "QQ交流群：",
        "QQ群号: ",
        "QQ(",
        "QQ/微信：",
        "ＱＱ：",
    ],
)
@pytest.mark.parametrize("number", ["10000", "12345678901"])
def test_a_qq_number_is_found_behind_its_cue(cue: str, number: str) -> None:
    assert found(f"{cue}{number}，谢谢") == [(number, "qq")]


@pytest.mark.parametrize(
    "text",
    [
        "12345678",
        "QQ 1234",
        "QQ 123456789012",
        "QQ 01234567",
        "QQ群有12345人",
        "QQ12345元",
        "QQ 12345.6",
        "QQ12345a",
        "xqq12345678",
        "QQ，12345678",
        "https://example.com/qq:12345678",
        "看QQ钱包的12345678",
    ],
)
def test_other_numbers_are_no_qq_numbers(text: str) -> None:
    assert found(text) == []


def test_a_valid_phone_number_counts_as_one_though_a_qq_cue_precedes() -> None:
    assert found(f"QQ:{MOBILE}") == [(MOBILE, "phone")]


# WeChat ids


@pytest.mark.parametrize(
    "cue",
    [
        *["微信号", "微信号：", "微信号是 ", "微信号\n", "微信id: ", "加微信", "加我微信 ", "加下微信", "薇信"],
        *["v信", "V信：", "加我", "微信：", "微信是", "wx:", "WeChat: ", "VX：", "加v:", "weixin: "],
    ],
)
def test_an_id_is_found_behind_a_clear_cue(cue: str) -> None:
    assert found(f"{cue}jiangyue，谢谢") == [("jiangyue", "wechat")]


@pytest.mark.parametrize("cue", ["微信", "微信 ", "wx ", "wechat ", "VX ", "加v "])
def test_an_id_behind_a_weak_cue_has_a_digit(cue: str) -> None:
    assert found(f"{cue}jiang_yue8，谢谢") == [("jiang_yue8", "wechat")]
    assert found(f"{cue}access_token，谢谢") == []


@pytest.mark.parametrize(
    "text",
    [
        "微信 android",
        "微信:Android版",
        "微信支付",
        "wechat pay",
        "微信 https://example.com/a1b2c3",
        "微信:https://example.com",
        "wxpay8 ok",
        "wx0123456789abcdef",
        "wxa1b2c3d4e5f6a7b8",
        "加vip8888会员",
        "微信：abc12",
        "微信：jiangyue.login()",
        "微信openid2(x)",
        "微信号：" + "a" * 21,
        "加我wechat",
        "我信jiangyue8",
        "https://example.com/?wx:jiangyue8",
    ],
)
def test_other_words_are_no_wechat_ids(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("cue", ["vx", "wx", "加v", "V信"])
def test_a_mobile_number_may_be_glued_to_a_latin_cue(cue: str) -> None:
    assert [what for what, _ in found(f"{cue}{MOBILE}")] == [MOBILE]


def test_a_mobile_number_that_stands_alone_behind_a_cue_counts_as_a_phone_number() -> None:
    assert found(f"微信同号：{MOBILE}") == [(MOBILE, "phone")]


def test_a_qq_number_for_a_friend_is_no_wechat_id() -> None:
    assert found("加我QQ12345678") == [("12345678", "qq")]


# Id numbers


@pytest.mark.parametrize(
    "number",
    [
        ID_NUMBER,
        ID_NUMBER_WITH_X,
        ID_NUMBER_WITH_X.lower(),
        "110101 19000101 0006",
        "110101-19000101-0006",
        widen(ID_NUMBER),
        widen(ID_NUMBER_WITH_X),
    ],
)
@pytest.mark.parametrize("template", ["{}", "身份证号{}，", "https://example.com/?id={}"])
def test_an_id_number_is_found_whole(number: str, template: str) -> None:
    assert found(template.format(number)) == [(number, "id_number")]


def test_who_was_born_before_the_county_was_founded_has_an_id_number_too() -> None:
    assert found("110112190001010005") == [("110112190001010005", "id_number")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("110101190001010007", "check digit"),
        ("110101190013010001", "month"),
        ("100001190001010005", "place"),
        ("110101900101000", "15 digits"),
        (f"{ID_NUMBER}1", "longer"),
        (f"A{ID_NUMBER}", "glued"),
    ],
)
def test_other_numbers_are_no_id_numbers(text: str, why: str) -> None:
    assert found(text) == []


# Bank cards


@pytest.mark.parametrize(
    "number",
    [
        UNIONPAY,
        "6222 0200 0000 0000 000",
        "6222-0200-0000-0000-000",
        "622202 0000000000000",
        "6222020000000007",
        VISA,
        "4111 1111 1111 1111",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "3530111333300000",
        widen(VISA),
    ],
)
@pytest.mark.parametrize("template", ["{}", "卡号{}，", "卡号：{}", "{} 123", "{} 谢谢"])
def test_a_bank_card_is_found_whole(number: str, template: str) -> None:
    assert found(template.format(number)) == [(number, "bank_card")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("4111111111111112", "check digit"),
        ("1000000000000008", "issuer"),
        ("411111111111116", "length"),
        (f"{VISA}元", "amount"),
        (f"{VISA}.00", "amount"),
        (f"订单号：{VISA}", "order"),
        (f"商户号 {VISA}", "merchant"),
        (f"trade_no={VISA}", "order"),
        (f"https://example.com/{VISA}", "address"),
        (f"{VISA}00000", "longer"),
        (f"A{VISA}", "glued"),
        ("4111  1111  1111  1111", "gaps"),
    ],
)
def test_other_numbers_are_no_bank_cards(text: str, why: str) -> None:
    assert found(text) == []


# All kinds


def test_matches_are_in_order_with_their_offsets() -> None:
    text = f"QQ12345，{MOBILE}，a@example.com，{VISA}"
    assert find_personal_data(text) == [
        Found(2, 7, Kind.QQ),
        Found(8, 19, Kind.PHONE),
        Found(20, 33, Kind.EMAIL),
        Found(34, 50, Kind.BANK_CARD),
    ]


@pytest.mark.parametrize("text", ["", "早上好", "[微笑]", "这个方案可以，明天再讨论", "OK"])
def test_most_texts_are_done_with_at_a_glance(text: str) -> None:
    assert not HINT.search(text)
    assert found(text) == []


def test_the_libraries_are_imported_only_for_a_text_that_needs_them() -> None:
    program = (
        "import sys\n"
        "from chatlogs.text.personal_data import find_personal_data as find\n"
        "find('2018-03-15 QQ12345678 a@example.com 微信号jiangyue 订单 12345678')\n"
        "assert not {'phonenumbers', 'stdnum'} & sys.modules.keys()\n"
        f"find('{MOBILE} {VISA}')\n"
        "assert {'phonenumbers', 'stdnum'} <= sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


PIECES = [
    *[MOBILE, LANDLINE, UNIONPAY, VISA, ID_NUMBER, "a@example.com", "QQ:12345678", "微信号jiangyue8"],
    *["+86", "wx", "加我", "https://example.com/", "订单", "元", "1", "0", "x", "江", " ", "-", ".", "@", "＠"],
    *["：", "（", "）", "\n", "１３"],
]
MADE_OF_PIECES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.one_of(st.text(), MADE_OF_PIECES))
def test_spans_are_in_order_apart_and_within_any_text(text: str) -> None:
    end = 0
    for start, stop, _ in find_personal_data(text):
        assert end <= start < stop <= len(text)
        end = stop


@given(MADE_OF_PIECES.map(lambda text: text.replace("/", "")))
def test_both_widths_have_the_same_spans(text: str) -> None:
    assert not ADDRESS.search(text)
    assert find_personal_data(widen(text)) == find_personal_data(text)


@pytest.mark.parametrize(
    "data", [MOBILE, LANDLINE, UNIONPAY, ID_NUMBER, "a@example.com", "QQ12345678", "微信号jiangyue", "VX：jiangyue"]
)
@given(st.text(CHINESE), st.text(CHINESE))
def test_chinese_characters_may_surround_it(data: str, before: str, after: str) -> None:
    [(start, stop, kind)] = find_personal_data(data)
    shifted = Found(len(before) + start, len(before) + stop, kind)
    assert find_personal_data(before + data + after) == [shifted]


@pytest.mark.parametrize(
    "unit",
    [
        *["1", "1 ", "1-", "a", "a.", "a-", "a@", "@", "a@a.", "+1", "+1-(", "(0", "010 ", "0571-", "4111 "],
        *["QQ ", "QQ:", "QQ群群", "扣扣号", "微信", "微信:", "微信号 ", "加我", "wx ", "wx:", "v信 ", "订单号"],
        *["a.com/", "://", "１", "＠", "110101190001010007 "],
    ],
)
def test_a_hostile_text_has_nothing_and_ends(unit: str) -> None:
    assert find_personal_data(unit * (100_000 // len(unit))) == []


def test_a_text_of_nothing_but_phone_numbers_has_them_all() -> None:
    assert len(find_personal_data(f"{MOBILE} " * 1000)) == 1000
