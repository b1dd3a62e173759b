"""What an import makes of transcripts, and that importing again makes nothing of them."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from chatlogs.importing import Status, importer, writer
from chatlogs.models import (
    Alias,
    Archive,
    Day,
    Image,
    ImportProblem,
    ImportRun,
    Link,
    Message,
    Room,
    Segment,
    SourceFile,
)
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.transcripts import ENCODINGS, PARSER_VERSION
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
from tests.importing.dumps import dump_by_natural_keys, dump_tables
from tests.site_environment import ROOT
from tests.transcripts.making import (
    DAY,
    image,
    link_a,
    link_f,
    make_file,
    message,
    write_transcript,
)

SAMPLES = ROOT / "samples"
# Besides them there are a README and pictures.
SAMPLE_TRANSCRIPTS = sorted(SAMPLES.glob("payment-*/**/*-chat.*"))
RUN_ONLY = 2  # the run's row is inserted when it begins and updated when it has ended
NEXT_DAY = DAY + dt.timedelta(days=1)
MORNING = (
    message("09:00:00", "江月", "早上好"),
    message("09:00:05", "陆一鸣", "早"),
    message("09:00:09", "江月", "开会了"),
)


def writes_of(action: Callable[[], object]) -> int:
    before = row_writes()
    action()
    return row_writes() - before


# What is written


def test_a_message_of_each_kind_is_stored(tree: Path, db: None) -> None:
    write_transcript(
        tree,
        "tea-room",
        DAY,
        message("09:00:00", "江月", "早上好"),
        image("09:00:01", "江月", "https://img.example.org/1.png"),
        message("09:00:02", "江月", link_a("早报", "https://News.example.org/a")),
        message("09:00:03", "江月", link_f("议程.pdf")),
        message("09:00:04", "江月"),
        message("09:00:05", "", "无名"),
    )
    import_tree(tree)
    stored = [(one.kind, one.text, one.alias.name if one.alias else "") for one in live_messages()]
    assert stored == [
        ("text", "早上好", "江月"),
        ("image", "", "江月"),
        ("link", "早报", "江月"),
        ("file", "议程.pdf", "江月"),
        ("unsupported", "", "江月"),
        ("text", "无名", ""),
    ]
    assert Image.objects.get().url == "https://img.example.org/1.png"
    assert (Link.objects.get().url, Link.objects.get().host) == ("https://News.example.org/a", "news.example.org")


def test_room_and_day_are_made_of_folder_and_front_matter(tree: Path, db: None) -> None:
    write_transcript(tree, "茶馆", DAY, *MORNING, name="chat.md", author="陆一鸣")
    import_tree(tree)
    day = Day.objects.get()
    assert (day.room.slug, day.date, day.speaker and day.speaker.name) == ("茶馆", DAY, "陆一鸣")


@pytest.mark.parametrize("author", ["None", "PaymentGroup", '""', None])
def test_a_day_may_be_nobodys(tree: Path, db: None, author: str | None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, author=author)
    import_tree(tree)
    assert Day.objects.get().speaker is None


def test_a_day_without_messages_is_a_day(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY)
    import_tree(tree)
    assert (Day.objects.get().message_count, exported()) == (0, {str(path): path.read_bytes()})


def test_counters_count_what_is_seen(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, message("09:01:00", "", "无名"))
    write_transcript(tree, "tea-room", NEXT_DAY, message("10:00:00", "江月", "晚"))
    import_tree(tree)
    assert Day.objects.values_list("message_count", "member_count").first() == (4, 2)
    assert Alias.objects.values_list("message_count", "first_seen", "last_seen").get(name="江月") == (3, DAY, NEXT_DAY)


def test_the_order_of_days_does_not_matter_to_first_and_last_seen(tree: Path, db: None) -> None:
    for date in (NEXT_DAY, DAY):
        import_tree(write_transcript(tree, "tea-room", date, *MORNING))
    assert stored_counters() == recount()


def test_positions_are_the_second_and_the_place_within_it(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("08:00:00", "江月", "一"), message("08:00:00", "江月", "二"))
    import_tree(tree)
    midnight = int(dt.datetime(2018, 3, 27, tzinfo=dt.UTC).timestamp())
    positions = [one.position for one in live_messages()]
    assert positions == [midnight << SEQUENCE_BITS, (midnight << SEQUENCE_BITS) + 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.removesuffix(b"   \n"),
        lambda data: data + b"trailing\n\n\n",
        lambda data: data.replace("早上好".encode(), b"one\rtwo\n\\.\n  three"),
        lambda data: data.replace(b"---\n> ", b"---\nstray\n> "),
        lambda data: data.replace("早上好".encode(), b"&amp;amp;amp;lt;&#65;&nbsp;"),
    ],
    ids=["CRLF", "BOM", "cut short", "trailing lines", "several lines", "stray text", "escaped"],
)
def test_every_byte_can_be_exported_again(tree: Path, db: None, change: Callable[[bytes], bytes]) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING * 4)
    path.write_bytes(change(path.read_bytes()))
    import_tree(tree)
    assert exported() == on_disk(tree)


def test_the_samples_can_be_exported_again(db: None) -> None:
    import_tree(SAMPLES)
    assert exported() == {str(path): path.read_bytes() for path in SAMPLE_TRANSCRIPTS}


def test_a_day_of_the_largest_size_is_stored(tree: Path, db: None) -> None:
    seconds = (f"{9 + index // 3600:02}:{index // 60 % 60:02}:{index % 60:02}" for index in range(2_102))
    write_transcript(tree, "tea-room", DAY, *(message(second, f"成员{second[-1]}", second) for second in seconds))
    import_tree(tree)
    assert Message.objects.count() == Segment.objects.count() == 2_102


@pytest.mark.parametrize("date", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_a_date_far_away_does_no_harm(tree: Path, db: None, date: str) -> None:
    write_transcript(tree, "tea-room", date, *MORNING)
    write_transcript(tree, "tea-room", DAY, *MORNING)
    import_tree(tree)
    assert Day.objects.filter(date=DAY).exists()


# Doubled days


def doubled_day(tree: Path) -> Path:
    said = [("09:00:00", "早上好"), ("09:00:05", "开会了"), ("09:00:09", "在哪里")]
    names = ("陈江月", "陈江月-青禾支付")
    return write_transcript(
        tree, "tea-room", DAY, *(message(time, name, text) for time, text in said for name in names)
    )


def test_of_a_doubled_day_both_are_kept_and_one_is_shown(tree: Path, db: None) -> None:
    doubled_day(tree)
    import_tree(tree)
    assert live_texts() == ["早上好", "早上好", "开会了", "开会了", "在哪里", "在哪里"]
    assert shown_texts() == ["早上好", "开会了", "在哪里"]
    assert exported() == on_disk(tree)


def test_a_double_knows_what_is_shown_for_it(tree: Path, db: None) -> None:
    doubled_day(tree)
    import_tree(tree)
    messages = live_messages()
    for folded, shown in zip(messages[::2], messages[1::2], strict=True):
        assert (folded.duplicate_of, shown.duplicate_of) == (shown, None)


def test_of_a_doubled_day_one_message_is_counted(tree: Path, db: None) -> None:
    doubled_day(tree)
    (file,) = import_tree(tree).as_dict()["per_file"]
    assert (file["messages"], file["shown"]) == (6, 3)
    assert Day.objects.values_list("message_count", "member_count").get() == (3, 1)
    assert stored_counters() == recount()


def test_a_day_that_is_doubled_no_more_shows_all(tree: Path, db: None) -> None:
    doubled_day(tree)
    import_tree(tree)
    keys = live_keys()
    talk = (message("10:00:00", "陆一鸣", f"说到{number}") for number in range(20))
    path = doubled_day(tree)
    path.write_bytes(path.read_bytes() + b"".join(talk))
    import_tree(tree)
    assert live_keys()[:6] == keys
    assert len(shown_texts()) == 26
    assert stored_counters() == recount()


def test_a_double_that_vanished_is_a_double_no_more(tree: Path, db: None) -> None:
    doubled_day(tree)
    import_tree(tree)
    write_transcript(tree, "tea-room", DAY)
    import_tree(tree)
    assert set(Message.objects.values_list("is_withdrawn", "duplicate_of")) == {(True, None)}


def test_a_double_may_become_anothers_double(tree: Path, db: None) -> None:
    for text in ("早", "在"):
        senders = {"江月": "早", "陆一鸣": text, "乔木-青禾": "早"}
        write_transcript(tree, "tea-room", DAY, *(message("09:00:00", *one) for one in senders.items()))
        import_tree(tree)
        double, first, second = live_messages()
        assert double.duplicate_of == (first if text == "早" else second)


def test_equal_messages_of_an_ordinary_day_are_all_shown(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *[message("09:00:00", "江月", "+1")] * 3, *MORNING)
    import_tree(tree)
    assert shown_texts().count("+1") == 3


# Positions and keys over rooms


def same_second(tree: Path) -> list[Path]:
    """Two messages in each of three rooms."""
    return [
        write_transcript(tree, room, DAY, *(message("09:00:00", name, f"{room} {name}") for name in "ab"))
        for room in ("attic", "porch", "tea-room")
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_in_one_second_the_rooms_stand_in_order_of_slug(tree: Path, db: None, order: tuple[int, ...]) -> None:
    paths = same_second(tree)
    for index in order:
        import_tree(paths[index])
    assert shown_texts() == ["attic a", "attic b", "porch a", "porch b", "tea-room a", "tea-room b"]


def test_a_message_inserted_in_a_second_renumbers_that_second_alone(tree: Path, db: None) -> None:
    same_second(tree)
    first, later = message("09:00:00", "a", "porch a"), message("09:00:01", "a", "later")
    write_transcript(tree, "tea-room", NEXT_DAY, first)
    path = write_transcript(tree, "porch", DAY, first, later)
    import_tree(tree)
    before = positions()
    path.write_bytes(make_file(first, message("09:00:00", "c", "new"), later))
    import_tree(tree)
    moved = [one.text for one in Message.objects.in_time_order() if before.get(one.key) not in (None, one.position)]
    assert moved == ["tea-room a", "tea-room b"]
    assert shown_texts() == ["attic a", "attic b", "porch a", "new", "tea-room a", "tea-room b", "later", "porch a"]


def positions() -> dict[str, int]:
    return dict(Message.objects.values_list("key", "position"))


def test_messages_of_other_seconds_are_not_renumbered(tree: Path, db: None) -> None:
    import_tree(SAMPLES)
    before = positions()
    write_transcript(tree, "porch", "2018-07-11", message("00:00:00", "江月", "早"), message("23:59:59", "江月", "晚"))
    import_tree(tree)
    assert before.items() <= positions().items()


def test_a_second_that_is_too_full_rejects_the_file(tree: Path, db: None) -> None:
    write_transcript(tree, "attic", DAY, *[message("09:00:00", "江月", "+1")] * 1_024)
    write_transcript(tree, "porch", DAY, *MORNING)
    write_transcript(tree, "tea-room", DAY, message("10:00:00", "江月", "晚"))
    report = import_tree(tree)
    codes = [[problem.code for problem in file.problems] for file in report.per_file]
    assert codes == [[], ["second_too_full"], []]
    assert not Room.objects.filter(slug="porch").exists()
    assert not Alias.objects.filter(room__slug="porch").exists()


def built_anew(build: Callable[[], object]) -> dict[str, list[tuple[object, ...]]]:
    """What `build` makes of an empty archive with a key of its own; nothing of it remains."""
    with transaction.atomic():
        Archive.objects.create(key=b"k" * 32, account_key=b"a" * 32)
        build()
        dump = built_without_ids()
        transaction.set_rollback(True)
    return dump


def test_a_database_built_anew_is_the_same_whatever_came_first(db: None) -> None:
    paths = [*SAMPLE_TRANSCRIPTS]
    at_once = built_anew(lambda: import_tree(SAMPLES))
    for seed in range(3):
        Random(seed).shuffle(paths)
        assert built_anew(lambda: [import_tree(path) for path in paths]) == at_once


def test_another_archive_key_makes_other_keys(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING)
    keys: set[str] = set()
    for _ in range(2):
        with transaction.atomic():
            import_tree(tree)
            keys.update(live_keys())
            transaction.set_rollback(True)
    assert len(keys) == 2 * len(MORNING)


# Importing again


def test_importing_twice_writes_nothing_but_the_run(db: None) -> None:
    import_tree(SAMPLES)
    before = dump_tables()
    assert writes_of(lambda: import_tree(SAMPLES)) == RUN_ONLY
    assert dump_tables() == before
    assert ImportRun.objects.count() == 2


def test_importing_twice_opens_no_file(tree: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING)
    import_tree(tree)
    monkeypatch.delattr(importer, "read_candidate")
    report = import_tree(tree)
    assert report.files[Status.UNCHANGED] == 1


def test_a_touched_file_is_read_but_not_written(tree: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    import_tree(tree)
    os.utime(path, (1, 1))
    monkeypatch.delattr(importer, "read")
    before = dump_tables()
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY
    assert dump_tables() == before


def test_a_copied_tree_writes_nothing(tree: Path, tmp_path: Path, db: None) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SAMPLES, copy)
    import_tree(SAMPLES)
    before = dump_tables()
    assert writes_of(lambda: import_tree(copy)) == RUN_ONLY
    assert dump_tables() == before


def test_a_moved_file_is_followed_with_its_notes(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, lines=7)
    import_tree(tree)
    moved = tree / "tea-room" / "_posts" / path.name
    moved.parent.mkdir()
    path.rename(moved)
    report = import_tree(tree)
    assert (report.files[Status.UNCHANGED], report.missing) == (1, [])
    assert [problem.code for problem in report.per_file[0].problems] == ["count_differs"]
    assert SourceFile.objects.get().path == ImportProblem.objects.get().path == str(moved)
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY


# A date that is corrected


def test_a_file_whose_date_was_corrected_makes_room_for_the_right_one(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, name="a.md")
    import_tree(tree)
    write_transcript(tree, "tea-room", NEXT_DAY, *MORNING, name="a.md")
    write_transcript(tree, "tea-room", DAY, *MORNING, message("09:00:09", "江月", "晚"), name="b.md")
    report = import_tree(tree)
    assert (report.files[Status.REJECTED], report.missing) == (0, [])
    assert live_texts(date=DAY) == [*live_texts(date=NEXT_DAY), "晚"]
    assert str(path) == SourceFile.objects.get(day__date=NEXT_DAY).path


def test_the_day_that_a_corrected_date_leaves_behind_is_reported(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, name="a.md")
    import_tree(tree)
    write_transcript(tree, "tea-room", NEXT_DAY, *MORNING, name="a.md")
    assert import_tree(tree).missing == [str(path)]


# What no edit may bring to light


def test_a_hidden_messages_double_stays_hidden_when_the_fuller_name_changes(tree: Path, db: None) -> None:
    doubled_day(tree)
    import_tree(tree)
    shown = Message.objects.get(duplicate_of=None, duplicates__isnull=False, key__in=live_keys()[:2])
    Message.objects.filter(pk=shown.pk).update(state=Message.State.HIDDEN)
    path = tree / "tea-room" / f"{DAY}-chat.markdown"
    text = path.read_text()
    hidden_name, other = shown.alias.name, shown.duplicates.get().alias.name  # type: ignore[union-attr]
    path.write_text(text.replace(other, f"{hidden_name}-{other}"))
    import_tree(tree)
    assert shown.text not in shown_texts()


def test_a_hidden_messages_double_stays_hidden_when_the_hidden_one_vanishes(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江", "密"), message("09:00:00", "江月", "密"))
    import_tree(tree)
    hidden = Message.objects.get(duplicate_of=None)
    Message.objects.filter(pk=hidden.pk).update(state=Message.State.HIDDEN)
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江", "密"))
    import_tree(tree)
    assert shown_texts() == []


def test_a_shown_message_that_may_have_taken_hidden_words_is_held(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"), message("09:00:00", "江月", "密"))
    import_tree(tree)
    hide("密")
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "密!"))
    import_tree(tree)
    assert shown_texts() == []


def test_an_edit_beside_a_hidden_message_that_stays_as_it_was_is_shown(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"), message("09:00:00", "江月", "密"))
    import_tree(tree)
    hide("密")
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早!"), message("09:00:00", "江月", "密"))
    import_tree(tree)
    assert shown_texts() == ["早!"]


# The speaker of the day


@pytest.mark.parametrize(
    ("author", "sender"), [("老陆", "老陆 "), ("A&amp;B", "A&amp;B"), (" 江月 # 云杉", "江月 # 云杉")]
)
def test_the_speaker_of_the_day_is_the_sender_of_that_name(author: str, sender: str, tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", sender, "早"), author=author)
    import_tree(tree)
    assert Day.objects.get().speaker == Message.objects.get().alias


def test_an_author_of_any_length_does_no_harm(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, author="长" * 800)
    import_tree(tree)
    assert Day.objects.get().speaker is None


def test_the_same_bytes_under_another_date_are_another_day(tree: Path, db: None) -> None:
    """Where the front matter has no date, the file's name says it."""
    for day in ("2018-03-27", "2018-03-28"):
        path = write_transcript(tree, "tea-room", day, *MORNING)
        path.write_bytes(make_file(*MORNING, front=b"---\ntitle: chat\n---\n"))
        import_tree(tree)
    assert exported() == on_disk(tree)


