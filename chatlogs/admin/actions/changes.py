"""Describe what actions changed, with links to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext

from chatlogs.models import Alias, Day, Highlight, Member, Message, ModerationAction, Room
from chatlogs.moderation.actions.registry import find_change_type

Change = Mapping[str, Any]

# Changes listed on an action's page.
MOST_LISTED = 100


def list_changes(changes: Sequence[Change]) -> str:
    """Return the first changes, one a line."""
    listed = changes[:MOST_LISTED]
    link = _Links(listed)
    lines = format_html_join("", "{}: {}<br>", (_describe(change, link) for change in listed))
    if more := len(changes) - len(listed):
        text = ngettext("and %(counter)s more", "and %(counter)s more", more) % {"counter": more}
        return format_html("{}{}", lines, text)
    return lines or "-"


def link_actions(actions: Iterable[ModerationAction]) -> str:
    """Return who did what and when, one action a line."""
    lines = (
        (
            reverse("admin:chatlogs_moderationaction_change", args=[perform.pk]),
            perform,
            date_format(timezone.localtime(perform.made_at), "Y-m-d H:i"),
            perform.actor_name or "-",
            perform.get_category_display() or "-",
            gettext("undone") if perform.is_undone else "",
        )
        for perform in actions
    )
    return format_html_join("", '<a href="{}">{}</a> · {} · {} · {} {}<br>', lines)


def _describe(change: Change, link: _Links) -> tuple[str, str]:
    change_type = find_change_type(change)
    if change_type is None:
        return "?", str(dict(change))
    return link(change_type.subject, change[change_type.subject]), change_type.describe(change, link)


class _Links:
    """Links to the rows that some changes name; of a deleted row, its key."""

    def __init__(self, changes: Sequence[Change]) -> None:
        def values(*keys: str) -> set[str]:
            return {change[key] for change in changes for key in keys if key in change}

        names = Alias.objects.filter(origin__key__in=values("name")).select_related("origin")
        self._rows: dict[str, dict[str, Any]] = {
            "message": {one.key: one for one in Message.objects.filter(key__in=values("message")).only("key")},
            "name": {name.origin.key: name for name in names},
            "member": {one.key: one for one in Member.objects.filter(key__in=values("from", "to", "member"))},
            "room": {one.slug: one for one in Room.objects.filter(slug__in=values("room"))},
            "highlight": {one.slug: one for one in Highlight.objects.filter(slug__in=values("highlight")).only("slug")},
        }

    def __call__(self, subject: str, key: Any) -> str:
        """Return a link to the row of a key that `subject` has in a change."""
        if subject == "tombstone":
            return " ".join(key)
        if subject == "day":
            slug, date = key
            row = Day.objects.filter(room__slug=slug, date=date).select_related("room").first()
            key = f"{slug} {date}"
        else:
            row = self._rows[subject].get(key)
        if row is None:
            return str(key)
        label = key if subject in ("message", "highlight") else row
        address = reverse(f"admin:chatlogs_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, label)
