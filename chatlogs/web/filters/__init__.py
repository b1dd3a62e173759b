"""Filters of lists: form fields, query parameters, and operators of the search box."""

from chatlogs.web.filters.base import LONGEST_TEXT, AddressedFilter, Chip, RoomFilter
from chatlogs.web.filters.images import ImageFilter
from chatlogs.web.filters.links import LinkFilter
from chatlogs.web.filters.members import MemberFilter
from chatlogs.web.filters.messages import MOST_ITEMS, MessageFilter
from chatlogs.web.filters.statistics import FigureFilter

__all__ = [
    "LONGEST_TEXT",
    "MOST_ITEMS",
    "AddressedFilter",
    "Chip",
    "FigureFilter",
    "ImageFilter",
    "LinkFilter",
    "MemberFilter",
    "MessageFilter",
    "RoomFilter",
]
