"""What the records promise to those who read them."""

import pytest

from chatlogs.text.quotations import RULE, Quotation
from chatlogs.transcripts import Entry, FrontMatter, Image, Kind, Link, Problem, Transcript
from tests.transcripts.making import make_file, message, read_bytes, read_message

ENTRY = read_message(message("09:00:00", "江月", "早上好"))


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (ENTRY, "text"),
        (Link("T", ""), "url"),
        (Image(""), "url"),
        (Problem(1, "code", "words"), "line"),
        (FrontMatter(b""), "source"),
        (Transcript("tea-room", None, FrontMatter(b"")), "room"),
    ],
)
def test_records_do_not_change(record: object, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(record, name, "x")


def test_a_transcript_tells_errors_from_notes() -> None:
    note, error = Problem(1, "odd", "words"), Problem(2, "bad", "words", is_error=True)
    transcript = Transcript("tea-room", None, FrontMatter(b""), problems=(note, error))
    assert transcript.errors == (error,)


def test_a_transcripts_source_is_its_front_matter_and_its_messages_in_order() -> None:
    data = make_file(message("09:00:00", "江月", "早上好"), message("09:00:05", "陆一鸣"))
    transcript = read_bytes(data)
    assert transcript.source == data
    assert transcript.front.source + transcript.entries[0].source + transcript.entries[1].source == data


@pytest.mark.parametrize("kind", Kind)
def test_only_a_message_without_a_body_is_empty(kind: Kind) -> None:
    entry = Entry(1, ENTRY.time, "江月", b"", kind)
    assert entry.is_empty == (kind is Kind.UNSUPPORTED)


def test_a_reply_knows_what_it_quotes() -> None:
    body = f"「 江月: 几点 」 {RULE} 九点"
    (entry,) = read_bytes(make_file(message("09:00:00", "陆一鸣", body))).entries
    assert entry.quotation == Quotation("江月", "几点", "九点")


def test_an_ordinary_text_quotes_nothing() -> None:
    (entry,) = read_bytes(make_file(message("09:00:00", "陆一鸣", "九点"))).entries
    assert entry.quotation is None
