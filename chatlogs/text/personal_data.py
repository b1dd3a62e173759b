"""Finds personal data in texts: contact details, id numbers and bank cards. Pure Python.

Regular expressions find candidates; libraries check the validity of phone numbers and the check digits of id numbers
and cards. They are slow to import, so they are imported on first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

# Increase with every change of what `find_personal_data` returns: all texts are then searched again.
VERSION = 1


class Kind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    QQ = "qq"
    WECHAT = "wechat"
    ID_NUMBER = "id_number"
    BANK_CARD = "bank_card"


class Found(NamedTuple):
    """`start` and `stop` are offsets in characters."""

    start: int
    stop: int
    kind: Kind


Spans = Iterator[tuple[int, int]]

# Narrow forms, one character each, so that offsets stay the same. The most frequent wide signs are left out: no pattern
# needs them.
NARROW = (
    {wide: chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F)) if wide not in "，！？；"}
    | dict.fromkeys("\t\xa0\u2002\u2003\u2005\u2009\u202f\u3000", " ")
    | dict.fromkeys("‐‑‒–—―−﹣", "-")
)
WIDE = re.compile(f"[{''.join(NARROW)}]")

# ASCII: a Chinese character next to a number is no part of it.
FLAGS = re.ASCII | re.IGNORECASE

# Most texts have none of these characters and are skipped.
HINT = re.compile("[0-9０-９@＠信加wWvVｗＷｖＶ]")

# Excludes parts of longer numbers and words, amounts, and mailbox names before `@`.
BEFORE = r"(?<!\w)(?<!\d[.-])(?<![$¥￥])"
AFTER = r"(?!\w|@\w|[.-]\d| ?元|[万亿块笔%])"

# Order numbers, which are pasted more often than phone numbers and cards.
ORDER = re.compile(
    r"(?:订单|单号|流水号?|商户号|交易号|批次号?|编号|参考号|order|trade|serial)(?:号码?)?[ _]?(?:no|id|number)?"
    r"[\s:=\"'#是为]{0,4}\Z",
    FLAGS,
)
LONGEST_ORDER = 24

# Numbers in web addresses are no phone numbers or cards. An address ends at the first wide character.
ADDRESS = re.compile(r"://[!-~]*|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/[!-~]*", FLAGS)
ALSO_IN_ADDRESSES = {Kind.ID_NUMBER, Kind.EMAIL}

ID_NUMBER = re.compile(BEFORE + r"[1-9]\d{5}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dx](?!\w)", FLAGS)

CARD = re.compile(
    BEFORE
    + r"(?:\d{13,19}|\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?P<rest>(?P=gap)\d{3})?"
    + r"|\d{4}[ -]\d{6}[ -]\d{5}|\d{6}[ -]\d{10,13})"
    + AFTER,
    FLAGS,
)
# UnionPay, Visa, Mastercard, American Express and JCB.
ISSUED = re.compile(
    r"6[02]\d{14,17}|4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}|35\d{14}"
)

MOBILE = (
    r"(?:(?:\+|00)?86[ -]?)?1[3-9](?:\d{9}|\d(?P<gap>[ .-])\d{4}(?P=gap)\d{4}"
    r"|\d\d[ -]\d{3}[ -]\d{4}|\d[ -]\d{8}|\d{5}[ -]\d{4})"
)
AREA = r"(?:10|2\d|[3-9]\d\d)"
# Without a separator, a number that begins with 1 after the area code is probably a date or another number.
LANDLINE = rf"(?:\(0{AREA}\) ?|0{AREA}(?:[ -]{{1,3}}|(?=[2-9])))\d{{3,4}}[ -]?\d{{4}}"
EXTENSION = r"(?:-| ?转 ?)\d{1,5}"
INTERNATIONAL = r"(?:\(\+[1-9]\d{0,2}\)|\+ ?[1-9]|00(?=86)8)(?:[ .()-]{0,2}\d){6,14}"
PHONE = re.compile(
    rf"{BEFORE}(?:{MOBILE}|(?P<landline>{LANDLINE})(?:{EXTENSION})?|{INTERNATIONAL}){AFTER}",
    FLAGS,
)

# `git@` is no person's mailbox, and `@2x.` is an image scale.
EMAIL = re.compile(
    r"(?<!\w)(?!git@)\w[\w.%+-]{0,63}@(?!\d+x\.)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?!\w)",
    FLAGS,
)

QQ = re.compile(
    r"(?:(?<![\w.@])(?:qq|q(?=[号群]))|扣扣|企鹅)(?:[\u4e00-\u9fff]{0,4}群)?(?:[/和](?:微信|wx|vx)(?:同号)?)?"
    r"(?:\s?(?:号码?|number|no\.?|[是为:#(-])){0,4}\s{0,2}(?P<number>[1-9]\d{4,10})(?!\w|@\w|\.\d| ?元|[万亿块笔%])",
    FLAGS,
)

# A Latin cue is a whole word (not `wxpay`, not an app id like `wx0123456789abcdef`) or precedes a mobile number.
LATIN_END = r"(?:(?![\w-])|(?=1[3-9]\d{9}(?!\w)))"
LATIN_CUE = rf"(?:wx|vx|wechat|weixin){LATIN_END}"
WECHAT = re.compile(
    rf"(?:(?P<sure>加(?:我|个|下|一下)?的?(?:[微薇威]信|v信|{LATIN_CUE})|微信(?:号|id{LATIN_END})"
    rf"|[薇威]信|(?<!\w)v信|加我)|微信|(?<!\w){LATIN_CUE}|加v{LATIN_END})"
    r"(?P<separator>\s{0,2}(?:(?:号码?|同号|[是为:])\s{0,2}){1,3})?\s{0,2}[(\"'“‘「【\[]?"
    r"(?P<id>[a-z][\w-]{5,19}|1[3-9]\d{9})(?![\w-]|[@=(/]|[.:][\w/])",
    FLAGS,
)
NO_WECHAT_ID = frozenset(
    "alipay android chrome github google iphone oauth2 openid paypal unionid unionpay wechat weixin windows".split()
)


def find_personal_data(text: str) -> list[Found]:
    """Return the personal data in a text, in order. Of overlapping matches, the first in `FINDERS` counts."""
    if not HINT.search(text):
        return []
    narrow = WIDE.sub(lambda wide: NARROW[wide[0]], text)
    finders = [finder for finder in FINDERS if finder.hint.search(narrow)]
    if not finders:
        return []
    addresses, taken = bytearray(len(text)), bytearray(len(text))
    if "/" in text:
        for address in ADDRESS.finditer(text):
            _mark(addresses, *address.span())
    found = []
    for kind, _, find in finders:
        for start, stop in find(narrow):
            if any(taken[start:stop]) or (kind not in ALSO_IN_ADDRESSES and any(addresses[start:stop])):
                continue
            _mark(taken, start, stop)
            found.append(Found(start, stop, kind))
    return sorted(found)


def _mark(marked: bytearray, start: int, stop: int) -> None:
    marked[start:stop] = b"\1" * (stop - start)


def _find_id_numbers(text: str) -> Spans:
    return (match.span() for match in ID_NUMBER.finditer(text) if _is_id_number(_compact(match[0])))


def _is_id_number(number: str) -> bool:
    """Return whether check digit, birthday and county are valid.

    The library's `is_valid` also rejects numbers of people born before their county was founded, which exist.
    """
    from stdnum import numdb
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    if ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return "county" in numdb.get("cn/loc").info(number[:6])[-1][1]


def _find_bank_cards(text: str) -> Spans:
    for match in CARD.finditer(text):
        if _is_order(text, match.start()):
            continue
        # The optional last group may be another number.
        for stop in (match.end(), match.start("rest")):
            if stop > 0 and _is_bank_card(_compact(text[match.start() : stop])):
                yield match.start(), stop
                break


def _is_bank_card(number: str) -> bool:
    if not ISSUED.fullmatch(number):
        return False
    from stdnum import luhn

    return luhn.is_valid(number)


def _find_phones(text: str) -> Spans:
    for match in PHONE.finditer(text):
        if _is_order(text, match.start()):
            continue
        number = match["landline"] or match[0]
        if _is_phone(number):
            yield match.span()
        elif number.startswith("+") and _is_phone(number[1:]):  # "name+number", as people sign up for something.
            yield match.start() + 1, match.end()


def _is_phone(number: str) -> bool:
    """Return whether it is a valid number of a person, not a service number such as 400 or 800."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    try:
        phone = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return False
    companies = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.UNKNOWN,
    }
    return phonenumbers.number_type(phone) not in companies


