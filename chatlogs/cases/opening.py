from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chatlogs.cases.addresses import find_member_keys, find_message_keys
from chatlogs.cases.letters import confirm, tell_moderators
from chatlogs.models import Alias, Case, Message


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
