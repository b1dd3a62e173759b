"""Export and load notes of days and highlights, and link parts to messages once they are imported."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from chatlogs.audit import locked_archive
from chatlogs.editorial import invalidate_days, set_tags
from chatlogs.models import Archive, Day, DayNote, Highlight, HighlightPart, Message, Room
from chatlogs.moderation.decisions.messages import read_places
from chatlogs.moderation.decisions.pending import (
    LIKELY,
    Decision,
    match,
    read_optional_timestamp,
    read_timestamp,
    write_timestamp,
)

Form = dict[str, Any]
FindUser = Callable[[str | None], int | None]

# A message with another text is another message, unless it has the same key.
BY_ADDRESS = LIKELY[:1]


def read_day_notes() -> list[Form]:
    notes = DayNote.objects.select_related("day__room", "changed_by")
    return sorted(
        (
            {
                "room": note.day.room.slug,
                "date": note.day.date.isoformat(),
                "text": note.text,
                "by": _name(note.changed_by),
                "changed_at": write_timestamp(note.changed_at),
            }
            for note in notes
        ),
        key=lambda one: (one["room"], one["date"]),
    )


def read_highlights() -> list[Form]:
    highlights = Highlight.objects.select_related("made_by", "changed_by").prefetch_related("tags", "parts")
    found = sorted(highlights, key=lambda one: one.slug)
    ends = _read_ends([part for highlight in found for part in highlight.parts.all()])
    return [_read_highlight(one, ends) for one in found]


def install_day_notes(notes: Iterable[Form], find_user: FindUser) -> None:
    for one in notes:
        day, _ = Day.objects.get_or_create(
            room=Room.objects.get(slug=one["room"]), date=dt.date.fromisoformat(one["date"])
        )
        written = {"changed_by_id": find_user(one["by"]), "changed_at": read_timestamp(one["changed_at"])}
        DayNote.objects.update_or_create(day=day, defaults={"text": one["text"], **written})


def install_highlights(highlights: Iterable[Form], find_user: FindUser) -> None:
    for one in highlights:
        fields = {name: one[name] for name in ("title", "notes", "is_published")}
        fields |= {f"{name}_id": find_user(one[name]) for name in ("made_by", "changed_by")}
        fields |= {name: read_optional_timestamp(one[name]) for name in ("published_at", "made_at", "changed_at")}
        highlight, _ = Highlight.objects.update_or_create(slug=one["slug"], defaults=fields)
        set_tags(highlight, one["tags"])
        highlight.parts.all().delete()
        HighlightPart.objects.bulk_create(
            HighlightPart(
                highlight=highlight,
                order=order,
                awaited={"first": part["first"], "last": part["last"]},
                comment=part["comment"],
            )
            for order, part in enumerate(one["parts"], start=1)
        )
    link_pending_parts()


def link_pending_parts() -> None:
    """Link parts that wait for messages, if both ends exist."""
    if not HighlightPart.objects.filter(first=None).exists():
        return
    with locked_archive():
        _quote(list(HighlightPart.objects.filter(first=None)))


def find_awaited() -> set[str]:
    """Return the keys of missing messages that highlights quote."""
    awaited = HighlightPart.objects.filter(first=None).values_list("awaited", flat=True)
    return {end["key"] for ends in awaited for end in ends.values()}


def _quote(waiting: Sequence[HighlightPart]) -> None:
    ids = _find_messages(end for part in waiting for end in part.awaited.values())
    found = []
    for part in waiting:
        part.first_id, part.last_id = (ids.get(part.awaited[end]["key"]) for end in ("first", "last"))
        if part.first_id and part.last_id:
            part.awaited = {}
            found.append(part)
    if found:
        HighlightPart.objects.bulk_update(found, ["first", "last", "awaited"])
        quoted = HighlightPart.objects.filter(pk__in=[part.pk for part in found])
        invalidate_days(quoted.values_list("first__day_id", flat=True))


def _find_messages(ends: Iterable[Decision]) -> dict[str, int]:
    """Return message ids by the keys in the file."""
    archive_key = bytes(Archive.objects.get().key)
    by_day: defaultdict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
    for end in ends:
        by_day[end["room"], end["date"]][end["key"]] = end
    ids: dict[str, int] = {}
    for (slug, date), wanted in sorted(by_day.items()):
        messages = Message.objects.with_originals().filter(room__slug=slug, day__date=date).order_by("pk")
        matches = match(wanted.values(), read_places(messages, archive_key), BY_ADDRESS)
        ids |= {one.decision["key"]: pk for pk, one in matches.items()}
    return ids


def _read_ends(parts: Iterable[HighlightPart]) -> dict[int, Decision]:
    """Return the ends of parts by message id."""
    archive_key = bytes(Archive.objects.get().key)
    ids = {pk for part in parts for pk in (part.first_id, part.last_id) if pk}
    messages = list(Message.objects.with_originals().filter(pk__in=ids).select_related("day").order_by("pk"))
    places = read_places(messages, archive_key)
    return {
        one.pk: {"room": one.room.slug, "date": one.day.date.isoformat(), **places[one.pk]._asdict()}  # type: ignore[typeddict-item]
        for one in messages
    }


def _read_highlight(highlight: Highlight, ends: Mapping[int, Decision]) -> Form:
    return {
        "slug": highlight.slug,
        "title": highlight.title,
        "notes": highlight.notes,
        "tags": [tag.name for tag in sorted(highlight.tags.all(), key=lambda tag: tag.slug)],
        "is_published": highlight.is_published,
        "published_at": write_timestamp(highlight.published_at),
        "made_by": _name(highlight.made_by),
        "made_at": write_timestamp(highlight.made_at),
        "changed_by": _name(highlight.changed_by),
        "changed_at": write_timestamp(highlight.changed_at),
        "parts": [_read_part(part, ends) for part in sorted(highlight.parts.all(), key=lambda part: part.order)],
    }


def _read_part(part: HighlightPart, ends: Mapping[int, Decision]) -> Form:
    if part.first_id is None or part.last_id is None:
        return {**part.awaited, "comment": part.comment}
    return {"first": ends[part.first_id], "last": ends[part.last_id], "comment": part.comment}


def _name(user: User | None) -> str | None:
    return user.get_username() if user else None
