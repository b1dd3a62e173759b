from chatlogs.models.archive import Archive, Day, Image, Link, Message, Room
from chatlogs.models.curation import DayNote, Highlight, HighlightPart, PendingDecision, Tag
from chatlogs.models.mentions import Mention, MentionedName
from chatlogs.models.moderation import Case, Erasure, Finding, ModerationAction, OptOut, Redaction
from chatlogs.models.people import Alias, Member, Sighting, Suggestion
from chatlogs.models.records import ImportProblem, ImportRun
from chatlogs.models.renderings import Rendering
from chatlogs.models.sources import Sealed, SealedName, Segment, SourceFile, Tombstone

__all__ = [
    "Alias",
    "Archive",
    "Case",
    "Day",
    "DayNote",
    "Erasure",
    "Finding",
    "Highlight",
    "HighlightPart",
    "Image",
    "ImportProblem",
    "ImportRun",
    "Link",
    "Member",
    "Mention",
    "MentionedName",
    "Message",
    "ModerationAction",
    "OptOut",
    "PendingDecision",
    "Redaction",
    "Rendering",
    "Room",
    "Sealed",
    "SealedName",
    "Segment",
    "Sighting",
    "SourceFile",
    "Suggestion",
    "Tag",
    "Tombstone",
]
