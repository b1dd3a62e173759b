"""What a display name says of a person: who, where, as what. Pure.

Most are person, company, role and city, in any order and with any separator: `江月-云杉支付-产品-杭州`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# To be raised with every change of what `split_name` returns: names are then split anew.
VERSION = 1

WORDS = Path(__file__).with_name("words")
SEPARATORS = re.compile(r"([-—–－_＿～~·/|｜、,，+＋@＠:：?？!！;；。\s()（）\[\]【】{}｛｝「」<>《》]+)")
# A sign for one: 江月一云杉支付一杭州.
DASH_LIKE = "一"
BETWEEN_ROLES = "&和"
NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z.'’]*[A-Za-z]")
END_OF_PLACE = re.compile(r"(?<=..)[省市]\Z")

# Below these lengths, a person's part is shared by too many people to tell one from another.
SHORTEST_HAN, SHORTEST_LATIN = 2, 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a display name is made of, as written; "" for what it does not tell.

    `remark` is what remains: parts that nothing tells the meaning of.
    """

    person: str = ""
    company: str = ""
    role: str = ""
    city: str = ""
    remark: str = ""


class Lists(NamedTuple):
    """The word lists, and patterns made of them."""

    places: frozenset[str]
    surnames: frozenset[str]
    organisations: frozenset[str]
    organisation: re.Pattern[str]
    role: frozenset[str]
    """What a role is made of; it has a role's word in it besides."""
    longest_of_role: int
    role_word: re.Pattern[str]


@cache
def _lists() -> Lists:
    """Read when a name is split: most runs of the import have no new one."""
    organisations, roles = _read_words("organisations")[""], _read_words("roles")
    words_of_role = frozenset(word.casefold() for word in roles["roles"] | roles["about"])
    short = frozenset(word for word in organisations if len(word) == 1)
    return Lists(
        places=_read_words("places")[""],
        surnames=_read_words("surnames")[""],
        organisations=organisations,
        organisation=re.compile(f".+(?:{_any_of(organisations - short)})|.{{2,}}(?:{_any_of(short)})"),
        role=words_of_role,
        longest_of_role=max(map(len, words_of_role)),
        role_word=re.compile(_any_of(roles["roles"]), re.IGNORECASE),
    )


