"""What moderators do with messages, days and rooms. Each deed is done whole, written down, and undone by its id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.db.bulk import in_batches
from chatlogs.models import Day, Message, ModerationAction, Original, PersonalDataMatch, Redaction, Room
from chatlogs.moderation.affected import SHORTEST_QUOTED, find_in_quotation, find_of_day, with_duplicates
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.moderation.visible_content import read_originals, refresh_visible_content
from chatlogs.people.pseudonyms import find_hidden_names
from chatlogs.search.sync import reindexed

ActionKind, State = ModerationAction.Kind, Message.State

# Of a redaction without places.
WHOLE: Sequence[tuple[int | None, int | None]] = [(None, None)]

# What tells a change that brought others along.
OF_MORE = {"day", "extent", "exempt"}

# Where a piece of a text begins and ends, in characters.
Span = tuple[int, int]


class Part(StrEnum):
    """What of a message is hidden."""

    TEXT = "text"
    AUTHOR = "author"
    BOTH = "both"


@locked_archive()
def hide(messages: Collection[Message], part: Part = Part.BOTH, **why: Unpack[Justification]) -> ModerationAction:
    """Take messages, or the names that they stand under, out of sight. A text without its author stays.

    Without its text, a message leaves a mark in its place; whose it was, that does not tell.
    """
    if part is Part.AUTHOR:
        return _set_authors(messages, is_hidden=True, kind=ActionKind.HIDE, why=why)
    return _set_states(messages, State.HIDDEN, ActionKind.HIDE, why, also_author=part is Part.BOTH)


@locked_archive()
def restore(messages: Collection[Message], **why: Unpack[Justification]) -> ModerationAction:
    """Bring hidden and held messages back, with their authors."""
    return _set_states(messages, State.SHOWN, ActionKind.RESTORE, why, also_author=True)


@locked_archive()
def hide_day(day: Day, **why: Unpack[Justification]) -> ModerationAction:
    """All messages of a day, and those that an import adds to it later."""
    shown = [one for one in _current(find_of_day(day)) if one.state == State.SHOWN]
    changes = change_states(shown, dict.fromkeys((one.pk for one in shown), State.HIDDEN))
    return _set_day(day, True, ActionKind.HIDE, changes, why)


@locked_archive()
def restore_day(day: Day, **why: Unpack[Justification]) -> ModerationAction:
    """What was hidden by a deed of its own, or with who opted out, stays hidden."""
    return _set_day(day, False, ActionKind.RESTORE, show_of_day(day), why)


def show_of_day(day: Day) -> list[dict[str, Any]]:
    """What was hidden with the day alone; what changed. Within `locked_archive()`."""
    current = [one for one in _current(find_of_day(day)) if one.state == State.HIDDEN]
    singly, names, originals = find_hidden_singly(), find_hidden_names(), read_originals(current)
    hidden = [one for one in current if one.key not in singly and originals[one.pk].alias_id not in names]
    return change_states(hidden, dict.fromkeys((one.pk for one in hidden), State.SHOWN))


def find_hidden_otherwise(messages: Sequence[Message]) -> set[str]:
    """Keys of those that are hidden with their day, or with who sent them, whatever is decided on them alone."""
    days = set(Day.objects.filter(pk__in={one.day_id for one in messages}, is_hidden=True).values_list("pk", flat=True))
    names, originals = find_hidden_names(), read_originals(messages)
    return {one.key for one in messages if one.day_id in days or originals[one.pk].alias_id in names}


@locked_archive()
def set_visibility(room: Room, visibility: str, **why: Unpack[Justification]) -> ModerationAction:
    """Whom a room is for: HIDDEN is for nobody."""
    before = Room.objects.get(pk=room.pk).visibility
    if before == visibility:
        raise ActionRefused(gettext("The room is so already."))
    change_room(room, visibility)
    kind = ActionKind.HIDE if visibility == Room.Visibility.HIDDEN else ActionKind.RESTORE
    return log_action(kind, [{"room": room.slug, "visibility": [before, visibility]}], **why)


@locked_archive()
def set_masked_kinds(room: Room, kinds: Collection[str], **why: Unpack[Justification]) -> ModerationAction:
    """What of personal data readers do not see from the moment when it is found, also of what was found before."""
    before, after = Room.objects.get(pk=room.pk).masked_kinds, sorted(set(kinds))
    if set(before) == set(after):
        raise ActionRefused(gettext("The room is so already."))
    change_masked_kinds(room, after)
    return log_action(ActionKind.REVIEW, [{"room": room.slug, "masked_kinds": [before, after]}], **why)


@locked_archive()
def redact(
    message: Message,
    spans: Sequence[Span] | None = None,
    quoting: Collection[Message] = (),
    **why: Unpack[Justification],
) -> ModerationAction:
    """Cover pieces of a text, in characters of the original, or, without spans, all of it; and where it is quoted.

    The original is sealed until it is purged. Where a text had changed since it was redacted, this decides anew.
    """
    current = _current(with_duplicates([message.pk]))
    _check_spans(current, spans)
    text = read_originals(current)[message.pk].text
    distinct = None if spans is None else sorted(set(spans))
    places: dict[int, Sequence[Span] | None] = dict.fromkeys((one.pk for one in current), distinct)
    replies = _current(with_duplicates([reply.pk for reply in quoting]) - places.keys())
    for reply_id, original in read_originals(replies).items():
        places[reply_id] = find_in_quotation(original.text, text, spans)
    reached = [reply for reply in replies if places[reply.pk] != []]
    return _redact(current, reached, places, why)


@locked_archive()
def redact_all(
    messages: Collection[Message], quoting: Collection[Message] = (), **why: Unpack[Justification]
) -> ModerationAction:
    """Cover whole texts, the addresses of links and images, and where the texts are quoted."""
    current = _current(with_duplicates([message.pk for message in messages]))
    _check_spans(current, None)
    texts = [one.text for one in read_originals(current).values() if len(one.text) >= SHORTEST_QUOTED]
    places: dict[int, Sequence[Span] | None] = dict.fromkeys(one.pk for one in current)
    replies = _current(with_duplicates([reply.pk for reply in quoting]) - places.keys())
    for reply_id, original in read_originals(replies).items():
        quoted = {span for text in texts for span in find_in_quotation(original.text, text, None) or ()}
        places[reply_id] = sorted(quoted) or None
    return _redact(current, replies, places, why)


def _redact(
    decided: Sequence[Message],
    replies: Sequence[Message],
    places: Mapping[int, Sequence[Span] | None],
    why: Justification,
) -> ModerationAction:
    """Of a reply, only what it quotes is decided on: if it is covered whole, because it has changed, it stays so."""
    current = [*decided, *replies]
    ids = [one.pk for one in current]
    decided_anew = _forget_outdated([one.pk for one in decided])
    changes = [
        {"message": one.key, "spans": _as_lists(places[one.pk])}
        | ({"was_outdated": True} if one.pk in decided_anew else {})
        for one in current
    ]
    action = log_action(ActionKind.REDACT, changes, **why)
    Redaction.objects.bulk_create(
        Redaction(message=one, start=start, stop=stop, action=action)
        for one in current
        for start, stop in places[one.pk] or WHOLE
    )
    refresh_messages(ids)
    return action


def _as_lists(spans: Sequence[Span] | None) -> list[list[int]] | None:
    return None if spans is None else [list(span) for span in spans]


@locked_archive()
def decide_on_findings(
    personal_data_matches: Collection[PersonalDataMatch], state: str, **why: Unpack[Justification]
) -> ModerationAction:
    """Mask what was found, or release it, or leave it open again."""
    current = _with_findings_in_doubles(
        PersonalDataMatch.objects.filter(pk__in=[one.pk for one in personal_data_matches])
    )
    changes = [
        {"message": one.message.key, "start": one.start, "kind": one.kind, "state": [one.state, state]}
        for one in current
        if one.state != state
    ]
    if not changes:
        raise ActionRefused(gettext("That is decided so already."))
    PersonalDataMatch.objects.filter(pk__in=[one.pk for one in current]).update(state=state)
    refresh_messages({one.message_id for one in current})
    return log_action(ActionKind.REVIEW, changes, **why)


def _with_findings_in_doubles(personal_data_matches: Iterable[PersonalDataMatch]) -> list[PersonalDataMatch]:
    places = {
        (message_id, one.start, one.kind)
        for one in personal_data_matches
        for message_id in with_duplicates([one.message_id])
    }
    in_messages = PersonalDataMatch.objects.filter(message__in={message_id for message_id, *_ in places})
    found = in_messages.select_related("message").order_by("pk")
    return [one for one in found if (one.message_id, one.start, one.kind) in places]


def find_hidden_singly() -> set[str]:
    """Keys of messages of which the last deed about messages alone, an undoing too, made hidden ones."""
    hidden: set[str] = set()
    actions = ModerationAction.objects.filter(kind__in=[ActionKind.HIDE, ActionKind.RESTORE, ActionKind.UNDO]).order_by(
        "pk"
    )
    for changes in actions.values_list("changes", flat=True).iterator():
        if any(not OF_MORE.isdisjoint(change) for change in changes):
            continue
        for change in changes:
            if "state" in change and "kind" not in change:
                is_hidden = change["state"][1] == State.HIDDEN and "otherwise" not in change
                (hidden.add if is_hidden else hidden.discard)(change["message"])
    return hidden


def change_states(messages: Iterable[Message], states: Mapping[int, str]) -> list[dict[str, Any]]:
    """Give messages other states, by id; what changed. Erased ones stay so. Within `locked_archive()`."""
    changed = [one for one in messages if one.state not in (states[one.pk], State.ERASED)]
    ids = [one.pk for one in changed]
    with reindexed(ids):
        for state in {states[pk] for pk in ids}:
            for some in in_batches([pk for pk in ids if states[pk] == state]):
                Message.objects.filter(pk__in=some).update(state=state)
    refresh_derived_data(
        day_ids={one.day_id for one in changed}, alias_ids={one.alias_id for one in changed if one.alias_id is not None}
    )
    return [{"message": one.key, "state": [one.state, states[one.pk]]} for one in changed]


def change_authors(messages: Iterable[Message], hidden: Mapping[int, bool]) -> list[dict[str, Any]]:
    """Hide authors or show them, by the messages' ids; what changed. Within `locked_archive()`."""
    changed = [one for one in messages if one.is_author_hidden != hidden[one.pk] and one.state != State.ERASED]
    for is_hidden in (True, False):
        ids = [one.pk for one in changed if hidden[one.pk] == is_hidden]
        for some in in_batches(ids):
            Message.objects.filter(pk__in=some).update(is_author_hidden=is_hidden)
    refresh_messages([one.pk for one in changed])
    return [{"message": one.key, "author": [one.is_author_hidden, hidden[one.pk]]} for one in changed]


