"""Who is meant by the names behind an `@`."""

from chatlogs.mentions.overrides import choose_for_all, choose_for_one, forget_for_all, forget_for_one
from chatlogs.mentions.resolution import Resolved, find_again, is_resolved, resolve

__all__ = [
    "Resolved",
    "choose_for_all",
    "choose_for_one",
    "find_again",
    "forget_for_all",
    "forget_for_one",
    "is_resolved",
    "resolve",
]
