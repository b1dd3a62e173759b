"""A small archive: two rooms, three people, and everything a page can meet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from chatlogs.importing import Options, run_import
from chatlogs.models import Message
from tests.transcripts.making import image, link_a, link_b, link_f, message, write_transcript
from tests.worlds import import_once

SPRING = dt.date(2018, 3, 27)
NEXT_DAY = dt.date(2018, 3, 28)
EMPTY_DAY = dt.date(2018, 3, 29)
SUMMER = dt.date(2018, 7, 2)
WINTER = dt.date(2019, 1, 5)

ZHOU = "周可-云杉支付-产品-杭州"
LU = "老陆_青禾银行"
TANG = "汤圆"

HOSTILE = "<script>alert(1)</script>"


def write_archive(folder: Path) -> None:
    write_transcript(
        folder,
        "tea-room",
        SPRING,
        message("09:00:00", ZHOU, "早上好[强]"),
        message("09:01:00", ZHOU, "对账文件到了吗？看 https://pay.example.org/a?b=1&amp;c=2。"),
        message("09:01:30", LU, HOSTILE),
        message("10:00:00", TANG),
        message("10:00:05", "", "无名氏的话"),
        message("10:00:09", LU, "「 周可-云杉支付-产品-杭州: 早上好 」 - - - - - - - - - - - - - - - 也早"),
        image("10:00:10", LU, "http://img.example.org/1.png"),
        message("10:00:12", TANG, link_a("一篇文章", "https://read.example.com/x")),
        message("10:00:13", TANG, link_f("对账.xlsx")),
        message("10:00:14", TANG, link_b("又一篇", "https://read.example.com/y", "wxid_sample0000000z")),
        message("10:00:15", "wxid_sample0000000z]]>", "来自无名账号"),
        author=LU,
    )
    write_transcript(folder, "tea-room", NEXT_DAY, message("08:00:00", LU, "第二天"))
    write_transcript(folder, "tea-room", EMPTY_DAY)
    write_transcript(folder, "tea-room", WINTER, message("08:00:00", LU, "新年好"))
    write_transcript(folder, "wine-room", SPRING, message("09:00:00", LU, "另一个群"))
    write_transcript(
        folder, "wine-room", SUMMER, *(message(f"12:{n // 60:02}:{n % 60:02}", TANG, f"第{n}句") for n in range(120))
    )


def import_tree(folder: Path) -> None:
    report = run_import([folder], Options(), lambda *_: None)
    assert not report.files["rejected"], report.as_dict()  # type: ignore[index]


@pytest.fixture
def archive(db: None, tmp_path: Path) -> Path:
    """The imported archive's folder of transcripts."""
    write_archive(tmp_path)
    import_once(tmp_path)
    return tmp_path


@pytest.fixture
def hidden(archive: Path) -> Message:
    message_ = Message.objects.get(text="第二天")
    Message.objects.filter(pk=message_.pk).update(state=Message.State.HIDDEN)
    return message_