def change_day(day: Day, is_hidden: bool) -> dict[str, Any]:
    before = day.is_hidden
    Day.objects.filter(pk=day.pk).update(is_hidden=is_hidden)
    return {"day": [day.room.slug, day.date.isoformat()], "hidden": [before, is_hidden]}


def change_room(room: Room, visibility: str) -> None:
    Room.objects.filter(pk=room.pk).update(visibility=visibility)
    refresh_derived_data(day_ids=(), alias_ids=())


def change_masked_kinds(room: Room, kinds: Sequence[str]) -> None:
    """What is decided on stays as it is. Within `locked_archive()`."""
    changed = set(Room.objects.get(pk=room.pk).masked_kinds) ^ set(kinds)
    Room.objects.filter(pk=room.pk).update(masked_kinds=list(kinds))
    found = PersonalDataMatch.objects.filter(
        message__room=room.pk, state=PersonalDataMatch.State.OPEN, kind__in=changed
    )
    refresh_messages(set(found.order_by().values_list("message_id", flat=True)))


def refresh_messages(message_ids: Collection[int], outdated: Collection[int] = ()) -> None:
    """Bring the messages up to date with the decisions on them, and everything else with the messages."""
    concealed = refresh_visible_content(message_ids, outdated=outdated)
    refresh_derived_data(day_ids=concealed.day_ids, alias_ids=concealed.alias_ids, has_new_texts=True)


