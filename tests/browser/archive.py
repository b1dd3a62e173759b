"""The archive that browsers look at, on top of the samples: every kind of page, and what may burst one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from tests.small_archive import LU, SPRING, TANG, ZHOU, write_archive
from tests.transcripts.making import image, link_a, message, write_transcript

HALL = "grand-hall-of-payment-architects-and-reconciliation"
CROWDED_DAY = dt.date(2018, 9, 3)
CROWD = 520
LONG_NAME = (
    "欧阳归鸿—青禾银行股份有限公司-首席对账架构师（华东与华南大区）-呼和浩特市回民区Ouyang_Guihong_Reconciliation"
)
LONG_ADDRESS = f"https://read.example.com/{'very-long-path/' * 12}?{'parameter=value&' * 6}end"


def write_for_browsers(folder: Path) -> None:
    write_archive(folder)
    write_transcript(folder, HALL, CROWDED_DAY, *_say_much(), author=LU)
    write_transcript(
        folder,
        HALL,
        SPRING,
        message("09:00:00", LONG_NAME, f"@{ZHOU} {LONG_ADDRESS}"),
        message("09:00:05", ZHOU, f"「 {LONG_NAME}: {'不可分割' * 40} 」 - - - - - - - - - - - - - - - 好"),
        message("09:01:00", LU, "w" * 300),
        message("09:02:00", TANG, link_a("很长的标题" * 30, LONG_ADDRESS)),
        image("09:03:00", LONG_NAME, date=SPRING),
        author=f'"{LONG_NAME}"',
    )


def _say_much() -> Iterator[bytes]:
    """From six in the morning, with a pause of an hour now and then."""
    start = dt.datetime.combine(CROWDED_DAY, dt.time(6))
    for number in range(CROWD):
        said_at = start + dt.timedelta(seconds=50 * number, hours=number // 130)
        yield message(f"{said_at:%H:%M:%S}", (ZHOU, LU, TANG)[number // 2 % 3], f"第{number}句，说了很多话")
