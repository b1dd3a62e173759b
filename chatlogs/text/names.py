"""Splits display names into person, company, role and city. Pure Python.

These appear in any order and with any separator: `江月-云杉支付-产品-杭州`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# Increase with every change of what `split_name` returns: the next import then splits all names again.
VERSION = 1

WORDS = Path(__file__).with_name("words")
SEPARATORS = re.compile(r"([-—–－_＿～~·/|｜、,，+＋@＠:：?？!！;；。\s()（）\[\]【】{}｛｝「」<>《》]+)")
# The character for "one" is used as a dash: 江月一云杉支付一杭州.
DASH_LIKE = "一"
BETWEEN_ROLES = "&和"
NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z.'’]*[A-Za-z]")
END_OF_PLACE = re.compile(r"(?<=..)[省市]\Z")

# Shorter persons' parts are shared by too many people.
SHORTEST_HAN, SHORTEST_LATIN = 2, 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a display name as written, or "". `remark` has the parts with an unknown meaning."""

    person: str = ""
    company: str = ""
    role: str = ""
    city: str = ""
    remark: str = ""


class Lists(NamedTuple):
    places: frozenset[str]
    surnames: frozenset[str]
    organisations: frozenset[str]
    organisation: re.Pattern[str]
    role: frozenset[str]
    """The words of roles; in each role, at least one matches `role_word`."""
    longest_of_role: int
    role_word: re.Pattern[str]


@cache
def _lists() -> Lists:
    """Load the lists on first use: most imports have no new names."""
    organisations, roles = read_words("organisations")[""], read_words("roles")
    words_of_role = frozenset(word.casefold() for word in roles["roles"] | roles["about"])
    short = frozenset(word for word in organisations if len(word) == 1)
    return Lists(
        places=read_words("places")[""],
        surnames=read_words("surnames")[""],
        organisations=organisations,
        organisation=re.compile(f".+(?:{_any_of(organisations - short)})|.{{2,}}(?:{_any_of(short)})"),
        role=words_of_role,
        longest_of_role=max(map(len, words_of_role)),
        role_word=re.compile(_any_of(roles["roles"]), re.IGNORECASE),
    )


def read_words(name: str) -> dict[str, frozenset[str]]:
    """Return the words of a list by section; those before the first section under ""."""
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
    """Normalise width and case, and remove punctuation. A name of punctuation only keeps it."""
    normal = unicodedata.normalize("NFKC", name).casefold()
    return NOT_ALPHANUMERIC.sub("", normal) or normal.strip()


@lru_cache(maxsize=4096)
def split_name(name: str) -> NameParts:
    """Split a display name by the word lists and by the order of its parts."""
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
    if person := _choose_person(unknown, kinds):
        found["person"] = person[1]
        kinds[person[0]] = "person"
        unknown.remove(person)
    if "company" not in found:
        for place, part in unknown:
            is_inside = 0 < place < len(kinds) - 1 and not is_common_word(part)
            # Between the person and a role or a city.
            if is_inside and kinds[place - 1] == "person" and kinds[place + 1] in ("role", "city"):
                found["company"] = part
                unknown.remove((place, part))
                break
    return NameParts(**found, remark=" ".join(part for _, part in unknown))


def person_keys(person: str) -> tuple[str, ...]:
    """Return the folded keys that identify a person: the whole part, and its Chinese and Latin halves."""
    whole = fold(person)
    halves = [*HAN.findall(person), *map(fold, LATIN.findall(person))]
    return tuple(dict.fromkeys(key for key in (whole, *halves) if is_telling(key)))


def is_telling(key: str) -> bool:
    """Return whether a key is long enough to identify a person: two Chinese characters, or three others."""
    return len(key) >= (SHORTEST_HAN if HAN.match(key) else SHORTEST_LATIN) and not key.isdigit()


def is_common_word(part: str) -> bool:
    """Return whether it is a place, a role or a trade, and therefore no person."""
    lists = _lists()
    return END_OF_PLACE.sub("", part) in lists.places or part in lists.organisations or _is_about_work(part)


def is_place_or_role(part: str) -> bool:
    return END_OF_PLACE.sub("", part) in _lists().places or _is_role(part)


def is_organisation(part: str) -> bool:
    """Return whether it ends like the name of a company or institution."""
    return _lists().organisation.fullmatch(part) is not None


def looks_like_full_name(part: str) -> bool:
    """Return whether it is a surname of one or two characters with a given name of one or two."""
    if not HAN.fullmatch(part):
        return False
    surnames = _lists().surnames
    return (len(part) in (2, 3) and part[0] in surnames) or (len(part) in (3, 4) and part[:2] in surnames)


def _tokens(name: str) -> Iterator[str]:
    """Yield the parts between separators. Adjacent Latin words, also next to a full Chinese name, are one part."""
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
    """Yield (kind, part) for a token or the several parts it consists of; the kind is "" if unknown."""
    pieces = token.split(DASH_LIKE)
    if len(pieces) > 1 and all(pieces) and any(_kind_of(piece) for piece in pieces[1:]):
        yield from ((_kind_of(piece), piece) for piece in pieces)
    elif kind := _kind_of(token):
        yield kind, token
    else:
        for length in range(len(token) - 1, 1, -1):  # 云杉支付产品经理
            if _is_role(token[length:]) and is_organisation(token[:length]):
                yield "company", token[:length]
                yield "role", token[length:]
                return
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
    """Return whether it consists of words for roles and trades only.

    Collects the ends of words; a regular expression would take exponential time.
    """
    text, words, longest = part.casefold(), _lists().role, _lists().longest_of_role
    ends = {0}
    for start in range(len(text)):
        if start in ends:
            ends.update(stop for stop in range(start + 1, start + longest + 1) if text[start:stop] in words)
            ends.update({start + 1} if start and text[start] in BETWEEN_ROLES else ())
    return bool(text) and len(text) in ends and text[-1] not in BETWEEN_ROLES


def _choose_person(unknown: list[tuple[int, str]], kinds: list[str]) -> tuple[int, str] | None:
    """Return the part that is a full name, or else the first part, or None if that is ambiguous."""
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
