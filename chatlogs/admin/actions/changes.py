"""What actions changed, in words, with links to what they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Alias, Day, Highlight, Member, Message, ModerationAction, OptOut, PersonalDataMatch, Room

Change = Mapping[str, Any]
Words = tuple[str, str]

# Changes that a deed's page lists.
MOST_LISTED = 100

FATES = {"kept": _("let in"), "erased": _("kept out")}
PURGED = {"text": _("what was covered is purged"), "source": _("what was covered is purged, with its source")}


def list_changes(changes: Sequence[Change]) -> str:
    """The first of them, a line each."""
    listed = changes[:MOST_LISTED]
    links = _Links(listed)
    lines = format_html_join("", "{}: {}<br>", (_tell(change, links) for change in listed))
    if more := len(changes) - len(listed):
        text = ngettext("and %(counter)s more", "and %(counter)s more", more) % {"counter": more}
        return format_html("{}{}", lines, text)
    return lines or "-"


def link_actions(actions: Iterable[ModerationAction]) -> str:
    """Who did what, when and for what, a line each."""
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


class _Links:
    """To the rows that some changes tell of; what is gone is its key alone."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._messages = dict(
            Message.objects.filter(key__in=_values(changes, "message")).order_by().values_list("key", "pk")
        )
        names = Alias.objects.filter(origin__key__in=_values(changes, "name")).select_related("origin")
        self._names = {name.origin.key: name for name in names}
        keys = _values(changes, "from") | _values(changes, "to") | _values(changes, "member")
        self._members = {member.key: member for member in Member.objects.filter(key__in=keys)}
        self._rooms = {room.slug: room for room in Room.objects.filter(slug__in=_values(changes, "room"))}
        slugs = _values(changes, "highlight")
        self._highlights = dict(Highlight.objects.filter(slug__in=slugs).order_by().values_list("slug", "pk"))

    def message(self, key: str) -> str:
        pk = self._messages.get(key)
        return _link(Message, pk, key) if pk else key

    def name(self, key: str) -> str:
        return self._link_row(self._names.get(key), key)

    def member(self, key: str) -> str:
        return self._link_row(self._members.get(key), key)

    def room(self, slug: str) -> str:
        return self._link_row(self._rooms.get(slug), slug)

    def highlight(self, slug: str) -> str:
        pk = self._highlights.get(slug)
        return _link(Highlight, pk, slug) if pk else slug

    def day(self, place: Sequence[str]) -> str:
        slug, date = place
        day = Day.objects.filter(room__slug=slug, date=date).select_related("room").first()
        return self._link_row(day, f"{slug} {date}")

    def _link_row(self, row: Alias | Member | Room | Day | None, key: str) -> str:
        return _link(type(row), row.pk, str(row)) if row else key


def _values(changes: Sequence[Change], name: str) -> set[str]:
    return {change[name] for change in changes if name in change}


def _link(model: type[models.Model], pk: int, label: str) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:chatlogs_{model._meta.model_name}_change", args=[pk]), label
    )


def _tell(change: Change, links: _Links) -> Words:
    tell = next((tell for kind, tell in KINDS.items() if kind in change), _tell_as_it_is)
    return tell(change, links)


def _tell_as_it_is(change: Change, links: _Links) -> Words:
    return "?", str(dict(change))


def _tell_of_finding(change: Change, links: _Links) -> Words:
    kind = _label(PersonalDataMatch.Kind, change["kind"])
    return links.message(change["message"]), f"{kind}: {_from_to(PersonalDataMatch.State, change['state'])}"


def _tell_of_author(change: Change, links: _Links) -> Words:
    _before, is_hidden = change["author"]
    return links.message(change["message"]), gettext("author hidden") if is_hidden else gettext("author shown")


def _tell_of_covering(change: Change, links: _Links) -> Words:
    if change["spans"] is None:
        return links.message(change["message"]), gettext("the whole text covered")
    count = len(change["spans"])
    text = ngettext("%(counter)s piece covered", "%(counter)s pieces covered", count) % {"counter": count}
    return links.message(change["message"]), text


def _tell_of_uncovering(change: Change, links: _Links) -> Words:
    return links.message(change["message"]), gettext("not covered any more")


def _tell_of_purging(change: Change, links: _Links) -> Words:
    return links.message(change["message"]), str(PURGED.get(change["purged"], change["purged"]))


def _tell_of_day(change: Change, links: _Links) -> Words:
    _before, is_hidden = change["hidden"]
    return links.day(change["day"]), gettext("hidden") if is_hidden else gettext("shown")


def _tell_of_visibility(change: Change, links: _Links) -> Words:
    return links.room(change["room"]), _from_to(Room.Visibility, change["visibility"])


def _tell_of_masked_kinds(change: Change, links: _Links) -> Words:
    before, after = (
        ", ".join(_label(PersonalDataMatch.Kind, kind) for kind in kinds) or "-" for kinds in change["masked_kinds"]
    )
    return links.room(change["room"]), gettext("masked at once: %(before)s → %(after)s") % {
        "before": before,
        "after": after,
    }


def _tell_of_opt_out(change: Change, links: _Links) -> Words:
    return links.member(change["member"]), _from_to(OptOut.Extent, change["extent"])


def _tell_of_exemption(change: Change, links: _Links) -> Words:
    _before, is_exempt = change["exempt"]
    text = gettext("somebody else than who opted out") if is_exempt else gettext("as everybody of this name")
    return links.name(change["name"]), text


def _tell_of_tombstone(change: Change, links: _Links) -> Words:
    _before, outcome = change["fate"]
    return " ".join(change["tombstone"]), f"{change['messages']} × {FATES.get(outcome, outcome)}"


def _tell_of_note(change: Change, links: _Links) -> Words:
    _before, has_note = change["note"]
    return links.day(change["day"]), gettext("note written") if has_note else gettext("note taken back")


def _tell_of_publishing(change: Change, links: _Links) -> Words:
    _before, is_published = change["published"]
    return links.highlight(change["highlight"]), gettext("published") if is_published else gettext("not published")


def _tell_of_highlight(change: Change, links: _Links) -> Words:
    text = ngettext("written, with %(counter)s part", "written, with %(counter)s parts", change["parts"])
    return links.highlight(change["highlight"]), text % {"counter": change["parts"]}


def _tell_of_state(change: Change, links: _Links) -> Words:
    return links.message(change["message"]), _from_to(Message.State, change["state"])


def _tell_of_move(change: Change, links: _Links) -> Words:
    return links.name(change["name"]), format_html("{} → {}", links.member(change["from"]), links.member(change["to"]))


# By what a change tells of: more telling keys first, as findings have states, too.
KINDS: dict[str, Callable[[Change, _Links], Words]] = {
    "kind": _tell_of_finding,
    "author": _tell_of_author,
    "spans": _tell_of_covering,
    "redacted": _tell_of_uncovering,
    "purged": _tell_of_purging,
    "hidden": _tell_of_day,
    "visibility": _tell_of_visibility,
    "masked_kinds": _tell_of_masked_kinds,
    "extent": _tell_of_opt_out,
    "exempt": _tell_of_exemption,
    "tombstone": _tell_of_tombstone,
    "from": _tell_of_move,
    "note": _tell_of_note,
    "published": _tell_of_publishing,
    "highlight": _tell_of_highlight,
    "state": _tell_of_state,
}


def _from_to(choices: type[models.TextChoices], states: Sequence[str | None]) -> str:
    before, after = (_label(choices, state) for state in states)
    return f"{before} → {after}"


def _label(choices: type[models.TextChoices], value: str | None) -> str:
    return str(choices(value).label) if value in choices.values else value or "-"
