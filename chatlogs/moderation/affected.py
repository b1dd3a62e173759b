"""Find the messages that an action affects besides the chosen ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from chatlogs.db.bulk import in_batches
from chatlogs.models import Alias, Day, Member, Message
from chatlogs.moderation.visible_content import read_originals
from chatlogs.text.quotations import RULE, find_quotation

# Shorter quotations match by chance.
SHORTEST_QUOTED = 4

# Days after a message in which quotations of it are looked for.
DAYS_QUOTED = 3


def load_messages(message_ids: Collection[int], *related: str) -> list[Message]:
    """Return these messages with their originals and `related` rows as they are now, in time order."""
    messages: list[Message] = []
    for some in in_batches(sorted(message_ids)):
        messages += Message.objects.with_originals().filter(pk__in=some).select_related("room", *related)
    return sorted(messages, key=lambda message: message.position)


def with_duplicates(message_ids: Collection[int]) -> set[int]:
    """Add the duplicates of messages in merged exports, and equal messages that were withdrawn and may come back."""
    found = set(message_ids)
    for some in in_batches(sorted(message_ids)):
        pairs = Message.objects.filter(Q(pk__in=some) | Q(duplicate_of__in=some), duplicate_of__isnull=False)
        for pk, duplicate_of in pairs.order_by().values_list("pk", "duplicate_of_id"):
            found |= {pk, duplicate_of}
    of_shown = Message.objects.filter(duplicate_of__in=found - set(message_ids)).order_by()
    found |= set(of_shown.values_list("pk", flat=True))
    return found | _find_withdrawn_alike(found)


def _find_withdrawn_alike(message_ids: Collection[int]) -> set[int]:
    """Find withdrawn messages of the same day with the same content and sender, or time."""
    days = Day.objects.filter(messages__is_withdrawn=True)
    messages: list[Message] = []
    for some in in_batches(sorted(message_ids)):
        messages += Message.objects.with_originals().filter(pk__in=some, day__in=days)
    if not messages:
        return set()
    alike = {key for message in messages for key in _read_likeness(message)}
    withdrawn = Message.objects.with_originals().filter(day__in={one.day_id for one in messages}, is_withdrawn=True)
    return {one.pk for one in withdrawn if not alike.isdisjoint(_read_likeness(one))}


def _read_likeness(message: Message) -> set[tuple[object, ...]]:
    """Return keys that equal messages share; withdrawn messages have one with the time, too."""
    alias_id, text, url = read_originals([message])[message.pk]
    if not (text or url) or message.state == Message.State.ERASED:
        return set()
    likeness: set[tuple[object, ...]] = {(message.day_id, "by", alias_id, text, url)}
    return likeness | ({(message.day_id, "at", message.time, text, url)} if message.is_withdrawn else set())


def find_range(first: Message, last: Message) -> list[int]:
    """Return the ids of messages between two of the same room, inclusive, in either order."""
    low, high = sorted((first.position, last.position))
    messages = Message.objects.filter(room=first.room_id, position__gte=low, position__lte=high)
    return list(messages.order_by("position").values_list("pk", flat=True))


def find_of_day(day: Day) -> list[int]:
    return list(Message.objects.filter(day=day).order_by("position").values_list("pk", flat=True))


def find_of_member(member: Member) -> list[int]:
    """Return the ids of a member's messages, including those with a hidden author."""
    names = Alias.objects.filter(member=member).values("pk")
    said = Message.objects.filter(Q(alias__in=names) | Q(original__alias__in=names))
    return list(said.order_by("position").values_list("pk", flat=True))


def find_quoting(messages: Iterable[Message]) -> list[Message]:
    """Return later replies in the same room that quote these messages, or the beginning of them."""
    found: dict[int, Message] = {}
    for message in Message.objects.with_originals().filter(pk__in=[one.pk for one in messages]):
        words = _plain(read_originals([message])[message.pk].text)
        if len(words) >= SHORTEST_QUOTED:
            found |= {reply.pk: reply for reply in _read_replies(message) if _quotes(reply, words)}
    return sorted(found.values(), key=lambda reply: reply.position)


def find_in_quotation(reply: str, text: str, spans: Sequence[tuple[int, int]] | None) -> list[tuple[int, int]] | None:
    """Return where a reply quotes these spans of a text, or all of it, ignoring whitespace.

    None stands for the whole reply, if the places cannot be determined. A truncated quotation that ends before a span
    contains nothing of it.
    """
    reach = _find_reach(reply, text)
    found: list[tuple[int, int]] = []
    for start, stop in [(0, len(text))] if spans is None else spans:
        first, last = len(_plain(text[:start])), len(_plain(text[:stop]))
        if first == last or (reach is not None and reach <= first):
            continue
        places = [match.span() for match in _written(text[start:stop]).finditer(reply)]
        if not places or (reach is not None and reach < last):
            return None
        found += places
    return found


def _find_reach(reply: str, text: str) -> int | None:
    """Return how many characters of the text, without whitespace, the reply quotes from its beginning."""
    quotation = find_quotation(reply)
    quoted = _plain(quotation.text).rstrip("….") if quotation else ""
    return len(quoted) if quoted and _plain(text).startswith(quoted) else None


def _written(piece: str) -> re.Pattern[str]:
    return re.compile(r"\s*".join(re.escape(sign) for sign in piece if not sign.isspace()))


def _read_replies(message: Message) -> Iterable[Message]:
    until = message.position + (int(dt.timedelta(days=DAYS_QUOTED).total_seconds()) << 10)
    replies = Message.objects.with_originals().filter(
        Q(text__contains=RULE) | Q(original__text__contains=RULE),
        room=message.room_id,
        position__gt=message.position,
        position__lt=until,
        is_withdrawn=False,
        duplicate_of=None,
    )
    return replies.order_by("position")


def _quotes(reply: Message, words: str) -> bool:
    quotation = find_quotation(read_originals([reply])[reply.pk].text)
    quoted = _plain(quotation.text) if quotation else ""
    return len(quoted) >= SHORTEST_QUOTED and (quoted.startswith(words) or words.startswith(quoted.rstrip("….")))


def _plain(text: str) -> str:
    return "".join(text.split())
