"""The words that many texts use most, without a dictionary of what a word is. Pure.

A string of two to four Chinese characters is taken for a word if its parts stand together far more often than by
chance, and if much else stands before it and behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import log
from pathlib import Path
from typing import NamedTuple

LISTS = Path(__file__).with_name("words") / "function_words.txt"

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
LONGEST = 4

# Of so many times the words asked for it is looked into what stands around them.
CANDIDATES = 6

# A news letter of 1,700 characters is no more of a conversation than this.
MOST_CHARACTERS = 200

# Of what is rarer, nothing can be told by what stands around it.
FEWEST = 5

# How many times more often than by chance the parts of a word stand together, and the entropy of what is beside it.
LEAST_COHESION = 12.0
LEAST_FREEDOM = 1.1

# A word that is part of a longer one in so many cases is no word of its own.
MOST_WITHIN = 0.6

# Stands between runs of Chinese characters, and at the end.
GAP = "\n"


class Lists(NamedTuple):
    characters: frozenset[str]
    words: frozenset[str]
    english: frozenset[str]


def find_words(texts: Iterable[str], most: int) -> list[str]:
    """The most frequent first; Latin ones as they are mostly written."""
    normal = [unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]) for text in texts]
    counts = _count_latin(normal) | _count_chinese(normal, most)
    return sorted(counts, key=lambda word: (-counts[word], word))[:most]


def _count_latin(texts: Iterable[str]) -> dict[str, int]:
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for word in LATIN.findall(text):
            written[word.casefold()][word] += 1
    english = _lists().english
    return {
        min(forms, key=lambda form: (-forms[form], form)): forms.total()
        for word, forms in written.items()
        if word not in english and forms.total() >= FEWEST
    }


def _count_chinese(texts: Iterable[str], most: int) -> dict[str, int]:
    text = "".join(run + GAP for one in texts for run in HAN.findall(one))
    counts = _count_strings(text)
    length = len(text) - text.count(GAP)
    coherent = (one for one in counts if len(one) > 1 and _cohesion(one, counts, length) >= LEAST_COHESION)
    candidates = sorted((one for one in coherent if not _is_phrase(one)), key=lambda one: (-counts[one], one))
    words = frozenset(one for one in candidates[: CANDIDATES * most] if _freedom(one, text) >= LEAST_FREEDOM)
    return {word: counts[word] for word in words.difference(_parts_of_longer(words, counts))}


def _count_strings(text: str) -> dict[str, int]:
    """By growing length: what is frequent has frequent parts, and all else is passed by."""
    counts: dict[str, int] = {}
    places = [place for place, character in enumerate(text) if character != GAP]
    for length in range(1, LONGEST + 1):
        found = Counter(text[place : place + length] for place in places)
        counts |= {string: count for string, count in found.items() if count >= FEWEST}
        places = [
            place
            for place in places
            if text[place : place + length] in counts and text[place + 1 : place + length + 1] in counts
        ]
    return counts


def _cohesion(string: str, counts: Mapping[str, int], length: int) -> float:
    """How many times more often it occurs than if its two parts, wherever it is cut, met by chance."""
    cuts = range(1, len(string))
    return min(counts[string] * length / (counts[string[:cut]] * counts[string[cut:]]) for cut in cuts)


def _freedom(string: str, text: str) -> float:
    """The entropy of what stands before it or behind it, whichever is less."""
    starts = list(_find_starts(string, text))
    before = Counter(text[start - 1] if start else GAP for start in starts)
    return min(_entropy(before), _entropy(Counter(text[start + len(string)] for start in starts)))


def _find_starts(string: str, text: str) -> Iterator[int]:
    start = text.find(string)
    while start >= 0:
        yield start
        start = text.find(string, start + len(string))


def _entropy(neighbours: Counter[str]) -> float:
    """A gap counts as something else each time."""
    total = neighbours.total()
    of_each = (log(total) if one == GAP else log(total / count) for one, count in neighbours.items())
    return sum(count * surprise for count, surprise in zip(neighbours.values(), of_each, strict=True)) / total


def _is_phrase(string: str) -> bool:
    lists = _lists()
    ends = {string[:cut] for cut in range(2, len(string) + 1)} | {string[cut:] for cut in range(len(string) - 1)}
    return not lists.characters.isdisjoint((string[0], string[-1])) or not lists.words.isdisjoint(ends)


def _parts_of_longer(words: frozenset[str], counts: Mapping[str, int]) -> Iterator[str]:
    for word in words:
        for length in range(2, len(word)):
            for start in range(len(word) - length + 1):
                part = word[start : start + length]
                if part in words and counts[word] >= MOST_WITHIN * counts[part]:
                    yield part


@cache
def _lists() -> Lists:
    sections: dict[str, set[str]] = {}
    for line in LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            words.update(line.split()) if line else None
    return Lists(*(frozenset(sections[name]) for name in Lists._fields))
