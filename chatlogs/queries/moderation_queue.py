"""The moderation queue: everything that waits for a moderator, the earliest first; suggestions come last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models import Model as Row
from django.db.models.enums import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Erasure, ImportProblem, Message, PersonalDataMatch, RemovalRequest, Suggestion, Tombstone

PAGE_SIZE = 50


class Kind(TextChoices):
    REQUEST = "removal_request", _("request")
    PERSONAL_DATA = "finding", _("personal data")
    HELD = "held", _("message pending review")
    TOMBSTONE = "tombstone", _("import review")
    PROBLEM = "problem", _("file rejected")
    SUGGESTION = "suggestion", _("merge suggestion")
    ERASURE = "erasure", _("erasure not finished")


class State(TextChoices):
    OPEN = "open", _("open")
    DECIDED = "decided", _("decided")
    ALL = "all", _("all")


@dataclass(frozen=True)
class QueueCriteria:
    kinds: Collection[Kind]
    state: State = State.OPEN
    older_than: dt.timedelta | None = None


class Entry(NamedTuple):
    """`at` is the time when the entry is due or was found."""

    kind: Kind
    row: Any
    at: dt.datetime


class Page(NamedTuple):
    entries: list[Entry]
    has_more: bool


@dataclass(frozen=True)
class Source:
    """The table of a kind of entries. `at` and `since` are lookups of the times when an entry is due or was found, and
    when it was created. `decided` is None for entries that disappear when they are decided."""

    model: type[Row]
    open: Q
    decided: Q | None
    at: str
    since: str
    related: tuple[str, ...] = ()


SOURCES: Mapping[Kind, Source] = {
    Kind.REQUEST: Source(RemovalRequest, Q(closed_at=None), Q(closed_at__isnull=False), "due_at", "created_at"),
    Kind.PERSONAL_DATA: Source(
        PersonalDataMatch,
        Q(state=PersonalDataMatch.State.OPEN),
        ~Q(state=PersonalDataMatch.State.OPEN),
        "found_at",
        "found_at",
        ("message__day__room", "message__alias"),
    ),
    # Only this condition uses the partial index. A message is held since its day was imported.
    Kind.HELD: Source(
        Message,
        Q(state=Message.State.HELD) & ~Q(state=Message.State.SHOWN),
        None,
        "day__source_file__imported_at",
        "day__source_file__imported_at",
        ("day__room", "alias"),
    ),
    Kind.TOMBSTONE: Source(Tombstone, Q(is_holding=True), None, "changed_at", "changed_at"),
    # Warnings about imported files need no decision.
    Kind.PROBLEM: Source(ImportProblem, Q(is_error=True), None, "found_at", "found_at"),
    Kind.SUGGESTION: Source(
        Suggestion,
        Q(state=Suggestion.State.OPEN) & ~Q(first__member=F("second__member")),
        ~Q(state=Suggestion.State.OPEN),
        "found_at",
        "found_at",
        ("first", "second"),
    ),
    Kind.ERASURE: Source(
        Erasure, Q(finished_at=None), Q(finished_at__isnull=False), "action__made_at", "action__made_at", ("action",)
    ),
}


def read_page(criteria: QueueCriteria, number: int) -> Page:
    """Return a page, counted from 1: one query for the entries, and one for the rows of each kind on the page."""
    parts: list[QuerySet[Any, Any]] = []
    for kind in Kind:
        if kind not in criteria.kinds:
            continue
        source = SOURCES[kind]
        if criteria.state == State.OPEN:
            in_state = source.open
        elif criteria.state == State.DECIDED:
            in_state = source.decided or Q(pk__in=[])
        else:
            in_state = source.open | source.decided if source.decided else source.open
        rows: QuerySet[Any, Any] = source.model._default_manager.filter(in_state)
        if criteria.older_than is not None:
            rows = rows.filter(**{f"{source.since}__lt": timezone.now() - criteria.older_than})
        entry = {
            "entry_kind": Value(kind.value, CharField()),
            "entry_id": F("pk"),
            "entry_at": F(source.at),
            "entry_can_wait": Value(int(kind == Kind.SUGGESTION)),
        }
        parts.append(rows.order_by().annotate(**entry).values_list(*entry))
    if not parts:
        return Page([], has_more=False)
    union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    start = (number - 1) * PAGE_SIZE
    ordered = union.order_by("entry_can_wait", "entry_at", "entry_kind", "entry_id")
    found = list(ordered[start : start + PAGE_SIZE + 1])

    related: dict[Kind, dict[int, Any]] = {}
    for kind in {Kind(row[0]) for row in found}:
        managed: QuerySet[Any] = SOURCES[kind].model._default_manager.select_related(*SOURCES[kind].related)
        related[kind] = managed.in_bulk([row[1] for row in found if row[0] == kind])
    entries = [
        Entry(Kind(value), related[Kind(value)][pk], at)
        for value, pk, at, _can_wait in found[:PAGE_SIZE]
        if pk in related[Kind(value)]
    ]
    return Page(entries, has_more=len(found) > PAGE_SIZE)
