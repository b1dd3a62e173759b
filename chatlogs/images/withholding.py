"""Withholds a picture file that several messages of one second share."""

from __future__ import annotations

from collections.abc import Collection

from chatlogs.db.bulk import in_batches
from chatlogs.images.thumbnails import remove_when_committed
from chatlogs.models import Image, Message
from chatlogs.models.messages import WITHOUT_PICTURE


def withhold_shared(day_ids: Collection[int]) -> None:
    """Remove pictures from messages of seconds in which a picture was removed. Call inside a transaction.

    The next import restores them once they may be shown again.
    """
    for some in in_batches(sorted(day_ids)):
        of_days = Message.objects.filter(day__in=some).order_by()
        here = of_days.filter(state=Message.State.SHOWN, image__path__gt="").values_list("day_id", "time", "pk", "key")
        if not here:
            continue
        taken = set(of_days.filter(WITHOUT_PICTURE).values_list("day_id", "time"))
        shared = {pk: key for day_id, time, pk, key in here if (day_id, time) in taken}
        Image.objects.filter(pk__in=shared).update(path="", width=0, height=0)
        remove_when_committed(list(shared.values()))
