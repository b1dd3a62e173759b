"""What is known of equal messages when one of them is erased: which comes back, which does not, which waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.importing import Status
from chatlogs.models import Archive, Message, ModerationAction, Tombstone
from tests.importing.archives import import_tree
from tests.importing.dumps import dump_tables
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, places_with
from tests.transcripts.making import DAY, image, link_a, message, write_transcript

pytestmark = pytest.mark.django_db

State = Message.State
THREE = ("金丝雀", "麻雀", "喜鹊")


def at_once(*texts: str, time: str = "09:00:00", name: str = "陈江月") -> list[bytes]:
    return [message(time, name, text) for text in texts]


def write(tree: Path, *texts: str, others: tuple[bytes, ...] = ()) -> None:
    write_transcript(tree, "tea-room", DAY, *at_once(*texts), *others, message("09:05:00", "石榴", "你好"))
    import_tree(tree)


@pytest.fixture
def erased(tree: Path) -> Path:
    """Of three messages of one second and sender, the first is erased."""
    write(tree, *THREE)
    moderation.erase([said("金丝雀")], **why())
    return tree


def keys() -> dict[str, str]:
    return dict(Message.objects.visible().values_list("text", "key"))


def held() -> list[str]:
    """By the fates of the tombstone, in its order."""
    return [one["outcome"] for one in Tombstone.objects.get().messages]


# What it knows


def test_it_says_nothing_that_was_said(erased: Path) -> None:
    assert {place for text in (*THREE, "陈江月") for place in places_with(text)} & {
        "Tombstone.messages", "Tombstone.sender", "Tombstone.room",
    } == set()  # fmt: skip


def test_it_lists_the_whole_group(erased: Path) -> None:
    assert sorted(held()) == ["erased", "kept", "kept"]


def test_it_knows_who_and_what_by_hashes_of_this_archive(erased: Path, tmp_path: Path) -> None:
    before = Tombstone.objects.values_list("sender", "messages").get()
    Archive.objects.update(key=b"another key" * 2)
    write_transcript(erased, "tea-room", "2018-03-28", *at_once("金丝雀"))
    import_tree(erased)
    moderation.erase([said("金丝雀")], **why())
    other = Tombstone.objects.values_list("sender", "messages").latest("date")
    assert (before[0] != other[0], before[1][0]["digest"] != other[1][0]["digest"]) == (True, True)


# What an import brings of the group


CASES = {
    # What stands in the file, what readers see of it, and whether something waits.
    "unchanged": (THREE, ["麻雀", "喜鹊"], False),
    "reordered": (("喜鹊", "金丝雀", "麻雀"), ["喜鹊", "麻雀"], False),
    "the erased one edited": (("黄雀", "麻雀", "喜鹊"), ["麻雀", "喜鹊"], True),
    "another one edited": (("金丝雀", "老麻雀", "喜鹊"), ["喜鹊"], True),
    "both edited": (("黄雀", "老麻雀", "喜鹊"), ["喜鹊"], True),
    "one added": (("金丝雀", "麻雀", "喜鹊", "乌鸦"), ["麻雀", "喜鹊"], True),
    "added again": (("金丝雀", "金丝雀", "麻雀", "喜鹊"), ["麻雀", "喜鹊"], True),
    "the erased one gone": (("麻雀", "喜鹊"), ["麻雀", "喜鹊"], False),
    "another one gone": (("金丝雀", "喜鹊"), ["喜鹊"], False),
    "all gone": ((), [], False),
}


@pytest.mark.parametrize("removal_request", CASES)
def test_what_is_known_is_shown_and_what_is_not_waits(erased: Path, removal_request: str) -> None:
    texts, visible, waits = CASES[removal_request]
    write(erased, *texts)
    assert (shown(), Tombstone.objects.get().is_holding) == ([*visible, "你好"], waits)
    check_everything()


@pytest.mark.parametrize("removal_request", CASES)
def test_what_is_shown_keeps_its_address(erased: Path, removal_request: str) -> None:
    before = keys()
    write(erased, *CASES[removal_request][0])
    assert keys().items() <= before.items()


@pytest.mark.parametrize("removal_request", CASES)
def test_what_is_not_shown_is_in_no_column(erased: Path, removal_request: str) -> None:
    write(erased, *CASES[removal_request][0])
    assert places_with("金丝雀") == places_with("黄雀") == places_with("乌鸦") == set()


@pytest.mark.parametrize("removal_request", CASES)
def test_importing_it_again_writes_nothing(erased: Path, removal_request: str) -> None:
    write(erased, *CASES[removal_request][0])
    before = dump_tables()
    report = import_tree(erased, reparse=True)
    assert (dump_tables(), report.files[Status.UNCHANGED]) == (before, 1)


@pytest.mark.parametrize("removal_request", CASES)
def test_back_to_the_first_file_it_is_as_at_first(erased: Path, removal_request: str) -> None:
    before = keys()
    write(erased, *CASES[removal_request][0])
    write(erased, *THREE)
    assert (keys().items() <= before.items(), places_with("金丝雀")) == (True, set())


@pytest.mark.parametrize("removal_request", CASES)
def test_a_database_built_anew_shows_the_same(erased: Path, removal_request: str) -> None:
    before = keys()
    write(erased, *CASES[removal_request][0])
    after = keys()
    build_anew(erased)
    assert keys() == after
    assert keys().items() <= before.items()
    assert places_with("金丝雀") == set()
    check_everything()


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_database_built_anew_has_the_same_addresses(tree: Path, which: int) -> None:
    write(tree, *THREE)
    before = dict(Message.objects.values_list("position", "key"))
    moderation.erase([said(THREE[which])], **why())
    build_anew(tree)
    assert set(Message.objects.values_list("key", flat=True)) == set(before.values())
    assert Message.objects.get(state=State.ERASED).key not in keys().values()
    write(tree, *THREE, others=(message("09:04:00", "云", "又一句"),))
    assert "又一句" in shown()
    check_everything()


def test_a_database_built_anew_gives_nobody_the_address_of_what_waits(erased: Path) -> None:
    gone = Message.objects.get(state=State.ERASED).key
    write(erased, "黄雀", "麻雀", "喜鹊")
    build_anew(erased)
    assert Message.objects.get(key=gone).state == State.ERASED


def build_anew(tree: Path) -> None:
    """Everything but the archive's keys, the tombstones and the log is made of the transcripts again."""
    from chatlogs.models import (
        Alias,
        Day,
        Erasure,
        Image,
        ImportProblem,
        Link,
        Member,
        Mention,
        MentionedName,
        NameEvidence,
        Original,
        Redaction,
        Room,
        Segment,
        SourceFile,
        Suggestion,
    )
    from chatlogs.search import sync

    for model in (
        Erasure, Redaction, Mention, MentionedName, NameEvidence, Suggestion, Original, Segment, Link, Image, Message,
        SourceFile, Day, Alias, Member, Room, ImportProblem,
    ):  # fmt: skip
        model._default_manager.all().delete()
    sync.reset()
    import_tree(tree)


