"""The samples show every form there is, and are what their README says of them."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from chatlogs.text.quotations import find_quotation
from chatlogs.transcripts import Entry, Kind, Transcript
from tests.transcripts import samples
from tests.transcripts.making import codes, read_bytes

ROW = re.compile(r"^\| ([-\w/]+\.\w+) \| (\d+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def transcripts() -> dict[str, Transcript]:
    return {samples.name(path): read_bytes(path.read_bytes()) for path in samples.PATHS}


@pytest.fixture(scope="module")
def entries(transcripts: dict[str, Transcript]) -> list[Entry]:
    return [entry for transcript in transcripts.values() for entry in transcript.entries]


def test_the_readme_lists_every_file_with_its_number_of_messages(transcripts: dict[str, Transcript]) -> None:
    rows = ROW.findall((samples.ROOT / "samples" / "README.md").read_text())
    assert {name: int(count) for name, count in rows} == {
        name: len(transcript.entries) for name, transcript in transcripts.items()
    }


def test_their_only_problem_is_a_count_of_texts_alone(transcripts: dict[str, Transcript]) -> None:
    found = Counter(code for transcript in transcripts.values() for code in codes(transcript))
    assert found.keys() == {"count_differs"}


def test_there_are_messages_of_every_kind(entries: list[Entry]) -> None:
    assert {entry.kind for entry in entries} == set(Kind)


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("A", rb"\n\[[^\r\n]*\]\(https?://"),
        ("A, parted by CRLF", rb"\n\[[^\r\n]*\r\n\]\(https?://"),
        ("A, parted by LF", rb"\n\[[^\r\n]*\n\]\(https?://"),
        ("A with XML", rb"\]\([&;\w]*lt;\?xml"),
        ("B, parted by CRLF", rb"a href=[^\r\n]*/td&gt;&lt;/tr&gt;\r\n\]\(&lt;tr "),
        ("B, parted by LF", rb"a href=[^\r\n]*/td&gt;&lt;/tr&gt;\n\]\(&lt;tr "),
        ("C, parted by CRLF", rb"\n\[[^\r\n&]*&lt;/td&gt;&lt;/tr&gt;\r\n\]\(&lt;tr "),
        ("C, parted by LF", rb"\n\[[^\r\n&]*&lt;/td&gt;&lt;/tr&gt;\n\]\(&lt;tr "),
        ("F", rb"\n\[[^\r\n]*\r?\n\]\(\)"),
        ("left-overs behind an account", rb"x:str&gt;wxid_\w+\]\]&gt;"),
        ("a chosen account", rb"x:str&gt;(?!wxid_)\w+\)"),
        ("escaped once", rb"(?<!;)&lt;"),
        ("escaped twice", rb"&amp;lt;|&amp;quot;"),
        ("escaped three times", rb"&amp;amp;\w+;"),
        ("a parameter like an entity", rb"&timestamp="),
        ("a byte-order mark", rb"\A\xef\xbb\xbf---"),
        ("CRLF throughout", rb"\A---\r\n(?:[^\n]*\r\n)*\Z"),
        ("no count", rb"\A(?:(?!lines:)[^\n]*\n)*\Z"),
        ("the damaged quotation", rb"\n\? [^\n]* \? - - - - - - - - - - - - - - - "),
        ("control characters", rb"[\x10\x12\x14]"),
    ],
)
def test_there_is_every_form(form: str, pattern: bytes) -> None:
    assert any(re.search(pattern, path.read_bytes()) for path in samples.PATHS), form


def test_there_is_a_doubled_day_among_ordinary_ones(transcripts: dict[str, Transcript]) -> None:
    assert sum(bool(transcript.duplicates) for transcript in transcripts.values()) == 1


def test_there_are_equal_messages_that_are_no_doubles(transcripts: dict[str, Transcript]) -> None:
    said = [
        Counter(entry.text for entry in transcript.entries)["+1"]
        for transcript in transcripts.values()
        if not transcript.duplicates
    ]
    assert max(said) >= 3


def test_there_are_messages_without_sender_with_and_without_body(entries: list[Entry]) -> None:
    assert {entry.is_empty for entry in entries if not entry.sender} == {True, False}


def test_there_are_blank_bodies(entries: list[Entry]) -> None:
    assert any(entry.kind is Kind.TEXT and not entry.text.strip() for entry in entries)


def test_there_are_accounts_as_sender_and_as_text_and_before_the_next_sender(entries: list[Entry]) -> None:
    assert any(entry.sender.startswith("wxid_") for entry in entries)
    assert any(entry.text.startswith("wxid_") for entry in entries)
    assert any(one.account and two.sender for one, two in pairwise(entries))


def test_there_are_quotations_of_somebody_and_of_oneself(entries: list[Entry]) -> None:
    quoted = [quotation.name for entry in entries if (quotation := find_quotation(entry.text))]
    assert "我" in quoted
    assert len(quoted) > quoted.count("我")


def test_a_day_without_messages_is_among_them(transcripts: dict[str, Transcript]) -> None:
    assert any(not transcript.entries for transcript in transcripts.values())


def test_no_address_leads_to_a_real_site() -> None:
    for path in samples.PATHS:
        hosts = set(re.findall(rb"https?://([\w.-]+)", path.read_bytes()))
        assert all(re.fullmatch(rb"(?:[\w-]+\.)*example\.(?:org|com|net)", host) for host in hosts)
