"""Parses the YAML block at the beginning of a transcript: flat fields, all values strings."""

from __future__ import annotations

import datetime as dt
import re

import yaml

from chatlogs.transcripts.records import Problem

# Real ones have about 200 bytes.
MAX_BYTES = 8 * 1024

BLOCK = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)^---[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"([\w-]+):(.*)")
AUTHOR = re.compile(r"^author:([^\n]*)", re.MULTILINE)
DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)

# Dates outside these years are typing errors.
YEARS = range(1990, 2101)


class FrontMatterError(ValueError):
    """`problem` has the line, counted from the beginning of the file."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, code, message, is_error=True)


def find_block(data: bytes) -> re.Match[bytes]:
    """Match the block at the file's first byte; group 1 is its YAML. Raises FrontMatterError."""
    match = BLOCK.match(data)
    if match is None:
        raise FrontMatterError(1, "no_front_matter", "no front matter between two lines of ---")
    if match.end() > MAX_BYTES:
        raise FrontMatterError(1, "front_matter_too_large", f"front matter over {MAX_BYTES} bytes")
    return match


def read_fields(text: str) -> dict[str, str]:
    """Parse the fields of the block; items of a list are joined by ", ". Raises FrontMatterError.

    Reads YAML events instead of building values, so that `12:30:45` stays a string and neither aliases nor deep nesting
    cost more than the length of the text. The exporter did not quote names: the author is taken as it is, and fields
    that are not YAML are read line by line.
    """
    author = AUTHOR.search(text)
    if author:
        named = {"author": _unquote(author[1])}
        return read_fields(AUTHOR.sub("", text, count=1)) | named
    try:
        return _flat_fields(text)
    except yaml.YAMLError as error:
        fields = _fields_of_lines(text)
        if fields is not None:
            return fields
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or "not YAML"
        raise FrontMatterError(line, "front_matter_not_yaml", f"front matter: {reason}") from None


def _fields_of_lines(text: str) -> dict[str, str] | None:
    """Return the fields if every line is `key: value`, else None."""
    lines = [LINE.fullmatch(line) for line in text.split("\n") if line.strip()]
    found = [(line[1], _unquote(line[2])) for line in lines if line]
    return dict(found) if len(found) == len(lines) else None


def _unquote(value: str) -> str:
    return value.strip().strip("\"'")


def _flat_fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    anchors: set[str] = set()
    depth = 0
    key: str | None = None
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        line = event.start_mark.line + 2 if event.start_mark else 1
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            if isinstance(event, yaml.AliasEvent) and event.anchor in anchors:
                raise FrontMatterError(line, "front_matter_alias", "front matter uses a YAML alias")
            anchors.add(event.anchor)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            if (depth == 1) != is_mapping or depth > 2 or (depth == 2 and key is None):
                raise FrontMatterError(line, "front_matter_nested", "front matter is not a flat list of fields")
            if depth == 2 and key is not None:
                fields[key] = ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            key = None
        elif isinstance(event, yaml.ScalarEvent):
            if depth == 0:
                raise FrontMatterError(line, "front_matter_not_fields", "front matter is not a list of fields")
            if key is None:
                key = event.value
            elif depth == 2:
                fields[key] = f"{fields[key]}, {event.value}" if fields[key] else event.value
            else:
                fields[key] = event.value
                key = None
        elif isinstance(event, yaml.AliasEvent):
            key = None
    if anchors:
        raise yaml.YAMLError("names that begin with & or *")
    return fields


def read_date(value: str) -> dt.date | None:
    """Return the date at the beginning of a value such as `2019-03-15 12:00:00`, or None."""
    return _date(DATE.match(value.strip()))


def find_date(name: str) -> dt.date | None:
    """Return the date in a file name such as `2019-03-15-chat.markdown`, or None."""
    return _date(DATE.search(name))


def _date(match: re.Match[str] | None) -> dt.date | None:
    try:
        date = match and dt.date(*map(int, match.groups()))
    except ValueError:
        return None
    return date if date and date.year in YEARS else None
