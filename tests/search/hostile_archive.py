"""An archive with everyday words and hostile texts, for searching."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from benchmarks.vocabulary import sentence
from chatlogs.models import Room
from tests.importing.archives import import_tree
from tests.transcripts.making import image, link_a, link_f, message, write_transcript
from tests.worlds import build_once

# Daylight saving time changes in New York on the first of these days; 23:59 there is noon of the next day in Shanghai.
DATES = (dt.date(2017, 12, 31), dt.date(2018, 1, 1), dt.date(2018, 3, 11), dt.date(2018, 3, 31), dt.date(2018, 7, 2))
ROOMS = ("far-room", "tea-room", "wine-room")
FAR = "America/New_York"
NAMES = ("周可-云杉支付", "老陆_QingHe", "汤圆", "江月-Ｙunshan", "乔木 100%", "我", "")
LENGTHS = (2, 5, 9, 14, 30, 60)

HOSTILE = (
    "ＡＰＩ　接口，１００％",
    "API，api Api",
    "100%_\\ '\"* 100 %",
    'a*b NEAR(c) AND OR NOT "d" ^e {f g}: h',
    "'; DROP TABLE chatlogs_search; -- & | ! <-> :* ()",
    '“引号”„下引“ "直引" ＂全角＂',
    "👍👍🏽 👨‍👩‍👧 🇨🇳🏳️‍🌈",
    "ひらがな カタカナ ﾊﾝｶｸ ガ ｶﾞ",
    "한국어 사람 ᄒ\u1161ᆫ",
    "e\u0301te\u0301 été a\u0330b E\u0301",
    "响铃\x07换码\x1b[0m分隔\x1f",
    "全\u3000角\u00a0不断\u2003空",
    "私有\ue000用\ue123区\ue001a\ue002text a\ue000b ab b",
    "a" * 300,
    "ab" * 200 + "结尾" + "长" * 300,
    "𠀀𠮷野家𪚥𠮷",
    "ß STRASSE Straße ﬁ ﬀi",
    "İstanbul ıI ǅ ǆ Ǆ",
    "№ ㎡ ½ ① ㍿ ﷺ",
    "T+1 d+0 D+0 C++ C# .NET 0.38% 3.14",
    "foo_bar-baz foo bar_foo",
    "\u200b零\u200b宽\u200d连\u2060",
    "…… —— ——！？!?",
    "@老陆 在吗",
    "@周可-云杉支付 @江月 早＠乔木 100%",
    "看 http://pay.example.org/a?b=1，HTTPS://A.EXAMPLE",
    "http:// 没有 ftp://x.example https://。",
    "；; ：: from:周可 x:y 自:",
    "١٢٣ ωμεγα Ωmega Привет привет",
    "-减号 −x －y - −",
    "\U000f0000\U000e0041标签",
    "支付支付支付通道支付",
    "支付通道，支付 通道",
    "payment Payments prepayment pay",
    "的",
    "a",
    "?",
)


def write_hostile_archive(folder: Path) -> None:
    """Return texts with each hostile text more than once."""
    random, hostile = Random("hostile archive"), cycle(HOSTILE)
    for room in ROOMS:
        for date in DATES:
            write_transcript(folder, room, date, *_say(random, date, hostile))


def _say(random: Random, date: dt.date, hostile: Iterator[str]) -> Iterator[bytes]:
    """Return the messages of a day, with few different seconds, so that rooms share them."""
    times = sorted(f"{random.choice((0, 2, 9, 23)):02}:59:{random.randrange(6):02}" for _ in range(20))
    for number, time in enumerate(times):
        name = random.choice(NAMES)
        if number % 10 == 3:
            yield image(time, name, date=date)
        elif number % 10 == 6:
            yield message(time, name, link_a(sentence(random, 8), "https://read.example.com/x"))
        elif number % 9 == 8:
            yield message(time, name, link_f(f"{sentence(random, 4)}.xlsx") if number % 2 else None)
        else:
            text = next(hostile) if number % 2 else write_text(random)
            yield message(time, name, escape(text))


def write_text(random: Random) -> str:
    text = sentence(random, random.choice(LENGTHS))
    return text + random.choice(HOSTILE) if random.random() < 0.3 else text


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.fixture
def hostile_archive(db: None, tmp_path: Path) -> Path:
    """The folder of transcripts of the imported archive."""
    write_hostile_archive(tmp_path)
    build_once("hostile archive", lambda: _build(tmp_path), tmp_path)
    return tmp_path


def _build(folder: Path) -> None:
    Room.objects.create(slug=ROOMS[0], time_zone=FAR)
    report = import_tree(folder)
    assert not report.files["rejected"], report.as_dict()  # type: ignore[index]
