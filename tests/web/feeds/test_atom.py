from __future__ import annotations

import datetime as dt
from io import BytesIO
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.web.feeds.atom import NEVER, NOT_IN_XML, Atom
from tests.web.feeds.reading import ATOM, ReadFeed, parse_feed

MOMENT = dt.datetime(2018, 3, 27, 1, 2, 3, tzinfo=dt.UTC)
CONTROLS = "".join(map(chr, range(0x20)))
TEXTS = st.one_of(
    st.text(min_size=1),
    st.lists(st.sampled_from(["\x10", "\x14", "\x00", "\ufffe", "]]>", "<b>", "&", '"', "早", "\r\n"])).map("".join),
)  # fmt: skip


def write(title: str, *contents: str) -> bytes:
    feed = Atom(
        title, "https://example.org/", None, "zh-hans", author_name="群录", feed_url="https://example.org/feed/"
    )
    for number, content in enumerate(contents):
        feed.add_item(
            title or "?", f"https://example.org/m/{number}/", content,
            author_name=content, pubdate=MOMENT, updateddate=MOMENT, categories=[content],
        )  # fmt: skip
    written = BytesIO()
    feed.write(written, "utf-8")
    return written.getvalue()


def written_feed(title: str, *contents: str) -> ReadFeed:
    return parse_feed(write(title, *contents))


def sayable(text: str) -> str:
    """What of a text an XML parser gives back."""
    return NOT_IN_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS)
def test_whatever_was_said_comes_back_but_for_what_xml_cannot_say(text: str) -> None:
    (entry,) = fromstring(write(text, text)).findall(f"{ATOM}entry")
    said = sayable(text)
    assert entry.findtext(f"{ATOM}title") == (said or ("" if text else "?"))
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == said
    assert entry.findtext(f"{ATOM}content") == sayable(text.strip())
    assert entry.find(f"{ATOM}category") is not None


@pytest.mark.parametrize("character", [*CONTROLS, "\x7f", "\x85", "\ufffe", "\uffff", "😀", "\u2028"])
def test_no_character_breaks_it(character: str) -> None:
    assert written_feed("群录", f"一{character}二").entries[0].content[::2] in {"一二", "一"}


def test_a_line_break_or_tabulator_stays() -> None:
    assert written_feed("群录", "一\n二\t三").entries[0].content == "一\n二\t三"


def test_it_is_as_new_as_its_newest_entry() -> None:
    assert written_feed("群录", "早").updated == MOMENT


def test_one_without_entries_does_not_look_at_the_clock() -> None:
    assert written_feed("群录").updated == NEVER


def test_it_says_in_which_language_it_is() -> None:
    assert written_feed("群录").language == "zh-hans"
