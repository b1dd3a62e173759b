"""Cover texts, or spans of them, with blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext, ngettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import Message, ModerationAction, Original, Redaction
from chatlogs.moderation.actions.registry import Change, ChangeType, MakeLink, register
from chatlogs.moderation.affected import SHORTEST_QUOTED, find_in_quotation, load_messages, with_duplicates
from chatlogs.moderation.refresh import refresh_messages
from chatlogs.moderation.visible_content import read_originals

# Start and end of a part of a text, in characters.
Span = tuple[int, int]

# Of a redaction of the whole text.
WHOLE: Sequence[tuple[int | None, int | None]] = [(None, None)]


@locked_archive()
def redact(
    message: Message,
    spans: Sequence[Span] | None = None,
    quoting: Collection[Message] = (),
    **why: Unpack[Justification],
) -> ModerationAction:
    """Cover spans of a message's original text, or all of it without spans, also where `quoting` quote it.

    The original is kept until it is purged. If the text had changed since an earlier redaction, this one replaces it.
    """
    current = load_messages(with_duplicates([message.pk]))
    _check_spans(current, spans)
    text = read_originals(current)[message.pk].text
    distinct = None if spans is None else sorted(set(spans))
    spans_by_id: dict[int, Sequence[Span] | None] = dict.fromkeys((one.pk for one in current), distinct)
    replies = load_messages(with_duplicates([reply.pk for reply in quoting]) - spans_by_id.keys())
    for reply_id, original in read_originals(replies).items():
        spans_by_id[reply_id] = find_in_quotation(original.text, text, spans)
    return _redact(current, [reply for reply in replies if spans_by_id[reply.pk] != []], spans_by_id, why)


@locked_archive()
def redact_all(
    messages: Collection[Message], quoting: Collection[Message] = (), **why: Unpack[Justification]
) -> ModerationAction:
    """Cover whole texts, and the addresses of links and images, also where `quoting` quote the texts."""
    current = load_messages(with_duplicates([message.pk for message in messages]))
    _check_spans(current, None)
    texts = [one.text for one in read_originals(current).values() if len(one.text) >= SHORTEST_QUOTED]
    spans_by_id: dict[int, Sequence[Span] | None] = dict.fromkeys(one.pk for one in current)
    replies = load_messages(with_duplicates([reply.pk for reply in quoting]) - spans_by_id.keys())
    for reply_id, original in read_originals(replies).items():
        quoted = {span for text in texts for span in find_in_quotation(original.text, text, None) or ()}
        spans_by_id[reply_id] = sorted(quoted) or None
    return _redact(current, replies, spans_by_id, why)


def _check_spans(messages: Sequence[Message], spans: Sequence[Span] | None) -> None:
    if not messages or any(message.state == Message.State.ERASED for message in messages):
        raise ActionRefused(gettext("Erased messages cannot be redacted."))
    if spans is None:
        return
    texts = {original.text for original in read_originals(messages).values()}
    if len(texts) > 1:
        raise ActionRefused(gettext("Passages can only be redacted in one message at a time."))
    length = len(texts.pop())
    if not spans or not all(0 <= start < stop <= length for start, stop in spans):
        raise ActionRefused(gettext("The text does not contain these passages."))


def _redact(
    chosen: Sequence[Message],
    replies: Sequence[Message],
    spans_by_id: Mapping[int, Sequence[Span] | None],
    why: Justification,
) -> ModerationAction:
    current = [*chosen, *replies]
    # Where the text had changed since an earlier redaction, the former spans mean nothing any more. This holds for the
    # chosen messages only: of a reply, nothing but its quotation was looked at.
    outdated = Original.objects.filter(message__in=[one.pk for one in chosen], is_outdated=True)
    former = Redaction.objects.filter(message__in=outdated.values("message_id"))
    replaced = set(former.values_list("message_id", flat=True))
    former.delete()
    outdated.update(is_outdated=False)
    changes: list[Change] = []
    for one in current:
        spans = spans_by_id[one.pk]
        change: Change = {"message": one.key, "spans": None if spans is None else [list(span) for span in spans]}
        if one.pk in replaced:
            change["was_outdated"] = True
        changes.append(change)
    action = log_action(ModerationAction.Kind.REDACT, changes, **why)
    Redaction.objects.bulk_create(
        Redaction(message=one, start=start, stop=stop, action=action)
        for one in current
        for start, stop in spans_by_id[one.pk] or WHOLE
    )
    refresh_messages([one.pk for one in current])
    return action


@register
class Redacted(ChangeType):
    """`spans` is None for a whole text. `was_outdated`: replaced redactions of a text that has changed since."""

    keys = {"message", "spans"}
    optional_keys = {"was_outdated"}
    subject = "message"
    undo_permissions = ["redact_message"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        if change["spans"] is None:
            return gettext("whole text redacted")
        count = len(change["spans"])
        return ngettext("%(counter)s passage redacted", "%(counter)s passages redacted", count) % {"counter": count}

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        redactions = Redaction.objects.filter(action=action)
        message_ids = set(redactions.values_list("message_id", flat=True))
        redactions.delete()
        keys = {change["message"] for change in changes if change.get("was_outdated")}
        replaced = dict(Message.objects.filter(pk__in=message_ids, key__in=keys).values_list("key", "pk"))
        if replaced:
            former = ModerationAction.objects.filter(
                kind=ModerationAction.Kind.REDACT, pk__lt=action.pk, undone_by=None
            )
            Redaction.objects.bulk_create(
                Redaction(message_id=replaced[change["message"]], start=start, stop=stop, action=one)
                for one in former
                for change in one.changes
                if change["message"] in replaced
                for start, stop in change["spans"] or WHOLE
            )
        refresh_messages(message_ids, outdated=set(replaced.values()))
        return [{"message": one.key, "redacted": [True, False]} for one in Message.objects.filter(pk__in=message_ids)]


@register
class RedactionUndone(ChangeType):
    keys = {"message", "redacted"}
    subject = "message"

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return gettext("redaction removed")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        raise ActionRefused(gettext("A redaction that was undone cannot be restored: redact the messages again."))