def _find_emails(text: str) -> Spans:
    return (match.span() for match in EMAIL.finditer(text))


def _find_qq(text: str) -> Spans:
    return (match.span("number") for match in QQ.finditer(text))


def _find_wechat(text: str) -> Spans:
    for match in WECHAT.finditer(text):
        # After a weak cue without a separator, the id must contain a digit.
        is_clear = match["sure"] or match["separator"] or any(character.isdigit() for character in match["id"])
        if is_clear and match["id"].lower() not in NO_WECHAT_ID:
            yield match.span("id")


def _is_order(text: str, start: int) -> bool:
    return ORDER.search(text[max(0, start - LONGEST_ORDER) : start]) is not None


def _compact(number: str) -> str:
    return number.replace(" ", "").replace("-", "").upper()


class Finder(NamedTuple):
    """`hint` is a faster pattern that occurs in every text with a match."""

    kind: Kind
    hint: re.Pattern[str]
    find: Callable[[str], Spans]


# The most reliable kinds first. The hints do not use IGNORECASE, which is slow.
FINDERS = (
    Finder(Kind.ID_NUMBER, re.compile(r"\d{6}[ -]?\d{8}[ -]?\d{3}", re.ASCII), _find_id_numbers),
    Finder(Kind.BANK_CARD, re.compile(r"\d(?:[ -]?\d){12}", re.ASCII), _find_bank_cards),
    Finder(Kind.PHONE, re.compile(r"\d(?:[ .()-]{0,3}\d){6}", re.ASCII), _find_phones),
    Finder(Kind.EMAIL, re.compile(r"[\w.%+-]@\w", re.ASCII), _find_emails),
    Finder(Kind.QQ, re.compile(r"\d{5}", re.ASCII), _find_qq),
    Finder(Kind.WECHAT, re.compile("[微薇威vV]信|加[我个下一的微薇威vVwW]|[wWvV][xX]|[wW][eE][cCiI]"), _find_wechat),
)
