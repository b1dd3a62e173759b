"""Finds keys of messages and members in texts, such as pasted addresses of this site."""

from __future__ import annotations

import re

MESSAGE = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}-[0-9a-f]{12}(?![0-9A-Za-z])", re.ASCII)
MEMBER = re.compile(r"(?:\bmembers/|\bmember=)([0-9a-f]{16})(?![0-9A-Za-z])", re.ASCII)


def find_message_keys(text: str) -> list[str]:
    """Return the distinct keys in order."""
    return list(dict.fromkeys(MESSAGE.findall(text)))


def find_member_keys(text: str) -> list[str]:
    return list(dict.fromkeys(MEMBER.findall(text)))
