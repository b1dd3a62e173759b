"""Locate passages that moderators choose in the text that they may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused
from chatlogs.models import Message, PersonalDataMatch
from chatlogs.moderation.actions.redaction import Span
from chatlogs.moderation.visible_content import read_masks, read_originals
from chatlogs.text.masks import Mask, apply_masks, find_under_masks


def find_spans(
    message: Message, words: Iterable[str], ranges: Sequence[Span] = (), *, in_original: bool = False
) -> list[Span]:
    """Return the spans in the original of every occurrence of these words, and of these ranges of characters.

    Both are looked up in the visible text, so that nobody learns what is hidden, or, with `in_original`, in the
    original. The message is loaded with `with_originals`, as everywhere in this module.
    """
    text = _read_original(message) if in_original else message.text
    marked = [span for word in words for span in _find_word(text, word)]
    for start, stop in ranges:
        if not 0 <= start < stop <= len(text):
            raise ActionRefused(gettext("The text does not contain these passages."))
        marked.append((start, stop))
    if not marked:
        raise ActionRefused(gettext("Enter the words to redact."))
    return sorted(set(marked if in_original else _find_under_masks(message, marked)))


def show_covered(message: Message, spans: Iterable[Span]) -> str:
    """Return the text as readers will see it once these spans are redacted, too."""
    original = getattr(message, "original", None)
    before = [] if original and original.is_outdated else read_masks(message)
    return apply_masks(_read_original(message), [*before, *(Mask(*span) for span in spans)])


def read_found(match: PersonalDataMatch) -> str:
    """Return the personal data that was found."""
    return _read_original(match.message)[match.start : match.stop]


def _read_original(message: Message) -> str:
    return read_originals([message])[message.pk].text


def _find_word(text: str, word: str) -> list[Span]:
    found = [match.span() for match in re.finditer(re.escape(word), text, re.IGNORECASE)]
    if not found:
        raise ActionRefused(gettext("The text does not contain “%(words)s”.") % {"words": word})
    return found


def _find_under_masks(message: Message, marked: Iterable[Span]) -> list[Span]:
    original, masks = _read_original(message), read_masks(message)
    places = (find_under_masks(original, masks, start, stop) for start, stop in marked)
    return [place for place in places if place]
