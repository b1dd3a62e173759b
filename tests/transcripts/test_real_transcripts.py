"""Real transcripts, where somebody put some beside the checkout. None of their words is in this file."""

from collections import Counter
from pathlib import Path

import pytest

from chatlogs.text.accounts import is_account
from chatlogs.transcripts import Kind, Transcript, read_entry
from tests.transcripts.making import codes, read_bytes

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "transcripts"
PATHS = sorted(FOLDER.glob("*/????-??-??-*.markdown"))

pytestmark = pytest.mark.skipif(not PATHS, reason="no real transcripts beside the checkout")

# messages, images, links, files, without body, without sender, blank, doubles
FACTS = {
    "2017-08-07": (354, 11, 0, 0, 0, 0, 0, 0),
    "2017-12-26": (250, 6, 0, 0, 0, 0, 2, 79),
    "2018-04-17": (212, 10, 0, 0, 0, 0, 0, 0),
    "2018-07-07": (24, 0, 4, 0, 0, 0, 0, 0),
    "2018-10-02": (55, 0, 1, 3, 0, 0, 0, 0),
    "2019-02-20": (72, 5, 4, 0, 4, 2, 0, 0),
    "2019-03-15": (88, 5, 1, 0, 5, 2, 0, 0),
}


def read_path(path: Path) -> Transcript:
    return read_bytes(path.read_bytes())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_is_read_without_an_error_and_kept_byte_for_byte(path: Path) -> None:
    transcript = read_path(path)
    assert transcript.source == path.read_bytes()
    assert str(transcript.date) == path.name[:10]
    assert not set(codes(transcript)) - {"count_differs"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_holds_what_was_counted_in_it(path: Path) -> None:
    transcript = read_path(path)
    entries = transcript.entries
    kinds = Counter(entry.kind for entry in entries)
    senderless = sum(not entry.sender for entry in entries)
    blank = sum(entry.kind is Kind.TEXT and not entry.text.strip() for entry in entries)
    named = (kinds[kind] for kind in (Kind.IMAGE, Kind.LINK, Kind.FILE, Kind.UNSUPPORTED))
    counted = (len(entries), *named, senderless, blank, len(transcript.duplicates))
    assert counted == FACTS.get(path.name[:10], counted)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_message_is_read_the_same_by_itself(path: Path) -> None:
    for entry in read_path(path).entries:
        assert read_entry(entry.source)._replace(line=entry.line) == entry


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_no_account_is_left_in_a_title_or_an_address(path: Path) -> None:
    for entry in read_path(path).entries:
        if entry.link:
            assert not is_account(entry.link.title)
            assert "x:str" not in entry.text + entry.link.url
            assert not entry.account or entry.account not in entry.text
