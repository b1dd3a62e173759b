"""Files that are no transcript are refused with the reason, never guessed at."""

import gzip
import zlib

import pytest

from chatlogs.transcripts import ENCODINGS, Problem
from tests.transcripts.making import make_file, message, read_bytes

HELLO = make_file(message("09:00:00", "江月", "早上好，今天讨论清算规则"), message("09:00:05", "陆一鸣", "好的"))
FRONT_LINES = 6


def refusal_of(data: bytes, encoding: str = "utf-8") -> Problem:
    transcript = read_bytes(data, encoding=encoding)
    assert transcript.source == data
    assert not transcript.entries
    (problem,) = transcript.problems
    assert problem.is_error
    return problem


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (gzip.compress(HELLO), "looks_like_gzip"),
        (b"PK\x03\x04" + zlib.compress(HELLO), "looks_like_zip"),
        (b"\x89PNG\r\n\x1a\n\0\0", "looks_like_png"),
        (b"\xff\xd8\xff\xe0", "looks_like_jpeg"),
        (b"%PDF-1.7\n", "looks_like_pdf"),
        (b"SQLite format 3\0", "looks_like_sqlite"),
        (HELLO.decode().encode("utf-16"), "looks_like_utf_16"),
        (HELLO.decode().encode("utf-16-be"), "nul_character"),
    ],
)
def test_other_kinds_of_files_are_named(data: bytes, code: str) -> None:
    assert refusal_of(data).code == code


def test_a_nul_is_refused_with_its_line() -> None:
    problem = refusal_of(HELLO.replace("今天".encode(), b"\0"))
    assert (problem.code, problem.line) == ("nul_character", FRONT_LINES + 3)


def test_half_a_surrogate_pair_is_refused_with_its_line() -> None:
    problem = refusal_of(HELLO.replace("今天".encode(), b"\xed\xa0\x80"))
    assert (problem.code, problem.line) == ("lone_surrogate", FRONT_LINES + 3)


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    problem = refusal_of(HELLO.replace("好的".encode(), b"\xff\xfe"))
    assert (problem.code, problem.line) == ("not_decodable", FRONT_LINES + 7)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_a_legacy_encoding_is_suggested(encoding: str) -> None:
    text = "".join(message(f"09:00:{second:02}", "江月", "早上好，一起來看中文").decode() for second in range(60))
    problem = refusal_of((make_file().decode() + text).encode(encoding))
    assert f"--encoding {encoding}" in problem.message


def test_a_legacy_encoding_is_suggested_for_a_large_file() -> None:
    one = message("09:00:00", "江月", "早上好，今天讨论清算规则").decode().encode("gb18030")
    assert "--encoding gb18030" in refusal_of(make_file() + one * 10_000).message


def test_a_damaged_byte_in_utf_8_is_no_reason_to_suggest_another_encoding() -> None:
    damaged = HELLO.replace("今天".encode(), "今天".encode()[:-1])
    assert "--encoding" not in refusal_of(damaged).message


def test_no_encoding_is_suggested_where_none_fits() -> None:
    assert "--encoding" not in refusal_of(make_file() + b"\xff\xff\xff\n").message


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_is_read_in_the_encoding_it_is_said_to_have(encoding: str) -> None:
    data = make_file(message("09:00:00", "江月", "早上好 &lt;"), author="江月").decode().encode(encoding)
    transcript = read_bytes(data, encoding=encoding)
    assert transcript.problems == ()
    assert transcript.front.fields["author"] == "江月"
    assert [(entry.sender, entry.text) for entry in transcript.entries] == [("江月", "早上好 <")]
    assert transcript.source == data


def test_a_file_in_another_encoding_than_it_is_said_to_have_is_refused() -> None:
    assert refusal_of(HELLO, "big5").code == "not_decodable"


def test_a_file_without_front_matter_is_refused() -> None:
    assert refusal_of(b"# Notes\n\nSome words.\n").code == "no_front_matter"
