"""Reading a feed as RFC 4287 wants one: whatever it says MUST be, is looked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"

EACH_ENTRY_ONCE = ("id", "title", "updated", "content", "published")


@dataclass(frozen=True)
class ReadEntry:
    key: str
    title: str
    updated: dt.datetime
    author: str
    content: str


@dataclass(frozen=True)
class ReadFeed:
    key: str
    title: str
    updated: dt.datetime
    language: str
    page: str
    itself: str
    entries: list[ReadEntry]

    @property
    def text(self) -> str:
        return "\n".join(f"{entry.title}\n{entry.author}\n{entry.content}" for entry in self.entries)


def read_feed(response: Any) -> ReadFeed:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return parse_feed(response.content)


def parse_feed(written: bytes) -> ReadFeed:
    root = fromstring(written)
    assert root.tag == f"{ATOM}feed"
    assert urlsplit(root.attrib[f"{XML}base"]).scheme in {"http", "https"}
    entries = [_read_entry(one) for one in root.findall(f"{ATOM}entry")]
    assert len({entry.key for entry in entries}) == len(entries)
    assert _text(root, "author/name")
    return ReadFeed(
        _identifier(root),
        _text(root, "title"),
        _moment(_text(root, "updated")),
        root.attrib[f"{XML}lang"],
        _link(root, "alternate"),
        _link(root, "self"),
        entries,
    )


def _read_entry(entry: Element) -> ReadEntry:
    assert [len(entry.findall(f"{ATOM}{name}")) for name in EACH_ENTRY_ONCE] == [1] * len(EACH_ENTRY_ONCE)
    assert _link(entry, "alternate")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.attrib["type"] == "html"
    _moment(_text(entry, "published"))
    author = _text(entry, "author/name") if entry.find(f"{ATOM}author") is not None else ""
    updated = _moment(_text(entry, "updated"))
    return ReadEntry(_identifier(entry), _text(entry, "title"), updated, author, content.text or "")


def _text(element: Element, path: str) -> str:
    (found,) = element.findall("/".join(f"{ATOM}{name}" for name in path.split("/")))
    assert found.text
    assert len(found) == 0
    return found.text


def _identifier(element: Element) -> str:
    """An absolute IRI."""
    key = _text(element, "id")
    assert urlsplit(key).scheme, key
    return key


def _link(element: Element, relation: str) -> str:
    links = [one.attrib["href"] for one in element.findall(f"{ATOM}link") if one.attrib["rel"] == relation]
    assert len(links) == 1
    assert links[0].isascii()
    assert " " not in links[0]
    return links[0]


def _moment(written: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(written)
    assert moment.tzinfo is not None
    return moment
