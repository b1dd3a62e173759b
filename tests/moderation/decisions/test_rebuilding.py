"""A database that is built anew from the transcripts and the file of decisions is as the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.utils import timezone

from chatlogs import editorial, moderation
from chatlogs.importing import Status
from chatlogs.importing.importer import Importer
from chatlogs.models import (
    Alias,
    Archive,
    Highlight,
    HighlightPart,
    Message,
    ModerationAction,
    OptOut,
    PendingDecision,
    Room,
    Suggestion,
)
from chatlogs.queries.highlights import find_highlights, find_passages
from chatlogs.search import sync
from tests.importing.archives import ROOM, import_tree, recount, stored_counters
from tests.importing.dumps import dump_tables
from tests.moderation.deciding import said, shown, why
from tests.moderation.decisions.curated import CANARIES, OTHER, make, write_tree
from tests.moderation.decisions.rebuilding import empty_database, export, load_decisions, seen, texts_and_sources
from tests.people.people import alias, days_later, import_day, write_day
from tests.transcripts.making import DAY, message, write_transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "curation.json"


def rebuild(tree: Path, file: Path) -> None:
    empty_database()
    load_decisions(file)
    import_tree(tree)


@pytest.mark.both_databases
def test_everybody_sees_what_they_saw(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    before = seen()
    export(file)
    rebuild(tree, file)
    after = seen()
    for part, rows in before.items():
        assert after[part] == rows, part
    assert not sync.check()
    assert recount() == stored_counters()


def test_the_new_one_exports_the_same_bytes(tree: Path, file: Path, tmp_path: Path, moderator: User) -> None:
    make(tree, moderator)
    first = export(file)
    assert export(tmp_path / "again") == first
    rebuild(tree, file)
    assert export(tmp_path / "new") == first


def test_the_new_one_has_the_same_log(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    entries = ModerationAction.objects.order_by("made_at", "pk").values_list(
        "kind", "made_at", "actor_name", "category", "reason", "removal_request__reference", "changes"
    )
    before = list(entries)
    export(file)
    rebuild(tree, file)
    assert list(entries.all()) == before


def test_before_the_transcripts_come_it_exports_the_same_bytes(
    tree: Path, file: Path, tmp_path: Path, moderator: User
) -> None:
    make(tree, moderator)
    first = export(file)
    empty_database()
    load_decisions(file)
    assert export(tmp_path / "new") == first


def test_nothing_that_is_gone_comes_back(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    empty_database()
    load_decisions(file)
    import_tree(tree)
    everything = texts_and_sources()
    assert [canary for canary in CANARIES if canary in everything] == []


def test_at_no_moment_is_seen_what_was_hidden(
    tree: Path, file: Path, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each file, which is one transaction."""
    make(tree, moderator)
    allowed = set(shown())
    names = set(Alias.objects.values_list("name", flat=True))
    export(file)
    empty_database()
    load_decisions(file)
    import_file = Importer.import_file

    def import_and_look(*arguments: Any) -> Any:
        report = import_file(*arguments)
        assert set(shown()) <= allowed
        assert set(Alias.objects.values_list("name", flat=True)) <= names
        assert report.status is Status.CREATED
        return report

    monkeypatch.setattr(Importer, "import_file", import_and_look)
    import_tree(tree)
    assert set(shown()) == allowed


