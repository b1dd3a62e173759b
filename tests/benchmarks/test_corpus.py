"""The generated corpus has the sizes and shares that the benchmarks rely on."""

import os
import re
import subprocess
import sys
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

import pytest

from benchmarks.corpus import DayFile, days, write_corpus
from benchmarks.rhythm import LARGEST_DAY, day_size, is_doubled
from benchmarks.vocabulary import WORDS

MESSAGES = 12_000

FRONT = re.compile(r"---\n(?:[a-z-]+:[ \t]+\S.*\n)+---\n")
HEADER = re.compile(r"^> (\d\d:\d\d:\d\d)  (.*)  \n   \n", re.MULTILINE)
BODY = re.compile(
    r"""(?: !\[\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d\]\(https?://\S+\.png\)\ \n\ {3}\n  # image
        | \[[^\n]*\r?\n?\]\([^\n]*\)\ \ \n\ {3}\n                                  # link
        | (?!>)[^\r\n]*\ \ \n\ {3}\n )?                                            # text
    """,
    re.VERBOSE,
)
TAIL = re.compile(r" x:str&gt;([^)\n]+)\)  \n")

Message = tuple[str, str, str]  # time, sender, body


def read(data: bytes) -> list[Message]:
    _, *pieces = HEADER.split(data.decode())
    return list(zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True))


def is_text(body: str) -> bool:
    return bool(body) and not body.startswith("![") and "](" not in body


def digest(files: list[DayFile]) -> str:
    return sha256(b"".join(file.data for file in files)).hexdigest()


@pytest.fixture(scope="module")
def files() -> list[DayFile]:
    return list(days(messages=MESSAGES, seed=1))


@pytest.fixture(scope="module")
def transcripts(files: list[DayFile]) -> list[list[Message]]:
    return [read(file.data) for file in files]


@pytest.fixture(scope="module")
def bodies(transcripts: list[list[Message]]) -> list[str]:
    return [body for messages in transcripts for _, _, body in messages]


@pytest.fixture(scope="module")
def texts(bodies: list[str]) -> list[str]:
    return [body.removesuffix("  \n   \n") for body in bodies if is_text(body)]


@pytest.fixture(scope="module")
def sizes() -> list[int]:
    day = date(2017, 5, 1).toordinal()
    return [day_size(1, "lighthouse", date.fromordinal(day + n)) for n in range(2_000)]


def test_the_same_seed_gives_the_same_bytes(files: list[DayFile]) -> None:
    assert files == list(days(messages=MESSAGES, seed=1))


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "from benchmarks.corpus import days\n"
        "from hashlib import sha256\n"
        "data = b''.join(file.data for file in days(messages=500, seed=3))\n"
        "print(sha256(data).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    root = Path(__file__).parents[2]
    other = subprocess.check_output([sys.executable, "-c", program], cwd=root, env=environment)
    assert other.decode().strip() == digest(list(days(messages=500, seed=3)))


def test_another_seed_gives_other_bytes() -> None:
    assert digest(list(days(messages=500, seed=1))) != digest(list(days(messages=500, seed=2)))


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(files: list[DayFile]) -> None:
    smaller = list(days(messages=2_000, seed=1))
    assert smaller[:-1] == files[: len(smaller) - 1]


@pytest.mark.parametrize("messages", [0, 1, 999, 2_500])
def test_it_holds_as_many_messages_as_were_asked_for(messages: int) -> None:
    assert sum(len(read(file.data)) for file in days(messages=messages, seed=2)) == messages


def test_no_room_has_two_files_for_a_day(files: list[DayFile]) -> None:
    assert len({(file.room, file.date) for file in files}) == len(files)


def test_a_corpus_too_large_for_three_rooms_has_more() -> None:
    first = [file.room for file, _ in zip(days(messages=1_200_000), range(200), strict=False)]
    assert len(set(first)) == 8


def test_every_file_begins_with_front_matter_and_a_header(files: list[DayFile]) -> None:
    for file in files:
        text = file.data.decode()
        front = FRONT.match(text)
        assert front
        assert f"date:       {file.date} 12:00:00\n" in front[0]
        assert HEADER.match(text, front.end()) or front.end() == len(text)


def test_every_line_that_begins_a_message_is_a_header(files: list[DayFile]) -> None:
    for file in files:
        text = file.data.decode()
        assert len(re.findall("^>", text, re.MULTILINE)) == len(HEADER.findall(text))


def test_every_body_is_a_text_an_image_a_link_or_nothing(bodies: list[str]) -> None:
    assert [body for body in bodies if not BODY.fullmatch(body)] == []


def test_every_address_is_of_an_example_domain(files: list[DayFile]) -> None:
    hosts = {host for file in files for host in re.findall(rb"https?://([\w.]+)", file.data)}
    assert all(re.fullmatch(rb"\w+\.example\.(?:org|net|com)", host) for host in hosts)


def test_times_never_run_backwards(transcripts: list[list[Message]]) -> None:
    for messages in transcripts:
        times = [time for time, _, _ in messages]
        assert times == sorted(times)
        assert all(time <= "23:59:59" for time in times)


def test_some_messages_share_a_second(transcripts: list[list[Message]]) -> None:
    assert any(one[0] == two[0] for messages in transcripts for one, two in pairwise(messages))


def test_a_tail_of_a_link_is_one_account_for_one_next_sender(
    files: list[DayFile], transcripts: list[list[Message]]
) -> None:
    accounts: dict[tuple[str, date, str], set[str]] = {}
    for file, messages in zip(files, transcripts, strict=True):
        for (_, _, body), (_, sender, _) in pairwise(messages):
            if tail := TAIL.search(body):
                accounts.setdefault((file.room, file.date, sender), set()).add(tail[1])
    assert len(accounts) > 20
    assert "" not in {sender for _, _, sender in accounts}
    assert all(len(found) == 1 for found in accounts.values())


def test_half_the_days_hold_about_a_hundred_messages(sizes: list[int]) -> None:
    assert 90 <= median(sizes) <= 112


def test_nine_days_of_ten_hold_fewer_than_450_messages(sizes: list[int]) -> None:
    assert 350 <= quantiles(sizes, n=10)[-1] < 450


def test_a_few_days_are_empty(sizes: list[int]) -> None:
    assert 0.01 <= sizes.count(0) / len(sizes) <= 0.03


def test_no_day_is_larger_than_the_largest_real_one(sizes: list[int]) -> None:
    assert max(sizes) <= LARGEST_DAY


def test_once_a_year_a_day_is_as_large_as_the_largest_real_one() -> None:
    assert day_size(1, "teahouse", date(2018, 11, 11)) == LARGEST_DAY


def test_half_the_texts_have_about_thirteen_characters(texts: list[str]) -> None:
    assert 12 <= median(len(text) for text in texts) <= 14


def test_all_texts_but_one_in_a_hundred_are_under_137_characters(texts: list[str]) -> None:
    assert 90 <= quantiles([len(text) for text in texts], n=100)[-1] < 150


def test_one_message_in_eleven_mentions_someone(bodies: list[str]) -> None:
    assert 0.08 <= sum("@" in body for body in bodies) / len(bodies) <= 0.10


def test_eighteen_texts_of_a_hundred_hold_a_special_character(texts: list[str]) -> None:
    special = sum(bool(re.search(r"""[@&<>"\[]|http""", text)) for text in texts)
    assert 0.16 <= special / len(texts) <= 0.20


def test_three_messages_of_a_hundred_are_images(bodies: list[str]) -> None:
    assert 0.02 <= sum(body.startswith("![") for body in bodies) / len(bodies) <= 0.04


def test_half_the_gaps_are_under_25_seconds(transcripts: list[list[Message]]) -> None:
    clocks = [[seconds(time) for time, _, _ in messages] for messages in transcripts]
    gaps = [two - one for clock in clocks for one, two in pairwise(clock)]
    assert 18 <= median(gaps) <= 30
    assert 0.03 <= sum(gap > 660 for gap in gaps) / len(gaps) <= 0.07


def seconds(time: str) -> int:
    hours, minutes, rest = map(int, time.split(":"))
    return hours * 3600 + minutes * 60 + rest


def test_the_vocabulary_has_no_duplicate_words() -> None:
    assert len(set(WORDS)) == len(WORDS) == 5_000


def test_common_words_are_common_and_rare_words_rare(texts: list[str]) -> None:
    hits = [sum(word in text for text in texts) for word in (WORDS[3], WORDS[-3])]
    assert hits[0] > 500
    assert hits[1] < 50


def test_on_doubled_days_most_messages_occur_under_two_names() -> None:
    merged = next(file for file in days(messages=9_000, since=date(2017, 12, 18)) if file.data)
    assert is_doubled(merged.date)
    messages = read(merged.data)
    pairs = 0
    for (time, name, body), (next_time, next_name, next_body) in pairwise(messages):
        pairs += (time, body) == (next_time, next_body) and name != next_name
    assert 2 * pairs / len(messages) > 0.6


def test_the_summary_counts_the_written_messages(tmp_path: Path) -> None:
    summary = write_corpus(tmp_path, messages=1_500, seed=5)
    written = sorted(tmp_path.glob("*/_posts/????-??-??-chat.markdown"))
    bodies = [body for path in written for _, _, body in read(path.read_bytes())]
    assert summary.files == len(written)
    assert summary.messages == len(bodies) == 1_500
    assert summary.images == sum(body.startswith("![") for body in bodies)
    assert summary.links == sum("](" in body and body[0] == "[" for body in bodies)
    assert summary.bytes == sum(path.stat().st_size for path in written)
