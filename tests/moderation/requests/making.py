"""Requests as somebody makes them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from chatlogs.models import Case
from chatlogs.moderation import requests

SITE = "https://archive.example.org/"

SUBJECT = "关于我在群里说的话"
EXPLANATION = "其中有我的住址"
CONTACT = "wen@example.org"


def make_case(
    *,
    wish: str = Case.Wish.REMOVE,
    subject: str = SUBJECT,
    explanation: str = EXPLANATION,
    contact: str = CONTACT,
) -> Case:
    return requests.open_case(wish=wish, subject=subject, explanation=explanation, contact=contact, site=SITE)


def make_closed(state: str = Case.State.DONE, *, days_ago: float = 0, taken: float = 1) -> Case:
    """A case that was closed so many days ago, after so many days."""
    case = make_case()
    closed_at = timezone.now() - dt.timedelta(days=days_ago)
    Case.objects.filter(pk=case.pk).update(
        state=state, closed_at=closed_at, created_at=closed_at - dt.timedelta(days=taken)
    )
    case.refresh_from_db()
    return case


def make_overdue() -> Case:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    case.refresh_from_db()
    return case
