"""The measured searches: words of every frequency and shape, and every filter, alone and with a word."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Max, Min

from benchmarks.search_words import (
    BANDS,
    COMMON,
    EXACT,
    MEDIUM,
    RARE,
    SHAPES,
    VERY_COMMON,
    Band,
    Words,
    chinese,
)
from chatlogs.models import Alias, Day, Room
from chatlogs.queries.members import find_members
from chatlogs.search.tokens import CJK

FILTERS = ("room", "sender", "member", "kind", "has", "dates", "mentions")
SEVERAL, WITHOUT, ONLY_WITHOUT = "several words", "a word, -another", "-another alone"
ALONE = "a filter alone"

_RUN = re.compile(f"[{CJK}]+")
_MENTION = re.compile(f"@([{CJK}]{{2,4}})")


@dataclass(frozen=True)
class Search:
    """A search; `groups` are the rows of the report that it belongs to."""

    groups: Sequence[str]
    parameters: Mapping[str, str]

    @property
    def label(self) -> str:
        return " ".join(value if name == "q" else f"{name}={value}" for name, value in self.parameters.items())


def with_word(band: Band) -> str:
    return f"a filter, a {band.name.split(' (')[0]} word"


GROUPS = (
    *(band.name for band in BANDS),
    *SHAPES,
    SEVERAL,
    WITHOUT,
    ONLY_WITHOUT,
    *FILTERS,
    ALONE,
    *map(with_word, (COMMON, MEDIUM, RARE)),
)


def make_searches(words: Words, sample: Sequence[str]) -> list[Search]:
    return [*_for_words(words), *_for_several(words), *_for_filters(words, sample)]


def _for_words(words: Words) -> Iterator[Search]:
    for (shape, band), chosen in words.items():
        for word in chosen:
            yield Search([band.name, shape], {"q": f'"{word}"' if shape == EXACT else word})


def _for_several(words: Words) -> Iterator[Search]:
    pairs = [words[chinese(2), band][0] for band in (VERY_COMMON, COMMON, MEDIUM, RARE)]
    each = [*pairs, words[chinese(3), MEDIUM][0], words[chinese(4), RARE][0]]
    for one, other in combinations(each, 2):
        yield Search([SEVERAL], {"q": f"{one} {other}"})
        yield Search([WITHOUT], {"q": f"{one} -{other}"})
        yield Search([WITHOUT], {"q": f"{other} -{one}"})
    for word in (words[chinese(1), VERY_COMMON][0], *each):
        yield Search([ONLY_WITHOUT], {"q": f"-{word}"})


def _for_filters(words: Words, sample: Sequence[str]) -> Iterator[Search]:
    for name, parameters in _filters(sample):
        yield Search([name, ALONE], parameters)
        for band in (COMMON, MEDIUM, RARE):
            yield Search([name, with_word(band)], {"q": words[chinese(2), band][0], **parameters})


def _filters(sample: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    rooms = Room.objects.annotate(days_counted=Count("days")).order_by("-days_counted", "slug")
    members = find_members()
    yield from (("room", {"room": room.slug}) for room in (rooms[0], rooms[len(rooms) - 1]))
    yield from (("sender", {"sender": part}) for part in _parts_of_names())
    yield from (("member", {"member": members[place].key}) for place in (0, len(members) // 2))
    yield from (("kind", {"kind": kind}) for kind in ("text", "image", "file", "unsupported"))
    yield from (("has", {"has": thing}) for thing in ("link", "image"))
    yield from (("dates", dates) for dates in _dates())
    yield from (("mentions", {"mentions": name}) for name in _mentioned(sample))


def _parts_of_names() -> Iterator[str]:
    """Return parts of names: in most, in very many, and in one or two."""
    names = list(Alias.objects.exclude(name="").order_by("pk").values_list("normalised_name", flat=True))
    for length in (1, 2):
        parts = Counter(part for name in names for part in _parts(name, length))
        yield min(parts, key=lambda part: (-parts[part], part))
    yield names[len(names) // 2].strip()


def _parts(name: str, length: int) -> set[str]:
    runs = _RUN.findall(name)
    return {run[place : place + length] for run in runs for place in range(len(run) - length + 1)}


def _dates() -> Iterator[Mapping[str, str]]:
    span = Day.objects.aggregate(first=Min("date"), last=Max("date"))
    first, last = span["first"], span["last"]
    assert first, "there are days"
    middle = first + (last - first) / 2
    yield {"since": middle.isoformat()}
    yield {"until": middle.isoformat()}
    yield {"since": middle.isoformat(), "until": (middle + dt.timedelta(days=6)).isoformat()}


def _mentioned(sample: Sequence[str]) -> list[str]:
    """Return a member who is mentioned most, and one who rarely is."""
    names = Counter(name for text in sample for name in _MENTION.findall(text))
    ranked = sorted(names, key=lambda name: (-names[name], name))
    return [ranked[0], ranked[-1]]
