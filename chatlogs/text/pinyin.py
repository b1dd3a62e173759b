"""Chinese names in the order of their sounds. Pure."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from chatlogs.text.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable

# What begins with no letter comes after everything that does.
LAST = "~"

# Characters that sound otherwise where they are surnames.
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "尉": "wei", "翟": "zhai", "覃": "qin", "缪": "miao", "万俟": "mo qi", "尉迟": "yu chi",
}  # fmt: skip


def make_sort_key(name: str) -> str:
    """What names are sorted by: each character's pinyin, letters as they are; never the tones."""
    folded = fold(name)
    surname = next((length for length in (2, 1) if folded[:length] in SURNAMES), 0)
    sounds = [SURNAMES[folded[:surname]]] if surname else []
    key = " ".join([*sounds, *_read_pinyin()(folded[surname:])])
    return key if key[:1].isalpha() else LAST + key


@cache
def _read_pinyin() -> Callable[[str], list[str]]:
    """Loaded for new names alone, and without phrases, which names do not need and most of the time would go to."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin
