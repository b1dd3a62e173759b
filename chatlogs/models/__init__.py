from chatlogs.models.archive import Archive, Day, Image, Link, Message, Room
from chatlogs.models.people import Alias, Member
from chatlogs.models.records import ImportProblem, ImportRun
from chatlogs.models.sources import Segment, SourceFile

__all__ = [
    "Alias",
    "Archive",
    "Day",
    "Image",
    "ImportProblem",
    "ImportRun",
    "Link",
    "Member",
    "Message",
    "Room",
    "Segment",
    "SourceFile",
]
