"""Who is meant by the names behind an `@`."""

from chatlogs.mentioning.choosing import choose_for_all, choose_for_one, forget_choice
from chatlogs.mentioning.resolving import Resolved, is_resolved, resolve

__all__ = ["Resolved", "choose_for_all", "choose_for_one", "forget_choice", "is_resolved", "resolve"]
