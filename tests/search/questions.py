"""Random searches, in the form that people type and in the form of the oracle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from django.http import QueryDict

from benchmarks.vocabulary import WORDS
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.syntax import OPERATORS, QUOTES
from chatlogs.web.filters import MessageFilter
from tests.search.hostile_archive import DATES, ROOMS
from tests.search.oracle import FIRST, LAST, Question, Seen

ALPHABET = (
    "的支付通道一 aAbepyT10９０Ａｂ+-_%\\\"'“”*?:：@＠#()|&!<>.,，。…\u3000👍🏽👨\u200d🇨ひカｶﾞ한ᄒé\u0301ß"
    "𠀀𠮷ﬁ№\u200b\ue000\ue001\x07\xa0ωП١"
)
FIELDS = ("room", "sender", "mentions", *ATTRIBUTES, "has", "since", "until", "member", "sort")
PARTS_OF_NAMES = ("周可", "云杉", "qing", "ＱＩＮＧ", "Y", "ｙUN", "汤圆", "100%", "_", "我", "谁")
KINDS = ("text", "image", "link", "file", "unsupported")
LONGEST = 20


class Asker:
    """Makes random searches of messages; `question` and `parameters` are equivalent."""

    def __init__(self, random: Random, messages: Sequence[Seen]) -> None:
        self._random = random
        self._messages = messages
        self.question = Question()
        self.parameters: dict[str, str] = {}

    def ask(self, fields: Sequence[str] = (), *, is_typing: bool = True) -> None:
        """Return a typed search, combined with these form fields."""
        self.question, self.parameters = Question(), {}
        number = self._random.choices((0, 1, 2, 3), (1, 10, 6, 3))[0] if is_typing else 0
        typed = [self._type_something() for _ in range(number)]
        self.parameters["q"] = " ".join(typed)
        for field in fields:
            self._fill_in(field)

    @property
    def filters(self) -> MessageFilter:
        data = QueryDict(mutable=True)
        data.update(self.parameters)
        return MessageFilter(data)

    # The search box

    def _type_something(self) -> str:
        chance = self._random.random()
        if chance < 0.1:
            return self._type_operator()
        is_excluded = chance < (0.3 if self.question.wanted else 0.14)
        typed, word = self._type_quoted() if self._random.random() < 0.25 else self._type_word()
        if is_excluded:
            self._demand(unwanted=(*self.question.unwanted, word))
            return self._random.choice("-－−") + typed
        self._demand(wanted=(*self.question.wanted, word))
        return typed

    def _type_word(self) -> tuple[str, str]:
        word = self._write_word()
        while not is_a_word(word):
            word = self._write_word()
        return word, word

    def _type_quoted(self) -> tuple[str, str]:
        words = "".join(character for character in self._write() if character not in {*QUOTES, *QUOTES.values()})
        opening = self._random.choice(list(QUOTES))
        return f"{opening}{words}{QUOTES[opening]}", words

    def _write_word(self) -> str:
        return "".join(self._write().split())

    def _write(self) -> str:
        write: Callable[[], str] = self._random.choice([self._quote, self._quote, self._babble, self._recall])
        return self._disguise(write())[:LONGEST]

    def _quote(self) -> str:
        """Return a piece of a message."""
        text = self._random.choice(self._messages).text
        start = self._random.randrange(len(text) + 1)
        return text[start : start + self._random.choice((1, 2, 3, 4, 6, LONGEST))]

    def _babble(self) -> str:
        return "".join(self._random.choices(ALPHABET, k=self._random.choice((1, 1, 2, 3, 5, LONGEST))))

    def _recall(self) -> str:
        return "".join(self._random.choices(WORDS[:400], k=self._random.choice((1, 1, 2, 3))))

    def _disguise(self, text: str) -> str:
        changes: list[Callable[[str], str]] = [str, str, str, str.upper, str.lower, widen]
        return self._random.choice(changes)(text)

    def _type_operator(self) -> str:
        operator = self._random.choice(list(OPERATORS))
        name = OPERATORS[operator]
        choose = getattr(self, f"_choose_{name}", None)
        value = choose() if choose else self._choose_value(name)
        return operator + self._random.choice(":：") + (f'"{value}"' if " " in value else value)

    def _choose_from(self) -> str:
        return self._demand_name(self._random.choice(PARTS_OF_NAMES))

    def _choose_room(self) -> str:
        """Return rooms. Two different ones match nothing, like an unknown one."""
        room = self._random.choice(ROOMS)
        self._demand(room=room if self.question.room in ("", room) else "nowhere")
        return room

    def _choose_mentions(self) -> str:
        return self._demand_mention(self._random.choice(("老陆", "周可", "江月", "乔木 100%", "@周", "＠周可", "谁")))

    def _choose_before(self) -> str:
        date = self._random.choice(DATES)
        self._demand_span(FIRST, date - dt.timedelta(days=1))
        return date.isoformat()

    def _choose_after(self) -> str:
        date = self._random.choice(DATES)
        self._demand_span(date, LAST)
        return f"{date:%Y/%m/%d}"

    def _choose_on(self) -> str:
        date = self._random.choice(DATES)
        self._demand_span(date, date)
        return f"{date:%Y年%m月%d日}"

    def _choose_has(self) -> str:
        typed, thing = self._random.choice((("link", "link"), ("链接", "link"), ("image", "image"), ("图片", "image")))
        self._demand(has=(*self.question.has, thing))
        return typed

    def _choose_kind(self) -> str:
        typed, kind = self._random.choice((*zip(KINDS, KINDS, strict=True), ("文字", "text"), ("文件", "file")))
        self._demand(kinds=(*self.question.kinds, kind))
        return typed

    def _choose_value(self, name: str) -> str:
        """Return the value of an attribute of some message."""
        attribute = ATTRIBUTES[name]
        values = {value for one in self._messages for value in attribute.values_of(getattr(one, attribute.column))}
        value = self._random.choice(sorted(values))
        self._demand(attributes=(*self.question.attributes, (name, value)))
        return value

    # Fields

    def _fill_in(self, field: str) -> None:
        fill_in = getattr(self, f"_fill_in_{field}", None)
        self.parameters[field] = fill_in() if fill_in else self._choose_value(field)

    def _fill_in_room(self) -> str:
        return self._choose_room()

    def _fill_in_sender(self) -> str:
        return self._demand_name(self._random.choice(PARTS_OF_NAMES))

    def _fill_in_mentions(self) -> str:
        return self._choose_mentions()

    def _fill_in_kind(self) -> str:
        kind = self._random.choice(KINDS)
        self._demand(kinds=(*self.question.kinds, kind))
        return kind

    def _fill_in_has(self) -> str:
        thing = self._random.choice(("link", "image"))
        self._demand(has=(*self.question.has, thing))
        return thing

    def _fill_in_since(self) -> str:
        date = self._random.choice(DATES)
        self._demand_span(date, LAST)
        return date.isoformat()

    def _fill_in_until(self) -> str:
        date = self._random.choice(DATES)
        self._demand_span(FIRST, date)
        return date.isoformat()

    def _fill_in_member(self) -> str:
        member = self._random.choice([one.member for one in self._messages if one.member])
        self._demand(member=member)
        return member

    def _fill_in_sort(self) -> str:
        self._demand(oldest_first=True)
        return "oldest"

    # Meaning

    def _demand(self, **changes: object) -> None:
        self.question = replace(self.question, **changes)  # type: ignore[arg-type]

    def _demand_name(self, name: str) -> str:
        self._demand(names=(*self.question.names, name))
        return name

    def _demand_mention(self, name: str) -> str:
        self._demand(mentions=(*self.question.mentions, name.lstrip("@＠")))
        return name

    def _demand_span(self, since: dt.date, until: dt.date) -> None:
        self._demand(spans=(*self.question.spans, (since, until)))


def is_a_word(typed: str) -> bool:
    """Return whether the search box reads it as a word: no quotation, exclusion or operator."""
    return bool(typed) and typed[0] not in '"＂“”„-－−' and not {":", "："} & {*typed}


def widen(text: str) -> str:
    """Return ASCII as full-width characters."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
