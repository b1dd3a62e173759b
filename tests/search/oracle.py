"""The expected results of a search, found by reading every message, without an index."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chatlogs.models import Alias, Mention, Message
from chatlogs.search.attributes import ATTRIBUTES

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}
FIRST, LAST = dt.date.min, dt.date.max


@dataclass(frozen=True)
class Question:
    """Conditions that must all hold. An empty value is no condition."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    room: str = ""
    names: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    """Values of the attributes that have no field here."""
    has: tuple[str, ...] = ()
    spans: tuple[tuple[dt.date, dt.date], ...] = ()
    member: str = ""
    oldest_first: bool = False


@dataclass(frozen=True)
class Seen:
    """A readable message."""

    pk: int
    position: int
    text: str
    form: str
    room: str
    name: str
    member: str
    kind: str
    date: dt.date
    mentioned: frozenset[str]
    """The names of those mentioned: as in the text and, for known members, all their names."""


def read_all() -> list[Seen]:
    messages = Message.objects.select_related("room", "day", "alias__member").order_by("pk")
    messages = messages.prefetch_related("mentions__name__alias")
    aliases = list(Alias.objects.all())
    return [
        Seen(
            pk=one.pk,
            position=one.position,
            text=one.text,
            form=fold(one.text),
            room=one.room.slug,
            name=fold(one.alias.name) if one.alias else "",
            member=one.alias.member.key if one.alias else "",
            kind=one.kind,
            date=one.day.date,
            mentioned=frozenset(name for mention in one.mentions.all() for name in names_of(mention, aliases)),
        )
        for one in messages
        if one.state == "shown" and not one.is_withdrawn and one.duplicate_of_id is None
    ]


def names_of(mention: Mention, aliases: Sequence[Alias]) -> set[str]:
    meant = mention.name.alias
    others = {fold(alias.name) for alias in aliases if meant and alias.member_id == meant.member_id}
    return {fold(mention.name.text)} | others


def find(question: Question, messages: Sequence[Seen]) -> list[int]:
    """Return ids in the requested order."""
    found = sorted((one.position, one.pk) for one in messages if is_asked_for(one, question))
    return [pk for _, pk in (found if question.oldest_first else found[::-1])]


def is_asked_for(one: Seen, question: Question) -> bool:
    return (
        question.room in ("", one.room)
        and question.member in ("", one.member)
        and all(fold(name.strip()) in one.name for name in question.names)
        and all(any(fold(name) in called for called in one.mentioned) for name in question.mentions)
        and all(kind == one.kind for kind in question.kinds)
        and all(has_value(one, *attribute) for attribute in question.attributes)
        and all(has_link(one) if thing == "link" else one.kind == "image" for thing in question.has)
        and all(since <= one.date <= until for since, until in question.spans)
        and all(occurs(term, one.form) for term in question.wanted if is_seen(term))
        and not any(occurs(term, one.form) for term in question.unwanted if is_seen(term))
    )


def has_value(one: Seen, name: str, value: str) -> bool:
    attribute = ATTRIBUTES[name]
    return value in attribute.values_of(getattr(one, attribute.column))


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def occurs(term: str, form: str) -> bool:
    """Find the term anywhere; one that starts with a letter or digit, only at the start of a word."""
    folded = fold(term.strip()).strip()
    places = [place for place in range(len(form)) if form.startswith(folded, place)] if folded in form else []
    return any(place == 0 or not (is_latin(folded[0]) and is_latin(form[place - 1])) for place in places)


def is_seen(term: str) -> bool:
    return any(unicodedata.category(character) not in INVISIBLE for character in fold(term))


def is_latin(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    is_letter = character < "\u2c80" and character.isalpha()
    return is_letter and unicodedata.name(character, "").startswith("LATIN")


def has_link(one: Seen) -> bool:
    text = one.text.lower()
    starts = [place + 3 for place in range(len(text)) if text.startswith("://", place)]
    return one.kind == "link" or any(
        text[: start - 3].endswith(("http", "https")) and goes_on(text[start:]) for start in starts
    )


def goes_on(address: str) -> bool:
    for character in address:
        if not "!" <= character <= "~":
            return False
        if character.isalnum() or character in "/#=_&-":
            return True
    return False
