"""Finds the most frequent words of texts without a dictionary. Pure Python.

A string of two to four Chinese characters is a word if its parts occur together far more often than by chance
(cohesion), and if its neighbours vary (freedom).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from math import log
from typing import NamedTuple

from chatlogs.text.names import read_words

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
LONGEST = 4

# The freedom is computed for this many times the requested number of words.
CANDIDATES = 6

# Limits the weight of newsletters, which have up to 1,700 characters.
MOST_CHARACTERS = 200

# Rarer strings have too few neighbours.
FEWEST = 5

# The parts' joint frequency relative to chance, and the entropy of the neighbours in nats.
LEAST_COHESION = 12.0
LEAST_FREEDOM = 1.1

# A word is dropped if it is a part of one longer word in this share of its occurrences.
MOST_WITHIN = 0.6

# Separates runs of Chinese characters.
GAP = "\n"


class Lists(NamedTuple):
    characters: frozenset[str]
    words: frozenset[str]
    english: frozenset[str]


def find_words(texts: Iterable[str], most: int) -> list[str]:
    """Return up to `most` words, the most frequent first; Latin words in their most frequent spelling."""
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
    parts = {
        part
        for word in words
        for length in range(2, len(word))
        for start in range(len(word) - length + 1)
        if (part := word[start : start + length]) in words and counts[word] >= MOST_WITHIN * counts[part]
    }
    return {word: counts[word] for word in words - parts}


def _count_strings(text: str) -> dict[str, int]:
    """Count strings by increasing length, skipping those with a rare part."""
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
    """Return how many times more often the string occurs than by chance, for its most likely split."""
    cuts = range(1, len(string))
    return min(counts[string] * length / (counts[string[:cut]] * counts[string[cut:]]) for cut in cuts)


def _freedom(string: str, text: str) -> float:
    """Return the lower of the entropies of the preceding and the following characters."""
    starts = [match.start() for match in re.finditer(re.escape(string), text)]
    before = Counter(text[start - 1] if start else GAP for start in starts)
    return min(_entropy(before), _entropy(Counter(text[start + len(string)] for start in starts)))


def _entropy(neighbours: Counter[str]) -> float:
    """Return the entropy; each gap counts as a different neighbour."""
    total = neighbours.total()
    of_each = (log(total) if one == GAP else log(total / count) for one, count in neighbours.items())
    return sum(count * surprise for count, surprise in zip(neighbours.values(), of_each, strict=True)) / total


def _is_phrase(string: str) -> bool:
    lists = _lists()
    ends = {string[:cut] for cut in range(2, len(string) + 1)} | {string[cut:] for cut in range(len(string) - 1)}
    return not lists.characters.isdisjoint((string[0], string[-1])) or not lists.words.isdisjoint(ends)


@cache
def _lists() -> Lists:
    sections = read_words("function_words")
    return Lists(*(sections[name] for name in Lists._fields))
