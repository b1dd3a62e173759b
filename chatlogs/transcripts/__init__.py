"""Parses transcript files into records. Pure Python without Django."""

from chatlogs.transcripts.reading import MAX_FILE_BYTES, PARSER_VERSION, read, read_entry, rewrite_entry
from chatlogs.transcripts.records import (
    Entry,
    FrontMatter,
    Image,
    Kind,
    Link,
    Problem,
    Transcript,
)
from chatlogs.transcripts.sniffing import ENCODINGS

__all__ = [
    "ENCODINGS",
    "MAX_FILE_BYTES",
    "PARSER_VERSION",
    "Entry",
    "FrontMatter",
    "Image",
    "Kind",
    "Link",
    "Problem",
    "Transcript",
    "read",
    "read_entry",
    "rewrite_entry",
]
