"""Pictures of one second, which are one file."""

from __future__ import annotations

from collections.abc import Collection

from chatlogs.db.bulk import in_batches
from chatlogs.images.thumbnails import remove_when_committed
from chatlogs.models import Image, Message
from chatlogs.models.messages import WITHOUT_PICTURE


def withhold_shared(day_ids: Collection[int]) -> None:
    """Where one was taken away, the others of its second show it no longer. Within a transaction.

    They get it back from the next import, once it may be seen again.
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
