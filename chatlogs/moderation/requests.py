"""Submit, assign and close removal requests, and blank old ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused
from chatlogs.models import Alias, Message, RemovalRequest
from chatlogs.moderation.emails import confirm, notify_moderators, notify_requester
from chatlogs.text.message_keys import find_member_keys, find_message_keys

__all__ = ["close", "scrub_old_requests", "submit_request", "take"]


def submit_request(*, wish: str, subject: str, explanation: str, contact: str, site: str) -> RemovalRequest:
    """Store a request, linked with the messages and the member whose addresses are in `subject`, and send e-mails.

    `site` is the URL of the home page, for links in the e-mails.
    """
    now = timezone.now()
    with transaction.atomic():
        removal_request = RemovalRequest.objects.create(
            created_at=now,
            due_at=now + dt.timedelta(days=settings.REQUEST_DAYS),
            wish=wish,
            subject=subject,
            explanation=explanation,
            contact=contact,
            member_id=_find_member(find_member_keys(subject)),
        )
        removal_request.messages.set(_find_messages(find_message_keys(subject)))
        transaction.on_commit(lambda: notify_moderators(removal_request, site))
        transaction.on_commit(lambda: confirm(removal_request, site))
    return removal_request


def _find_messages(keys: Collection[str]) -> set[int]:
    """Return the ids of messages, and of those that they are duplicates of."""
    found = Message.objects.filter(key__in=keys).values_list("pk", "duplicate_of")
    return {pk for one in found for pk in one if pk is not None}


def _find_member(keys: Collection[str]) -> int | None:
    """Return the id of the first known member; of a merged member, the one that has its names now."""
    owners = dict(Alias.objects.filter(origin__key__in=keys).values_list("origin__key", "member"))
    owners |= dict(Alias.objects.filter(member__key__in=keys).values_list("member__key", "member"))
    return next((owners[key] for key in keys if key in owners), None)


CLOSED = frozenset({RemovalRequest.State.DONE, RemovalRequest.State.REFUSED})


def take(removal_request: RemovalRequest, *, by: User) -> None:
    """Assign an open request to `by`, whoever had it before."""
    if not RemovalRequest.objects.filter(pk=removal_request.pk, closed_at=None).update(assignee=by):
        raise ActionRefused(
            gettext("Request %(reference)s is already closed.") % {"reference": removal_request.reference}
        )


def close(removal_request: RemovalRequest, state: str, *, by: User, outcome: str, site: str) -> None:
    """Close a request as done or refused, and assign it to `by` if nobody had it. `site` as for `submit_request`."""
    assert state in CLOSED, state
    with transaction.atomic():
        open_one = RemovalRequest.objects.filter(pk=removal_request.pk, state=RemovalRequest.State.OPEN)
        closed = open_one.update(
            state=state, closed_at=timezone.now(), outcome=outcome, assignee=Coalesce("assignee", by.pk)
        )
        removal_request.refresh_from_db()
        if not closed:
            raise ActionRefused(_say_why(removal_request))
        transaction.on_commit(lambda: notify_requester(removal_request, site))


def _say_why(removal_request: RemovalRequest) -> str:
    if removal_request.state == RemovalRequest.State.ERASING:
        text = gettext("Request %(reference)s is being processed: it closes when the erasure is finished.")
    else:
        text = gettext("Request %(reference)s is already closed.")
    return text % {"reference": removal_request.reference}


def scrub_old_requests() -> int:
    """Blank what people wrote in requests closed more than REQUEST_RETENTION_DAYS ago. Return their number."""
    closed_before = timezone.now() - dt.timedelta(days=settings.REQUEST_RETENTION_DAYS)
    old = RemovalRequest.objects.filter(closed_at__lt=closed_before).exclude(subject="", explanation="", contact="")
    return old.update(subject="", explanation="", contact="")
