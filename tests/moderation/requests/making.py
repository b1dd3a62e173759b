"""Requests as somebody makes them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from chatlogs.models import RemovalRequest
from chatlogs.moderation import requests

SITE = "https://archive.example.org/"

SUBJECT = "关于我在群里说的话"
EXPLANATION = "其中有我的住址"
CONTACT = "wen@example.org"


def make_case(
    *,
    wish: str = RemovalRequest.Wish.REMOVE,
    subject: str = SUBJECT,
    explanation: str = EXPLANATION,
    contact: str = CONTACT,
) -> RemovalRequest:
    return requests.submit_request(wish=wish, subject=subject, explanation=explanation, contact=contact, site=SITE)


def make_closed(state: str = RemovalRequest.State.DONE, *, days_ago: float = 0, taken: float = 1) -> RemovalRequest:
    """A case that was closed so many days ago, after so many days."""
    removal_request = make_case()
    closed_at = timezone.now() - dt.timedelta(days=days_ago)
    RemovalRequest.objects.filter(pk=removal_request.pk).update(
        state=state, closed_at=closed_at, created_at=closed_at - dt.timedelta(days=taken)
    )
    removal_request.refresh_from_db()
    return removal_request


def make_overdue() -> RemovalRequest:
    removal_request = make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    removal_request.refresh_from_db()
    return removal_request
