"""Private WeChat account ids, which the exports leak and readers must never see."""

from __future__ import annotations

import re
from collections.abc import Collection

# Ids that WeChat made; people may choose others, which only the place they stand in gives away.
MADE_BY_WECHAT = re.compile(r"wxid_[A-Za-z0-9_-]+|gh_[0-9a-f]{12}|[0-9]{5,}@chatroom")

UNKNOWN_MEMBER = "未知成员"

# What remains of the export's markup after an id.
LEFT_OVERS = "]>: \t"


def is_account(name: str, known: Collection[str] = ()) -> bool:
    """Whether a sender's name is a bare account id: by its shape, or because it is a known one."""
    bare = bare_account(name)
    return bool(MADE_BY_WECHAT.fullmatch(bare)) or bare in known


def bare_account(name: str) -> str:
    """`wxid_a1]]>` -> `wxid_a1`."""
    return name.strip().rstrip(LEFT_OVERS)


def mask_accounts(text: str, known: Collection[str] = ()) -> str:
    """The text with "unknown member" for each id; for all of it where it is nothing but a known one."""
    if known and bare_account(text) in known:
        return UNKNOWN_MEMBER
    if "wxid_" in text or "@chatroom" in text or "gh_" in text:
        return MADE_BY_WECHAT.sub(UNKNOWN_MEMBER, text)
    return text
