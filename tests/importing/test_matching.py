"""Each message is written `09:00:00 sender text`; the old ones have the letters a, b, c … as names."""

import pytest

from chatlogs.importing.matching import match
from chatlogs.transcripts import Entry
from tests.transcripts.making import make_file, message, read_bytes


def entries(*lines: str) -> tuple[Entry, ...]:
    messages = (message(*line.split(" ", 2)) for line in lines)
    return read_bytes(make_file(*messages)).entries


def matched(old: list[str], new: list[str], live: int | None = None) -> str:
    """For each new message the letter of its old one, or `.` for none."""
    matches = match(entries(*old), entries(*new), live)
    return "".join("." if index is None else "abcdefgh"[index] for index in matches)


MORNING = ["09:00:00 江月 早上好", "09:00:05 陆一鸣 早", "09:00:09 江月 开会了"]


def test_equal_transcripts_match_one_by_one() -> None:
    assert matched(MORNING, MORNING) == "abc"


def test_an_inserted_message_matches_nothing() -> None:
    assert matched(MORNING, [*MORNING[:1], "09:00:02 乔木 来了", *MORNING[1:]]) == "a.bc"


def test_a_deleted_message_is_left_over() -> None:
    assert matched(MORNING, [MORNING[0], MORNING[2]]) == "ac"


def test_messages_that_changed_places_within_a_second_match_by_text() -> None:
    old = ["09:00:00 江月 一", "09:00:00 陆一鸣 二", "09:00:00 江月 三"]
    assert matched(old, [old[2], old[1], old[0]]) == "cba"


def test_a_corrected_text_matches_by_time_and_sender() -> None:
    assert matched(MORNING, [MORNING[0], "09:00:05 陆一鸣 早安", MORNING[2]]) == "abc"


def test_a_corrected_sender_matches_beside_a_matched_message() -> None:
    assert matched(MORNING, [MORNING[0], "09:00:05 陆一鸣-青禾 早", MORNING[2]]) == "abc"


def test_a_corrected_time_matches_beside_a_matched_message() -> None:
    assert matched(MORNING, [MORNING[0], "09:00:06 陆一鸣 早", MORNING[2]]) == "abc"


@pytest.mark.parametrize("place", [0, 2])
def test_the_first_and_the_last_message_are_beside_the_edge(place: int) -> None:
    new = [*MORNING]
    new[place] = new[place].replace("江月", "江上月")
    assert matched(MORNING, new) == "abc"


def test_a_sender_renamed_throughout_matches_throughout() -> None:
    assert matched(MORNING, [line.replace("江月", "江上月") for line in MORNING]) == "abc"


def test_everybody_renamed_matches_throughout() -> None:
    assert matched(MORNING, [line.replace("月", "湖").replace("鸣", "飞") for line in MORNING]) == "abc"


def test_a_renamed_sender_matches_around_an_inserted_message() -> None:
    renamed = [line.replace("江月", "江上月") for line in MORNING]
    assert matched(MORNING, [renamed[0], "09:00:02 乔木 来了", *renamed[1:]]) == "a.bc"


def test_a_renamed_sender_matches_between_an_inserted_message_and_a_matched_one() -> None:
    new = ["08:59:59 乔木 来了", MORNING[0].replace("江月", "江上月"), *MORNING[1:]]
    assert matched(MORNING, new) == ".abc"


def test_a_corrected_sender_away_from_everything_matched_matches_nothing() -> None:
    assert matched(MORNING, ["09:00:01 乔木 一", "09:00:03 陆鸣 早", "09:00:04 乔木 三"]) == "..."


def test_equal_messages_match_in_order() -> None:
    old = ["09:00:00 江月 [强]"] * 3
    assert matched(old, old[:2]) == "ab"


def test_of_equal_times_and_senders_equal_texts_match_first() -> None:
    old = ["09:00:00 江月 一", "09:00:00 江月 二", "09:00:00 江月 三"]
    assert matched(old, ["09:00:00 江月 三", "09:00:00 江月 壹", "09:00:00 江月 二"]) == "cab"


def test_left_overs_of_equal_time_and_sender_match_in_order() -> None:
    old = ["09:00:00 江月 一", "09:00:00 江月 二"]
    assert matched(old, ["09:00:00 江月 壹", "09:00:00 江月 贰"]) == "ab"


def test_a_withdrawn_message_returns() -> None:
    assert matched(MORNING, MORNING, live=2) == "abc"


def test_a_live_message_comes_before_an_equal_withdrawn_one() -> None:
    assert matched(["09:00:00 江月 [强]"] * 2, ["09:00:00 江月 [强]"], live=1) == "a"


def test_a_withdrawn_message_is_beside_nothing() -> None:
    assert matched(MORNING, [*MORNING[:2], "09:00:09 江上月 开会了"], live=2) == "ab."


def test_a_text_that_became_an_image_keeps_its_place() -> None:
    new = [MORNING[0], "09:00:05 陆一鸣 ![2018-03-27 09:00:05](https://img.example.org/1.png)", MORNING[2]]
    assert matched(MORNING, new) == "abc"


def test_nothing_matches_nothing() -> None:
    assert matched([], MORNING) == "..."
    assert matched(MORNING, []) == ""
