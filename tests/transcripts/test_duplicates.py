"""Days on which two phones' exports were merged; on all others, equal messages are people's own."""

from collections.abc import Sequence

import pytest

from chatlogs.transcripts.duplicates import MAX_GROUP
from tests.transcripts.making import image, make_file, message, read_bytes

Said = tuple[str, str, str]


def doubles_of(*said: Said) -> dict[int, int]:
    """Of messages given as (second, sender, text)."""
    return dict(read_bytes(make_file(*(message(f"09:00:{second}", *rest) for second, *rest in said))).duplicates)


def singles(count: int) -> list[Said]:
    return [(f"{10 + n}", "江月", f"第 {n} 句") for n in range(count)]


PAIR: Sequence[Said] = [("00", "江月", "早"), ("00", "江月-青禾-产品-杭州", "早")]


def test_one_of_two_names_for_one_message_is_shown() -> None:
    assert doubles_of(*PAIR) == {0: 1}


def test_the_fuller_name_is_shown_wherever_it_stands() -> None:
    assert doubles_of(*reversed(PAIR)) == {1: 0}


def test_of_two_names_as_full_the_first_is_shown() -> None:
    assert doubles_of(("00", "江月", "早"), ("00", "月亮", "早")) == {1: 0}


@pytest.mark.parametrize("name", ["我", "", "wxid_sample0000000a", "kele_sample77]]>"])
def test_a_name_that_says_nothing_gives_way_to_any_other(name: str) -> None:
    assert doubles_of(("00", name, "早"), ("00", "月", "早")) == {0: 1}


def test_pairs_may_cover_exactly_thirty_percent_of_the_messages() -> None:
    three_pairs = [(f"0{n}", sender, text) for n in range(3) for _, sender, text in PAIR]
    assert len(doubles_of(*three_pairs, *singles(14))) == 3


def test_below_thirty_percent_nothing_is_a_double() -> None:
    three_pairs = [(f"0{n}", sender, text) for n in range(3) for _, sender, text in PAIR]
    assert doubles_of(*three_pairs, *singles(15)) == {}


def test_signing_in_together_on_an_ordinary_day_doubles_nobody() -> None:
    plus_ones = [("00", name, "+1") for name in ("江月", "陆一鸣", "石榴")]
    assert doubles_of(*singles(20), *plus_ones) == {}


def test_one_person_repeating_a_text_is_no_pair() -> None:
    assert doubles_of(*[("00", "江月", "[强]")] * 20) == {}


def test_another_second_is_no_pair() -> None:
    assert doubles_of(("00", "江月", "早"), ("01", "月亮", "早")) == {}


def test_another_text_is_no_pair() -> None:
    assert doubles_of(("00", "江月", "早"), ("00", "月亮", "早!")) == {}


def test_two_phones_messages_of_one_second_may_interleave() -> None:
    known = [("00", "a", "早"), ("00", "aa", "早"), ("01", "b", "好"), ("01", "bb", "好")]
    interleaved = [("02", name, "+1") for name in ("a", "b", "bb", "aa")]
    assert doubles_of(*known, *interleaved) == {0: 1, 2: 3, 4: 7, 5: 6}


def test_names_not_paired_elsewhere_go_together_in_their_order() -> None:
    assert doubles_of(*(("00", name, "+1") for name in ("a", "aa", "b", "bb"))) == {0: 1, 2: 3}


def test_the_one_left_over_of_three_is_no_double() -> None:
    assert doubles_of(*PAIR, ("00", "石榴", "早")) == {0: 1}


def test_messages_without_a_body_are_paired_too() -> None:
    data = make_file(message("09:00:00", "江月"), message("09:00:00", "江月-产品"))
    assert read_bytes(data).duplicates == {0: 1}


def test_images_of_one_address_are_paired_too() -> None:
    data = make_file(image("09:00:00", "江月"), image("09:00:00", "江月-产品"))
    assert read_bytes(data).duplicates == {0: 1}


def test_both_messages_of_a_pair_stay_in_the_source() -> None:
    data = make_file(*(message("09:00:00", sender, text) for _, sender, text in PAIR))
    transcript = read_bytes(data)
    assert len(transcript.entries) == 2
    assert transcript.source == data


def test_an_empty_file_has_no_doubles() -> None:
    assert doubles_of() == {}


def test_a_flood_of_equal_messages_is_left_alone() -> None:
    flood = [("00", f"n{n}", "+1") for n in range(MAX_GROUP + 1)]
    assert doubles_of(*flood) == {}
    assert len(doubles_of(*flood[:-1])) == MAX_GROUP // 2


def test_no_message_is_both_shown_and_a_double() -> None:
    duplicates = doubles_of(*(("00", f"n{n % 7}", "+1") for n in range(41)))
    assert not duplicates.keys() & set(duplicates.values())
    assert len(set(duplicates.values())) == len(duplicates)
