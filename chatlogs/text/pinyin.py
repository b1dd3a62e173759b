"""Sort keys of Chinese names by pinyin. Pure Python."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from chatlogs.text.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable

# Names that do not begin with a letter sort last.
LAST = "~"

# Surnames with a different pronunciation.
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "尉": "wei", "翟": "zhai", "覃": "qin", "缪": "miao", "万俟": "mo qi", "尉迟": "yu chi",
}  # fmt: skip


def make_sort_key(name: str) -> str:
    """Return the name with Chinese characters as pinyin without tones."""
    folded = fold(name)
    surname = next((length for length in (2, 1) if folded[:length] in SURNAMES), 0)
    sounds = [SURNAMES[folded[:surname]]] if surname else []
    key = " ".join([*sounds, *_read_pinyin()(folded[surname:])])
    return key if key[:1].isalpha() else LAST + key


@cache
def _read_pinyin() -> Callable[[str], list[str]]:
    """Import pypinyin on first use, without its phrases, which take most of the loading time."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin
