"""Write, publish and retract highlights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, pairwise
from typing import Unpack

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.editorial.tags import set_tags
from chatlogs.models import Highlight, HighlightPart, Message, ModerationAction
from chatlogs.models.counters import touch_days
from chatlogs.models.revision import bump_revision

# Reasons in the log of actions that ask for none.
WRITTEN, PUBLISHED = "written", "published"


def invalidate_days(day_ids: Iterable[int]) -> None:
    """Invalidate the cached pages of these days. Called within the transaction of the action."""
    touch_days(sorted(set(day_ids)))
    bump_revision()


ActionKind = ModerationAction.Kind

# Messages per part, including hidden ones, and parts per highlight.
MOST_MESSAGES = 200
MOST_PARTS = 20


@locked_archive()
def save_highlight(
    highlight: Highlight, parts: Sequence[HighlightPart], tags: Iterable[str], *, by: User | None
) -> ModerationAction:
    """Save a new or changed highlight with exactly these parts, in this order. It is not published by this."""
    check_parts(parts)
    before = _find_days([highlight])
    highlight.changed_by, highlight.changed_at = by, timezone.now()
    if highlight.pk is None:
        highlight.made_by, highlight.made_at = by, highlight.changed_at
        highlight.slug = highlight.slug or _make_slug(parts[0])
    highlight.save()
    highlight.parts.all().delete()
    HighlightPart.objects.bulk_create(
        HighlightPart(
            highlight=highlight,
            order=order,
            first=part.first,
            last=part.last,
            awaited=part.awaited,
            comment=part.comment,
        )
        for order, part in enumerate(parts, start=1)
    )
    set_tags(highlight, tags)
    if highlight.is_published:
        invalidate_days(before | _find_days([highlight]))
    return log_action(ActionKind.HIGHLIGHT, [{"highlight": highlight.slug, "parts": len(parts)}], by=by, reason=WRITTEN)


@locked_archive()
def publish(highlights: Sequence[Highlight], *, by: User | None) -> ModerationAction:
    changes = set_published(highlights, True)
    if not changes:
        raise ActionRefused(gettext("This highlight is already published."))
    return log_action(ActionKind.PUBLISH, changes, by=by, reason=PUBLISHED)


@locked_archive()
def retract(highlights: Sequence[Highlight], **why: Unpack[Justification]) -> ModerationAction:
    """Hide highlights from everybody but curators."""
    changes = set_published(highlights, False)
    if not changes:
        raise ActionRefused(gettext("This highlight is not published."))
    return log_action(ActionKind.RETRACT, changes, **why)


def set_published(highlights: Iterable[Highlight], is_published: bool) -> list[dict[str, object]]:
    """Publish or retract highlights, and return the entries for the log. Called within an action."""
    stored = Highlight.objects.filter(pk__in=[one.pk for one in highlights], is_published=not is_published)
    changing = list(stored.order_by("slug"))
    for highlight in changing:
        highlight.is_published = is_published
        if is_published:
            highlight.published_at = timezone.now()
        highlight.save(update_fields=["is_published", "published_at"])
    if changing:
        invalidate_days(_find_days(changing))
    return [{"highlight": one.slug, "published": [not is_published, is_published]} for one in changing]


def check_passage(first: Message, last: Message) -> None:
    """Raise ActionRefused if one part cannot quote these messages together."""
    if first.day_id != last.day_id:
        raise ActionRefused(
            gettext("The first and last messages are from different days or rooms: create one part for each.")
        )
    low, high = sorted((first.position, last.position))
    between = Message.objects.filter(
        day=first.day_id, position__range=(low, high), is_withdrawn=False, duplicate_of=None
    )
    if between[: MOST_MESSAGES + 1].count() > MOST_MESSAGES:
        raise ActionRefused(gettext("A part quotes at most %(most)s messages.") % {"most": MOST_MESSAGES})


def check_parts(parts: Sequence[HighlightPart]) -> None:
    """Raise ActionRefused if a highlight cannot have these parts together."""
    if not parts:
        raise ActionRefused(gettext("Add at least one part: a highlight must quote messages."))
    if len(parts) > MOST_PARTS:
        raise ActionRefused(gettext("A highlight has at most %(most)s parts.") % {"most": MOST_PARTS})
    present = [(part.first, part.last) for part in parts if part.first and part.last]
    for first, last in present:
        check_passage(first, last)
    ranges = sorted((first.room_id, *sorted((first.position, last.position))) for first, last in present)
    if any(room == next_room and high >= low for (room, _, high), (next_room, low, _) in pairwise(ranges)):
        raise ActionRefused(gettext("Two parts must not quote the same message."))


def _find_days(highlights: Iterable[Highlight]) -> set[int]:
    """Return the ids of the days that highlights quote."""
    quoted = HighlightPart.objects.filter(highlight__in=[one.pk for one in highlights if one.pk], first__isnull=False)
    return set(quoted.values_list("first__day_id", flat=True))


def _make_slug(part: HighlightPart) -> str:
    """Return a slug of room and date, with a number if it is taken."""
    assert part.first is not None, "a new highlight waits for nothing"
    name = f"{part.first.room.slug[:80]}-{part.first.day.date.isoformat()}"
    taken = set(Highlight.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(one for one in names if one not in taken)
