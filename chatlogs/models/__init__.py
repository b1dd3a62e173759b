from chatlogs.models.archive import Archive
from chatlogs.models.cached_pages import CachedPage
from chatlogs.models.days import Day
from chatlogs.models.editorial import DayNote, Highlight, HighlightPart, PendingDecision, Tag
from chatlogs.models.imports import ImportProblem, ImportRun
from chatlogs.models.mentions import Mention, MentionedName
from chatlogs.models.messages import Image, Link, Message
from chatlogs.models.moderation import Erasure, ModerationAction, OptOut, PersonalDataMatch, Redaction, RemovalRequest
from chatlogs.models.people import Alias, Member, NameEvidence, Suggestion
from chatlogs.models.rooms import Room
from chatlogs.models.sources import Original, OriginalName, Segment, SourceFile, Tombstone

__all__ = [
    "Alias",
    "Archive",
    "CachedPage",
    "Day",
    "DayNote",
    "Erasure",
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
    "NameEvidence",
    "OptOut",
    "Original",
    "OriginalName",
    "PendingDecision",
    "PersonalDataMatch",
    "Redaction",
    "RemovalRequest",
    "Room",
    "Segment",
    "SourceFile",
    "Suggestion",
    "Tag",
    "Tombstone",
]
