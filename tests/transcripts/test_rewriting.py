"""A message with other words in it, written so that it is read as that and as nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.text.masks import BLOCK
from chatlogs.transcripts import Entry, Kind, read_entry, rewrite_entry
from tests.transcripts.making import CELL_END, image, link_a, link_f, make_file, message, read_bytes, with_crlf

ONE = message("09:00:00", "陈江月", "金丝雀来了")


def rewritten(source: bytes, text: str, encoding: str = "utf-8") -> Entry | None:
    return rewrite_entry(read_entry(source, encoding), text, encoding)


@pytest.mark.parametrize(
    "text",
    [
        BLOCK, "", " ", f"{BLOCK}来了", "&lt;b&gt;", "a & b", "<a href='x'>", "[强](说得好)", "两\n行", "> 引用", "!",
        "末尾  ", "![2018-03-27 09:00:00](x)", "---", "尾\n", "\n头",
    ],
)  # fmt: skip
def test_it_is_read_as_what_was_written(text: str) -> None:
    entry = rewritten(ONE, text)
    if entry is not None:
        assert read_entry(entry.source)[1:] == entry[1:]
        assert (entry.kind, entry.text, entry.sender) == (Kind.TEXT, text, "陈江月")


@pytest.mark.parametrize("text", [BLOCK, f"{BLOCK}来了", "a & b", "两\n行"])
def test_what_is_plain_can_be_written(text: str) -> None:
    assert rewritten(ONE, text) is not None


def test_nothing_of_the_former_text_is_left() -> None:
    entry = rewritten(ONE, BLOCK)
    assert entry is not None
    assert "金丝雀".encode() not in entry.source


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=40))
def test_whatever_the_text_is_the_file_has_as_many_messages(text: str) -> None:
    entry = rewritten(ONE, text)
    if entry is None:
        return
    before, after = message("08:59:00", "石榴", "早"), message("09:01:00", "石榴", "好")
    read = read_bytes(make_file(before, entry.source, after))
    assert [one.text for one in read.entries] == ["早", text, "好"]


@pytest.mark.parametrize(
    "text",
    ["好\n> 10:00:00  石榴  ", "好\n> 10:00:00  石榴  \n   \n我说的  \n   ", "好\n> 10:00:00", "> 10:00:00  石榴  "],
)
def test_no_text_makes_a_message_of_somebody_elses(text: str) -> None:
    entry = rewritten(ONE, text)
    assert entry is None or len(read_bytes(make_file(entry.source)).entries) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_it_is_written_in_the_files_encoding(encoding: str) -> None:
    entry = rewritten(ONE.decode().encode(encoding), f"{BLOCK}来了", encoding)
    assert entry is not None
    assert read_entry(entry.source, encoding).text == f"{BLOCK}来了"


def test_what_an_encoding_cannot_write_is_not_written() -> None:
    assert rewritten(ONE.decode().encode("gb2312"), "🙂", "gb2312") is None


def test_a_file_from_windows_is_read_as_before() -> None:
    entry = rewritten(with_crlf(ONE), BLOCK)
    assert entry is not None
    assert (read_entry(entry.source).text, read_entry(entry.source).sender) == (BLOCK, "陈江月")


@pytest.mark.parametrize(
    "source",
    [
        message("09:00:00", "陈江月", link_a("文章", "https://read.example.com/x")),
        message("09:00:00", "陈江月", link_f("对账.xlsx")),
        image("09:00:00", "陈江月"),
        message("09:00:00", "陈江月"),
    ],
    ids=["link", "file", "image", "nothing"],
)
def test_only_texts_are_rewritten(source: bytes) -> None:
    assert rewritten(source, BLOCK) is None


def test_what_is_no_message_is_not_rewritten() -> None:
    assert rewrite_entry(read_entry("没有头".encode()), BLOCK) is None


def test_what_the_export_left_behind_is_not_left() -> None:
    entry = rewritten(message("09:00:00", "陈江月", f"金丝雀{CELL_END}"), BLOCK)
    assert entry is not None
    assert b"td" not in entry.source


# A transcript without some of its messages


def test_without_entries_the_others_are_as_they_were() -> None:
    whole = read_bytes(make_file(*(message(f"09:00:0{n}", "陈江月", f"第{n}句") for n in range(4))))
    left = whole.without({1, 2}, {3: whole.entries[3]._replace(text="x")})
    assert ([one.text for one in left.entries], left.gaps) == (["第0句", "x"], frozenset({1}))


def test_without_nothing_it_is_itself() -> None:
    whole = read_bytes(make_file(ONE))
    assert whole.without(()) is whole


def test_pairs_of_a_merged_export_are_pairs_still() -> None:
    lines = [message(f"09:00:0{n // 2}", ("陈江月", "我")[n % 2], f"第{n // 2}句") for n in range(6)]
    whole = read_bytes(make_file(*lines))
    assert whole.duplicates == {1: 0, 3: 2, 5: 4}
    assert whole.without({0}).duplicates == {2: 1, 4: 3}


def test_gaps_and_accounts_are_remembered_when_more_is_left_out() -> None:
    whole = read_bytes(make_file(*(message(f"09:00:0{n}", "陈江月", f"第{n}句") for n in range(4))))
    assert whole.without({0}).without({1}).gaps == {0, 1}
