"""Whatever the bytes are, reading ends in a transcript that has kept every one of them."""

import datetime as dt
import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus import days
from chatlogs.transcripts import ENCODINGS, MAX_FILE_BYTES, Transcript, read, read_entry
from tests.transcripts import samples
from tests.transcripts.making import (
    DAY,
    codes,
    image,
    link_a,
    link_b,
    link_c,
    link_f,
    make_file,
    make_front,
    message,
    read_bytes,
)

FRONT = make_front()
WHOLE = [
    message("09:00:00", "江月", "早上好 &amp;amp;lt;"),
    message("09:00:00", " 江月-青禾 ", ""),
    message("09:00:01", ""),
    message("25:61:00", "陆一鸣", "> 引用"),
    message("08:00:00", "wxid_sample0000000a]]>", "wxid_sample0000000a"),
    image("09:00:02", "石榴"),
    message("09:00:03", "石榴", link_a("T", "https://example.org/?a=1&amp;timestamp=2", "\n")),
    message("09:00:04", "石榴", link_b("T", "https://example.org/", "sample_lu2046")),
    message("09:00:05", "石榴", link_c("红包", "sample_lu2046]]&gt;")),
    message("09:00:06", "石榴", link_f("a.pdf")),
]
PIECES = [
    b"---\n", b"---", b"date: 2018-03-27\n", b"a: [", b"\xef\xbb\xbf", b"> ", b"> 09:00:00", b"> 09:00:00  ",
    b"  \n", b"   \n", b" \n", b"\n", b"\r\n", b"\r", b" ", b"[", b"](", b")", b"]()", b"![2018-03-27 09:00:00](",
    b"&lt;", b"&amp;", b"&#", b"39;", b"&lt;/td&gt;&lt;/tr&gt;", b"&lt;tr x&gt;&lt;td x:str&gt;", b"]]&gt;",
    b'<a href="', b'">', b"</a>", b"https://example.org/", b"javascript:", b"wxid_a", b"@chatroom",
    b"\0", b"\x10", b"\x0b\x0c", b"\xff", b"\xed\xa0\x80", b"\xe6\xb1", b"\xe2\x80\xa8",
    "江月".encode(), "[强]".encode(),
    "「 我: 早 」 - - - - - - - - - - - - - - - 好".encode(),
]  # fmt: skip

some_bytes = st.binary(max_size=300)
some_pieces = st.lists(st.sampled_from(WHOLE + PIECES) | st.binary(max_size=3), max_size=25).map(b"".join)
dates = st.none() | st.sampled_from([DAY, dt.date(2019, 3, 15)])


def read_safely(data: bytes, date: dt.date | None = None, encoding: str = "utf-8") -> Transcript:
    """What holds for every file there is."""
    transcript = read(BytesIO(data), "tea-room", date, encoding=encoding)
    assert transcript.source == data
    assert transcript.date is not None or transcript.errors
    last_line = data.count(b"\n") + 1
    assert all(0 <= problem.line <= last_line for problem in transcript.problems)
    duplicates = transcript.duplicates
    assert not duplicates.keys() & set(duplicates.values())
    assert all(place in range(len(transcript.entries)) for pair in duplicates.items() for place in pair)
    for entry in transcript.entries:
        assert "\0" not in entry.sender + entry.text
        (entry.sender + entry.text).encode()
        assert read_entry(entry.source, encoding)._replace(line=entry.line) == entry
    return transcript


@given(some_bytes, dates)
def test_any_bytes_are_read_and_kept(data: bytes, date: dt.date | None) -> None:
    read_safely(data, date)


@given(some_bytes | some_pieces, dates)
def test_any_bytes_behind_front_matter_are_read_and_kept(data: bytes, date: dt.date | None) -> None:
    read_safely(FRONT + data, date)


@given(some_bytes | some_pieces)
def test_any_bytes_within_front_matter_are_read_and_kept(data: bytes) -> None:
    read_safely(b"---\n" + data + b"\n---\n" + WHOLE[0])


@given(some_pieces, dates)
def test_any_pieces_of_real_forms_are_read_and_kept(data: bytes, date: dt.date | None) -> None:
    read_safely(data, date)


@given(some_pieces.map(lambda data: data.decode("utf-8", "replace")), st.sampled_from(ENCODINGS))
def test_any_pieces_in_a_legacy_encoding_are_read_and_kept(text: str, encoding: str) -> None:
    read_safely(FRONT + text.encode(encoding, "ignore"), encoding=encoding)


@given(some_bytes, st.sampled_from(ENCODINGS))
def test_any_bytes_in_a_legacy_encoding_are_read_and_kept(data: bytes, encoding: str) -> None:
    read_safely(FRONT + b"> 09:00:00  a  \n   \n" + data, encoding=encoding)


@given(st.randoms(use_true_random=False), st.sampled_from(samples.PATHS))
def test_samples_with_pieces_cut_repeated_and_put_in_are_read_and_kept(rng: random.Random, path: Path) -> None:
    data = path.read_bytes()[: rng.choice([600, 6_000])]
    for _ in range(rng.randint(1, 6)):
        start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        start = max(start, end - rng.choice([1, 3, 100]))
        data = data[:start] + rng.choice([b"", data[start:end] * 2, rng.choice(PIECES)]) + data[end:]
    read_safely(data)


@given(some_bytes | some_pieces)
def test_a_message_cannot_change_how_those_before_it_are_read(data: bytes) -> None:
    before = FRONT + b"".join(WHOLE[:3])
    entries = read_bytes(before + b"> 10:00:00  a  \n" + data).entries
    assert entries == () or entries[:3] == read_bytes(before).entries


@pytest.mark.parametrize("path", samples.PATHS, ids=samples.name)
def test_each_sample_is_read_and_kept(path: Path) -> None:
    assert not read_safely(path.read_bytes()).errors


def test_generated_days_are_read_without_a_problem() -> None:
    for file in days(messages=3_000, seed=7, since=dt.date(2017, 12, 10)):
        transcript = read_safely(file.data, file.date)
        assert not set(codes(transcript)) - {"count_differs"}


def test_the_room_is_the_one_given() -> None:
    assert read_bytes(FRONT).room == "tea-room"


def test_reading_the_same_bytes_again_gives_the_same() -> None:
    data = make_file(*WHOLE)
    assert read_bytes(data) == read_bytes(data)


def test_a_file_over_the_limit_is_refused_and_only_its_beginning_read() -> None:
    stream = BytesIO(FRONT + b"x" * (MAX_FILE_BYTES + 10))
    transcript = read(stream, "tea-room")
    assert codes(transcript) == ["file_too_large"]
    assert stream.tell() == MAX_FILE_BYTES + 1


def test_errors_of_the_stream_pass_through() -> None:
    stream = BytesIO()
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        read(stream, "tea-room")


@given(some_bytes | some_pieces)
def test_bytes_that_are_no_message_are_read_as_one_too(source: bytes) -> None:
    if source.decode("utf-8", "ignore").encode() == source:
        assert read_entry(source).source == source