def _set_states(
    messages: Collection[Message], state: Message.State, kind: str, why: Justification, *, also_author: bool
) -> ModerationAction:
    ids = with_duplicates([message.pk for message in messages])
    changes = change_states(_current(ids), dict.fromkeys(ids, state))
    if also_author:
        changes += change_authors(_current(ids), dict.fromkeys(ids, state == State.HIDDEN))
    if not changes:
        raise ActionRefused(gettext("The messages are so already, or erased."))
    return log_action(kind, changes, **why)


def _set_authors(messages: Collection[Message], *, is_hidden: bool, kind: str, why: Justification) -> ModerationAction:
    ids = with_duplicates([message.pk for message in messages])
    changes = change_authors(_current(ids), dict.fromkeys(ids, is_hidden))
    if not changes:
        raise ActionRefused(gettext("The messages are so already, or erased."))
    return log_action(kind, changes, **why)


def _set_day(
    day: Day, is_hidden: bool, kind: str, changes: list[dict[str, Any]], why: Justification
) -> ModerationAction:
    current = Day.objects.select_related("room").get(pk=day.pk)
    if current.is_hidden == is_hidden and not changes:
        raise ActionRefused(gettext("The day is so already."))
    changes.append(change_day(current, is_hidden))
    refresh_derived_data(day_ids=[day.pk], alias_ids=())
    return log_action(kind, changes, **why)


def _current(message_ids: Collection[int]) -> list[Message]:
    """As they are now, which may be otherwise than when they were read."""
    messages: list[Message] = []
    for some in in_batches(sorted(message_ids)):
        messages += Message.objects.with_originals().filter(pk__in=some)
    return sorted(messages, key=lambda message: message.position)


def _check_spans(messages: Sequence[Message], spans: Sequence[Span] | None) -> None:
    if not messages or any(message.state == State.ERASED for message in messages):
        raise ActionRefused(gettext("What is erased cannot be redacted."))
    if spans is None:
        return
    texts = {original.text for original in read_originals(messages).values()}
    if len(texts) > 1:
        raise ActionRefused(gettext("Pieces can be covered in one message at a time."))
    length = len(texts.pop())
    if not spans or not all(0 <= start < stop <= length for start, stop in spans):
        raise ActionRefused(gettext("The pieces are not in the text."))


def _forget_outdated(message_ids: Collection[int]) -> set[int]:
    """Where the text had changed, the former places mean nothing any more; of which messages they are gone."""
    outdated = Original.objects.filter(message__in=message_ids, is_outdated=True)
    former = Redaction.objects.filter(message__in=outdated.values("message_id"))
    forgotten = set(former.values_list("message_id", flat=True))
    former.delete()
    outdated.update(is_outdated=False)
    return forgotten
