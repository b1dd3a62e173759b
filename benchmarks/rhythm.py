"""When a room talks: the exported days, their numbers of messages, and the times."""

from datetime import date
from random import Random

LARGEST_DAY = 2_102
DOUBLED = (date(2017, 12, 17), date(2017, 12, 27))

BUSIEST_ROOM = "teahouse"

_DAY_ENDS = 86_399


def is_doubled(day: date) -> bool:
    """Return whether the day's transcript merges the exports of two phones."""
    return DOUBLED[0] <= day <= DOUBLED[1]


def is_exported(seed: int, room: str, day: date) -> bool:
    """Return whether the day was exported: rooms were exported by week, about every third week."""
    if is_doubled(day) or _is_largest(room, day):
        return True
    year, week, _ = day.isocalendar()
    return Random(f"{seed}/week/{room}/{year}/{week}").random() < 0.36


def day_size(seed: int, room: str, day: date) -> int:
    """Return the messages of a day: median 101, 90 % under 450, 2 % none.

    A Weibull distribution fits the median, the mean and the largest day; a log-normal one that fits the
    first two exceeds the third by far.
    """
    if _is_largest(room, day):
        return LARGEST_DAY
    rng = Random(f"{seed}/size/{room}/{day}")
    if rng.random() < 0.02:
        return 0
    return min(LARGEST_DAY, round(rng.weibullvariate(163, 0.88)))


def _is_largest(room: str, day: date) -> bool:
    """Return whether it is the largest day: the shopping holiday, once a year in one room."""
    return room == BUSIEST_ROOM and (day.month, day.day) == (11, 11)


def conversations(rng: Random, count: int) -> list[list[int]]:
    """Return ascending seconds of the day for `count` messages, grouped by conversation.

    Half of the gaps are under 25 s; a day has about six conversations of any length.
    """
    pauses = min(count // 5, max(0, round(rng.gauss(6.3, 2))))
    breaks = sorted(rng.sample(range(1, count), pauses))
    gaps = [0.0, *(rng.lognormvariate(3.35, 1.7) for _ in range(count - 1))]
    start = rng.randint(6 * 3600, 9 * 3600)
    pace, silences = _fit(rng, sum(gaps), _DAY_ENDS - start, pauses + 2)
    clock = start + silences[0]
    parts: list[list[int]] = []
    for begin, end, silence in zip([0, *breaks], [*breaks, count], silences[1:], strict=True):
        part = []
        for gap in gaps[begin:end]:
            clock += gap * pace
            part.append(int(clock))
        parts.append(part)
        clock += silence
    return parts


def _fit(rng: Random, talk: float, span: int, count: int) -> tuple[float, list[float]]:
    """Return the factor that fits `talk` into `span`, and `count` pauses that fill the rest."""
    pace = min(1.0, 0.98 * span / talk) if talk else 1.0
    shares = [rng.expovariate(1) + 0.1 for _ in range(count)]
    left = (span - talk * pace) / sum(shares)
    return pace, [share * left for share in shares]
