"""Requests from outside, from their arrival to the day when what was written in them is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import Refused
from chatlogs.models import Alias, Case, Message
from chatlogs.moderation.emails import confirm, tell_moderators, tell_outcome
from chatlogs.text.message_keys import find_member_keys, find_message_keys

__all__ = ["close", "forget_old", "open_case", "take"]


def open_case(*, wish: str, subject: str, explanation: str, contact: str, site: str) -> Case:
    """Linked with the messages and the member whose addresses stand in `subject`, removed ones too.

    `site` is the address of its first page: for the letters, which go out when the case is stored.
    """
    now = timezone.now()
    with transaction.atomic():
        case = Case.objects.create(
            created_at=now,
            due_at=now + dt.timedelta(days=settings.CASE_DAYS),
            wish=wish,
            subject=subject,
            explanation=explanation,
            contact=contact,
            member_id=_find_member(find_member_keys(subject)),
        )
        case.messages.set(_find_messages(find_message_keys(subject)))
        transaction.on_commit(lambda: tell_moderators(case, site))
        transaction.on_commit(lambda: confirm(case, site))
    return case


def _find_messages(keys: Collection[str]) -> set[int]:
    """With those that are shown in their stead."""
    found = Message.objects.filter(key__in=keys).values_list("pk", "double_of")
    return {pk for one in found for pk in one if pk is not None}


def _find_member(keys: Collection[str]) -> int | None:
    """The first who is known; of one whose names are another's now, that other."""
    owners = dict(Alias.objects.filter(origin__key__in=keys).values_list("origin__key", "member"))
    owners |= dict(Alias.objects.filter(member__key__in=keys).values_list("member__key", "member"))
    return next((owners[key] for key in keys if key in owners), None)


CLOSED = frozenset({Case.State.DONE, Case.State.REFUSED})


def take(case: Case, *, by: User) -> None:
    """Whoever had it."""
    if not Case.objects.filter(pk=case.pk, closed_at=None).update(assignee=by):
        raise Refused(gettext("Case %(reference)s is closed.") % {"reference": case.reference})


def close(case: Case, state: str, *, by: User, outcome: str, site: str) -> None:
    """As done or refused; it is then the case of who closes it, if it was nobody's. `site` as for `open_case`."""
    assert state in CLOSED, state
    with transaction.atomic():
        open_one = Case.objects.filter(pk=case.pk, state=Case.State.OPEN)
        closed = open_one.update(
            state=state, closed_at=timezone.now(), outcome=outcome, assignee=Coalesce("assignee", by.pk)
        )
        case.refresh_from_db()
        if not closed:
            raise Refused(_say_why(case))
        transaction.on_commit(lambda: tell_outcome(case, site))


def _say_why(case: Case) -> str:
    if case.state == Case.State.ERASING:
        text = gettext("Case %(reference)s is being erased, and closes when that is finished.")
    else:
        text = gettext("Case %(reference)s is closed.")
    return text % {"reference": case.reference}


def forget_old() -> int:
    """Blank what people wrote in requests that were closed longer ago than CASE_KEPT_DAYS; how many these were."""
    closed_before = timezone.now() - dt.timedelta(days=settings.CASE_KEPT_DAYS)
    old = Case.objects.filter(closed_at__lt=closed_before).exclude(subject="", explanation="", contact="")
    return old.update(subject="", explanation="", contact="")