def test_reading_again_with_the_same_parser_writes_nothing(db: None) -> None:
    import_tree(SAMPLES)
    before = dump_tables()
    assert writes_of(lambda: import_tree(SAMPLES, reparse=True)) == RUN_ONLY
    assert dump_tables() == before


def test_rejected_files_write_nothing_again(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING)
    write_transcript(tree, "tea-room", NEXT_DAY, message("25:61:00", "江月", "早"), lines=9)
    write_transcript(tree, "tea-room", NEXT_DAY, name="other.md")
    import_tree(tree)
    before = dump_tables()
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY
    assert dump_tables() == before


# A newer parser


@pytest.fixture
def newer_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (importer, writer):
        monkeypatch.setattr(module, "PARSER_VERSION", PARSER_VERSION + 1)


def test_a_newer_parser_reads_everything_again_once(db: None, request: pytest.FixtureRequest) -> None:
    import_tree(SAMPLES)
    request.getfixturevalue("newer_parser")
    assert writes_of(lambda: import_tree(SAMPLES)) == RUN_ONLY + SourceFile.objects.count()
    assert writes_of(lambda: import_tree(SAMPLES)) == RUN_ONLY


def test_a_newer_parser_repairs_what_the_older_one_got_wrong(
    tree: Path, db: None, request: pytest.FixtureRequest
) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, lines=7, author="陆一鸣")
    import_tree(tree)
    right = built_without_ids()
    Message.objects.filter(text="早").update(text="wrong", kind="image")
    SourceFile.objects.update(image_count=7)
    ImportProblem.objects.update(message="wrong")
    request.getfixturevalue("newer_parser")
    import_tree(tree)
    SourceFile.objects.update(parser_version=PARSER_VERSION)
    assert built_without_ids() == right


