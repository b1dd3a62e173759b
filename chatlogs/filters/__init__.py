"""What lists can be filtered by: form fields, parameters of the address, and operators of the search box."""

from chatlogs.filters.addressed import LONGEST_TEXT, AddressedFilter, Chip, RoomFilter
from chatlogs.filters.figures import FigureFilter
from chatlogs.filters.images import ImageFilter
from chatlogs.filters.links import LinkFilter
from chatlogs.filters.members import MemberFilter
from chatlogs.filters.messages import MOST_ITEMS, MessageFilter

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
