"""Choose words to search for by how many texts contain them. Deterministic; no Django."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

from benchmarks.vocabulary import WORDS
from chatlogs.search.terms import make_term
from chatlogs.search.tokens import CJK, WORD, normalise, searchable

CHINESE_LENGTHS = (1, 2, 3, 4, 8)
BEGINNING_LENGTHS = (1, 2, 3)
MIXED, EXACT, LATIN_WORD = "Chinese and Latin", "exact words", "Latin words"

# Evenly spread texts that candidates are taken from.
SAMPLE = 4_000
CANDIDATES_A_CELL = 9
WORDS_A_CELL = 3
BATCH = 1_000
MADE_UP = 400

_RUN = re.compile(f"[{CJK}]+")
_WORD = re.compile(f"[{WORD}]+")
_MIXED = re.compile(f"(?=([{CJK}]{{2}}[{WORD}]{{2,}}))|(?=(?<![{WORD}])([{WORD}]{{2,}}[{CJK}]{{2}}))")
_EXACT = re.compile(f'(?=([{CJK}]{{2}}[^{CJK}{WORD}\\s"“”„][{CJK}]{{2}}))')
_UNSEEN = "龘靐齉爩鱻麤龗灪吁籲"


class Band(NamedTuple):
    """A range of shares of the texts: more than `above`, at most `most`."""

    name: str
    above: float
    most: float


VERY_COMMON, COMMON, MEDIUM, RARE, ABSENT = (
    Band("very common (> 5 %)", 0.05, 1),
    Band("common (1-5 %)", 0.01, 0.05),
    Band("medium (0.1-1 %)", 0.001, 0.01),
    Band("rare (≤ 0.01 %)", 0, 0.0001),
    Band("absent", -1, 0),
)
BANDS = (VERY_COMMON, COMMON, MEDIUM, RARE, ABSENT)

Words = Mapping[tuple[str, Band], Sequence[str]]


def chinese(length: int) -> str:
    return f"{length} character{'s' if length > 1 else ''}"


def beginning(length: int) -> str:
    return f"Latin, {length} letter{'s' if length > 1 else ''}"


SHAPES = (*map(chinese, CHINESE_LENGTHS), LATIN_WORD, *map(beginning, BEGINNING_LENGTHS), MIXED, EXACT)


def choose_words(texts: Iterable[str], sample: Sequence[str]) -> Words:
    """Return up to three words of each shape and band: the most frequent, a medium one and the rarest."""
    counts, number = _count(texts, _candidates(sample))
    cells: defaultdict[tuple[str, Band], list[str]] = defaultdict(list)
    for word in _most_frequent_first(counts):
        for band in BANDS:
            if band.above < counts[word] / number <= band.most:
                cells[_shape(word), band].append(word)
    return {cell: _spread(words, WORDS_A_CELL) for cell, words in cells.items()}


def _candidates(sample: Sequence[str]) -> list[str]:
    """Return some words of each shape and order of magnitude of their count in the sample."""
    counts = Counter(word for text in sample for word in sorted(_words(text)))
    counts.update(dict.fromkeys(_made_up(Random("absent")), 0))
    cells: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in _most_frequent_first(counts):
        cells[_shape(word), counts[word].bit_length()].append(word)
    return [word for words in cells.values() for word in _spread(words, CANDIDATES_A_CELL)]


def _count(texts: Iterable[str], words: Sequence[str]) -> tuple[Counter[str], int]:
    """Return in how many texts each word occurs, and the number of texts."""
    forms = {word: term.form for word in words if (term := make_term(word))}
    counts = Counter(dict.fromkeys(forms, 0))
    number = 0
    iterator = iter(texts)
    while batch := [searchable(text) for text in islice(iterator, BATCH)]:
        number += len(batch)
        joined = "\n".join(batch)
        for word, form in forms.items():
            if form in joined:
                counts[word] += sum(form in text for text in batch)
    return counts, number


def _most_frequent_first(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))


def _spread(ranked: Sequence[str], number: int) -> list[str]:
    last = len(ranked) - 1
    return [ranked[place] for place in sorted({last * step // (number - 1) for step in range(number)})]


def _words(text: str) -> set[str]:
    """Yield terms whose search would find the text."""
    normal = normalise(text)
    words: set[str] = set()
    for run in _RUN.findall(normal):
        for length in CHINESE_LENGTHS:
            words.update([run[place : place + length] for place in range(len(run) - length + 1)])
    for word in _WORD.findall(normal):
        words.update((word, word[:1], word[:2], word[:3]))
    words.update(_EXACT.findall(normal))
    words.update(before or after for before, after in _MIXED.findall(normal))
    return words


def _shape(word: str) -> str:
    if _RUN.fullmatch(word):
        return chinese(len(word))
    if _WORD.fullmatch(word):
        return beginning(len(word)) if len(word) in BEGINNING_LENGTHS else LATIN_WORD
    return MIXED if _WORD.search(word) else EXACT


def _made_up(rng: Random) -> Iterator[str]:
    """Yield words whose parts are frequent although many of the words are rare."""
    pairs = [word for word in WORDS[:150] if len(word) == 2 and _RUN.fullmatch(word)]
    singles = sorted({character for pair in pairs for character in pair})
    letters = sorted({word[0] for word in map(normalise, WORDS[:1_000]) if _WORD.match(word)})
    latin = ("api", "pos", "app", "json", "java")
    for _ in range(MADE_UP):
        one, two, three, four = rng.choices(pairs, k=4)
        yield rng.choice(singles) + rng.choice(singles)
        yield one + rng.choice(singles)
        yield one + two
        yield one + two + three + four
        yield f"{one},{two}"
        yield one + rng.choice(latin)
        yield "".join(rng.choices(letters, k=3))
        yield "".join(rng.choices(letters, k=6))
    yield from _UNSEEN
