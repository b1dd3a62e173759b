"""Where a text mentions somebody: `@`, a display name, and what is left of the space that ended it. Pure.

WeChat ends a mention with U+2005, which the exports lost to `?` or to a space. Names have spaces, `@` and `?` in
them, so that only who knows the names can tell where one ends.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from chatlogs.text.names import SEPARATORS, is_common_word, is_organisation, is_place_or_role
from chatlogs.text.quotations import find_quotation
from chatlogs.text.urls import ADDRESS

# To be raised with every change of what `find_mentions` returns: mentions are then looked for anew.
VERSION = 2

AT = re.compile("[@＠]")
LONGEST_NAME = 100

# What a name that nobody has spoken under ends before.
END = re.compile(r"\.(?![A-Za-z])|[?？\s@＠,，。:：;；!！…、\"“”'‘’()（）\[\]【】「」『』<>《》{}=]|\Z")
# What follows a name is not more of a name: no letter or digit, and no separator with one behind it.
BOUNDARY = re.compile(r"(?!\w|[-—–－_～~·/|｜&+]\w)")
SEPARATED = re.compile(r"[-—–－_～~·/|｜]")
LATIN_END, LATIN_START = re.compile(r"[A-Za-z]\Z"), re.compile(r"[A-Za-z]")
NEXT_WORD = re.compile(r"(?P<between>[ ?？@＠])(?P<word>[^\s?？@＠,，。:：;；!！…、\"“”()（）\[\]【】「」<>《》]+)")

# A company's name between two parts of a name has rarely more characters.
LONGEST_BETWEEN = 6

LOCAL_PART = re.compile(r"[A-Za-z0-9._%+-]\Z")
DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9])")

# What programs have behind an `@`; names of people only if somebody spoke under them.
ANNOTATION = re.compile(
    r"(?:Override|Autowired|Transactional|Deprecated|Resource|Service|Controller|RestController|Repository|Component"
    r"|Configuration|Bean|Test|Value|Param|Async|Scheduled|Entity|Table|Column|Id|Data|Slf4j|Aspect|Inject|Qualifier"
    r"|SuppressWarnings|(?:Request|Get|Post|Put|Delete)Mapping|RequestBody|RequestParam|ResponseBody|PathVariable"
    r"|Enable\w+|SpringBootApplication|FeignClient|NotNull|Valid|param|return|see|author|since|throws|media|import)\b"
    r"|[A-Z][A-Za-z]*\("
)

# Signs and letters in one width and case, each for one: places in the folded text are places in the text.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2005: 0x20}


class Span(NamedTuple):
    """From the `@` at `start` up to `stop`, and the name between."""

    start: int
    stop: int
    name: str


class KnownNames:
    """The display names that people have spoken under, to find in texts regardless of width and case."""

    def __init__(self, names: Iterable[str]) -> None:
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._names: set[str] = set()
        for name in names:
            folded = _fold(name.strip())
            if folded and len(folded) <= LONGEST_NAME:
                self._names.add(folded)
                lengths[folded[0]].add(len(folded))
        self._lengths = {first: sorted(of_first, reverse=True) for first, of_first in lengths.items()}

    def find_end(self, folded: str, start: int) -> int | None:
        """Where the longest name ends that begins there and is followed by no letter or digit."""
        for length in self._lengths.get(folded[start : start + 1], ()):
            end = start + length
            if end > len(folded) or folded[start:end] not in self._names:
                continue
            if BOUNDARY.match(folded, end) or _changes_script(folded, end):
                return end
        return None

    def are_in(self, text: str) -> bool:
        """Whether one of them stands behind an `@`, so that the mentions in the text depend on them."""
        folded = _fold(text)
        starts = (at.end() + folded.startswith(" ", at.end()) for at in AT.finditer(text))
        return any(self.find_end(folded, start) is not None for start in starts)


def find_mentions(text: str, known: KnownNames) -> list[Span]:
    """The mentions in a text, in order and apart from each other."""
    if not AT.search(text):
        return []
    folded = _fold(text)
    excluded = [(match.start(), match.end()) for match in ADDRESS.finditer(text)]
    if header := _quoted_name(text):
        excluded.append(header)
    spans = []
    end = 0
    for at in AT.finditer(text):
        start = at.start()
        if start < end or any(first <= start < last for first, last in excluded):
            continue
        if span := _read(text, folded, start, known):
            spans.append(span)
            end = span.stop
    return spans


def _read(text: str, folded: str, start: int, known: KnownNames) -> Span | None:
    if LOCAL_PART.search(text, 0, start) and DOMAIN.match(text, start + 1):
        return None
    first = start + 1
    if text[first : first + 1] == " ":  # Some typed a space before the name; what follows must then be a known one.
        first += 1
        end = known.find_end(folded, first)
    else:
        end = known.find_end(folded, first)
        if end is None and not ANNOTATION.match(text, first):
            end = _find_unknown_end(text, first)
    if end is None or not text[first:end].strip():
        return None
    return Span(start, end, text[first:end])


def _find_unknown_end(text: str, start: int) -> int | None:
    """Where a name ends that nobody has spoken under."""
    found = END.search(text, start, start + LONGEST_NAME + 1)
    end = found.start() if found else len(text)
    if end == start or end - start > LONGEST_NAME:
        return None
    while (word := NEXT_WORD.match(text, end)) and word.end() - start <= LONGEST_NAME:
        if not _goes_on(text, start, word):
            break
        end = word.end()
    return end


def _goes_on(text: str, start: int, next_word: re.Match[str]) -> bool:
    """Whether the next word is part of the name that begins at `start`, though no name should have what is between.

    It is if it is a place or a role, or begins with a separator, or has such a word behind it; and where all of the
    name so far is no more than that.
    """
    name, word = text[start : next_word.start()], next_word["word"]
    if is_place_or_role(word.strip("-—–－_～~·/|｜")) or _is_common(name):
        return True
    after = NEXT_WORD.match(text, next_word.end())
    is_like = after is not None and after["between"] == next_word["between"] and is_place_or_role(after["word"])
    if next_word["between"] != " ":
        return is_like and len(word) <= LONGEST_BETWEEN
    is_latin = LATIN_END.search(name) and LATIN_START.match(word)
    is_part = SEPARATED.search(word) and (is_latin or not SEPARATED.search(name))
    return bool(is_part or (SEPARATED.match(word) and len(word) > 1) or (is_like and is_organisation(word)))


def _is_common(name: str) -> bool:
    """Whether nothing in it could be a person's name."""
    return all(is_common_word(part) for part in SEPARATORS.split(name)[::2] if part)


def _changes_script(text: str, place: int) -> bool:
    """Between Chinese and Latin letters, a name may end without a sign: `@Momo你好`."""
    return text[place].isalpha() and text[place - 1].isascii() != text[place].isascii()


def _quoted_name(text: str) -> tuple[int, int] | None:
    """Where a reply names whom it quotes: an `@` there is part of the name."""
    quotation = find_quotation(text)
    if quotation is None or not AT.search(quotation.name):
        return None
    start = text.find(quotation.name)
    return start, start + len(quotation.name)


def _fold(text: str) -> str:
    narrow = text.translate(NARROW)
    small = narrow.lower()
    return small if len(small) == len(narrow) else "".join(map(_lower, narrow))


def _lower(character: str) -> str:
    """The small letter, if that is one character."""
    small = character.lower()
    return small if len(small) == 1 else character
