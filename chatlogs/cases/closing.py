from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.acting import Refused
from chatlogs.cases.letters import tell_outcome
from chatlogs.models import Case

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
