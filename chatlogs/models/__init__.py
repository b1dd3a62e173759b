from chatlogs.models.archive import Archive
from chatlogs.models.cached_pages import Rendering
from chatlogs.models.days import Day
from chatlogs.models.editorial import DayNote, Highlight, HighlightPart, PendingDecision, Tag
from chatlogs.models.imports import ImportProblem, ImportRun
from chatlogs.models.mentions import Mention, MentionedName
from chatlogs.models.messages import Image, Link, Message
from chatlogs.models.moderation import Case, Erasure, Finding, ModerationAction, OptOut, Redaction
from chatlogs.models.people import Alias, Member, Sighting, Suggestion
from chatlogs.models.rooms import Room
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