# Equal texts


def test_of_equal_texts_the_others_stay(tree: Path) -> None:
    write(tree, "+1", "+1", "+1")
    moderation.erase([Message.objects.filter(text="+1").earliest("position")], **why())
    write(tree, "+1", "+1", "+1")
    assert shown() == ["+1", "+1", "你好"]


def test_of_equal_texts_fewer_come_back_than_there_were(tree: Path) -> None:
    write(tree, "+1", "+1", "+1")
    moderation.erase([Message.objects.filter(text="+1").earliest("position")], **why())
    write(tree, "+1", "+1")
    assert shown() == ["+1", "你好"]


def test_the_same_words_at_another_time_stay_where_the_erased_one_is_gone(tree: Path) -> None:
    later = (message("09:01:00", "陈江月", "+1"),)
    write(tree, "+1", others=later)
    moderation.erase([Message.objects.filter(text="+1").earliest("position")], **why())
    for _ in range(3):
        write(tree, others=later)
        import_tree(tree, reparse=True)
    assert shown() == ["+1", "你好"]


# Moved in time


def test_two_that_were_moved_together_are_both_left_out(tree: Path) -> None:
    write(tree, "金丝雀一", "金丝雀二")
    moderation.erase(Message.objects.filter(text__contains="金丝雀"), **why())
    write(tree, others=tuple(at_once("金丝雀一", "金丝雀二", time="09:00:07")))
    assert (shown(), places_with("金丝雀")) == (["你好"], set())


