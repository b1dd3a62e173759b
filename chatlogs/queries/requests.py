"""Public information on removal requests."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from statistics import median

from django.core.validators import slug_re
from django.db.models import Q
from django.utils import timezone

from chatlogs.models import Member, Message, RemovalRequest
from chatlogs.models.moderation import REFERENCE_ALPHABET

REFERENCE = re.compile(f"[{REFERENCE_ALPHABET}]{{10}}")

# The figures count requests closed within this time.
FIGURES_OF = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)

CLOSED = Q(state__in=[RemovalRequest.State.DONE, RemovalRequest.State.REFUSED])


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """`days` is the median time to close a request, or None if none was closed."""

    total: int
    open: int
    closed: int
    refused: int
    days: int | None


def read_reference(typed: str) -> str:
    """Return the reference in its original form, or "" if it is invalid."""
    reference = typed.strip().upper()
    return reference if REFERENCE.fullmatch(reference) else ""


def get_request(reference: str) -> RemovalRequest | None:
    """Return the request with its state and dates only."""
    known = RemovalRequest.objects.filter(reference=read_reference(reference))
    return known.only("reference", "state", "due_at", "closed_at").first()


def find_asked_about(message_key: str, member_key: str) -> Message | Member | None:
    """Return the visible message or listed member; None does not reveal whether it was removed or never existed."""
    if slug_re.match(message_key):
        return Message.objects.visible().filter(key=message_key).select_related("day__room").first()
    if slug_re.match(member_key):
        return Member.objects.listed().filter(key=member_key).first()
    return None


def sum_up() -> RequestFigures:
    closed = RemovalRequest.objects.filter(CLOSED, closed_at__gte=timezone.now() - FIGURES_OF)
    rows = list(closed.order_by().values_list("state", "created_at", "closed_at"))
    days = [(closed_at - created_at) / DAY for _, created_at, closed_at in rows if closed_at]
    return RequestFigures(
        total=RemovalRequest.objects.count(),
        open=RemovalRequest.objects.exclude(CLOSED).count(),
        closed=len(rows),
        refused=sum(state == RemovalRequest.State.REFUSED for state, *_ in rows),
        days=math.ceil(median(days)) if days else None,
    )
