"""The log entries of notes and highlights, which `chatlogs.editorial` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from chatlogs import editorial
from chatlogs.audit import ActionRefused
from chatlogs.models import Highlight, ModerationAction
from chatlogs.moderation.actions.registry import Change, ChangeType, MakeLink, register


class _Written(ChangeType):
    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        """The log holds no texts, so that nobody's words stay in it."""
        raise ActionRefused(gettext("The previous text is not stored: write it again."))


@register
class NoteWritten(_Written):
    keys = {"day", "note"}
    subject = "day"

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, has_note = change["note"]
        return gettext("note written") if has_note else gettext("note removed")


@register
class HighlightWritten(_Written):
    keys = {"highlight", "parts"}
    subject = "highlight"

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        text = ngettext("written, with %(counter)s part", "written, with %(counter)s parts", change["parts"])
        return text % {"counter": change["parts"]}


@register
class HighlightPublished(ChangeType):
    keys = {"highlight", "published"}
    subject = "highlight"
    undo_permissions = ["change_highlight"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, is_published = change["published"]
        return gettext("published") if is_published else gettext("not published")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes: list[Change] = []
        for change in changes:
            before, after = change["published"]
            highlights = Highlight.objects.filter(slug=change["highlight"], is_published=after)
            reversed_changes += editorial.set_published(highlights, before)
        return reversed_changes
