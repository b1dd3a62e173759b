"""What redactions cover is forgotten for good, some time later."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from chatlogs import mentions, moderation
from chatlogs.audit import ActionRefused
from chatlogs.importing import Status
from chatlogs.models import (
    Erasure,
    MentionedName,
    Message,
    ModerationAction,
    Original,
    SourceFile,
    Tombstone,
)
from chatlogs.moderation import Part
from chatlogs.text.masks import BLOCK
from tests.importing.archives import exported, import_tree
from tests.importing.dumps import dump_tables
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, places_with
from tests.people.people import alias, import_day, import_day_once
from tests.transcripts.making import DAY, image, link_a, message, write_transcript

pytestmark = pytest.mark.django_db

SAID = (("陈江月", "金丝雀来了@某人甲 走"), ("石榴", "你好"), ("石榴", "@陈江月 好"))
COVERED = f"{BLOCK}来了@某人甲 走"
URL, PICTURE = "https://read.example.com/canary", "https://img.example.org/canary.png"


def purge() -> ModerationAction | None:
    return moderation.purge(timezone.now())


@pytest.fixture
def purged(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    purge()
    return tree


# What is left


def test_the_words_are_in_no_column(purged: Path) -> None:
    assert (shown()[0], places_with("金丝雀")) == (COVERED, set())
    check_everything()


def test_nothing_is_sealed_any_more(purged: Path) -> None:
    assert not Original.objects.exists()


def test_what_is_redacted_for_less_long_stays_sealed(tree: Path) -> None:
    import_day(tree, *SAID)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert moderation.purge() is None
    assert Original.objects.get().text == SAID[0][1]


def test_a_fresh_redaction_keeps_the_older_ones_sealed(tree: Path) -> None:
    import_day(tree, *SAID)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    moment = timezone.now()
    moderation.redact(said("来了"), [(3, 5)], **why())
    assert moderation.purge(moment) is None


def test_a_text_that_changed_since_stays_sealed(tree: Path) -> None:
    import_day(tree, *SAID)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(tree, ("陈江月", "老金丝雀"), *SAID[1:])
    assert purge() is None


def test_the_export_has_what_readers_see(purged: Path) -> None:
    (left,) = exported().values()
    assert (COVERED.encode() in left, "金丝雀".encode() in left) == (True, False)


def test_the_digest_of_the_file_tells_nothing_any_more(purged: Path) -> None:
    import_day(purged, *SAID, ("云", "又一句"))
    assert SourceFile.objects.get().sha256 == ""


def test_a_hidden_author_is_still_known(tree: Path) -> None:
    import_day(tree, *SAID)
    redaction = moderation.redact(said("金丝雀"), [(0, 3)], **why())
    hiding = moderation.hide([said("来了")], Part.AUTHOR, **why())
    purge()
    assert places_with("金丝雀") == set()
    with pytest.raises(ActionRefused):
        moderation.undo(redaction, **why())
    moderation.undo(hiding, **why())
    assert said("来了").alias == alias("陈江月")
    check_everything()


def test_a_choice_of_who_is_meant_goes_too(tree: Path) -> None:
    import_day(tree, *SAID)
    mentions.override_name(MentionedName.objects.get(text="某人甲"), alias("石榴"))
    moderation.redact(said("金丝雀"), **why())
    purge()
    assert places_with("某人甲") == set()


def test_personal_data_beside_it_goes_too(tree: Path) -> None:
    import_day(tree, ("陈江月", "金丝雀 13800138000"))
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    purge()
    assert (shown(), places_with("13800138000")) == ([f"{BLOCK} {BLOCK}"], set())
    import_tree(tree, reparse=True)
    assert (shown(), places_with("13800138000")) == ([f"{BLOCK} {BLOCK}"], set())


@pytest.mark.parametrize("kind", ["link", "image"])
def test_of_a_link_or_an_image_nothing_is_left(tree: Path, kind: str) -> None:
    one = (
        message("09:00:00", "陈江月", link_a("金丝雀的文章", URL))
        if kind == "link"
        else image("09:00:00", "陈江月", PICTURE)
    )
    other = message("09:01:00", "石榴", "你好")
    write_transcript(tree, "tea-room", DAY, one, other)
    import_tree(tree)
    moderation.redact_all([Message.objects.earliest("position")], **why())
    purge()
    assert (places_with("金丝雀"), places_with("canary"), shown()) == (set(), set(), [BLOCK, "你好"])
    write_transcript(tree, "tea-room", DAY, one, other, message("09:02:00", "云", "又一句"))
    import_tree(tree)
    assert (places_with("金丝雀"), places_with("canary"), shown()) == (set(), set(), [BLOCK, "你好", "又一句"])
    check_everything()


# The log


def test_the_log_says_what_went_and_that_nobody_decided(purged: Path) -> None:
    action = ModerationAction.objects.latest("pk")
    key = Message.objects.earliest("position").key
    assert (action.kind, action.actor, action.changes) == ("purge", None, [{"message": key, "purged": "text"}])
    assert Erasure.objects.get().action == action


def test_neither_the_purge_nor_the_redaction_is_undone(purged: Path) -> None:
    for action in ModerationAction.objects.all():
        with pytest.raises(ActionRefused):
            moderation.undo(action, **why())
    assert shown()[0] == COVERED


def test_it_is_purged_once(purged: Path) -> None:
    assert purge() is None


# Later imports


def test_an_import_of_the_unchanged_file_writes_nothing(purged: Path) -> None:
    mentions.resolve()
    for reparse in (False, True):
        before = dump_tables()
        report = import_tree(purged, reparse=reparse)
        assert (dump_tables(), report.files[Status.UNCHANGED]) == (before, 1)


EDITS = {
    "one more": ((*SAID, ("云", "又一句")), COVERED),
    "others gone": (SAID[:1], COVERED),
    "its text edited": ((("陈江月", "老金丝雀来了@某人甲 走"), *SAID[1:]), None),
    "its name corrected": ((("陈江月-青禾", SAID[0][1]), *SAID[1:]), None),
    "gone": ((("", "占位"), *SAID[1:]), None),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_words_are_nowhere(purged: Path, edit: str) -> None:
    lines, first = EDITS[edit]
    import_day(purged, *lines)
    assert (places_with("金丝雀"), COVERED in shown()) == (set(), first is not None)
    check_everything()
    before = dump_tables()
    import_tree(purged, reparse=True)
    assert dump_tables() == before


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_and_back_the_words_are_nowhere(purged: Path, edit: str) -> None:
    import_day(purged, *EDITS[edit][0])
    import_day(purged, *SAID)
    assert places_with("金丝雀") == set()


def test_the_exported_transcript_is_known(purged: Path) -> None:
    for path, data in exported().items():
        Path(path).write_bytes(data)
    import_tree(purged, reparse=True)
    assert (shown()[0], Tombstone.objects.get().is_holding) == (COVERED, False)


def test_a_database_built_anew_shows_the_same(purged: Path) -> None:
    from tests.moderation.test_tombstones import build_anew

    before = list(Message.objects.order_by("position").values_list("key", "text"))
    build_anew(purged)
    assert (list(Message.objects.order_by("position").values_list("key", "text")), places_with("金丝雀")) == (
        before,
        set(),
    )


def test_redacted_and_purged_again_it_shows_both(purged: Path) -> None:
    moderation.redact(said("来了"), [(len(BLOCK), len(BLOCK) + 2)], **why())
    purge()
    twice = f"{BLOCK}{BLOCK}@某人甲 走"
    assert (shown()[0], places_with("来了")) == (twice, set())
    import_day(purged, *SAID, ("云", "又一句"))
    assert (shown()[0], places_with("金丝雀"), places_with("来了")) == (twice, set(), set())


def test_purged_and_erased_it_is_gone(purged: Path) -> None:
    moderation.erase([said("来了")], **why())
    import_day(purged, *SAID, ("云", "又一句"))
    assert (places_with("来了"), shown()) == (set(), ["你好", "@陈江月 好", "又一句"])
    assert not Tombstone.objects.get().is_holding


def test_beside_one_that_is_erased_it_stays_purged(tree: Path) -> None:
    def write(*more: bytes) -> None:
        both = [message("09:00:00", "陈江月", "金丝雀来了"), message("09:00:00", "陈江月", "麻雀也来了")]
        write_transcript(tree, "tea-room", DAY, *both, *more)
        import_tree(tree)

    write()
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    purge()
    moderation.erase([said("麻雀")], **why())
    write(message("09:01:00", "云", "又一句"))
    assert (shown(), places_with("金丝雀")) == ([f"{BLOCK}来了", "又一句"], set())
    assert not Tombstone.objects.get().is_holding


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_in_every_encoding_the_words_are_nowhere(tree: Path, encoding: str) -> None:
    data = b"---\ndate: 2018-03-27\n---\n" + message("09:00:00", "陈江月", "金丝雀来了").decode().encode(encoding)
    path = tree / "tea-room" / "2018-03-27.markdown"
    path.parent.mkdir()
    path.write_bytes(data)
    import_tree(tree, encoding=encoding)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    purge()
    import_tree(tree, reparse=True)
    assert (shown(), places_with("金丝雀")) == ([f"{BLOCK}来了"], set())
    assert "金丝雀".encode(encoding) not in b"".join(exported().values())


def test_due_is_what_was_redacted_long_enough_ago(tree: Path) -> None:
    import_day(tree, *SAID)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert moderation.purge(timezone.now() - dt.timedelta(hours=1)) is None
    assert moderation.purge(timezone.now() + dt.timedelta(hours=1)) is not None
