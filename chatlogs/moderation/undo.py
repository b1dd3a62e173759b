"""Every deed is undone by its id, but for those that leave nothing to bring back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs import editorial, people
from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import Alias, Day, Highlight, Member, Message, ModerationAction, PersonalDataMatch, Redaction, Room
from chatlogs.moderation.actions import (
    WHOLE,
    change_authors,
    change_day,
    change_masked_kinds,
    change_room,
    change_states,
    find_hidden_otherwise,
    refresh_messages,
    show_of_day,
)
from chatlogs.moderation.opt_outs import change_exemption, change_opt_out
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.people import merging as identity_deeds

ActionKind, State = ModerationAction.Kind, Message.State
Changes = list[dict[str, Any]]

# Nothing is left of what was erased; and what was let in has come in with the next import.
FINAL = (ActionKind.ERASE, ActionKind.PURGE)

# The log has no texts, so that nobody's words stay in it.
OF_TEXTS = (ActionKind.NOTE, ActionKind.HIGHLIGHT)


def undo(action: ModerationAction, **why: Unpack[Justification]) -> ModerationAction:
    """What a deed changed is as it was before, as far as nothing has changed it since."""
    kind = find_kind(action)
    if kind in (ActionKind.MERGE, ActionKind.MOVE, ActionKind.SPLIT):
        return identity_deeds.undo(action, by=why["by"], reason=why["reason"])
    return _undo(action, kind, **why)


def find_kind(action: ModerationAction) -> str:
    """The deed itself, where an undoing was undone again and again."""
    while action.undoes is not None:
        action = action.undoes
    return action.kind


@locked_archive()
def _undo(action: ModerationAction, kind: str, **why: Unpack[Justification]) -> ModerationAction:
    if ModerationAction.objects.filter(undoes=action).exists():
        raise ActionRefused(gettext("It is undone already."))
    if kind in FINAL:
        raise ActionRefused(gettext("What is erased cannot be brought back."))
    if kind in OF_TEXTS:
        raise ActionRefused(gettext("What was written before is not kept: please write it again."))
    if kind == ActionKind.REDACT and action.kind == ActionKind.UNDO:
        raise ActionRefused(gettext("Please redact the messages again."))
    changes = _take_back_redactions(action) if kind == ActionKind.REDACT else _take_back(action.changes)
    if not changes:
        raise ActionRefused(gettext("Something else has been decided since."))
    return log_action(ActionKind.UNDO, changes, undoes=action, **why)


def _take_back_redactions(action: ModerationAction) -> Changes:
    redactions = Redaction.objects.filter(action=action)
    ids = set(redactions.values_list("message_id", flat=True))
    redactions.delete()
    outdated = _restore_former_redactions(action, ids)
    refresh_messages(ids, outdated)
    return [{"message": one.key, "redacted": [True, False]} for one in Message.objects.filter(pk__in=ids)]


def _restore_former_redactions(action: ModerationAction, message_ids: Collection[int]) -> set[int]:
    """Of messages that had changed since they were redacted, and were redacted anew: all is covered again."""
    keys = {change["message"] for change in action.changes if change.get("was_outdated")}
    ids = dict(Message.objects.filter(pk__in=message_ids, key__in=keys).values_list("key", "pk"))
    if not ids:
        return set()
    former = ModerationAction.objects.filter(kind=ActionKind.REDACT, pk__lt=action.pk, undone_by=None)
    Redaction.objects.bulk_create(
        Redaction(message_id=ids[change["message"]], start=start, stop=stop, action=one)
        for one in former
        for change in one.changes
        if change["message"] in ids
        for start, stop in change["spans"] or WHOLE
    )
    return set(ids.values())


def _take_back(changes: Sequence[dict[str, Any]]) -> Changes:
    by_kind: defaultdict[str, Changes] = defaultdict(list)
    for change in changes:
        kind = next((kind for kind in KINDS if kind in change), None)
        if kind:
            by_kind[kind].append(change)
    return [one for kind, take_back in KINDS.items() if kind in by_kind for one in take_back(by_kind[kind])]


def _take_back_states(changes: Changes) -> Changes:
    """What comes back may be hidden otherwise, with its day or its sender's name: then it stays hidden with that."""
    former = {change["message"]: change["state"] for change in changes}
    messages = [one for one in _read(former) if one.state == former[one.key][1]]
    otherwise = find_hidden_otherwise(messages)
    staying = [one for one in messages if former[one.key][0] == State.SHOWN and one.key in otherwise]
    again = {change["message"] for change in changes if "otherwise" in change} & {one.key for one in messages}
    moving = [one for one in messages if one not in staying]
    hidden = [State.HIDDEN.value] * 2
    return [
        *change_states(moving, {one.pk: former[one.key][0] for one in moving}),
        *({"message": one.key, "state": hidden, "otherwise": True} for one in staying),
        *({"message": key, "state": hidden} for key in sorted(again)),
    ]


