"""What is erased is in no row, leaves its place, and is not brought back by anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from chatlogs import mentions, moderation
from chatlogs.audit import ActionRefused
from chatlogs.importing import Status
from chatlogs.models import (
    Archive,
    Erasure,
    Image,
    Link,
    MentionedName,
    Message,
    ModerationAction,
    RemovalRequest,
    SourceFile,
)
from chatlogs.moderation import Part
from tests.importing.archives import exported, import_tree, on_disk
from tests.importing.dumps import dump_tables
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, places_with
from tests.people.people import alias, import_day, import_day_once, revision, write_day
from tests.search.index_dumps import indexed_positions
from tests.transcripts.making import DAY, image, link_a, message, write_transcript

pytestmark = pytest.mark.django_db

SAID = (("陈江月", "金丝雀来了@某人甲 走"), ("石榴", "你好"), ("石榴", "@陈江月 好"))
OTHERS = ["你好", "@陈江月 好"]
URL, PICTURE = "https://read.example.com/canary", "https://img.example.org/canary.png"
State = Message.State


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


def erase(*texts: str) -> ModerationAction:
    return moderation.erase([said(text) for text in texts], **why())


# What is left


def test_the_words_are_in_no_column(imported: Path) -> None:
    erase("金丝雀")
    assert places_with("金丝雀") == set()


def test_its_mentions_are_in_no_column(imported: Path) -> None:
    erase("金丝雀")
    assert places_with("某人甲") == set()


def test_a_name_that_others_mention_too_stays(imported: Path) -> None:
    import_day(imported, *SAID, ("云", "@某人甲 呢"))
    erase("金丝雀")
    assert MentionedName.objects.filter(text="某人甲").exists()


@pytest.mark.parametrize("text", ["金丝雀的文章", URL, "read.example.com"])
def test_a_link_is_in_no_column(tree: Path, text: str) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "陈江月", link_a("金丝雀的文章", URL)))
    import_tree(tree)
    moderation.erase(Message.objects.all(), **why())
    assert (places_with(text), Link.objects.count()) == (set(), 0)


def test_an_image_is_in_no_column(tree: Path) -> None:
    write_transcript(tree, "tea-room", DAY, image("09:00:00", "陈江月", PICTURE))
    import_tree(tree)
    moderation.erase(Message.objects.all(), **why())
    assert (places_with(PICTURE), Image.objects.count()) == (set(), 0)


def test_its_place_and_its_address_stay(imported: Path) -> None:
    before = said("金丝雀")
    erase("金丝雀")
    after = Message.objects.get(key=before.key)
    assert (after.pk, after.position, after.state, after.alias) == (before.pk, before.position, State.ERASED, None)


def test_counts_and_index_are_those_of_the_others(imported: Path) -> None:
    position = said("金丝雀").position
    erase("金丝雀")
    check_everything()
    assert (shown(), position in indexed_positions(), alias("陈江月").message_count) == (OTHERS, False, 0)


def test_pages_are_made_anew(imported: Path) -> None:
    day, archive = revision(), Archive.objects.get().revision
    erase("金丝雀")
    assert (revision() > day, Archive.objects.get().revision > archive) == (True, True)


def test_the_export_has_all_the_rest(imported: Path) -> None:
    erase("金丝雀")
    (path, whole), (_, left) = *on_disk(imported).items(), *exported().items()
    assert left == whole.replace(message("09:00:00", *SAID[0]), b""), path


def test_the_digest_of_the_file_tells_nothing_any_more(imported: Path) -> None:
    erase("金丝雀")
    assert SourceFile.objects.get().sha256 == ""


@pytest.mark.parametrize("before", ["hidden", "without author", "redacted", "found in", "withdrawn", "spoken of"])
def test_whatever_it_was_before_nothing_is_left(imported: Path, before: str) -> None:
    message_ = said("金丝雀")
    match before:
        case "hidden":
            moderation.hide([message_], **why())
        case "without author":
            moderation.hide([message_], Part.AUTHOR, **why())
        case "redacted":
            moderation.redact(message_, [(0, 3)], **why())
        case "found in":
            import_day(imported, ("陈江月", "金丝雀的电话13800138000@某人甲 走"), *SAID[1:])
        case "withdrawn":
            import_day(imported, ("", "占位"), *SAID[1:])
        case "spoken of":
            moderation.opt_out(alias("石榴").member, "messages", **why())
    moderation.erase([message_], **why())
    assert (places_with("金丝雀"), places_with("某人甲"), places_with("13800138000")) == (set(), set(), set())
    check_everything()


def test_a_choice_of_who_is_meant_goes_too(imported: Path) -> None:
    mentions.override_name(MentionedName.objects.get(text="某人甲"), alias("石榴"))
    erase("金丝雀")
    assert places_with("某人甲") == set()


def test_a_choice_goes_though_its_words_were_covered_before(imported: Path) -> None:
    mentions.override_name(MentionedName.objects.get(text="某人甲"), alias("石榴"))
    message_ = said("金丝雀")
    moderation.redact(message_, **why())
    moderation.erase([message_], **why())
    assert places_with("某人甲") == set()


def test_a_note_of_the_admin_about_the_mention_goes_too(imported: Path, moderator: User) -> None:
    name = MentionedName.objects.get(text="某人甲")
    LogEntry.objects.create(
        user=moderator, content_type=ContentType.objects.get_for_model(name), object_id=str(name.pk),
        object_repr=str(name), action_flag=CHANGE, change_message="",
    )  # fmt: skip
    erase("金丝雀")
    assert places_with("某人甲") == set()


def test_the_request_forgets_what_it_quoted(imported: Path) -> None:
    removal_request = RemovalRequest.objects.create(
        wish="erase", due_at=timezone.now(), subject="金丝雀来了", explanation="金丝雀", contact="a"
    )
    moderation.erase([said("金丝雀")], by=None, category="request", reason="她要求的", removal_request=removal_request)
    removal_request.refresh_from_db()
    assert (places_with("金丝雀"), removal_request.state) == (set(), RemovalRequest.State.ERASING)


# The log


def test_the_log_has_states_alone(imported: Path, moderator: User) -> None:
    key = said("金丝雀").key
    action = moderation.erase([said("金丝雀")], **why(moderator))
    action.refresh_from_db()
    assert (action.kind, action.actor_name, action.category) == ("erase", "he", "request")
    assert action.changes == [{"message": key, "state": ["shown", "erased"]}]
    assert Erasure.objects.get().action == action


def test_an_erasure_is_not_undone(imported: Path) -> None:
    action = erase("金丝雀")
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


def test_undoing_what_was_done_before_brings_nothing_back(imported: Path) -> None:
    message_ = said("金丝雀")
    hiding, redaction = moderation.hide([message_], **why()), moderation.redact(message_, [(0, 3)], **why())
    moderation.erase([message_], **why())
    for action in (redaction, hiding):
        with pytest.raises(ActionRefused):
            moderation.undo(action, **why())
    assert (places_with("金丝雀"), shown()) == (set(), OTHERS)


@pytest.mark.parametrize("perform", ["erase", "hide", "restore", "redact", "redact_all"])
def test_nothing_can_be_done_with_what_is_erased(imported: Path, perform: str) -> None:
    message_ = said("金丝雀")
    moderation.erase([message_], **why())
    with pytest.raises(ActionRefused):
        getattr(moderation, perform)(message_ if perform == "redact" else [message_], **why())


def test_a_stale_message_in_hand_brings_nothing_back(imported: Path) -> None:
    stale = said("金丝雀")
    erase("金丝雀")
    moderation.hide([stale, said("你好")], **why())
    assert Message.objects.get(pk=stale.pk).state == State.ERASED


# Later imports


def test_an_import_of_the_unchanged_file_writes_nothing(imported: Path) -> None:
    erase("金丝雀")
    mentions.resolve()
    for reparse in (False, True):
        before = dump_tables()
        report = import_tree(imported, reparse=reparse)
        assert (dump_tables(), report.files[Status.UNCHANGED]) == (before, 1)


EDITS = {
    "one more": (*SAID, ("云", "又一句")),
    "others gone": SAID[:1],
    "others edited": (SAID[0], ("石榴", "您好"), SAID[2]),
    "its text edited": (("陈江月", "哪有金丝雀来了@某人甲 走"), *SAID[1:]),
    "its name corrected": (("陈江月-青禾", SAID[0][1]), *SAID[1:]),
    "its name and others": (("陈江月-青禾", SAID[0][1]), ("石榴-云杉", "你好"), ("石榴-云杉", "@陈江月 好")),
    "gone": (("", "占位"), *SAID[1:]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_it_is_nowhere(imported: Path, edit: str) -> None:
    erase("金丝雀")
    import_day(imported, *EDITS[edit])
    import_tree(imported, reparse=True)
    assert (places_with("金丝雀"), places_with("某人甲")) == (set(), set())
    check_everything()


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_an_import_again_writes_nothing(imported: Path, edit: str) -> None:
    erase("金丝雀")
    import_day(imported, *EDITS[edit])
    before = dump_tables()
    import_tree(imported, reparse=True)
    assert dump_tables() == before


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_and_back_it_is_nowhere(imported: Path, edit: str) -> None:
    erase("金丝雀")
    import_day(imported, *EDITS[edit])
    import_day(imported, *SAID)
    assert places_with("金丝雀") == set()
    assert [text for text in shown() if text in OTHERS] == OTHERS


def test_with_another_time_it_is_nowhere(tree: Path) -> None:
    for second in (0, 7):
        write_transcript(tree, "tea-room", DAY, message(f"09:00:0{second}", *SAID[0]), message("09:01:00", *SAID[1]))
        import_tree(tree)
        if second == 0:
            erase("金丝雀")
    assert (places_with("金丝雀"), shown()) == (set(), ["你好"])


def test_what_was_withdrawn_with_the_same_words_goes_too(tree: Path) -> None:
    """A corrected time took it past another message, so that nobody could tell that it was the same."""
    first, later = [message(f"09:00:0{second}", *SAID[0]) for second in (2, 4)]
    other = message("09:00:03", *SAID[1])
    for lines in ((first, other), (other, later)):
        write_transcript(tree, "tea-room", DAY, *lines)
        import_tree(tree)
    moderation.erase([Message.objects.get(text__contains="金丝雀", is_withdrawn=False)], **why())
    write_transcript(tree, "tea-room", DAY, first, other)
    import_tree(tree)
    assert (places_with("金丝雀"), shown()) == (set(), ["你好"])


def test_new_words_are_held_where_it_is_gone(imported: Path) -> None:
    """They may be its own, at another time, under another name."""
    erase("金丝雀")
    import_day(imported, ("", "占位"), *SAID[1:], ("云", "她说有鸟来了"))
    assert Message.objects.get(text="她说有鸟来了").state == State.HELD


def test_new_words_are_shown_while_it_is_there(imported: Path) -> None:
    erase("金丝雀")
    import_day(imported, *SAID, ("云", "又一句"))
    assert shown() == [*OTHERS, "又一句"]


def test_the_exported_transcript_brings_nothing_back(imported: Path, tmp_path: Path) -> None:
    erase("金丝雀")
    for path, data in exported().items():
        Path(path).write_bytes(data)
    import_tree(imported)
    assert (places_with("金丝雀"), shown()) == (set(), OTHERS)


def test_a_moved_file_brings_nothing_back(imported: Path) -> None:
    erase("金丝雀")
    (path,) = imported.rglob("*.markdown")
    path.rename(path.with_name("2018-03-27-moved.markdown"))
    report = import_tree(imported)
    assert (places_with("金丝雀"), report.missing, shown()) == (set(), [], OTHERS)


def test_a_trial_run_decides_nothing(imported: Path) -> None:
    erase("金丝雀")
    write_day(imported, DAY, *EDITS["its text edited"])
    before = dump_tables()
    import_tree(imported, dry_run=True)
    assert dump_tables() == before


def test_all_of_a_day_can_be_erased(imported: Path) -> None:
    moderation.erase(Message.objects.all(), **why())
    import_day(imported, *SAID, ("云", "又一句"))
    assert shown() == ["又一句"]
    check_everything()
