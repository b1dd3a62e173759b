from chatlogs.models.archive import Archive, Day, Image, Link, Message, Room
from chatlogs.models.mentions import Mention, MentionedName
from chatlogs.models.people import Alias, Member, Sighting, Suggestion
from chatlogs.models.records import ImportProblem, ImportRun, ModerationAction
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
    "Mention",
    "MentionedName",
    "Message",
    "ModerationAction",
    "Room",
    "Segment",
    "Sighting",
    "SourceFile",
    "Suggestion",
]
