"""An edited file changes what was edited, and leaves the rest alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatlogs import search
from chatlogs.importing import Report
from chatlogs.models import Alias, Archive, Day, ImportRun, Link, Message, Segment
from tests.importing.archives import (
    exported,
    hide,
    import_tree,
    live_keys,
    live_messages,
    live_texts,
    on_disk,
    recount,
    row_writes,
    shown_texts,
    stored_counters,
)
from tests.transcripts.making import DAY, image, link_a, message, write_transcript

RUN_ONLY = 2
NAMES = ("江月", "陆一鸣", "乔木")
State = Message.State


def chatter(*texts: str) -> list[bytes]:
    """One message every five seconds, each text by the next of three people."""
    return [message(f"09:00:{5 * index:02}", NAMES[index % 3], text) for index, text in enumerate(texts)]


MORNING = chatter("一", "二", "三", "四", "五", "六")


def import_day(tree: Path, *messages: bytes, **options: object) -> Report:
    write_transcript(tree, "tea-room", DAY, *messages)
    report = import_tree(tree, **options)
    assert exported() == on_disk(tree)
    assert stored_counters() == recount()
    return report


def counts(report: Report) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, withdrawn."""
    created, changed, unchanged, withdrawn = report.as_dict()["messages"].values()
    return created, changed, unchanged, withdrawn


def key_of(text: str) -> str:
    return Message.objects.get(text=text).key


# What an edit touches


