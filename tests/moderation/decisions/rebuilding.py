"""Emptying a database, and what is seen in it when it was filled again."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from chatlogs import search
from chatlogs.models import (
    Archive,
    DayNote,
    Highlight,
    HighlightPart,
    Member,
    Message,
    OptOut,
    Original,
    PersonalDataMatch,
    Redaction,
    RemovalRequest,
    Room,
    Segment,
    Tag,
)
from tests.append_only import no_triggers
from tests.importing.dumps import Rows, dump_by_natural_keys, dump_text_columns

ROOM_FIELDS = (
    "slug", "title", "description", "time_zone", "visibility", "reader_group__name", "is_indexable", "masked_kinds",
    "exporter__key",
)  # fmt: skip
MESSAGE_FIELDS = (
    "key", "room__slug", "day__date", "time", "alias__name", "alias__account_hash", "kind", "text", "state",
    "is_author_hidden", "is_withdrawn", "duplicate_of__key", "link__url", "image__url",
)  # fmt: skip


def export(path: Path) -> bytes:
    call_command("export_decisions", str(path), stdout=StringIO())
    return path.read_bytes()


def load_decisions(path: Path, *options: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("import_decisions", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def empty_database() -> None:
    """All but the users. Later rows get other numbers than those before."""
    tables = [table for table in connection.introspection.table_names() if table.startswith("chatlogs_")]
    with no_triggers(), connection.cursor() as cursor:
        for table in tables:
            if not table.startswith("chatlogs_search"):
                cursor.execute(f"DELETE FROM {table}")
    search.clear()


def seen() -> dict[str, Rows]:
    """What readers and moderators see, by keys.

    Not what differs on purpose: how often a day has changed, what lies hidden of who wants nothing more imported, and
    where in its second a removed message stands.
    """
    dump = dump_by_natural_keys()
    written = ("changed_by__username", "changed_at")
    return {
        **{part: dump[part] for part in ("people", "mentions", "suggestions", "name_evidence", "aliases", "problems")},
        "days": sorted((row[:-1] for row in dump["days"]), key=repr),
        "messages": _read_messages(),
        "order": [tuple(Message.objects.visible().in_time_order().values_list("key", flat=True))],
        "rooms": list(Room.objects.values_list(*ROOM_FIELDS)),
        "members": list(
            Member.objects.order_by("key").values_list("key", "name", "sort_name", "company", "role", "city")
        ),
        "personal_data_matches": _sorted(
            PersonalDataMatch.objects.values_list("message__key", "start", "stop", "kind", "state")
        ),
        "redactions": _sorted(Redaction.objects.values_list("message__key", "start", "stop", "action__made_at")),
        "sealed": _sorted(Original.objects.values_list("message__key", "text", "url", "is_outdated")),
        "removal_requests": _sorted(
            RemovalRequest.objects.values_list("reference", "messages__key", "member__key", "assignee__username")
        ),
        "notes": _sorted(DayNote.objects.values_list("day__room__slug", "day__date", "text", *written)),
        "highlights": _sorted(
            Highlight.objects.values_list(
                "slug", "title", "notes", "is_published", "published_at", "made_by__username", "made_at", *written
            )
        ),
        "parts": _sorted(
            HighlightPart.objects.values_list(
                "highlight__slug", "order", "first__key", "last__key", "comment", "awaited"
            )
        ),
        "tags": _sorted(Tag.objects.values_list("name", "slug", "highlights__slug")),
        "opt-outs": _sorted(OptOut.objects.values_list("member__key", "extent", "pseudonym")),
    }


def _read_messages() -> Rows:
    unwanted = OptOut.objects.filter(extent="imports").values("pseudonym")
    return _sorted(Message.objects.exclude(alias__name__in=unwanted).order_by().values_list(*MESSAGE_FIELDS))


def _sorted(rows: object) -> Rows:
    return sorted(rows, key=repr)  # type: ignore[call-overload, no-any-return]


def texts_and_sources() -> str:
    """All that the database says, but for the one row of keys."""
    texts = [text for column, text in dump_text_columns() if not column.startswith(Archive.__name__)]
    return "\n".join([*texts, *(bytes(one).decode() for one in Segment.objects.values_list("source", flat=True))])
