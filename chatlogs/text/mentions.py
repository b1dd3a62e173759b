"""Finds mentions in texts: `@` and a display name. Pure Python.

WeChat ends a mention with U+2005, which the exports replaced by `?` or a space. Names may contain spaces, `@` and `?`:
their ends can be found only by comparison with known names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from chatlogs.text.names import SEPARATORS, is_common_word, is_organisation, is_place_or_role
from chatlogs.text.quotations import find_quotation
from chatlogs.text.urls import ADDRESS

# Increase with every change of what `find_mentions` returns: the next import then searches all texts again.
VERSION = 2

AT = re.compile("[@＠]")
LONGEST_NAME = 100

# Ends a name that is not known.
END = re.compile(r"\.(?![A-Za-z])|[?？\s@＠,，。:：;；!！…、\"“”'‘’()（）\[\]【】「」『』<>《》{}=]|\Z")
# A known name must not be followed by a letter or digit, nor by a separator and one.
BOUNDARY = re.compile(r"(?!\w|[-—–－_～~·/|｜&+]\w)")
SEPARATED = re.compile(r"[-—–－_～~·/|｜]")
LATIN_END, LATIN_START = re.compile(r"[A-Za-z]\Z"), re.compile(r"[A-Za-z]")
NEXT_WORD = re.compile(r"(?P<between>[ ?？@＠])(?P<word>[^\s?？@＠,，。:：;；!！…、\"“”()（）\[\]【】「」<>《》]+)")

# The longest company between two parts of a name.
LONGEST_BETWEEN = 6

LOCAL_PART = re.compile(r"[A-Za-z0-9._%+-]\Z")
DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9])")

# Annotations of program code; names only if known.
ANNOTATION = re.compile(
    r"(?:Override|Autowired|Transactional|Deprecated|Resource|Service|Controller|RestController|Repository|Component"
    r"|Configuration|Bean|Test|Value|Param|Async|Scheduled|Entity|Table|Column|Id|Data|Slf4j|Aspect|Inject|Qualifier"
    r"|SuppressWarnings|(?:Request|Get|Post|Put|Delete)Mapping|RequestBody|RequestParam|ResponseBody|PathVariable"
    r"|Enable\w+|SpringBootApplication|FeignClient|NotNull|Valid|param|return|see|author|since|throws|media|import)\b"
    r"|[A-Z][A-Za-z]*\("
)

# Narrow forms, one character each, so that offsets in the folded text are offsets in the text.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2005: 0x20}


class Span(NamedTuple):
    """The offsets of the `@` and of the end of the name, and the name."""

    start: int
    stop: int
    name: str


class KnownNames:
    """Display names of senders, found in texts regardless of width and case."""

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
        """Return the end of the longest name that begins at `start` and is not followed by a letter or digit."""
        for length in self._lengths.get(folded[start : start + 1], ()):
            end = start + length
            if end > len(folded) or folded[start:end] not in self._names:
                continue
            # `@Momo你好`: a name may end where the script changes.
            if BOUNDARY.match(folded, end) or (
                folded[end].isalpha() and folded[end - 1].isascii() != folded[end].isascii()
            ):
                return end
        return None

    def are_in(self, text: str) -> bool:
        """Return whether one of the names follows an `@`: only then do the mentions in the text depend on them."""
        folded = _fold(text)
        starts = (at.end() + folded.startswith(" ", at.end()) for at in AT.finditer(text))
        return any(self.find_end(folded, start) is not None for start in starts)


def find_mentions(text: str, known: KnownNames) -> list[Span]:
    """Return the mentions in a text, in order and without overlaps."""
    if not AT.search(text):
        return []
    folded = _fold(text)
    excluded = [(match.start(), match.end()) for match in ADDRESS.finditer(text)]
    quotation = find_quotation(text)
    if quotation and AT.search(quotation.name):  # An `@` in the name of the quoted sender is part of that name.
        quoted = text.find(quotation.name)
        excluded.append((quoted, quoted + len(quotation.name)))
    spans = []
    end = 0
    for at in AT.finditer(text):
        start = at.start()
        if start < end or any(first <= start < last for first, last in excluded):
            continue
        if LOCAL_PART.search(text, 0, start) and DOMAIN.match(text, start + 1):
            continue
        after_space = text.startswith(" ", start + 1)
        first = start + 1 + after_space
        stop = known.find_end(folded, first)
        # After a typed space, there must be a known name.
        if stop is None and not after_space and not ANNOTATION.match(text, first):
            stop = _find_unknown_end(text, first)
        if stop is not None and text[first:stop].strip():
            spans.append(Span(start, stop, text[first:stop]))
            end = stop
    return spans


def _find_unknown_end(text: str, start: int) -> int | None:
    found = END.search(text, start, start + LONGEST_NAME + 1)
    end = found.start() if found else len(text)
    if end == start or end - start > LONGEST_NAME:
        return None
    while (word := NEXT_WORD.match(text, end)) and word.end() - start <= LONGEST_NAME:
        if not _is_part_of_name(text, start, word):
            break
        end = word.end()
    return end


def _is_part_of_name(text: str, start: int, next_word: re.Match[str]) -> bool:
    """Return whether the next word is part of the name that begins at `start`.

    It is if it is a place or a role, begins with a separator, or precedes such a word; or if the name so far consists
    of places, roles and trades only.
    """
    name, word = text[start : next_word.start()], next_word["word"]
    if is_place_or_role(word.strip("-—–－_～~·/|｜")) or all(
        is_common_word(part) for part in SEPARATORS.split(name)[::2] if part
    ):
        return True
    after = NEXT_WORD.match(text, next_word.end())
    is_like = after is not None and after["between"] == next_word["between"] and is_place_or_role(after["word"])
    if next_word["between"] != " ":
        return is_like and len(word) <= LONGEST_BETWEEN
    is_latin = LATIN_END.search(name) and LATIN_START.match(word)
    is_part = SEPARATED.search(word) and (is_latin or not SEPARATED.search(name))
    return bool(is_part or (SEPARATED.match(word) and len(word) > 1) or (is_like and is_organisation(word)))


def _fold(text: str) -> str:
    narrow = text.translate(NARROW)
    small = narrow.lower()
    if len(small) == len(narrow):
        return small
    # Some capital letters become two characters.
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in narrow)