def test_an_edit_leaves_the_rows_of_the_others_alone(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    before = {message.pk: message for message in Message.objects.all()}
    report = import_day(tree, *MORNING[:2], message("09:00:10", "乔木", "叁"), *MORNING[3:])
    differing = [one.text for one in Message.objects.all() if vars_of(one) != vars_of(before[one.pk])]
    assert (differing, counts(report)) == (["叁"], (0, 1, 5, 0))


def vars_of(message: Message) -> dict[str, object]:
    return {name: value for name, value in vars(message).items() if name != "_state"}


def test_an_edit_of_one_message_writes_one_message(tree: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import_day(tree, *MORNING)
    leave_the_index_alone(monkeypatch)
    edited = [*MORNING[:2], message("09:00:10", "乔木", "叁"), *MORNING[3:]]
    write_transcript(tree, "tea-room", DAY, *edited)
    before = row_writes()
    import_tree(tree)
    message_archive_day_and_file, mentions_of_day, segments = 4, 1, 2 * len(MORNING)
    assert row_writes() - before == RUN_ONLY + message_archive_day_and_file + mentions_of_day + segments


def leave_the_index_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are the database's own matter on SQLite."""
    for write in ("index", "remove"):
        monkeypatch.setattr(search, write, lambda documents: None)


def test_an_edit_raises_the_revisions_of_its_day_and_of_the_archive(tree: Path, db: None) -> None:
    write_transcript(tree, "porch", DAY, *MORNING)
    import_day(tree, *MORNING)
    before = Archive.objects.get().revision
    import_day(tree, *MORNING[:5])
    assert Archive.objects.get().revision == before + 1
    assert list(Day.objects.order_by("room__slug").values_list("revision", flat=True)) == [1, 2]


def test_an_edit_of_the_front_matter_changes_no_message(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    write_transcript(tree, "tea-room", DAY, *MORNING, author="陆一鸣")
    report = import_tree(tree)
    speaker = Day.objects.get().speaker
    assert (counts(report), speaker and speaker.name) == ((0, 0, 6, 0), "陆一鸣")
    assert exported() == on_disk(tree)


def test_line_ends_alone_change_no_message(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    report = import_day(tree, *(one.replace(b"\n", b"\r\n") for one in MORNING))
    assert counts(report) == (0, 0, 6, 0)


# Keys


@pytest.mark.parametrize(
    ("edited", "kept"),
    [
        (MORNING, "012345"),
        (MORNING[::-1], "543210"),
        ([*MORNING[:2], *chatter("", "", "叁")[2:], *MORNING[3:]], "012345"),
        ([*MORNING[:2], message("09:00:10", "乔木-青禾", "三"), *MORNING[3:]], "012345"),
        ([*MORNING[:2], message("09:00:11", "乔木", "三"), *MORNING[3:]], "012345"),
        ([*MORNING[:2], message("09:00:11", "乔木-青禾", "三"), *MORNING[3:]], "012345"),
        ([one.replace("江月".encode(), "江上月".encode()) for one in MORNING], "012345"),
        ([one.replace(b"> 09", b"> 10") for one in MORNING], "012345"),
        ([*MORNING[:3], message("09:00:12", "云", "新"), *MORNING[3:]], "012.345"),
        ([message("08:59:59", "云", "新"), *MORNING], ".012345"),
        ([*MORNING, message("09:01:00", "云", "新")], "012345."),
        (MORNING[1:], "12345"),
        ([*MORNING[:2], *MORNING[3:]], "01345"),
        ([], ""),
    ],
    ids=[
        "nothing", "reversed", "text", "sender", "time", "sender and time", "sender throughout", "hour throughout",
        "inserted", "inserted first", "appended", "first deleted", "deleted", "emptied",
    ],
)  # fmt: skip
def test_messages_keep_their_keys(tree: Path, db: None, edited: list[bytes], kept: str) -> None:
    import_day(tree, *MORNING)
    before = live_keys()
    import_day(tree, *edited)
    assert "".join(str(before.index(key)) if key in before else "." for key in live_keys()) == kept


def test_a_corrected_message_is_corrected(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    import_day(tree, MORNING[0], message("09:00:07", "陆一鸣-青禾", "二"), *MORNING[2:])
    corrected = live_messages()[1]
    assert corrected.alias is not None
    assert (str(corrected.time), corrected.alias.name) == ("09:00:07", "陆一鸣-青禾")
    assert shown_texts() == ["一", "二", "三", "四", "五", "六"]


def test_a_corrected_time_moves_the_message(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    import_day(tree, *MORNING[:5], message("09:00:01", "乔木", "六"))
    assert shown_texts() == ["一", "六", "二", "三", "四", "五"]


@pytest.mark.parametrize(
    "body", [link_a("二", "https://example.org/2"), "![2018-03-27 09:00:05](https://img.example.org/2.png)", None]
)
def test_a_message_may_become_another_kind_and_back(tree: Path, db: None, body: str | None) -> None:
    import_day(tree, *MORNING)
    key = key_of("二")
    for _ in range(2):
        import_day(tree, MORNING[0], message("09:00:05", "陆一鸣", body), *MORNING[2:])
        assert live_keys()[1] == key
    import_day(tree, *MORNING)
    again = Message.objects.get(key=key)
    assert (again.kind, again.text, hasattr(again, "link"), hasattr(again, "image")) == ("text", "二", False, False)


def test_a_corrected_address_is_corrected(tree: Path, db: None) -> None:
    import_day(tree, message("09:00:00", "江月", link_a("早报", "https://example.org/1")), image("09:00:05", "江月"))
    import_day(tree, message("09:00:00", "江月", link_a("早报", "https://example.org/2")), image("09:00:05", "江月"))
    assert [link.url for link in Link.objects.all()] == ["https://example.org/2"]


# Equal times and senders


def at_once(*texts: str) -> list[bytes]:
    return [message("09:00:00", "江月", text) for text in texts]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("+1 +1 +1", "+1 +1", "01"),
        ("+1 +1", "+1 +1 +1", "01."),
        ("一 二 三", "三 二 一", "210"),
        ("一 二 三", "一 三", "02"),
        ("一 二 三", "一 贰 三", "012"),
        ("一 二 三", "壹 二 叁", "012"),
        ("一 二", "新 一 二", ".01"),
        ("一 +1 二 +1", "+1 +1 一", "130"),
    ],
)
def test_equal_times_and_senders_are_told_apart_by_text(
    tree: Path, db: None, before: str, after: str, kept: str
) -> None:
    import_day(tree, *at_once(*before.split()))
    keys = live_keys()
    import_day(tree, *at_once(*after.split()))
    assert "".join(str(keys.index(key)) if key in keys else "." for key in live_keys()) == kept
    assert shown_texts() == after.split()


# Withdrawn messages


def test_a_message_that_vanished_is_withdrawn(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    report = import_day(tree, *MORNING[:2], *MORNING[3:])
    gone = Message.objects.get(is_withdrawn=True)
    assert (gone.text, counts(report)) == ("三", (0, 0, 5, 1))
    assert Segment.objects.get(message=gone).number is None


def test_a_withdrawn_message_is_withdrawn_once(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    import_day(tree, *MORNING[:5])
    assert counts(import_day(tree, *MORNING[:4]))[3] == 1
    assert ImportRun.objects.latest("id").messages_withdrawn == 1


@pytest.mark.parametrize("hidden", [False, True])
def test_a_withdrawn_message_returns_with_its_key_and_state(tree: Path, db: None, hidden: bool) -> None:
    import_day(tree, *MORNING)
    if hidden:
        hide("三")
    before = [(one.pk, one.key, one.state) for one in live_messages()]
    import_day(tree, *MORNING[:2], *MORNING[3:])
    report = import_day(tree, *MORNING)
    assert [(one.pk, one.key, one.state) for one in live_messages()] == before
    assert counts(report) == (0, 1, 5, 0)


def test_a_withdrawn_message_may_return_corrected(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    keys = live_keys()
    import_day(tree, *MORNING[:2], *MORNING[3:])
    import_day(tree, *chatter("一", "二", "叁", "四", "五", "六"))
    assert live_keys() == keys


def test_a_name_that_is_heard_no_more_has_no_dates(tree: Path, db: None) -> None:
    import_day(tree, *MORNING, message("09:01:00", "云", "再见"))
    import_day(tree, *MORNING)
    assert Alias.objects.values_list("message_count", "first_seen", "last_seen").get(name="云") == (0, None, None)


def test_a_name_heard_on_fewer_days_has_other_dates(tree: Path, db: None) -> None:
    goodbye = message("09:01:00", "云", "再见")
    for day in ("2018-03-25", "2018-03-26"):
        write_transcript(tree, "tea-room", day, *MORNING, goodbye)
    import_day(tree, *MORNING, goodbye)
    import_day(tree, *MORNING)
    first, last = Alias.objects.values_list("first_seen", "last_seen").get(name="云")
    assert (str(first), str(last)) == ("2018-03-25", "2018-03-26")


# Losing much


def day_of(count: int) -> list[bytes]:
    return [message(f"09:{index:02}:00", "江月", f"第{index}句") for index in range(count)]


@pytest.mark.parametrize(
    ("had", "keeps", "is_rejected"),
    [(22, 11, False), (23, 12, False), (22, 10, True), (20, 10, False), (11, 1, False), (11, 0, True), (10, 0, False)],
)
def test_more_than_half_and_more_than_ten_is_too_much_to_lose(
    tree: Path, db: None, had: int, keeps: int, is_rejected: bool
) -> None:
    write_transcript(tree, "tea-room", DAY, *day_of(had))
    import_tree(tree)
    write_transcript(tree, "tea-room", DAY, *day_of(keeps))
    report = import_tree(tree)
    codes = [problem.code for problem in report.per_file[0].problems]
    assert codes == (["too_many_withdrawals"] if is_rejected else [])
    assert len(live_texts()) == (had if is_rejected else keeps)


def test_a_file_that_lost_too_much_writes_nothing(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *day_of(30))
    import_tree(tree)
    whole = path.read_bytes()
    write_transcript(tree, "tea-room", DAY, *day_of(3))
    import_tree(tree)
    assert exported() == {str(path): whole}


def test_much_may_be_lost_when_that_is_allowed(tree: Path, db: None) -> None:
    import_day(tree, *day_of(30))
    report = import_day(tree, *day_of(3), allow_withdrawals=True)
    assert counts(report) == (0, 0, 3, 27)


def test_what_was_withdrawn_before_is_not_lost_again(tree: Path, db: None) -> None:
    import_day(tree, *day_of(30))
    import_day(tree, *day_of(12), allow_withdrawals=True)
    assert counts(import_day(tree, *day_of(11)))[3] == 1


def test_a_renamed_day_loses_nothing(tree: Path, db: None) -> None:
    import_day(tree, *day_of(30))
    assert counts(import_day(tree, *(one.replace("江月".encode(), b"Mia") for one in day_of(30)))) == (0, 30, 0, 0)


# Moderated messages


@pytest.mark.parametrize(
    "edit",
    [
        lambda day: [*day[:2], message("09:00:10", "乔木", "叁"), *day[3:]],
        lambda day: [*day[:2], message("09:00:11", "乔木", "三"), *day[3:]],
        lambda day: [*day[:2], message("09:00:10", "乔木-青禾", "三"), *day[3:]],
        lambda day: [*day[:1], *day[2:]],
    ],
    ids=["text", "time", "sender", "neighbour gone"],
)
def test_a_hidden_message_stays_hidden(tree: Path, db: None, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    import_day(tree, *MORNING)
    hide("三")
    key = key_of("三")
    import_day(tree, *edit(MORNING))
    assert Message.objects.get(key=key).state == State.HIDDEN
    assert key in live_keys()


def test_a_new_message_is_held_where_a_hidden_one_vanished(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    import_day(tree, *MORNING[:2], *MORNING[3:], message("09:05:00", "云", "三三"))
    assert Message.objects.get(text="三三").state == State.HELD
    assert shown_texts() == ["一", "二", "四", "五", "六"]


def test_a_new_message_is_held_where_a_hidden_one_vanished_long_ago(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    import_day(tree, *MORNING[:2], *MORNING[3:])
    import_day(tree, *MORNING[:2], *MORNING[3:], message("09:05:00", "云", "三三"))
    assert Message.objects.get(text="三三").state == State.HELD


def test_a_new_message_is_shown_while_the_hidden_one_is_there(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    import_day(tree, *MORNING, message("09:05:00", "云", "七"))
    assert Message.objects.get(text="七").state == State.SHOWN


def test_a_new_message_is_shown_where_another_vanished(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    import_day(tree, *MORNING[:5], message("09:05:00", "云", "七"))
    assert Message.objects.get(text="七").state == State.SHOWN


def test_a_new_message_is_shown_on_another_day(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    write_transcript(tree, "tea-room", DAY, *MORNING[:2], *MORNING[3:])
    write_transcript(tree, "tea-room", "2018-03-28", message("09:05:00", "云", "七"))
    import_tree(tree)
    assert Message.objects.get(text="七").state == State.SHOWN


def test_a_held_message_stays_held(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三")
    with_new = [*MORNING[:2], *MORNING[3:], message("09:05:00", "云", "三三")]
    import_day(tree, *with_new)
    import_day(tree, *with_new, message("09:06:00", "云", "四四"))
    assert Message.objects.get(text="三三").state == State.HELD


def test_hidden_messages_are_not_counted(tree: Path, db: None) -> None:
    import_day(tree, *MORNING)
    hide("三", "六")
    import_day(tree, *MORNING, message("09:05:00", "云", "七"))
    assert Day.objects.values_list("message_count", "member_count").get() == (5, 3)
