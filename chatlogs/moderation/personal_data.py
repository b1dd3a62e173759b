"""Find personal data and opted-out names in messages' originals, for moderators to decide on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from django.utils import timezone

from chatlogs.audit import locked_archive
from chatlogs.db.bulk import in_batches, insert_rows
from chatlogs.models import Message, PersonalDataMatch
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.moderation.visible_content import VisibilityChanges, read_originals, refresh_visible_content
from chatlogs.people import OptedOut, read_opted_out
from chatlogs.text.personal_data import find_personal_data

# The strictest state of equal passages applies after an edit.
STRICTNESS = (PersonalDataMatch.State.RELEASED, PersonalDataMatch.State.OPEN, PersonalDataMatch.State.MASKED)

# Messages per transaction of a full scan.
BATCH = 5_000


class Place(NamedTuple):
    start: int
    stop: int
    kind: str


def find_places(text: str, opted_out: OptedOut) -> list[Place]:
    """Return the personal data and opted-out names in a text."""
    places = [Place(found.start, found.stop, found.kind.value) for found in find_personal_data(text)]
    if opted_out:
        bare = opted_out.find_bare(text)
        places += [Place(mask.start, mask.stop, PersonalDataMatch.Kind.NAME.value) for mask in bare]
    return places


def store_matches(places: Mapping[int, Collection[Place]], former_texts: Mapping[int, tuple[str, str]]) -> None:
    """Store these matches, by message id, in place of the former ones. Decided states are kept.

    `former_texts` maps messages whose text has changed to the texts before and after: decided passages are looked up in
    the new text by their words. Called within a transaction.
    """
    stored: defaultdict[int, list[PersonalDataMatch]] = defaultdict(list)
    for some in in_batches(sorted(places)):
        for match in PersonalDataMatch.objects.filter(message__in=some):
            stored[match.message_id].append(match)
    gone: list[int] = []
    new: list[tuple[int, Place, str]] = []
    for message_id, found in places.items():
        before = stored[message_id]
        old, new_text = former_texts.get(message_id, ("", ""))
        if old == new_text and {Place(one.start, one.stop, one.kind) for one in before} == set(found):
            continue
        decided = _read_decided(before, old, new_text, found)
        gone += [match.pk for match in before]
        new += [
            (message_id, place, decided.get(place, PersonalDataMatch.State.OPEN.value)) for place in sorted(set(found))
        ]
    for some in in_batches(gone):
        PersonalDataMatch.objects.filter(pk__in=some).delete()
    now = timezone.now().isoformat()
    columns = ["message_id", "start", "stop", "kind", "state", "found_at"]
    insert_rows(PersonalDataMatch, columns, [(message_id, *place, state, now) for message_id, place, state in new])


def _read_decided(before: Iterable[PersonalDataMatch], old: str, new: str, found: Iterable[Place]) -> dict[Place, str]:
    """Return the decided states of places that have the same words as a former match."""
    if old == new:
        states = {Place(one.start, one.stop, one.kind): one.state for one in before}
        return {place: states[place] for place in found if place in states}
    said: dict[tuple[str, str], str] = {}
    for one in before:
        key = (one.kind, old[one.start : one.stop])
        said[key] = max(said.get(key, one.state), one.state, key=STRICTNESS.index)
    texts = {place: (place.kind, new[place.start : place.stop]) for place in found}
    return {place: said[text] for place, text in texts.items() if text in said}


def scan(message_ids: Collection[int], opted_out: OptedOut | None = None) -> VisibilityChanges:
    """Scan the originals of these messages and mask what is to be masked. Called within a transaction."""
    known = read_opted_out() if opted_out is None else opted_out
    places: dict[int, list[Place]] = {}
    spoken_of: set[int] = set()
    for some in in_batches(sorted(message_ids)):
        messages = Message.objects.with_originals().filter(pk__in=some).exclude(state=Message.State.ERASED)
        rooms = {message.pk: message.room.slug for message in messages}
        for message_id, original in read_originals(messages).items():
            known_here = known.in_room(rooms[message_id])
            places[message_id] = find_places(original.text, known_here)
            if known_here and known_here.find_spoken(original.text):
                spoken_of.add(message_id)
    store_matches(places, {})
    concerned = {message_id for message_id, found in places.items() if found} | spoken_of
    concerned |= set(_find_with_originals(places))
    return refresh_visible_content(concerned, opted_out=known)


def scan_all(watch: Callable[[int], object] = lambda count: None) -> None:
    """Scan all messages in batches, and call `watch` with the size of each. The caller holds the import lock."""
    opted_out = read_opted_out()
    last = 0
    while True:
        messages = Message.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        ids = list(messages[:BATCH])
        if not ids:
            return
        with locked_archive():
            changes = scan(ids, opted_out)
            if changes.message_ids:
                refresh_derived_data(day_ids=changes.day_ids, alias_ids=changes.alias_ids, has_new_texts=True)
        watch(len(ids))
        last = ids[-1]


def _find_with_originals(message_ids: Collection[int]) -> list[int]:
    return [
        pk
        for some in in_batches(sorted(message_ids))
        for pk in Message.objects.filter(pk__in=some, original__isnull=False).order_by().values_list("pk", flat=True)
    ]