def test_beside_one_that_was_moved_others_stay(tree: Path) -> None:
    beside = tuple(at_once("麻雀", time="09:00:07"))
    write(tree, "金丝雀", others=beside)
    moderation.erase([said("金丝雀")], **why())
    moved = tuple(at_once("金丝雀", "麻雀", time="09:00:07"))
    for _ in range(2):
        write(tree, others=moved)
        import_tree(tree, reparse=True)
    assert (shown(), places_with("金丝雀")) == (["麻雀", "你好"], set())


def test_moved_again_and_again_it_is_left_out(tree: Path) -> None:
    write(tree, "金丝雀")
    moderation.erase([said("金丝雀")], **why())
    for second in range(1, 5):
        write(tree, others=tuple(at_once("金丝雀", time=f"09:00:0{second}")))
    assert (shown(), places_with("金丝雀")) == (["你好"], set())


# Deciding on what waits


def decide(how: str) -> ModerationAction:
    perform: ModerationAction = getattr(moderation, how)(Tombstone.objects.get(is_holding=True), **why())
    return perform


def test_what_is_approved_comes_with_the_next_import(erased: Path) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    decide("approve")
    import_tree(erased)
    assert shown() == ["黄雀", "麻雀", "喜鹊", "你好"]
    check_everything()


def test_what_is_approved_has_an_address_of_its_own(erased: Path) -> None:
    gone = Message.objects.get(state=State.ERASED).key
    write(erased, "黄雀", "麻雀", "喜鹊")
    decide("approve")
    import_tree(erased)
    assert Message.objects.get(key=gone).state == State.ERASED
    assert said("黄雀").key != gone


def test_what_was_approved_and_is_erased_does_not_come_back(erased: Path) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    decide("approve")
    import_tree(erased)
    moderation.erase([said("黄雀")], **why())
    write(erased, "黄雀", "麻雀", "喜鹊", "黄雀")
    assert (shown(), places_with("黄雀")) == (["麻雀", "喜鹊", "你好"], set())


def test_what_was_approved_stays_through_edits(erased: Path) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    decide("approve")
    import_tree(erased)
    write(erased, "喜鹊", "麻雀", "黄雀")
    assert sorted(shown()) == sorted(["黄雀", "麻雀", "喜鹊", "你好"])


def test_what_is_rejected_stays_out(erased: Path) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    decide("reject")
    import_tree(erased)
    write(erased, "喜鹊", "麻雀", "黄雀")
    assert (shown(), Tombstone.objects.get().is_holding) == (["喜鹊", "麻雀", "你好"], False)


def test_an_edited_other_one_is_approved_under_its_address(erased: Path) -> None:
    before = keys()
    write(erased, "金丝雀", "老麻雀", "喜鹊")
    decide("approve")
    import_tree(erased)
    assert keys()["老麻雀"] == before["麻雀"]


@pytest.mark.parametrize("how", ["approve", "reject"])
def test_nothing_is_decided_twice(erased: Path, how: str) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    tombstone = Tombstone.objects.get()
    decide(how)
    with pytest.raises(ActionRefused):
        getattr(moderation, how)(tombstone, **why())


@pytest.mark.parametrize("how", ["approve", "reject"])
def test_what_was_decided_there_is_not_undone(erased: Path, how: str) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    action = decide(how)
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


def test_the_log_tells_the_place_alone(erased: Path) -> None:
    write(erased, "黄雀", "麻雀", "喜鹊")
    action = decide("approve")
    place = ["tea-room", "2018-03-27", "09:00:00"]
    assert action.changes == [{"tombstone": place, "messages": 1, "fate": ["held", "kept"]}]


# Erased one after another


def test_the_second_of_a_group_is_erased_like_the_first(erased: Path) -> None:
    moderation.erase([said("麻雀")], **why())
    write(erased, *THREE)
    assert (shown(), places_with("麻雀")) == (["喜鹊", "你好"], set())


@pytest.mark.parametrize("body", [link_a("金丝雀", "https://read.example.com/x"), None])
def test_links_and_images_are_known_again(tree: Path, body: str | None) -> None:
    one = message("09:00:00", "陈江月", body) if body else image("09:00:00", "陈江月", "https://img.example.org/x.png")
    write(tree, others=(one,))
    moderation.erase([Message.objects.earliest("position")], **why())
    write(tree, others=(one, message("09:01:00", "云", "又一句")))
    assert shown() == ["又一句", "你好"]
    assert not Tombstone.objects.get().is_holding
