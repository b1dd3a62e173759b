"""The YAML at a file's head: every value a string, and nothing in it costs more than its length."""

import datetime as dt

import pytest

from chatlogs.transcripts import Problem
from chatlogs.transcripts.front_matter import MAX_BYTES, FrontMatterError, find_block, read_date, read_fields
from tests.transcripts.making import DAY, codes, make_file, make_front, message, read_bytes

HELLO = message("09:00:00", "江月", "早上好")


def error_of(data: bytes, date: dt.date | None = None) -> Problem:
    """The one error, and no message was read."""
    transcript = read_bytes(data, date)
    assert transcript.source == data
    assert not transcript.entries
    (problem,) = transcript.errors
    return problem


def test_every_field_is_a_string() -> None:
    fields = read_fields("date: 2018-03-27 12:00:00\nlines: 012\ntime: 12:30:45\nopen: yes\nnothing:\n")
    assert fields == {"date": "2018-03-27 12:00:00", "lines": "012", "time": "12:30:45", "open": "yes", "nothing": ""}


def test_a_list_is_joined() -> None:
    assert read_fields("tag: [chat, 支付]\nother:\n  - a\n  - b\nnone: []\n") == {
        "tag": "chat, 支付",
        "other": "a, b",
        "none": "",
    }


@pytest.mark.parametrize("author", ["江月-支付-杭州", '"江月-支付-杭州"', "'江月-支付-杭州'", "江月-支付-杭州  "])
def test_the_author_is_kept_quoted_or_not(author: str) -> None:
    assert read_bytes(make_file(author=author)).front.fields["author"] == "江月-支付-杭州"


@pytest.mark.parametrize("author", ["None", "PaymentGroup"])
def test_the_author_is_kept_as_written_where_it_means_nobody(author: str) -> None:
    assert read_bytes(make_file(author=author)).front.fields["author"] == author


def test_fields_may_be_missing() -> None:
    assert read_bytes(make_file(HELLO, author=None, title=None, layout=None)).problems == ()


def test_values_may_be_set_off_by_tabs() -> None:
    front = make_front().replace(b"---\n", b"", 1)
    assert read_bytes(b"---\ntag:\t\t  [chat]\n" + front).front.fields["tag"] == "chat"


def test_a_byte_order_mark_is_kept_and_no_part_of_a_field() -> None:
    data = b"\xef\xbb\xbf" + make_file(HELLO)
    transcript = read_bytes(data)
    assert transcript.problems == ()
    assert transcript.front.fields["layout"] == "source"
    assert transcript.source == data


def test_lines_may_end_in_crlf() -> None:
    transcript = read_bytes(make_file(HELLO).replace(b"\n", b"\r\n"))
    assert transcript.problems == ()
    assert transcript.front.fields["date"] == f"{DAY} 12:00:00"


def test_the_block_may_end_with_the_file() -> None:
    assert read_bytes(make_front()[:-1]).problems == ()


def test_the_day_is_the_front_matters() -> None:
    assert read_bytes(make_file(HELLO)).date == DAY


def test_the_file_names_date_may_agree() -> None:
    assert read_bytes(make_file(HELLO), DAY).problems == ()


def test_another_date_in_the_file_name_is_an_error() -> None:
    assert error_of(make_file(HELLO), dt.date(2018, 3, 28)).code == "date_differs"


@pytest.mark.parametrize("front", [b"---\n---\n", b"---\ntitle: x\n---\n", b"---\ndate: 2018-02-30\n---\n"])
def test_a_file_without_any_date_is_an_error(front: bytes) -> None:
    assert error_of(front + HELLO).code == "no_date"


@pytest.mark.parametrize("front", [b"---\n---\n", b"---\ndate: someday\n---\n"])
def test_the_file_names_date_stands_in_with_a_note(front: bytes) -> None:
    transcript = read_bytes(front + HELLO, DAY)
    assert transcript.date == DAY
    assert codes(transcript) == ["date_from_name"]
    assert not transcript.errors


@pytest.mark.parametrize(
    "data", [b"---\n", b"---\ndate: 2018-03-27\n", b"---", b"----\ndate: 2018-03-27\n---\n", HELLO]
)
def test_a_file_without_front_matter_is_an_error(data: bytes) -> None:
    assert error_of(data).code == "no_front_matter"


def test_front_matter_may_be_as_large_as_the_limit() -> None:
    front = make_front(padding="x")
    front = front.replace(b"x\n", b"x" * (MAX_BYTES - len(front) + 1) + b"\n")
    assert read_bytes(front + HELLO).problems == ()
    assert error_of(front.replace(b"xx", b"xxx", 1) + HELLO).code == "front_matter_too_large"


def test_a_line_that_only_begins_with_dashes_does_not_close_the_block_at_the_limit() -> None:
    head = b"---\npad: "
    data = head + b"x" * (MAX_BYTES + 1 - len(head) - 4) + b"\n---x\n"
    with pytest.raises(FrontMatterError) as error:
        find_block(data)
    assert error.value.problem.code == "no_front_matter"


@pytest.mark.parametrize(
    ("yaml", "code", "line"),
    [
        ("a: &a [x, x]\nb: *a", "front_matter_alias", 3),
        ("a: &a x\n<<: *a", "front_matter_alias", 3),
        ("a: " + "[" * 8_000, "front_matter_nested", 2),
        ("[" * 8_000, "front_matter_nested", 2),
        ("{a: " * 2_000, "front_matter_nested", 2),
        ("- " * 4_000, "front_matter_nested", 2),
        ("? " * 4_000, "front_matter_nested", 2),
        ("x: 1\na:\n  b:\n    c: d", "front_matter_nested", 4),
        ("[a, b]: c", "front_matter_nested", 2),
        ("just words", "front_matter_not_fields", 2),
        ("&a " * 2_000, "front_matter_not_fields", 2),
        ("date: 2018-03-27\nno field", "front_matter_not_yaml", 4),
    ],
)
def test_front_matter_that_is_no_flat_list_of_fields_is_an_error(yaml: str, code: str, line: int) -> None:
    problem = error_of(f"---\n{yaml}\n---\n".encode() + HELLO)
    assert (problem.code, problem.line) == (code, line)


@pytest.mark.parametrize(
    "author",
    [
        "@江月-云杉支付",
        "a: b",
        "*江月",
        "&江月 杭州",
        "[云杉]江月",
        "%江月",
        "`江月`",
        "江月\x10",
        "!江月 杭州",
        "- 江月",
        "{江月}",
        "[[[江月",
        "甲 # 支付",
        "? 江月",
        "| 江月",
    ],
)
def test_an_author_may_have_any_name_though_it_is_no_yaml(author: str) -> None:
    fields = read_fields(f"layout: source\ndate: 2018-03-27 12:00:00\nauthor:     {author}\ntag:\t\t  [chat]\n")
    assert fields["author"] == author
    assert fields["date"] == "2018-03-27 12:00:00"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019-03-15 12:00:00", dt.date(2019, 3, 15)),
        (" 2019-03-15-chat.markdown", dt.date(2019, 3, 15)),
        ("2019-3-5", dt.date(2019, 3, 5)),
        ("2019-03-155", None),
        ("2019-02-30", None),
        ("0019-03-15", None),
        ("9999-12-31", None),
        ("0000-01-01", None),
        ("２０１９-03-15", None),
        ("chat-2019-03-15", None),
        ("", None),
    ],
)
def test_a_date_stands_at_the_beginning(value: str, date: dt.date | None) -> None:
    assert read_date(value) == date
