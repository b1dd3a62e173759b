"""What is asked before something is done with messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import Question
from chatlogs.admin.actions.erasure import ErasureForm, finish_afterwards, tell_of_files
from chatlogs.admin.actions.forms import find_last, justification_form, read_justification, read_ranges, read_words
from chatlogs.admin.actions.replies import CoverForm, HideForm, QuotedForm, RangeHideForm, choose_replies, find_replies
from chatlogs.admin.base import is_superuser
from chatlogs.admin.formatting import describe_message, load_preview
from chatlogs.audit import ActionRefused
from chatlogs.models import Message, ModerationAction
from chatlogs.moderation import Part, excerpts

# Messages that are hidden in one deed from a message's page: some seconds' work.
MOST_IN_RANGE = 10_000

Messages = Sequence[Message]
Wanted = Mapping[str, Any]
Actions = Sequence[ModerationAction]


def ask_to_hide(request: HttpRequest, chosen: Messages) -> Question:
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        hidden = [*messages, *choose_replies(replies, wanted)]
        return [moderation.hide(hidden, Part(wanted["part"]), **read_justification(request, wanted))]

    return Question(
        title=_ask_to_hide(len(chosen)),
        button=gettext("hide"),
        explanation=_explain_hiding(),
        perform=perform,
        make_form=justification_form(request, HideForm, replies=replies),
        describe=describe_message,
    )


def ask_to_hide_range(request: HttpRequest, chosen: Messages) -> Question:
    """From the one that is chosen to the one that was typed."""
    typed = request.POST.get("last", "")
    ids = [pk for first in chosen for pk in moderation.find_range(first, find_last(first, typed))]
    if len(ids) > MOST_IN_RANGE:
        raise ActionRefused(gettext("At most %(most)s at once: please choose fewer.") % {"most": MOST_IN_RANGE})
    about = list(Message.objects.in_bulk(ids).values())
    replies = find_replies(about)

    def perform(_first: Messages, wanted: Wanted) -> Actions:
        hidden = [*about, *choose_replies(replies, wanted)]
        return [moderation.hide(hidden, Part(wanted["part"]), **read_justification(request, wanted))]

    return Question(
        title=_ask_to_hide(len(about)),
        button=gettext("hide"),
        explanation=_explain_hiding(),
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
            "With their authors. What is covered stays covered; replies come back by undoing the deed."
        ),
        perform=perform,
        make_form=justification_form(request),
        describe=describe_message,
    )


def ask_to_redact(request: HttpRequest, chosen: Messages) -> Question:
    """The whole texts, and in replies the words that are quoted."""
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        return [moderation.redact_all(messages, choose_replies(replies, wanted), **read_justification(request, wanted))]

    title = ngettext("Cover %(counter)s text?", "Cover %(counter)s texts?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("cover the whole text"),
        explanation=_explain_covering(),
        perform=perform,
        make_form=justification_form(request, QuotedForm, replies=replies),
        describe=describe_message,
    )


def ask_to_redact_pieces(request: HttpRequest, chosen: Messages) -> Question:
    """Of the one that is chosen: the words and characters that were typed."""
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
    title = ngettext("Cover %(counter)s piece?", "Cover %(counter)s pieces?", count)
    return Question(
        title=title % {"counter": count},
        button=gettext("cover these pieces"),
        explanation=gettext("So the text will read:"),
        perform=perform,
        make_form=justification_form(request, CoverForm, replies=replies, initial=typed),
        describe=lambda message: excerpts.show_covered(message, spans[message.pk]),
    )


def ask_to_erase(request: HttpRequest, chosen: Messages, say: Callable[[str, int], None]) -> Question:
    replies = find_replies(chosen)

    def perform(messages: Messages, wanted: Wanted) -> Actions:
        erased = [*messages, *choose_replies(replies, wanted)]
        files = moderation.find_files(erased)
        action = moderation.erase(erased, **read_justification(request, wanted))
        finish_afterwards(say)
        tell_of_files(files, say)
        return [action]

    title = ngettext("Erase %(counter)s message for good?", "Erase %(counter)s messages for good?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("erase for good"),
        explanation=gettext(
            "This cannot be undone. Text, author and source are deleted, and no import brings them back. Replies that"
            " are chosen below are erased as a whole. The transcript's file itself is not changed."
        ),
        perform=perform,
        make_form=justification_form(request, ErasureForm, replies=replies),
        describe=describe_message,
    )


def _ask_to_hide(count: int) -> str:
    return ngettext("Hide %(counter)s message?", "Hide %(counter)s messages?", count) % {"counter": count}


def _explain_hiding() -> str:
    return gettext("Readers see that something was removed, and no more. It can be undone.")


def _explain_covering() -> str:
    return gettext(
        "Readers see blocks instead, and in replies instead of the words that are quoted. It can be undone until the"
        " originals are purged."
    )
