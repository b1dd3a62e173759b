"""Mentions: finds names behind an `@` and who they refer to."""

from chatlogs.mentions.overrides import clear_mention_override, clear_name_override, override_mention, override_name
from chatlogs.mentions.resolution import Resolved, find_again, is_resolved, resolve

__all__ = [
    "Resolved",
    "clear_mention_override",
    "clear_name_override",
    "find_again",
    "is_resolved",
    "override_mention",
    "override_name",
    "resolve",
]
