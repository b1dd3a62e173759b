"""All that waits for a moderator, what is due or was found first at the top; suggestions, which are many, come last."""

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
    """`at` is when it is due, or was found."""

    kind: Kind
    row: Any
    at: dt.datetime


class Page(NamedTuple):
    entries: list[Entry]
    has_more: bool


@dataclass(frozen=True)
class Source:
    """Where entries of a kind come from; `since` is when it began to wait. Without `decided`, nothing is ever that."""

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
    # The index on what is not shown is taken by this condition alone. When it was held is when its day was imported.
    Kind.HELD: Source(
        Message,
        Q(state=Message.State.HELD) & ~Q(state=Message.State.SHOWN),
        None,
        "day__source_file__imported_at",
        "day__source_file__imported_at",
        ("day__room", "alias"),
    ),
    Kind.TOMBSTONE: Source(Tombstone, Q(is_holding=True), None, "changed_at", "changed_at"),
    # Notes on files that were taken in wait for nobody.
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
    """Pages are counted from 1. Nothing is counted; a query for each kind on the page reads what is shown of it."""
    start = (number - 1) * PAGE_SIZE
    found = list(_find(criteria)[start : start + PAGE_SIZE + 1])
    kinds = {kind for kind, *_ in found}
    rows = {kind: _read(Kind(kind), [pk for of, pk, *_ in found if of == kind]) for kind in kinds}
    entries = [Entry(Kind(kind), rows[kind][pk], at) for kind, pk, at, _ in found[:PAGE_SIZE] if pk in rows[kind]]
    return Page(entries, has_more=len(found) > PAGE_SIZE)


def _find(criteria: QueueCriteria) -> QuerySet[Any, Any]:
    first, *others = [_find_of(kind, criteria) for kind in Kind if kind in criteria.kinds] or [
        RemovalRequest.objects.none()
    ]
    united = first.union(*others, all=True) if others else first
    return united.order_by("entry_can_wait", "entry_at", "entry_kind", "entry_id")


def _find_of(kind: Kind, criteria: QueueCriteria) -> QuerySet[Any, Any]:
    source = SOURCES[kind]
    rows: QuerySet[Any, Any] = source.model._default_manager.filter(_in_state(source, criteria.state))
    if criteria.older_than is not None:
        rows = rows.filter(**{f"{source.since}__lt": timezone.now() - criteria.older_than})
    entry = {
        "entry_kind": Value(kind.value, CharField()),
        "entry_id": F("pk"),
        "entry_at": F(source.at),
        "entry_can_wait": Value(int(kind == Kind.SUGGESTION)),
    }
    rows = rows.order_by().annotate(**entry).values_list(*entry)
    return rows


def _in_state(source: Source, state: State) -> Q:
    if state == State.OPEN:
        return source.open
    if state == State.DECIDED:
        return source.decided or Q(pk__in=[])
    return source.open | source.decided if source.decided else source.open


def _read(kind: Kind, ids: Collection[int]) -> dict[int, Any]:
    source = SOURCES[kind]
    rows: QuerySet[Any] = source.model._default_manager.select_related(*source.related)
    return rows.in_bulk(ids)