def _read_words(name: str) -> dict[str, frozenset[str]]:
    """The words of a list, by its sections; "" is what stands before the first."""
    sections: dict[str, set[str]] = {"": set()}
    section = ""
    for line in (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            sections[section] = set()
        elif not line.startswith("#"):
            sections[section].update(line.split())
    return {section: frozenset(words) for section, words in sections.items()}


def _any_of(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def fold(name: str) -> str:
    """What is the same for names that differ in width, case and punctuation alone.

    A name of nothing but signs stays as it is.
    """
    normal = unicodedata.normalize("NFKC", name).casefold()
    return NOT_ALPHANUMERIC.sub("", normal) or normal.strip()


@lru_cache(maxsize=4096)
def split_name(name: str) -> NameParts:
    """The parts of a display name. What no list and no place in the name tells is left to the remark."""
    found: dict[str, str] = {}
    unknown: list[tuple[int, str]] = []
    kinds: list[str] = []
    for token in _tokens(name):
        for kind, part in _classify(token):
            kinds.append(kind)
            if not kind or kind in found:
                kinds[-1] = ""
                unknown.append((len(kinds) - 1, part))
            else:
                found[kind] = part
    if place := _choose_person(unknown, kinds):
        found["person"] = place[1]
        kinds[place[0]] = "person"
        unknown.remove(place)
    if (company := _choose_company(unknown, kinds)) and "company" not in found:
        found["company"] = company[1]
        unknown.remove(company)
    return NameParts(**found, remark=" ".join(part for _, part in unknown))


def person_keys(person: str) -> tuple[str, ...]:
    """What tells one person from another in a person's part, folded: all of it, and its Chinese and its Latin half."""
    whole = fold(person)
    halves = [*HAN.findall(person), *map(fold, LATIN.findall(person))]
    return tuple(dict.fromkeys(key for key in (whole, *halves) if is_telling(key)))


def is_telling(key: str) -> bool:
    """Whether so few people are called so that it can stand for one: two Chinese characters, three others."""
    return len(key) >= (SHORTEST_HAN if HAN.match(key) else SHORTEST_LATIN) and not key.isdigit()


def is_common_word(part: str) -> bool:
    """Whether it is a place, a role or a trade, which never stands for a person."""
    lists = _lists()
    is_listed = END_OF_PLACE.sub("", part) in lists.places or part in lists.organisations
    return is_listed or _is_about_work(part)


def is_place_or_role(part: str) -> bool:
    return END_OF_PLACE.sub("", part) in _lists().places or _is_role(part)


def is_organisation(part: str) -> bool:
    """Whether it ends as the names of companies and institutions do."""
    return _lists().organisation.fullmatch(part) is not None


def looks_like_full_name(part: str) -> bool:
    """A surname with one or two given characters, or a surname of two."""
    if not HAN.fullmatch(part):
        return False
    surnames = _lists().surnames
    return (len(part) in (2, 3) and part[0] in surnames) or (len(part) in (3, 4) and part[:2] in surnames)


def _tokens(name: str) -> Iterator[str]:
    """The parts between the separators; Latin words after each other, or beside a full name, are one."""
    current, *others = SEPARATORS.split(name)
    for between, token in zip(others[0::2], others[1::2], strict=True):
        if current and token and _belong_together(current, between, token):
            current = f"{current} {token}"
            continue
        if current:
            yield current
        current = token
    if current:
        yield current


def _belong_together(first: str, between: str, second: str) -> bool:
    if between not in (" ", "(", "（") or is_common_word(second) or is_common_word(first):
        return False
    one_is_latin, other_is_latin = LATIN.fullmatch(first.split()[-1]), LATIN.fullmatch(second)
    if one_is_latin and other_is_latin:
        return True
    return bool(one_is_latin and looks_like_full_name(second)) or bool(other_is_latin and looks_like_full_name(first))


def _classify(token: str) -> Iterator[tuple[str, str]]:
    """The token, or the two or more that it is made of, each with its kind; "" for unknown."""
    pieces = token.split(DASH_LIKE)
    if len(pieces) > 1 and all(pieces) and any(_kind_of(piece) for piece in pieces[1:]):
        yield from ((_kind_of(piece), piece) for piece in pieces)
    elif kind := _kind_of(token):
        yield kind, token
    elif company := _company_before_role(token):
        yield "company", company
        yield "role", token[len(company) :]
    else:
        yield "", token


def _kind_of(token: str) -> str:
    if END_OF_PLACE.sub("", token) in _lists().places:
        return "city"
    if _is_about_work(token):
        return "role" if _is_role(token) else ""
    return "company" if is_organisation(token) else ""


def _is_role(part: str) -> bool:
    return _lists().role_word.search(part) is not None and _is_about_work(part)


def _is_about_work(part: str) -> bool:
    """Whether it is made of the words of roles and trades alone.

    By the places that words end at: a pattern would try every way to cut it, and there may be thousands.
    """
    text, words, longest = part.casefold(), _lists().role, _lists().longest_of_role
    ends = {0}
    for start in range(len(text)):
        if start in ends:
            ends.update(stop for stop in range(start + 1, start + longest + 1) if text[start:stop] in words)
            ends.update({start + 1} if start and text[start] in BETWEEN_ROLES else ())
    return bool(text) and len(text) in ends and text[-1] not in BETWEEN_ROLES


def _company_before_role(token: str) -> str:
    """云杉支付产品经理 -> 云杉支付."""
    for length in range(len(token) - 1, 1, -1):
        if _is_role(token[length:]) and is_organisation(token[:length]):
            return token[:length]
    return ""


def _choose_person(unknown: list[tuple[int, str]], kinds: list[str]) -> tuple[int, str] | None:
    """The part that is a full name, or else the first of the name. None where another one could be, too."""
    able = [one for one in unknown if not is_common_word(one[1]) and not fold(one[1]).isdigit()]
    if not able:
        return None
    first = able[0] if able[0][0] == 0 else None
    full = [one for one in able if looks_like_full_name(one[1])]
    if first and (first in full or LATIN.fullmatch(first[1]) or not full):
        return first
    stands_alone = [one for one in full if not first or len(kinds) == 2 or kinds[one[0] - 1] == "role"]
    if len(full) == 1 and stands_alone and (not first or len(full[0][1]) > 2):
        return full[0]
    return able[0] if len(able) == 1 else None


def _choose_company(unknown: list[tuple[int, str]], kinds: list[str]) -> tuple[int, str] | None:
    """A part that stands between the person and a role or a city."""
    for place, part in unknown:
        is_between = (
            0 < place < len(kinds) - 1 and kinds[place - 1] == "person" and kinds[place + 1] in ("role", "city")
        )
        if is_between and not is_common_word(part):
            return place, part
    return None
