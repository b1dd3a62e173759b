"""Actions on messages: what each asks a moderator to confirm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.messages import WARNING
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import MOST_AT_ONCE, Question, WithActions, action
from chatlogs.admin.actions.forms import (
    ErasureForm,
    HideForm,
    PassagesForm,
    QuotedForm,
    RangeForm,
    RangeHideForm,
    RedactForm,
    justification_form,
    read_justification,
    read_key,
    read_ranges,
    read_words,
)
from chatlogs.admin.base import ModerationPermissions, is_superuser
from chatlogs.admin.formatting import describe_message, load_preview
from chatlogs.audit import ActionRefused
from chatlogs.models import Message, ModerationAction
from chatlogs.moderation import Part, excerpts

# Seconds that a page waits for readers of the database after an erasure.
PATIENCE = 10.0

# Messages that are hidden in one action from a message's page, which takes some seconds.
MOST_IN_RANGE = 10_000

HIDING = _("Readers only see that something was removed. This can be undone.")

Messages = Sequence[Message]
Wanted = Mapping[str, Any]
Actions = Sequence[ModerationAction]


def ask_to_hide(request: HttpRequest, chosen: Messages) -> Question:
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        hidden = [*messages, *choose_replies(replies, wanted)]
        return [moderation.hide(hidden, Part(wanted["part"]), **read_justification(request, wanted))]

    return Question(
        title=_hide_title(len(chosen)),
        button=gettext("hide"),
        explanation=str(HIDING),
        perform=perform,
        make_form=justification_form(request, HideForm, replies=replies),
        describe=describe_message,
    )


def ask_to_hide_range(request: HttpRequest, chosen: Messages) -> Question:
    """From the chosen message to the one whose key or address was typed."""
    typed = request.POST.get("last", "")
    ids: list[int] = []
    for first in chosen:
        last = Message.objects.filter(room=first.room_id, key=read_key(typed)).first()
        if last is None:
            raise ActionRefused(gettext("There is no such message in this room."))
        ids += moderation.find_range(first, last)
    if len(ids) > MOST_IN_RANGE:
        raise ActionRefused(gettext("Select at most %(most)s at a time.") % {"most": MOST_IN_RANGE})
    about = list(Message.objects.in_bulk(ids).values())
    replies = find_replies(about)

    def perform(_first: Messages, wanted: Wanted) -> Actions:
        hidden = [*about, *choose_replies(replies, wanted)]
        return [moderation.hide(hidden, Part(wanted["part"]), **read_justification(request, wanted))]

    return Question(
        title=_hide_title(len(about)),
        button=gettext("hide"),
        explanation=str(HIDING),
        perform=perform,
        make_form=justification_form(request, RangeHideForm, replies=replies, initial={"last": typed}),
        describe=describe_message,
        about=load_preview(about),
        count=len(about),
    )


def ask_to_restore(request: HttpRequest, chosen: Messages) -> Question:
    def perform(messages: Messages, wanted: Wanted) -> Actions:
        return [moderation.restore(messages, **read_justification(request, wanted))]

    title = ngettext("Restore %(counter)s message?", "Restore %(counter)s messages?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("restore"),
        explanation=gettext(
            "Messages are restored with their authors. Redacted text stays redacted; to restore replies, undo the"
            " action that hid them."
        ),
        perform=perform,
        make_form=justification_form(request),
        describe=describe_message,
    )


def ask_to_redact_whole(request: HttpRequest, chosen: Messages) -> Question:
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        also, why = choose_replies(replies, wanted), read_justification(request, wanted)
        return [moderation.redact_all(messages, also, **why)]

    title = ngettext("Redact %(counter)s whole text?", "Redact %(counter)s whole texts?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("redact the whole text"),
        explanation=gettext(
            "Readers see blocks instead of the text, also where replies quote it. This can be undone until the"
            " originals are purged."
        ),
        perform=perform,
        make_form=justification_form(request, QuotedForm, replies=replies),
        describe=describe_message,
    )


def ask_to_redact_passages(request: HttpRequest, chosen: Messages) -> Question:
    typed = {name: request.POST.get(name, "") for name in ("words", "ranges")}
    words, ranges = read_words(typed["words"]), read_ranges(typed["ranges"])
    spans = {
        message.pk: excerpts.find_spans(message, words, ranges, in_original=is_superuser(request)) for message in chosen
    }
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        also, why = choose_replies(replies, wanted), read_justification(request, wanted)
        return [moderation.redact(message, spans[message.pk], also, **why) for message in messages]

    count = sum(map(len, spans.values()))
    title = ngettext("Redact %(counter)s passage?", "Redact %(counter)s passages?", count)
    return Question(
        title=title % {"counter": count},
        button=gettext("redact these passages"),
        explanation=gettext("The text will read:"),
        perform=perform,
        make_form=justification_form(request, RedactForm, replies=replies, initial=typed),
        describe=lambda message: excerpts.show_covered(message, spans[message.pk]),
    )


def ask_to_erase(request: HttpRequest, chosen: Messages, say: Callable[[str, int], None]) -> Question:
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        erased = [*messages, *choose_replies(replies, wanted)]
        files = moderation.find_files(erased)
        action = moderation.erase(erased, **read_justification(request, wanted))
        finish_on_commit(files, say)
        return [action]

    title = ngettext("Permanently erase %(counter)s message?", "Permanently erase %(counter)s messages?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("erase permanently"),
        explanation=gettext(
            "This cannot be undone. Text, author and source are deleted, and later imports do not restore them. Replies"
            " selected below are erased completely. The transcript file itself is not changed."
        ),
        perform=perform,
        make_form=justification_form(request, ErasureForm, replies=replies),
        describe=describe_message,
    )


def finish_on_commit(files: Sequence[str], say: Callable[[str, int], None]) -> None:
    """Compact the database once the transaction is committed, and show what is left to do.

    `files` are paths of erased images in the folder IMAGES; `say` is `message_user` of a request.
    """

    def finish() -> None:
        if connection.vendor != "sqlite":
            text = gettext(
                "To finish the erasure, run manage.py compact_after_erasure, which clears the database files."
            )
            say(text, WARNING)
        else:
            try:
                moderation.compact_after_erasure(PATIENCE)
            except TimeoutError:
                text = gettext(
                    "The erasure is not finished because the database is in use: run manage.py compact_after_erasure."
                )
                say(text, WARNING)
        if files:
            text = gettext("The image files are still in the IMAGES folder; delete them yourself: %(files)s")
            say(text % {"files": ", ".join(files)}, WARNING)

    transaction.on_commit(finish)


def find_replies(messages: Collection[Message]) -> list[Message]:
    """Return replies that quote these messages; none for more messages than can be searched in a few seconds."""
    if len(messages) > MOST_AT_ONCE:
        return []
    chosen = {message.pk for message in messages}
    found = [reply.pk for reply in moderation.find_quoting(messages) if reply.pk not in chosen]
    return list(Message.objects.filter(pk__in=found).select_related("day__room", "alias").order_by("position"))


def choose_replies(replies: Sequence[Message], wanted: Mapping[str, Any]) -> list[Message]:
    """Return the replies chosen in a valid QuotedForm; none if only authors are hidden: a quotation names nobody."""
    if wanted.get("part") == Part.AUTHOR:
        return []
    chosen = wanted.get("quoting", [])
    return [reply for reply in replies if reply.pk in chosen]


def _hide_title(count: int) -> str:
    return ngettext("Hide %(counter)s message?", "Hide %(counter)s messages?", count) % {"counter": count}


class MessageActions(ModerationPermissions, WithActions):
    """The actions of the messages' admin."""

    actions = ["hide", "restore", "redact_whole", "erase", "redact_passages", "hide_range"]
    actions_on_one = {"hide_range": RangeForm, "redact_passages": PassagesForm}

    @action(_("hide"), permission="hide")
    def hide(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_hide, request))

    @action(_("restore"), permission="hide")
    def restore(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_restore, request))

    @action(_("hide from here to …"), permission="hide")
    def hide_range(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_hide_range, request))

    @action(_("redact passages of the text"), permission="redact")
    def redact_passages(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_redact_passages, request))

    @action(_("redact the whole text"), permission="redact")
    def redact_whole(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_redact_whole, request))

    @action(_("erase permanently"), permission="erase")
    def erase(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
        say = partial(self.message_user, request)
        return self.ask(request, queryset, partial(ask_to_erase, request, say=say))
