"""Which of several formats reads a file or a stored entry, with an invented second one."""

import datetime as dt
from types import SimpleNamespace

import pytest

from chatlogs.transcripts import Entry, FrontMatter, Kind, Transcript, read_entry, reading, rewrite_entry
from chatlogs.transcripts.formats import FORMATS
from tests.transcripts.making import codes, make_file, message, read_bytes

NOTE = "* 江月: 早上好\n".encode()
WECHAT = message("09:00:00", "江月", "早上好")


def parse(data: bytes, room: str, date: dt.date | None, encoding: str) -> Transcript:
    entries = [parse_entry(line, encoding) for line in data.splitlines(keepends=True)]
    return Transcript(room, date, FrontMatter(b""), tuple(entry for entry in entries if entry))


def parse_entry(source: bytes, encoding: str) -> Entry | None:
    if not source.startswith(b"* "):
        return None
    sender, _, text = source[2:].decode(encoding).rstrip("\n").partition(": ")
    return Entry(1, dt.time(9), sender, source, Kind.TEXT, text)


def rewrite_text(source: bytes, text: str, encoding: str) -> bytes | None:
    return source.partition(b": ")[0] + f": {text}\n".encode(encoding)


@pytest.fixture(autouse=True)
def second_format(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = SimpleNamespace(
        OPENING="an asterisk",
        matches=lambda data: data.startswith(b"* "),
        parse=parse,
        parse_entry=parse_entry,
        rewrite_text=rewrite_text,
    )
    monkeypatch.setattr(reading, "FORMATS", (*FORMATS, notes))


def test_the_format_that_matches_reads_the_file() -> None:
    (entry,) = read_bytes(NOTE).entries
    assert (entry.sender, entry.text) == ("江月", "早上好")


def test_files_of_the_first_format_are_read_as_before() -> None:
    (entry,) = read_bytes(make_file(WECHAT)).entries
    assert (entry.sender, entry.text, entry.source) == ("江月", "早上好", WECHAT)


def test_a_file_of_no_format_is_rejected_with_what_each_begins_with() -> None:
    transcript = read_bytes(b"hello\n")
    assert codes(transcript) == ["no_front_matter"]
    message = transcript.problems[0].message
    assert message.startswith("does not begin with ")
    assert message.endswith("front matter (---) or an asterisk")


@pytest.mark.parametrize("source", [NOTE, WECHAT], ids=["second", "first"])
def test_a_stored_entry_is_read_by_its_own_format(source: bytes) -> None:
    entry = read_entry(source)
    assert (entry.sender, entry.text, entry.source) == ("江月", "早上好", source)


def test_a_stored_entry_of_no_format_is_a_text() -> None:
    assert read_entry("没有头".encode()) == Entry(1, dt.time(), "", "没有头".encode(), Kind.TEXT, "没有头")


def test_an_entry_is_rewritten_in_its_own_format() -> None:
    rewritten = rewrite_entry(read_entry(NOTE), "晚安")
    assert rewritten is not None
    assert rewritten.source == "* 江月: 晚安\n".encode()
