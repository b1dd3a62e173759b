"""What is redacted is a block everywhere, whatever becomes of the transcript."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import mentions, moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Archive, Image, Link, Mention, MentionedName, Message, Original, Redaction
from chatlogs.text.masks import BLOCK
from tests.importing.archives import import_tree
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.people.people import alias, import_day, import_day_once, revision
from tests.search.index_dumps import indexed_positions
from tests.transcripts.making import DAY, image, link_a, message, write_transcript
from tests.worlds import import_once

pytestmark = pytest.mark.django_db

SAID = (("陈江月", "金丝雀来了@某人甲 走"), ("石榴", "你好"), ("石榴", "@陈江月 好"))
URL, PICTURE = "https://read.example.com/canary", "https://img.example.org/canary.png"
State = Message.State


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


@pytest.fixture
def pages(tree: Path) -> Path:
    """A link and an image."""
    link = message("09:01:00", "石榴", link_a("金丝雀的文章", URL))
    write_transcript(
        tree, "tea-room", DAY, message("09:00:00", "陈江月", "早"), link, image("09:02:00", "石榴", PICTURE)
    )
    import_once(tree)
    return tree


# What readers see


def test_readers_see_a_block_of_one_length(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert shown()[0] == f"{BLOCK}来了@某人甲 走"


def test_without_places_all_of_it_is_covered(imported: Path) -> None:
    moderation.redact(said("金丝雀"), **why())
    assert shown()[0] == BLOCK


def test_pieces_that_overlap_are_one_block(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3), (2, 5)], **why())
    assert shown()[0] == f"{BLOCK}@某人甲 走"


def test_pieces_covered_later_count_in_the_original(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    moderation.redact(said("来了"), [(3, 5)], **why())
    assert shown()[0] == f"{BLOCK}{BLOCK}@某人甲 走"


def test_the_index_knows_what_is_left_alone(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    check_everything()
    assert said("来了").position in indexed_positions()


def test_the_words_are_in_what_is_sealed_alone(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert places_with("金丝雀") == {"Original.text", "Segment.source"}


def test_a_covered_mention_is_no_mention(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(5, 9)], **why())
    assert not MentionedName.objects.filter(text="某人甲").exists()


def test_mentions_behind_a_block_are_where_they_stand(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 5)], **why())
    mention = Mention.objects.get(name__text="某人甲")
    assert mention.message.text[mention.start : mention.stop] == "@某人甲"


def test_pages_are_made_anew(imported: Path) -> None:
    day, archive = revision(), Archive.objects.get().revision
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert (revision() > day, Archive.objects.get().revision > archive) == (True, True)


@pytest.mark.parametrize("model", [Link, Image])
def test_with_the_whole_the_address_is_gone(pages: Path, model: type[Link] | type[Image]) -> None:
    message_ = Message.objects.get(kind=model.__name__.lower())
    moderation.redact_all([message_], **why())
    assert not model.objects.exists()
    message_.refresh_from_db()
    assert (message_.text, Original.objects.get().url) == (BLOCK, URL if model is Link else PICTURE)
    check_everything()


def test_undone_a_link_and_an_image_have_their_addresses_again(pages: Path) -> None:
    before = snapshot()
    moderation.undo(moderation.redact_all(Message.objects.exclude(kind="text"), **why()), **why())
    assert differences(before, snapshot()) == {}


# The log, and undoing


def test_the_log_has_places_and_no_words(imported: Path, moderator: User) -> None:
    action = moderation.redact(said("金丝雀"), [(3, 5), (0, 3)], **why(moderator))
    action.refresh_from_db()
    assert (action.kind, action.actor_name) == ("redact", "he")
    assert action.changes == [{"message": Message.objects.earliest("position").key, "spans": [[0, 3], [3, 5]]}]


@pytest.mark.parametrize("spans", [[(0, 3)], [(0, 3), (5, 9)], None])
def test_undone_everything_is_as_before(imported: Path, spans: list[tuple[int, int]] | None) -> None:
    before = snapshot()
    moderation.undo(moderation.redact(said("金丝雀"), spans, **why()), **why())
    assert differences(before, snapshot()) == {}
    check_everything()


def test_a_choice_of_who_is_meant_comes_back_with_its_words(imported: Path) -> None:
    mentions.override_name(MentionedName.objects.get(text="某人甲"), alias("石榴"))
    before = snapshot()
    moderation.undo(moderation.redact(said("金丝雀"), **why()), **why())
    assert differences(before, snapshot()) == {}


def test_a_redaction_undone_leaves_the_others(imported: Path) -> None:
    first = moderation.redact(said("金丝雀"), [(0, 3)], **why())
    moderation.redact(said("来了"), [(3, 5)], **why())
    moderation.undo(first, **why())
    assert shown()[0] == f"金丝雀{BLOCK}@某人甲 走"


def test_an_undoing_of_a_redaction_is_not_undone(imported: Path) -> None:
    undone = moderation.undo(moderation.redact(said("金丝雀"), [(0, 3)], **why()), **why())
    with pytest.raises(ActionRefused):
        moderation.undo(undone, **why())


def test_a_redaction_is_undone_once(imported: Path) -> None:
    action = moderation.redact(said("金丝雀"), [(0, 3)], **why())
    moderation.undo(action, **why())
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


@pytest.mark.parametrize("spans", [[], [(3, 3)], [(0, 99)], [(-1, 2)], [(4, 2)]])
def test_pieces_outside_the_text_are_refused(imported: Path, spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ActionRefused):
        moderation.redact(said("金丝雀"), spans, **why())
    assert not Redaction.objects.exists()


# Together with other actions


def test_hidden_and_redacted_a_message_comes_back_redacted(imported: Path) -> None:
    message_ = said("金丝雀")
    moderation.redact(message_, [(0, 3)], **why())
    moderation.hide([message_], **why())
    moderation.restore([message_], **why())
    assert shown()[0] == f"{BLOCK}来了@某人甲 走"
    message_.refresh_from_db()
    assert message_.alias == alias("陈江月")


def test_what_was_undone_second_first_is_as_before(imported: Path) -> None:
    before = snapshot()
    redaction = moderation.redact(said("金丝雀"), [(0, 3)], **why())
    hiding = moderation.hide([said("来了")], **why())
    moderation.undo(redaction, **why())
    moderation.undo(hiding, **why())
    assert differences(before, snapshot()) == {}


# Later imports


def test_the_unchanged_file_changes_nothing(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    before = snapshot()
    import_tree(imported, reparse=True)
    assert differences(before, snapshot()) == {}


@pytest.mark.parametrize(
    "edit",
    [
        (*SAID, ("云", "又一句")),
        SAID[:1],
        (("陈江月-青禾", SAID[0][1]), *SAID[1:]),
    ],
    ids=["one more", "others gone", "name corrected"],
)
def test_the_places_stay_where_the_text_stays(imported: Path, edit: tuple[tuple[str, str], ...]) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *edit)
    assert f"{BLOCK}来了@某人甲 走" in shown()
    assert not any("金丝雀" in text for text in shown())
    check_everything()


def test_the_places_stay_where_the_time_was_corrected(tree: Path) -> None:
    for second in ("00", "07"):
        write_transcript(tree, "tea-room", DAY, message(f"09:00:{second}", *SAID[0]), message("09:01:00", *SAID[1]))
        import_tree(tree)
        if second == "00":
            moderation.redact(said("金丝雀"), [(0, 3)], **why())
    assert shown() == [f"{BLOCK}来了@某人甲 走", "你好"]


def test_where_a_whole_day_has_other_times_nothing_comes_to_light(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, ("", "先来的"), *SAID)
    assert not any("金丝雀" in text for text in shown())
    check_everything()


EDITED = (("陈江月", "有金丝雀来了"), *SAID[1:])


def test_in_another_text_all_of_it_is_covered(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *EDITED)
    assert shown()[0] == BLOCK
    check_everything()


def test_until_it_is_redacted_anew(imported: Path) -> None:
    key = said("金丝雀").key
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *EDITED)
    moderation.redact(Message.objects.get(key=key), [(1, 4)], **why())
    assert shown()[0] == f"有{BLOCK}来了"
    check_everything()


def test_back_to_the_first_text_all_of_it_is_covered_still(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *EDITED)
    import_day(imported, *SAID)
    assert shown()[0] == BLOCK


def test_the_new_redaction_undone_all_of_it_is_covered_again(imported: Path) -> None:
    """The former places meant another text, but somebody wanted something covered."""
    key = said("金丝雀").key
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *EDITED)
    before = snapshot()
    moderation.undo(moderation.redact(Message.objects.get(key=key), [(1, 4)], **why()), **why())
    assert shown()[0] == BLOCK
    assert differences(before, snapshot()) == {}


def test_the_only_redaction_undone_nothing_is_covered_in_the_new_text(imported: Path) -> None:
    action = moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *EDITED)
    moderation.undo(action, **why())
    assert (shown()[0], Original.objects.count()) == ("有金丝雀来了", 0)


def test_gone_and_back_it_is_covered(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, ("", "占位"), *SAID[1:])
    import_day(imported, *SAID)
    assert f"{BLOCK}来了@某人甲 走" in shown()
    assert not any("金丝雀" in text for text in shown())


def test_redacted_while_it_was_gone_it_is_covered(imported: Path) -> None:
    gone = said("金丝雀")
    import_day(imported, ("", "占位"), *SAID[1:])
    moderation.redact(gone, [(0, 3)], **why())
    import_day(imported, *SAID)
    assert not any("金丝雀" in text for text in shown())


def test_redacted_while_it_was_gone_no_mention_tells_it(imported: Path) -> None:
    gone = said("金丝雀")
    import_day(imported, ("", "占位"), *SAID[1:])
    moderation.redact(gone, **why())
    assert places_with("某人甲") == {"Original.text", "Segment.source"}


def test_the_same_words_elsewhere_are_held_where_it_is_gone(imported: Path) -> None:
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    import_day(imported, *SAID[1:], ("云", "空"), ("雨", "她说：金丝雀来了"))
    assert Message.objects.get(text__contains="她说").state == State.HELD


def test_equal_names_and_times_let_no_edit_bring_it_to_light(tree: Path) -> None:
    """Two of one second change places, and both are edited: which is which, nobody can tell."""
    one, other = ("09:00:00", "陈江月", "金丝雀"), ("09:00:00", "陈江月", "你好")
    write_transcript(tree, "tea-room", DAY, message(*one), message(*other))
    import_tree(tree)
    moderation.redact(said("金丝雀"), [(0, 3)], **why())
    write_transcript(tree, "tea-room", DAY, message(*other[:2], "你好!"), message(*one[:2], "金丝雀!"))
    import_tree(tree)
    assert not any("金丝雀" in text for text in shown())