def _take_back_authors(changes: Changes) -> Changes:
    former = {change["message"]: change["author"] for change in changes}
    messages = [one for one in _read(former) if one.is_author_hidden == former[one.key][1]]
    return change_authors(messages, {one.pk: former[one.key][0] for one in messages})


def _take_back_days(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        slug, date = change["day"]
        day = Day.objects.select_related("room").filter(room__slug=slug, date=date).first()
        if day and day.is_hidden == change["hidden"][1]:
            taken_back.append(change_day(day, change["hidden"][0]))
            if not change["hidden"][0]:
                taken_back += show_of_day(day)
            refresh_derived_data(day_ids=[day.pk], alias_ids=())
    return taken_back


def _take_back_rooms(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        before, after = change["visibility"]
        room = Room.objects.filter(slug=change["room"], visibility=after).first()
        if room:
            change_room(room, before)
            taken_back.append({"room": room.slug, "visibility": [after, before]})
    return taken_back


def _take_back_masked_kinds(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        before, after = change["masked_kinds"]
        room = Room.objects.filter(slug=change["room"]).first()
        if room and set(room.masked_kinds) == set(after):
            change_masked_kinds(room, before)
            taken_back.append({"room": room.slug, "masked_kinds": [after, before]})
    return taken_back


def _take_back_findings(changes: Changes) -> Changes:
    taken_back = []
    ids = set()
    for change in changes:
        before, after = change["state"]
        place = {"message__key": change["message"], "start": change["start"], "kind": change["kind"]}
        match = PersonalDataMatch.objects.filter(state=after, **place).first()
        if match:
            PersonalDataMatch.objects.filter(pk=match.pk).update(state=before)
            ids.add(match.message_id)
            taken_back.append({**change, "state": [after, before]})
    refresh_messages(ids)
    return taken_back


def _take_back_opt_outs(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        before, after = change["extent"]
        member = Member.objects.filter(key=change["member"]).first()
        standing = getattr(member, "opt_out", None)
        if member and (standing.extent if standing else None) == after:
            taken_back += [{"member": member.key, "extent": [after, before]}, *change_opt_out(member, before)]
    people.refresh_names()
    return taken_back


def _take_back_exemptions(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        before, after = change["exempt"]
        alias = Alias.objects.filter(origin__key=change["name"], is_exempt=after).first()
        if alias:
            taken_back += [{"name": change["name"], "exempt": [after, before]}, *change_exemption(alias, before)]
    return taken_back


def _take_back_publishing(changes: Changes) -> Changes:
    taken_back = []
    for change in changes:
        before, after = change["published"]
        highlights = Highlight.objects.filter(slug=change["highlight"], is_published=after)
        taken_back += editorial.set_published(highlights, before)
    return taken_back


def _read(states: Mapping[str, Any]) -> list[Message]:
    return list(Message.objects.with_originals().filter(key__in=states).order_by("position"))


# By what a change tells of: more telling keys first, as findings have states, too.
KINDS: dict[str, Callable[[Changes], Changes]] = {
    "kind": _take_back_findings,
    "author": _take_back_authors,
    "hidden": _take_back_days,
    "visibility": _take_back_rooms,
    "masked_kinds": _take_back_masked_kinds,
    "extent": _take_back_opt_outs,
    "exempt": _take_back_exemptions,
    "published": _take_back_publishing,
    "state": _take_back_states,
}
