"""What lists can be filtered by: form fields, parameters of the address, and operators of the search box."""

from chatlogs.filters.members import MemberFilter
from chatlogs.filters.messages import LONGEST_TEXT, MOST_ITEMS, Chip, MessageFilter
from chatlogs.filters.rooms import find_visible_rooms

__all__ = ["LONGEST_TEXT", "MOST_ITEMS", "Chip", "MemberFilter", "MessageFilter", "find_visible_rooms"]