def test_nothing_waits_in_the_end(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    rebuild(tree, file)
    assert not PendingDecision.objects.exists()


def test_a_second_import_changes_nothing(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    empty_database()
    load_decisions(file)
    before = dump_tables()
    assert "the archive already has everything in the file" in load_decisions(file)
    assert dump_tables() == before
    import_tree(tree)
    before = dump_tables()
    assert "the archive already has everything in the file" in load_decisions(file)
    assert dump_tables() == before


def test_where_it_was_made_it_changes_nothing(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    before = dump_tables()
    assert "the archive already has everything in the file" in load_decisions(file)
    assert dump_tables() == before


def test_actions_can_be_undone_in_the_new_one(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, ("陈江月", "藏"), ("石榴", "遮住的话"))
    hiding = moderation.hide([said("藏")], **why(moderator))
    covering = moderation.redact(said("遮住"), [(0, 2)], **why(moderator))
    export(file)
    rebuild(tree, file)
    for action in (covering, hiding):
        moderation.undo(type(action).objects.get(made_at=action.made_at), **why(moderator))
    assert shown() == ["藏", "遮住的话"]


def test_a_pending_decision_waits_for_its_transcript(tree: Path, file: Path, tmp_path: Path, moderator: User) -> None:
    import_day(tree, ("陈江月", "早"), ("石榴", "第二天来"), date=days_later(1))
    import_day(tree, ("陈江月", "在"))
    moderation.hide([said("第二天来")], **why(moderator))
    key = said("第二天来").key
    first = export(file)
    later = tree / ROOM / f"{days_later(1)}-chat.markdown"
    text = later.read_bytes()
    later.unlink()
    rebuild(tree, file)
    assert key in load_decisions(file)
    assert export(tmp_path / "new") == first
    later.write_bytes(text)
    import_tree(tree)
    assert shown() == ["在", "早"]
    assert not PendingDecision.objects.exists()


# Transcripts that were edited meanwhile


def hidden_and_edited(tree: Path, file: Path, by: User, *after: bytes) -> None:
    write_transcript(tree, ROOM, DAY, message("09:00:00", "石榴", "前一句"), message("09:00:00", "石榴", "藏起来"))
    import_tree(tree)
    moderation.hide([said("藏起来")], **why(by))
    export(file)
    write_transcript(tree, ROOM, DAY, *after)
    rebuild(tree, file)


def test_a_hidden_message_whose_neighbour_is_gone_stays_hidden(tree: Path, file: Path, moderator: User) -> None:
    hidden_and_edited(tree, file, moderator, message("09:00:00", "石榴", "藏起来"))
    assert shown() == []


def test_a_hidden_message_in_other_words_stays_hidden(tree: Path, file: Path, moderator: User) -> None:
    after = message("09:00:00", "石榴", "前一句"), message("09:00:00", "石榴", "藏起来了")
    hidden_and_edited(tree, file, moderator, *after)
    assert shown() == ["前一句"]


def test_a_hidden_message_at_another_time_stays_hidden(tree: Path, file: Path, moderator: User) -> None:
    after = message("09:00:00", "石榴", "前一句"), message("09:08:00", "石榴", "藏起来")
    hidden_and_edited(tree, file, moderator, *after)
    assert shown() == ["前一句"]


def test_what_is_new_where_a_hidden_one_is_missing_is_held(tree: Path, file: Path, moderator: User) -> None:
    hidden_and_edited(tree, file, moderator, message("08:00:00", "乔木", "别的"))
    after = message("08:00:00", "乔木", "别的"), message("10:00:00", "乔木", "新的")
    write_transcript(tree, ROOM, DAY, *after)
    import_tree(tree)
    assert (shown(), said("新的").state) == (["别的"], "held")


def test_a_redacted_text_that_changed_is_covered_whole(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, ("石榴", "遮住一半"))
    moderation.redact(said("遮住"), [(0, 2)], **why(moderator))
    export(file)
    write_day(tree, DAY, ("石榴", "前面加字遮住一半"))
    rebuild(tree, file)
    assert shown() == ["███"]
    assert Message.objects.get().original.is_outdated


def test_a_released_finding_of_another_text_is_open_again(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, ("石榴", "电话13800138000"))
    message_ = Message.objects.get()
    moderation.decide_on_matches(list(message_.personal_data_matches.all()), "released", **why(moderator))
    export(file)
    write_day(tree, DAY, ("石榴", "电话13900139000"))
    rebuild(tree, file)
    assert shown() == ["电话███"]


def test_what_was_withdrawn_waits_and_hides_nothing_else(tree: Path, file: Path, moderator: User) -> None:
    hidden = message("09:00:00", "石榴", "藏起来")
    write_transcript(tree, ROOM, DAY, message("09:00:00", "石榴", "在"), hidden)
    import_tree(tree)
    moderation.hide([said("藏起来")], **why(moderator))
    write_transcript(tree, ROOM, DAY, message("09:00:00", "石榴", "在"))
    import_tree(tree)
    export(file)
    rebuild(tree, file)
    assert shown() == ["在"]
    write_transcript(tree, ROOM, DAY, message("09:00:00", "石榴", "在"), hidden)
    import_tree(tree)
    assert shown() == ["在"]


# Highlights


def quoted() -> list[list[str]]:
    return [[one.text for one in passage.messages] for one_ in find_highlights() for passage in find_passages(one_)]


def highlight_then_rebuild(tree: Path, file: Path, *after: bytes) -> None:
    """Of two messages of three, in the transcript as it is afterwards."""
    said_ = [message(f"09:0{number}:00", "石榴", text) for number, text in enumerate(("一句", "二句", "三句"))]
    write_transcript(tree, ROOM, DAY, *said_)
    import_tree(tree)
    highlight = Highlight(title="两句")
    editorial.save_highlight(highlight, [HighlightPart(first=said("一句"), last=said("二句"))], ["茶"], by=None)
    editorial.publish([highlight], by=None)
    export(file)
    write_transcript(tree, ROOM, DAY, *after)
    rebuild(tree, file)


def test_a_highlight_waits_for_its_transcript(tree: Path, file: Path, tmp_path: Path) -> None:
    highlight_then_rebuild(tree, file, message("09:00:00", "石榴", "一句"))
    assert quoted() == []
    last = HighlightPart.objects.get().awaited["last"]["key"]
    assert last in load_decisions(file)
    assert export(tmp_path / "new") == file.read_bytes()
    write_transcript(tree, ROOM, DAY, message("09:00:00", "石榴", "一句"), message("09:01:00", "石榴", "二句"))
    revision = Archive.objects.get().revision
    import_tree(tree)
    assert quoted() == [["一句", "二句"]]
    assert Archive.objects.get().revision > revision + 1
    assert "the archive already has everything in the file" in load_decisions(file)


def test_a_highlight_knows_an_edited_message_by_its_address(tree: Path, file: Path) -> None:
    after = message("09:00:00", "石榴", "一句话"), message("09:01:00", "石榴", "二句话")
    highlight_then_rebuild(tree, file, *after)
    assert quoted() == [["一句话", "二句话"]]


def test_a_highlight_takes_no_other_message_for_what_it_quotes(tree: Path, file: Path) -> None:
    after = message("09:05:00", "石榴", "一句"), message("09:06:00", "石榴", "二句")
    highlight_then_rebuild(tree, file, *after)
    assert quoted() == []


def test_a_highlight_comes_into_an_older_backup(tree: Path, file: Path, tmp_path: Path, moderator: User) -> None:
    write_tree(tree)
    import_tree(tree)
    export(tmp_path / "old")
    make(tree, moderator)
    before = quoted()
    export(file)
    rebuild(tree, tmp_path / "old")
    load_decisions(file)
    assert quoted() == before != []


@pytest.fixture
def purged_twice(tree: Path) -> Path:
    import_day(tree, ("陈江月", "金丝雀来了 走"), ("石榴", "你好"))
    for start in (0, 3):
        moderation.redact(Message.objects.earliest("position"), [(start, start + 1)], **why())
        moderation.purge(timezone.now())
    return tree


def test_purged_twice_it_stays_covered_in_a_new_database(purged_twice: Path, file: Path, tmp_path: Path) -> None:
    before, first = shown(), export(file)
    rebuild(purged_twice, file)
    assert shown() == before
    assert export(tmp_path / "new") == first


def test_a_whole_text_that_was_purged_stays_covered_in_a_new_database(tree: Path, file: Path, tmp_path: Path) -> None:
    import_day(tree, ("陈江月", "金丝雀来了"), ("石榴", "你好"))
    moderation.redact(said("金丝雀来了"), **why())
    moderation.purge(timezone.now())
    before, first = shown(), export(file)
    rebuild(tree, file)
    assert shown() == before
    assert export(tmp_path / "new") == first


@pytest.mark.parametrize("purges_in_backup", [0, 1])
def test_purged_twice_it_stays_covered_in_an_older_backup(
    tree: Path, file: Path, tmp_path: Path, purges_in_backup: int
) -> None:
    import_day(tree, ("陈江月", "金丝雀来了 走"), ("石榴", "你好"))
    export(tmp_path / "old")
    for number, start in enumerate((0, 3), start=1):
        moderation.redact(Message.objects.earliest("position"), [(start, start + 1)], **why())
        moderation.purge(timezone.now())
        if number == purges_in_backup:
            export(tmp_path / "old")
    before, first = shown(), export(file)
    rebuild(tree, tmp_path / "old")
    load_decisions(file)
    import_tree(tree)
    assert shown() == before
    assert export(tmp_path / "new") == first


# Databases that are not empty


@pytest.mark.both_databases
def test_an_older_backup_forgets_what_was_erased_since(tree: Path, file: Path, tmp_path: Path, moderator: User) -> None:
    """The same keys and messages, and none of the decisions."""
    write_tree(tree)
    import_tree(tree)
    export(tmp_path / "old")
    make(tree, moderator)
    before = seen()
    export(file)
    rebuild(tree, tmp_path / "old")
    load_decisions(file)
    import_tree(tree)
    after = seen()
    for part, rows in before.items():
        assert after[part] == rows, part
    everything = texts_and_sources()
    assert [canary for canary in (CANARIES[0], CANARIES[4]) if canary in everything] == []
    assert moderation.count_unfinished()
    assert not sync.check()


def test_another_archive_is_refused(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, "陈江月")
    export(file)
    empty_database()
    import_tree(tree)
    assert refusal(file) == "this database has been filled under other keys: import the file into an empty one"


def test_an_archive_without_anything_takes_over_the_keys(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, "陈江月")
    key = Message.objects.get().key
    export(file)
    empty_database()
    import_nothing(file.parent)
    load_decisions(file)
    import_tree(tree)
    assert Message.objects.get().key == key


def import_nothing(folder: Path) -> None:
    """It makes an archive, with keys."""
    empty = folder / "empty"
    empty.mkdir()
    import_tree(empty)


def test_newer_decisions_are_not_taken_back(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, "陈江月")
    export(file)
    moderation.hide([Message.objects.get()], **why(moderator))
    assert refusal(file).startswith("1 decisions were made here that the file does not know, the last at 20")


def refusal(file: Path) -> str:
    before = dump_tables()
    with pytest.raises(CommandError) as refused:
        load_decisions(file)
    assert (refused.value.returncode, dump_tables()) == (2, before)
    return str(refused.value).removeprefix(f"{file}: ")


def test_a_user_who_comes_later_gets_what_was_theirs(tree: Path, file: Path, tmp_path: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    empty_database()
    User.objects.update(username="somebody")
    assert "there is no user he:" in load_decisions(file)
    import_tree(tree)
    User.objects.create_user("he", is_staff=True)
    load_decisions(file)
    assert Suggestion.objects.filter(decided_by__username="he").exists()
    assert export(tmp_path / "new") == file.read_bytes()


def test_a_dry_run_writes_nothing(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    export(file)
    empty_database()
    before = dump_tables()
    said_ = load_decisions(file, "--dry-run")
    assert said_.endswith("nothing was written\n")
    assert "opt outs               3 imported" in said_
    assert dump_tables() == before


# What the file is


def test_it_has_no_numbers_of_rows_and_no_texts(tree: Path, file: Path, moderator: User) -> None:
    make(tree, moderator)
    text = export(file).decode()
    document = json.loads(text)
    assert (document["format"], document["version"]) == ("qunlu-curation", 2)
    assert not [said_ for said_ in (*CANARIES, "藏起来的话", "遮住三个字", "整个都遮住") if said_ in text]
    assert '"id"' not in text
    assert '_id"' not in text


def test_only_its_owner_may_read_it(tree: Path, file: Path, moderator: User) -> None:
    import_day(tree, "陈江月")
    file.write_text("older")
    file.chmod(0o644)
    export(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def change(where: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Put a value to a place such as `log.0.kind`; `...` takes it away."""

    def apply(document: dict[str, Any]) -> None:
        *path, last = [int(step) if step.isdecimal() else step for step in where.split(".")]
        part: Any = document
        for step in path:
            part = part[step]
        if value is ...:
            del part[last]
        else:
            part[last] = value

    return apply


@pytest.mark.parametrize(
    ("where", "value", "complaint"),
    [
        ("format", "other", "not a file of export_decisions"),
        ("version", 3, "version 3: this program reads version 2"),
        ("log", ..., "log: missing"),
        ("surprise", 1, "surprise: unknown"),
        ("archive.key", "@@", "archive.key: "),
        ("archive.key", "AAAA", "archive.key: 32 bytes expected, not 3"),
        ("rooms.0.visibility", "open", "rooms[0].visibility: 'open' is none of those that are known"),
        ("rooms.0.slug", "a/b", "rooms[0].slug: "),
        ("rooms.0.time_zone", "Mars", "rooms[0].time_zone: "),
        ("names.0.owner", "nobody", "names[0].owner: there is no name 'nobody' in the file"),
        ("names.0.name", "谁", "names: "),
        ("names.0.is_exempt", 1, "names[0].is_exempt: bool expected, not int"),
        ("hidden_days.0", ["tea-room"], "hidden_days[0]: a room and a date expected"),
        ("hidden_days.0.1", "2018-02-30", "hidden_days[0][1]: "),
        ("log.0.made_at", "2018-01-01T00:00:00", "log[0].made_at: '2018-01-01T00:00:00' has no time zone"),
        ("log.0.undoes", 3, "log[0].undoes: 3 comes later"),
        ("log.0.undoes", 900, "log[0].undoes: there is no action 900 in the file"),
        ("log.0.reason", "\0", "log[0].reason: a sign that no database takes"),
        ("log.0.changes", [{"x": "\ud800"}], "log[0].changes[0].x: a sign that no database takes"),
        ("messages.0.state", "gone", "messages[0].state: "),
        ("messages.0.key", 5, "messages[0].key: str expected, not int"),
        ("day_notes.0.room", "nowhere", "day_notes[0].room: there is no room 'nowhere' in the file"),
        ("highlights.0.slug", "a/b", "highlights[0].slug: "),
        ("highlights.0.tags", ["!"], "highlights[0].tags[0]: '!' is no tag"),
        ("highlights.0.parts.0.first", {}, "highlights[0].parts[0].first.date: missing"),
        ("highlights.1.published_at", None, "highlights[1].published_at: missing"),
        ("suggestions.0.names", ["a"], "suggestions[0].names: two names expected"),
        ("suggestions.0.score", 1 << 40, "suggestions[0].score: 1099511627776 is out of range"),
        ("tombstones.0.messages.0.fate", "lost", "tombstones[0].messages[0].fate: "),
        ("opt_outs.0.originals", {"x": {}}, "opt_outs[0].originals.x.city: missing"),
    ],
)
def test_a_broken_file_is_refused(curated_file: Path, where: str, value: Any, complaint: str) -> None:
    document = json.loads(curated_file.read_bytes())
    change(where, value)(document)
    curated_file.write_text(json.dumps(document))
    assert refusal(curated_file).startswith(complaint)


_exported: list[bytes] = []


@pytest.fixture
def curated_file(tree: Path, file: Path, moderator: User) -> Path:
    """Made once; the archive is empty."""
    if not _exported:
        make(tree, moderator)
        _exported.append(export(file))
        empty_database()
    file.write_bytes(_exported[0])
    return file


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b'{"format": "qunlu-curation",\n "version": 1', "line 2, column 14: Expecting ',' delimiter"),
        (b'"\xff"', "byte 1: not UTF-8"),
        (b"[]", "not a file of export_decisions"),
    ],
)
def test_what_is_no_json_is_refused(file: Path, db: None, data: bytes, complaint: str) -> None:
    file.write_bytes(data)
    assert refusal(file) == complaint


def test_covered_names_are_told_apart(tree: Path, file: Path, moderator: User) -> None:
    """Who is exempt in one room is blocked in none, and the others are called by the neutral name."""
    make(tree, moderator)
    export(file)
    rebuild(tree, file)
    assert said("这里的汤圆是别人").alias == alias("汤圆", room=OTHER)
    assert said("只是不想留名").alias.name == OptOut.objects.get(extent="name").pseudonym  # type: ignore[union-attr]
    assert Room.objects.get(slug=OTHER).visibility == "unlisted"
