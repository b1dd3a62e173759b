"""Measure searches in a separate process: `python -m benchmarks.search_task choose`, then `… measure FILE`.

Prints as JSON what to look for, or, of a file that says that, what was measured. The database is the one that
DATABASE_URL names; its index is whole.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402

from benchmarks.search_queries import GROUPS, Search, make_searches  # noqa: E402
from benchmarks.search_sizes import measure_sizes  # noqa: E402
from benchmarks.search_words import BANDS, MEDIUM, SAMPLE, Words, chinese, choose_words  # noqa: E402
from chatlogs.db.timeouts import Clock, TimeLimitExceeded, time_limit  # noqa: E402
from chatlogs.models import Message  # noqa: E402
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION  # noqa: E402
from chatlogs.queries import search as queries  # noqa: E402
from chatlogs.queries.facets import count_by_facet  # noqa: E402
from chatlogs.queries.pagination import Cursor  # noqa: E402
from chatlogs.search.conditions import Conditions  # noqa: E402
from chatlogs.web.filters import MessageFilter  # noqa: E402
from chatlogs.web.views.messages import HITS_A_PAGE, SECONDS_FOR_PAGE  # noqa: E402

REPETITIONS = 5
# Searches that take longer than this many seconds are measured only once after the warm-up.
LONG = 0.5
FLOORS = 20

BANDS_BY_NAME = {band.name: band for band in BANDS}

Measured = dict[str, Any]


def choose() -> Measured:
    sample = read_sample()
    words = choose_words(_texts(), sample)
    return {"words": [[shape, band.name, chosen] for (shape, band), chosen in words.items()], "sample": sample}


def measure(path: Path) -> Measured:
    vacuum()
    chosen = json.loads(path.read_text())
    words = {(shape, BANDS_BY_NAME[band]): words for shape, band, words in chosen["words"]}
    searches = make_searches(words, chosen["sample"])
    gc.freeze()
    return {
        "groups": GROUPS,
        "searches": [measure_search(search) for search in searches],
        "scans": list(measure_scans(words)),
        "floor": measure_floor(),
        "page_size": HITS_A_PAGE,
        "connecting": [measure_after_connecting(word) for word in words[chinese(2), MEDIUM]],
        "sizes": measure_sizes(),
        "indexed": Message.objects.visible().count(),
    }


def vacuum() -> None:
    """Do what autovacuum does within minutes of an import."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def read_sample() -> list[str]:
    """Return texts of messages, evenly spread over time."""
    positions = Message.objects.visible().in_time_order().values_list("position", flat=True)
    step = max(1, len(positions) // SAMPLE)
    messages = Message.objects.filter(position__in=positions[::step]).in_time_order()
    return list(messages.values_list("text", flat=True))


def _texts() -> Iterator[str]:
    return Message.objects.visible().order_by().values_list("text", flat=True).iterator()


def measure_search(search: Search) -> Measured:
    """Return seconds by step of the view: parsing, reading rooms and revision, within its time limit."""
    typed = QueryDict(mutable=True)
    typed.update(search.parameters)
    conditions = MessageFilter(typed).conditions
    middle = Cursor(older=find_middle(conditions))
    return {
        "label": search.label,
        "groups": search.groups,
        "found": _in_time(lambda clock: _search(conditions, clock).count()),
        "page": typical_seconds(lambda: find_page(typed, Cursor())),
        "middle": typical_seconds(lambda: find_page(typed, middle)),
        "count": typical_seconds(lambda: _in_time(lambda clock: _search(conditions, clock).count())),
        "facets": typical_seconds(lambda: _in_time(lambda clock: count_by_facet(_search(conditions, clock)))),
    }


def find_page(typed: QueryDict, cursor: Cursor) -> object:
    return _in_time(lambda clock: _search(MessageFilter(typed).conditions, clock).page(cursor, HITS_A_PAGE))


def _search(conditions: Conditions, clock: Clock) -> queries.Search:
    return queries.Search(conditions, queries.read_scope(conditions), clock)


def _in_time(work: Callable[[Clock], Any]) -> Any:
    """Return None if the view's time limit is exceeded."""
    try:
        with time_limit(SECONDS_FOR_PAGE) as clock:
            return work(clock)
    except TimeLimitExceeded:
        return None


def find_middle(conditions: Conditions) -> str:
    """Return the key of the result closest to the middle of the time span of all results."""
    find = _search(conditions, Clock(60)).find
    ends = [*find(LOWEST_POSITION, HIGHEST_POSITION, 1, True), *find(LOWEST_POSITION, HIGHEST_POSITION, 1, False)]
    nearest = find(LOWEST_POSITION, sum(ends) // 2 + 1, 1, False) if ends else []
    return Message.objects.get(position=nearest[0]).key if nearest else ""


def measure_scans(words: Words) -> Iterator[Measured]:
    """Return seconds of a count that scans every text, for a word of each band and length."""
    for length in (2, 4):
        for band in BANDS:
            for word in words.get((chinese(length), band), [])[:1]:
                messages = Message.objects.visible().filter(text__contains=word)
                yield {"label": word, "seconds": typical_seconds(messages.count)}


def measure_floor() -> float:
    """Return seconds to read the rows of a page by primary key, from anywhere in the table."""
    keys = list(Message.objects.visible().order_by("pk").values_list("pk", flat=True))
    pages = [keys[start :: len(keys) // HITS_A_PAGE][:HITS_A_PAGE] for start in range(FLOORS)]
    return median(typical_seconds(partial(_fetch, page)) for page in pages)


def _fetch(keys: Sequence[int]) -> object:
    messages = Message.objects.visible().filter(pk__in=keys)
    return list(messages.select_related("day__room", "alias__member", "link", "image").in_time_order())


def measure_after_connecting(word: str) -> float:
    connection.close()
    return _seconds(lambda: find_page(QueryDict(f"q={word}"), Cursor()))


def typical_seconds(work: Callable[[], object]) -> float:
    """Return the median, after a warm-up."""
    warm_up = _seconds(work)
    return median(_seconds(work) for _ in range(REPETITIONS if warm_up < LONG else 1))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


TASKS: dict[str, Callable[..., Measured]] = {"choose": choose, "measure": measure}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*map(Path, sys.argv[2:]))))