def built_without_ids() -> dict[str, list[tuple[object, ...]]]:
    """Revisions apart, which only rise."""
    Day.objects.update(revision=0)
    Archive.objects.update(revision=0)
    return dump_by_natural_keys()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Day.objects.update(speaker=None),
        lambda: SourceFile.objects.update(link_count=7),
        lambda: ImportProblem.objects.all().delete(),
    ],
    ids=["speaker", "counts", "notes"],
)
def test_a_newer_parser_repairs_what_is_of_no_message(
    tree: Path, db: None, request: pytest.FixtureRequest, wrong: Callable[[], object]
) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, lines=7, author="陆一鸣")
    import_tree(tree)
    right = built_without_ids()
    wrong()
    request.getfixturevalue("newer_parser")
    import_tree(tree)
    SourceFile.objects.update(parser_version=PARSER_VERSION)
    assert built_without_ids() == right


# Files that go, and come again


def test_a_missing_file_withdraws_nothing(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, lines=7)
    write_transcript(tree, "porch", DAY, *MORNING)
    import_tree(tree)
    path.unlink()
    report = import_tree(tree)
    assert report.missing == [str(path)]
    assert len(shown_texts()) == 6


def test_a_missing_file_is_recorded_once(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    import_tree(tree)
    path.unlink()
    import_tree(tree)
    assert problem_codes(path) == ["missing_file"]
    assert ImportRun.objects.latest("id").files_missing == 1
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY


def test_a_file_that_returns_is_missing_no_more(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, lines=7)
    import_tree(tree)
    path.rename(tree / "away")
    import_tree(tree)
    (tree / "away").rename(path)
    report = import_tree(tree)
    assert (report.missing, problem_codes(path)) == ([], ["count_differs"])
    assert [problem.code for problem in report.per_file[0].problems] == ["count_differs"]


def problem_codes(path: Path) -> list[str]:
    return list(ImportProblem.objects.filter(path=path).values_list("code", flat=True))


def test_a_file_outside_the_roots_is_not_missing(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    write_transcript(tree, "porch", DAY, *MORNING)
    import_tree(tree)
    path.unlink()
    assert import_tree(tree / "porch").missing == []


def test_a_second_file_of_a_day_is_rejected_and_names_the_first(tree: Path, db: None) -> None:
    first = write_transcript(tree, "tea-room", DAY, *MORNING, name="a.md")
    second = write_transcript(tree, "tea-room", DAY, message("10:00:00", "江月", "别的"), name="b.md")
    import_tree(tree)
    problem = ImportProblem.objects.get()
    assert (problem.path, problem.code, str(first) in problem.message) == (str(second), "day_taken", True)
    assert live_texts() == ["早上好", "早", "开会了"]


@pytest.mark.parametrize("name", ["a.md", "c.md"])
def test_the_file_imported_before_counts_as_the_first(tree: Path, db: None, name: str) -> None:
    first = write_transcript(tree, "tea-room", DAY, *MORNING, name="b.md")
    import_tree(tree)
    second = write_transcript(tree, "tea-room", DAY, message("10:00:00", "江月", "别的"), name=name)
    import_tree(tree)
    assert live_texts() == ["早上好", "早", "开会了"]
    assert (problem_codes(first), problem_codes(second)) == ([], ["day_taken"])
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY


def test_the_second_file_of_a_day_takes_over_when_the_first_is_gone(tree: Path, db: None) -> None:
    first = write_transcript(tree, "tea-room", DAY, *MORNING, name="a.md", lines=7)
    second = write_transcript(tree, "tea-room", DAY, *MORNING, message("10:00:00", "江月", "还有"), name="b.md")
    import_tree(tree)
    first.unlink()
    report = import_tree(tree)
    assert (report.missing, problem_codes(first), problem_codes(second)) == ([], [], [])
    assert live_texts()[-1] == "还有"
    assert writes_of(lambda: import_tree(tree)) == RUN_ONLY


def test_two_copies_of_a_day_are_one_too_many(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, name="a.md")
    second = write_transcript(tree, "tea-room", DAY, *MORNING, name="b.md")
    for _ in range(2):
        import_tree(tree)
        assert problem_codes(second) == ["day_taken"]


# Encodings


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name not in ("utf-8", "big5", "big5hkscs")])
def test_another_encoding_is_imported_and_exported_byte_for_byte(tree: Path, db: None, encoding: str) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    import_tree(tree, encoding=encoding)
    assert live_texts() == ["早上好", "早", "开会了"]
    assert exported() == on_disk(tree)


@pytest.mark.parametrize("options", [{}, {"reparse": True}])
def test_another_encoding_is_remembered(tree: Path, db: None, options: dict[str, bool]) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    import_tree(tree, encoding="gb18030")
    os.utime(path, (1, 1))
    before = dump_tables()
    assert writes_of(lambda: import_tree(tree, **options)) == RUN_ONLY
    assert dump_tables() == before


def test_messages_keep_their_keys_when_the_encoding_changes(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("gb18030"))
    import_tree(tree, encoding="gb18030")
    keys = live_keys()
    path.write_text(text, encoding="utf-8")
    report = import_tree(tree)
    assert (live_keys(), report.messages["unchanged"]) == (keys, 3)
    assert exported() == on_disk(tree)


def test_a_withdrawn_message_returns_in_another_encoding(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    whole = path.read_text(encoding="utf-8")
    part = make_file(*MORNING[1:]).decode()
    path.write_bytes(whole.encode("gb18030"))
    import_tree(tree, encoding="gb18030")
    keys = live_keys()
    path.write_bytes(part.encode("gb18030"))
    import_tree(tree, encoding="gb18030")
    for text in (part, whole):
        path.write_text(text, encoding="utf-8")
        import_tree(tree)
    assert live_keys() == keys
