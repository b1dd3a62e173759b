"""Detects and masks private WeChat account ids, which the exports contain and readers must never see."""

from __future__ import annotations

import re
from collections.abc import Collection

# Generated ids. Ids that people chose can be recognised only by their place in the transcript.
MADE_BY_WECHAT = re.compile(r"wxid_[A-Za-z0-9_-]+|gh_[0-9a-f]{12}|(?<![0-9])[0-9]{5,}@chatroom")
CHOSEN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}")

# Candidates for known ids within a text.
WORD = re.compile(r"[A-Za-z0-9_-]{5,}")

UNKNOWN_MEMBER = "未知成员"

# The sender of the exporting account's own messages. Formats with another word replace it with this one.
EXPORTER = "我"

# Remains of the export's markup after an id.
END_OF_CELL = "]]>"
LEFT_OVERS = "]>: \t"


def is_account(name: str, known: Collection[str] = ()) -> bool:
    """Return whether a name or text is an account id: by its form, by markup after it, or because it is known."""
    bare = bare_account(name)
    return bool(MADE_BY_WECHAT.fullmatch(bare)) or bare in known or _ends_a_cell(name, bare)


def bare_account(name: str) -> str:
    """`wxid_a1]]>` -> `wxid_a1`."""
    return name.strip().rstrip(LEFT_OVERS)


def mask_accounts(text: str, known: Collection[str] = ()) -> str:
    """Replace each account id with "unknown member"; if the text is an id with markup, replace all of it."""
    if known:
        if bare_account(text) in known:
            return UNKNOWN_MEMBER
        text = WORD.sub(lambda word: UNKNOWN_MEMBER if word[0] in known else word[0], text)
    if "wxid_" in text or "@chatroom" in text or "gh_" in text:
        text = MADE_BY_WECHAT.sub(UNKNOWN_MEMBER, text)
    if END_OF_CELL in text and _ends_a_cell(text, bare_account(text)):
        return UNKNOWN_MEMBER
    return text


def _ends_a_cell(name: str, bare: str) -> bool:
    return END_OF_CELL in name and bool(CHOSEN.fullmatch(bare)) and name.strip() != bare
