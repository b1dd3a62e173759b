from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from chatlogs.models import Case


def forget_old() -> int:
    """Blank what people wrote in requests that were closed longer ago than CASE_KEPT_DAYS; how many these were."""
    closed_before = timezone.now() - dt.timedelta(days=settings.CASE_KEPT_DAYS)
    old = Case.objects.filter(closed_at__lt=closed_before).exclude(subject="", explanation="", contact="")
    return old.update(subject="", explanation="", contact="")
