"""Everything that a deed may change, to compare before and after; and what must hold after whatever was done."""

from __future__ import annotations

import json
from pathlib import Path

from django.apps import apps
from django.db import models

from chatlogs import mentions
from chatlogs.models import (
    Alias,
    Day,
    Member,
    MentionedName,
    Message,
    OptOut,
    Original,
    OriginalName,
    PersonalDataMatch,
    Redaction,
    Room,
    Segment,
    Tombstone,
)
from chatlogs.search import sync
from tests.importing.archives import recount, stored_counters
from tests.importing.dumps import Rows, dump_by_natural_keys, dump_text_columns

MORE: dict[type[models.Model], str] = {
    Room: "slug visibility masked_kinds exporter__key",
    Day: "room__slug date is_hidden message_count member_count",
    Message: "key state is_author_hidden is_withdrawn text alias__origin__key kind position",
    Original: "message__key alias__origin__key text url is_outdated",
    Redaction: "message__key start stop",
    PersonalDataMatch: "message__key start stop kind state",
    Alias: "origin__key member__key name normalised_name account_hash is_opted_out is_exempt",
    Member: "key name sort_name is_name_curated company role city",
    OriginalName: "alias__origin__key name normalised_name account_hash",
    OptOut: "member__key extent pseudonym originals",
    MentionedName: "room__slug text normalised_text alias__origin__key method is_single",
    Tombstone: "room date time sender messages is_holding",
}


def snapshot() -> dict[str, Rows]:
    """All of it but revisions, moments and the log. Mentions are resolved first, as the next import does."""
    mentions.resolve()
    rows = dump_by_natural_keys()
    for part in ("archive", "days", "schema"):
        del rows[part]
    rows |= {model.__name__: _dump(model, fields) for model, fields in MORE.items()}
    return rows


def _dump(model: type[models.Model], fields: str) -> Rows:
    rows = model._default_manager.order_by().values_list(*fields.split())
    return sorted((tuple(map(str, row)) for row in rows), key=repr)


def differences(before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, list[object]]:
    """By part, the rows that only one of them has."""
    parts = {part: [*(set(map(repr, before[part])) ^ set(map(repr, after[part])))] for part in before}
    return {part: list(rows) for part, rows in parts.items() if rows}


def check_everything() -> None:
    """Index, counters and mentions are those of the messages that readers see; nothing erased has content."""
    assert not sync.check()
    assert stored_counters() == recount()
    erased = Message.objects.filter(state=Message.State.ERASED)
    assert not erased.exclude(text="", alias=None, kind="unsupported", is_author_hidden=False).exists()
    assert not Segment.objects.filter(message__in=erased).exists()
    assert not Original.objects.filter(message__in=erased).exists()
    assert not MentionedName.objects.filter(mentions=None).exclude(method="chosen").exists()


def places_with(words: str) -> set[str]:
    """The columns of the database that have the words in them, the bytes of transcripts included."""
    found = {column for column, text in dump_text_columns() if words in text or _escaped(words) in text}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField):
                values = model._default_manager.values_list(field.name, flat=True)
                if any(words.encode() in bytes(value) for value in values):
                    found.add(f"{model.__name__}.{field.name}")
    return found


def _escaped(words: str) -> str:
    """As JSON may have them."""
    return json.dumps(words)[1:-1]


def files_with(folder: Path, *canaries: str, pattern: str = "*") -> dict[str, set[str]]:
    """By canary, the files under the folder that have its bytes."""
    contents = {str(path): path.read_bytes() for path in folder.rglob(pattern) if path.is_file()}
    found = {canary: {name for name, data in contents.items() if canary.encode() in data} for canary in canaries}
    return {canary: names for canary, names in found.items() if names}
