"""Requests from outside, from their arrival to the day when what was written in them is forgotten."""

from chatlogs.cases.closing import close, take
from chatlogs.cases.forgetting import forget_old
from chatlogs.cases.opening import open_case

__all__ = ["close", "forget_old", "open_case", "take"]
