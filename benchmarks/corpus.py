"""Generate a corpus of any size: `python -m benchmarks.corpus FOLDER --messages 120000`.

Sizes, gaps, lengths and shares follow measurements of real transcripts; names, words, addresses and
accounts are invented. A larger corpus has more rooms and years, not longer
days. The same seed gives the same bytes, and a day's bytes do not depend on the days before it.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from benchmarks.daybook import transcript
from benchmarks.people import FIRST_DAY
from benchmarks.rhythm import BUSIEST_ROOM, day_size, is_exported

MESSAGES_A_ROOM = 150_000  # about seven years; more messages than this go into further rooms

_SLUGS = (
    BUSIEST_ROOM,
    "lighthouse",
    "workshop",
    "harbour",
    "library",
    "orchard",
    "market",
    "ferry",
)
_HEADER = re.compile(rb"^> \d\d:\d\d:\d\d  (.*)  $", re.MULTILINE)
_LINK = re.compile(rb"^\[.*\n?\]\(", re.MULTILINE)


class DayFile(NamedTuple):
    room: str
    date: date
    data: bytes


@dataclass(frozen=True)
class CorpusSummary:
    """Counts of what was written."""

    files: int
    messages: int
    images: int
    links: int
    senders: int  # distinct names above messages
    rooms: int
    bytes: int


def days(
    *,
    messages: int,
    seed: int = 1,
    rooms: int = 3,
    since: date = FIRST_DAY,
) -> Iterator[DayFile]:
    """Yield transcripts by date until they have `messages`; the last day is cut to fit.

    `rooms` is the minimum number of rooms.
    """
    slugs = room_slugs(max(rooms, -(-messages // MESSAGES_A_ROOM)))
    left = messages
    for offset in count():
        day = since + timedelta(days=offset)
        for room, slug in enumerate(slugs):
            if left < 1:
                return
            if not is_exported(seed, slug, day):
                continue
            size = min(left, day_size(seed, slug, day))
            yield DayFile(slug, day, transcript(seed, room, slug, day, size))
            left -= size


def room_slugs(rooms: int) -> list[str]:
    """Return a slug for each room, numbered once the invented ones are used up."""
    laps = (divmod(room, len(_SLUGS)) for room in range(rooms))
    return [f"{_SLUGS[place]}-{lap + 1}" if lap else _SLUGS[place] for lap, place in laps]


def write_corpus(folder: Path, *, messages: int, seed: int = 1, rooms: int = 3) -> CorpusSummary:
    """Write `<room>/_posts/<date>-chat.markdown` below `folder`, day by day."""
    totals: Counter[str] = Counter()
    senders: set[bytes] = set()
    slugs: set[str] = set()
    for file in days(messages=messages, seed=seed, rooms=rooms):
        posts = folder / file.room / "_posts"
        posts.mkdir(parents=True, exist_ok=True)
        (posts / f"{file.date}-chat.markdown").write_bytes(file.data)
        names = _HEADER.findall(file.data)
        totals.update(files=1, messages=len(names), bytes=len(file.data))
        totals.update(images=file.data.count(b"\n!["), links=len(_LINK.findall(file.data)))
        senders.update(names)
        slugs.add(file.room)
    return CorpusSummary(
        files=totals["files"],
        messages=totals["messages"],
        images=totals["images"],
        links=totals["links"],
        senders=len(senders),
        rooms=len(slugs),
        bytes=totals["bytes"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--messages", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", type=int, default=3, help="at least this many")
    options = parser.parse_args()
    summary = write_corpus(
        options.folder,
        messages=options.messages,
        seed=options.seed,
        rooms=options.rooms,
    )
    for name, value in asdict(summary).items():
        print(f"{value:>12,} {name}")


if __name__ == "__main__":
    main()
