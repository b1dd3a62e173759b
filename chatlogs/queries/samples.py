"""The newest messages of some rooms, in whole days: what is counted by reading them.

A search from the first of these days on finds the same messages, so that what is counted here is what it counts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, Substr

from chatlogs.models import Mention, Message, Room
from chatlogs.models.archive import MessageQuerySet
from chatlogs.search.terms import make_term
from chatlogs.search.tokens import searchable
from chatlogs.text.addresses import ADDRESS
from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.frequent_words import find_words
from chatlogs.text.quotations import find_quotation

HOURS, WEEKDAYS = 24, 7
BATCH = 2_000

# What the search takes for the bracket that an emoji begins with.
OPENING = "[［﹇"

EMOJI_BY_FORM = {searchable(f"[{token}]"): token for token in EMOJI}
EMOJI_FORM = re.compile("|".join(map(re.escape, EMOJI_BY_FORM)))

# Looked for are some more words than asked for: how often they occur is counted exactly afterwards.
CANDIDATES = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """`room` is None for the rooms in lists; `is_all` says that nothing older was left out."""

    room: Room | None
    since: dt.date
    until: dt.date
    message_count: int
    is_all: bool

    @property
    def messages(self) -> MessageQuerySet:
        messages = Message.objects.visible().filter(day__room=self.room) if self.room else Message.objects.listed()
        return messages.filter(day__date__gte=self.since, day__date__lte=self.until).order_by()


def take_newest(room: Room | None, counts: Mapping[dt.date, int], most: int) -> Sample:
    """Of days with messages, at least one; as many as have no more than `most` messages."""
    newest_first = sorted(counts, reverse=True)
    taken, total = 0, 0
    for date in newest_first:
        if taken and total + counts[date] > most:
            break
        taken, total = taken + 1, total + counts[date]
    return Sample(room, newest_first[taken - 1], newest_first[0], total, is_all=taken == len(counts))


def count_by_hour(sample: Sample) -> Sequence[Sequence[int]]:
    """For each weekday from Monday on, the messages of each hour, by the rooms' own clocks."""
    week = [[0] * HOURS for _ in range(WEEKDAYS)]
    # SQLite would call back into Python for each message's hour.
    hour_of = Substr(Cast("time", CharField()), 1, 2)
    counts = sample.messages.values("day__date", hour=hour_of).annotate(count=Count("pk"))
    for date, hour, count in counts.values_list("day__date", "hour", "count"):
        week[date.weekday()][int(hour)] += count
    return week


def count_emoji(sample: Sample) -> Counter[str]:
    """In how many messages each of WeChat's emoji stands, by the word in its brackets."""
    bracketed = Q(*(("text__contains", sign) for sign in OPENING), _connector=Q.OR)
    texts = sample.messages.filter(bracketed).values_list("text", flat=True).iterator(BATCH)
    found = (set(EMOJI_FORM.findall(searchable(text))) for text in texts)
    return Counter(EMOJI_BY_FORM[form] for forms in found for form in forms)


def show_emoji(token: str) -> str:
    """The Unicode emoji of one with its brackets; "" of anything else."""
    return EMOJI.get(token[1:-1], "") if TOKEN.fullmatch(token) else ""


def count_words(sample: Sample, most: int) -> Sequence[tuple[str, int]]:
    """The words that are used most, each with in how many messages it is found."""
    texts = dict(sample.messages.exclude(text="").values_list("pk", "text"))
    words = find_words(_own_words(texts, _find_mentions(sample)), CANDIDATES * most)
    terms = [(word, term.form) for word in words if (term := make_term(word))]
    forms = map(searchable, texts.values())
    counts = Counter(word for form in forms for word, wanted in terms if wanted in form)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]


def _find_mentions(sample: Sample) -> Mapping[int, Sequence[tuple[int, int]]]:
    """By the messages' ids, from where to where somebody's name stands."""
    mentions: dict[int, list[tuple[int, int]]] = {}
    found = Mention.objects.visible().filter(message__in=sample.messages.values("pk")).order_by()
    for message_id, *place in found.values_list("message_id", "start", "stop"):
        mentions.setdefault(message_id, []).append((place[0], place[1]))
    return mentions


def _own_words(texts: Mapping[int, str], mentions: Mapping[int, Iterable[tuple[int, int]]]) -> Iterator[str]:
    """Without names, and without what is quoted, an address or an emoji."""
    for pk, text in texts.items():
        for start, stop in mentions.get(pk, ()):
            text = f"{text[:start]}{' ' * (stop - start)}{text[stop:]}"
        quotation = find_quotation(text)
        yield TOKEN.sub(" ", ADDRESS.sub(" ", quotation.reply if quotation else text))
