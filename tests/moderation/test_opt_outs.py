"""Who opts out is called by a neutral name everywhere, and, if that is wanted, is not here at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from chatlogs import mentions, moderation, people
from chatlogs.audit import ActionRefused
from chatlogs.models import (
    Alias,
    Archive,
    Day,
    Member,
    Mention,
    MentionedName,
    Message,
    ModerationAction,
    OptOut,
    PersonalDataMatch,
    Segment,
)
from chatlogs.moderation import Part
from chatlogs.people import display_names, merging
from chatlogs.text.quotations import RULE
from tests.importing.archives import import_tree
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.people.people import alias, days_later, import_day, import_day_once, member, revision, write_day
from tests.transcripts.making import DAY, link_b, message, write_transcript

pytestmark = pytest.mark.django_db

NAME = "陈江月-青禾"
QUOTED = f"「 {NAME}：大家好 」\n{RULE}\n是的"
SAID = ((NAME, "大家好"), ("石榴", f"@{NAME} 你好"), ("石榴", QUOTED), ("云", f"{NAME}是谁"))
EXTENTS = OptOut.Extent.values

# Where the import and superusers find it, and nobody else.
SEALED = {"OriginalName.name", "OriginalName.normalised_name", "Original.text", "OptOut.originals"}
TRANSCRIPTS = {"Segment.source", "SourceFile.front"}


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


def opt_out(name: str = NAME, extent: str = "name") -> ModerationAction:
    return moderation.opt_out(member(name), extent, **why())


def pseudonym() -> str:
    return OptOut.objects.values_list("pseudonym", flat=True).get()


# What is where


@pytest.mark.parametrize("extent", EXTENTS)
def test_the_name_is_in_what_is_sealed_alone(imported: Path, extent: str) -> None:
    PersonalDataMatch.objects.all().delete()
    opt_out(extent=extent)
    bare = said("是谁")
    moderation.decide_on_matches(PersonalDataMatch.objects.filter(message=bare), "masked", **why())
    assert places_with(NAME) <= SEALED | TRANSCRIPTS
    check_everything()


@pytest.mark.parametrize("part", ["陈江月", "青禾"])
def test_no_part_of_the_name_is_told(imported: Path, part: str) -> None:
    opt_out()
    told = Alias.objects.values_list("person", "company", "role", "city", "remark")
    assert not any(part in value for row in told for value in row)


def test_readers_see_the_neutral_name(imported: Path) -> None:
    opt_out()
    assert (member(pseudonym()).name, alias(pseudonym()).name) == (pseudonym(), pseudonym())


def test_mentions_and_quotations_have_the_neutral_name(imported: Path) -> None:
    opt_out()
    assert shown()[1:3] == [f"@{pseudonym()} 你好", QUOTED.replace(NAME, pseudonym())]


def test_the_neutral_name_is_mentioned_as_the_member(imported: Path) -> None:
    opt_out()
    assert Mention.objects.get().name.alias == alias(pseudonym())


def test_a_bare_name_waits_for_a_moderator(imported: Path) -> None:
    opt_out()
    assert PersonalDataMatch.objects.values_list("message__text", "kind", "state", "start", "stop").get() == (
        f"{NAME}是谁", "name", "open", 0, len(NAME),
    )  # fmt: skip


def test_a_masked_bare_name_is_covered(imported: Path) -> None:
    opt_out()
    moderation.decide_on_matches(PersonalDataMatch.objects.all(), "masked", **why())
    assert not any(NAME in text for text in shown())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Mia李", "@mia李 早"),
        ("Mia李", "＠ＭＩＡ李 早"),
        ("Mia李", "@ Mia李 早"),
        ("Mia李", "@\u2005Mia李 早"),
        ("ＭＩＡ", "@Mia 早"),
        ("江月①", "@江月① 早"),
        ("江月（杭州）", "@江月(杭州) 早"),
        ("江月(杭州)", "@江月（杭州） 早"),
        ("ＡＢ？", "@ab? 早"),
        ("月", "@月 早"),
        ("月", "＠月，早"),
        ("a.b*c", "@A.B*C 早"),
        (" 江月 ", "@江月 早"),
    ],
)
@pytest.mark.parametrize("order", ["before", "after"])
def test_however_it_is_written_a_mention_is_covered(tree: Path, name: str, written: str, order: str) -> None:
    import_day(tree, (name, "大家好"), *([("石榴", written)] if order == "before" else []))
    opt_out(name)
    if order == "after":
        import_day(tree, ("石榴", written), date=days_later(1))
    assert shown()[1].lstrip("@＠ \u2005").startswith(pseudonym())


def test_a_very_short_name_is_covered_in_a_quotation(tree: Path) -> None:
    import_day(tree, ("月", "大家好"), ("石榴", f"「 月：大家好 」\n{RULE}\n月亮"))
    opt_out("月")
    assert shown()[1] == f"「 {pseudonym()}：大家好 」\n{RULE}\n月亮"


def test_words_with_a_very_short_name_in_them_stay(tree: Path) -> None:
    import_day(tree, ("月", "大家好"), ("石榴", "@月饼 月亮"))
    opt_out("月")
    assert (shown()[1], PersonalDataMatch.objects.count()) == ("@月饼 月亮", 0)


@pytest.mark.parametrize("extent", ["messages", "imports"])
def test_all_messages_are_hidden_if_that_is_wanted(imported: Path, extent: str) -> None:
    opt_out(extent=extent)
    assert "大家好" not in shown()
    check_everything()


def test_a_message_without_its_author_is_hidden_too(imported: Path) -> None:
    moderation.hide([Message.objects.get(text="大家好")], Part.AUTHOR, **why())
    opt_out(extent="messages")
    assert "大家好" not in shown()
    check_everything()


def test_a_redacted_text_has_both(imported: Path) -> None:
    moderation.redact(said("你好"), [(len(NAME) + 2, len(NAME) + 4)], **why())
    opt_out()
    assert shown()[1] == f"@{pseudonym()} ███"


def test_withdrawn_messages_do_not_tell_the_name(imported: Path) -> None:
    import_day(imported, SAID[0], *SAID[2:])
    opt_out()
    moderation.decide_on_matches(PersonalDataMatch.objects.all(), "masked", **why())
    assert places_with(NAME) <= SEALED | TRANSCRIPTS


def test_a_choice_of_who_is_meant_does_not_tell_the_name(imported: Path) -> None:
    mentions.override_name(MentionedName.objects.get(), alias("云"))
    opt_out()
    assert not MentionedName.objects.filter(text=NAME).exists()


@pytest.mark.parametrize("of", ["member", "name", "mention", "field"])
def test_notes_of_the_admin_do_not_tell_the_name(imported: Path, moderator: User, of: str) -> None:
    row = {"member": member(NAME), "name": alias(NAME), "mention": MentionedName.objects.get(), "field": alias("云")}[
        of
    ]
    LogEntry.objects.create(
        user=moderator, content_type=ContentType.objects.get_for_model(row), object_id=row.pk, action_flag=CHANGE,
        object_repr=str(row), change_message=f'[{{"changed": {{"name": "{NAME}"}}}}]' if of == "field" else "",
    )  # fmt: skip
    opt_out()
    assert not {place for place in places_with(NAME) if place.startswith("LogEntry")}


def test_what_moderators_called_a_member_is_told_no_more(imported: Path) -> None:
    display_names.rename(member(NAME), "陈总")
    display_names.describe(member(NAME), company="青禾公司", role="", city="")
    opt_out()
    assert (places_with("陈总"), places_with("青禾公司")) == ({"OptOut.originals"}, {"OptOut.originals"})


def test_merged_origins_do_not_tell_the_name(imported: Path) -> None:
    import_day(imported, ("老陈", "嗯"), date=days_later(1))
    merging.merge(member("老陈"), member(NAME), by=None, reason="")
    opt_out()
    assert places_with("老陈") <= SEALED | TRANSCRIPTS
    assert Alias.objects.filter(name=pseudonym()).count() == 2


def test_suggestions_do_not_tell_the_name(imported: Path) -> None:
    import_day(imported, ("陈江月-云杉", "嗯"), date=days_later(1))
    opt_out()
    people.suggest()
    assert not {place for place in places_with(NAME) if place.startswith("Suggestion")}


def test_pages_that_name_them_are_made_anew(imported: Path) -> None:
    import_day(imported, ("云", f"@{NAME} 在吗"), date=days_later(1))
    before, archive = [revision(days_later(day)) for day in (0, 1)], Archive.objects.get().revision
    opt_out()
    assert all(revision(days_later(day)) > before[day] for day in (0, 1))
    assert Archive.objects.get().revision > archive


def test_the_neutral_name_is_the_same_again(imported: Path) -> None:
    moderation.undo(opt_out(), **why())
    first = opt_out()
    name = pseudonym()
    moderation.undo(first, **why())
    opt_out()
    assert pseudonym() == name


# The log, and undoing


def test_the_log_has_keys_and_states(imported: Path, moderator: User) -> None:
    person, key = member(NAME), Message.objects.get(text="大家好").key
    action = moderation.opt_out(person, "messages", **why(moderator))
    action.refresh_from_db()
    assert (action.kind, action.actor_name) == ("opt-out", "he")
    assert action.changes == [
        {"member": person.key, "extent": [None, "messages"]},
        {"message": key, "state": ["shown", "hidden"]},
    ]


def prepare(tree: Path) -> None:
    """What there is to come back: curated names, merged ones, choices, a second room, personal data."""
    display_names.rename(member(NAME), "陈总")
    display_names.describe(member(NAME), company="青禾公司", role="产品", city="杭州")
    import_day(tree, ("老陈", f"@{NAME} 13800138000"), (f"{NAME} ", "空格"), date=days_later(1))
    import_day(tree, (NAME, "别处"), ("石榴", f"@{NAME} 呢"), room="wine-room")
    display_names.describe(member(NAME, "wine-room"), company="云杉公司", role="", city="")
    merging.merge(member("老陈"), member(NAME), by=None, reason="")
    moderation.hide([said("空格")], **why())


@pytest.mark.parametrize("extent", EXTENTS)
def test_undone_everything_is_as_before(imported: Path, extent: str) -> None:
    prepare(imported)
    before = snapshot()
    moderation.undo(moderation.opt_out(member(NAME), extent, **why()), **why())
    assert differences(before, snapshot()) == {}
    check_everything()


@pytest.mark.parametrize("extent", EXTENTS)
def test_the_undoing_undone_it_is_as_after(imported: Path, extent: str) -> None:
    prepare(imported)
    action = moderation.opt_out(member(NAME), extent, **why())
    after = snapshot()
    moderation.undo(moderation.undo(action, **why()), **why())
    assert differences(after, snapshot()) == {}
    check_everything()


@pytest.mark.parametrize(("first", "second"), [("name", "messages"), ("messages", "imports"), ("imports", "name")])
def test_another_extent_undone_the_former_is_as_it_was(imported: Path, first: str, second: str) -> None:
    prepare(imported)
    person = member(NAME)
    moderation.opt_out(person, first, **why())
    before = snapshot()
    moderation.undo(moderation.opt_out(person, second, **why()), **why())
    assert differences(before, snapshot()) == {}


def test_less_than_before_shows_the_messages_again(imported: Path) -> None:
    person = member(NAME)
    moderation.opt_out(person, "messages", **why())
    moderation.opt_out(person, "name", **why())
    assert shown()[0] == "大家好"
    check_everything()


def test_what_was_hidden_singly_stays_hidden(imported: Path) -> None:
    moderation.hide([Message.objects.get(text="大家好")], **why())
    moderation.undo(opt_out(extent="messages"), **why())
    assert "大家好" not in shown()


@pytest.mark.parametrize("extent", EXTENTS)
def test_the_same_again_is_refused(imported: Path, extent: str) -> None:
    person = member(NAME)
    moderation.opt_out(person, extent, **why())
    with pytest.raises(ActionRefused):
        moderation.opt_out(person, extent, **why())


def test_an_opting_out_is_undone_once(imported: Path) -> None:
    action = opt_out()
    moderation.undo(action, **why())
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


# Later imports


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("room", ["tea-room", "wine-room"])
def test_a_later_import_knows_the_name(imported: Path, extent: str, room: str) -> None:
    opt_out(extent=extent)
    import_day(imported, (NAME, "还是我"), ("石榴", f"@{NAME} 嗨"), date=days_later(1), room=room)
    moderation.decide_on_matches(PersonalDataMatch.objects.all(), "masked", **why())
    assert places_with(NAME) <= SEALED | TRANSCRIPTS
    assert shown()[-1] == f"@{pseudonym()} 嗨"
    assert ("还是我" in shown()) == (extent == "name")
    check_everything()


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize("variant", ["陈江月－青禾", " 陈江月-青禾 "])
def test_a_later_import_knows_the_name_in_another_width(imported: Path, extent: str, variant: str) -> None:
    opt_out(extent=extent)
    import_day(imported, (variant, "还是我"), date=days_later(1))
    assert ("还是我" in shown()) == (extent == "name")
    assert not Alias.objects.filter(name=variant).exists()


def test_what_is_not_wanted_is_not_imported(imported: Path) -> None:
    opt_out(extent="imports")
    import_day(imported, *SAID, (NAME, "金丝雀"))
    assert places_with("金丝雀") == set()


def test_it_is_imported_after_all_when_that_is_undone(imported: Path) -> None:
    action = opt_out(extent="imports")
    import_day(imported, *SAID, (NAME, "金丝雀"))
    moderation.undo(action, **why())
    import_tree(imported)
    assert shown()[-1] == "金丝雀"


def test_an_edit_changes_nothing_of_it(imported: Path) -> None:
    opt_out(extent="messages")
    import_day(imported, (NAME, "大家好呀"), *SAID[1:])
    import_tree(imported, reparse=True)
    assert "大家好呀" not in shown()
    check_everything()


def test_the_unchanged_file_changes_nothing(imported: Path) -> None:
    opt_out(extent="messages")
    before = snapshot()
    import_tree(imported, reparse=True)
    assert differences(before, snapshot()) == {}


def test_the_day_is_not_named_after_them(imported: Path) -> None:
    opt_out()
    write_transcript(imported, "tea-room", days_later(1), message("09:00:00", "石榴", "早"), author=NAME)
    import_tree(imported)
    assert Day.objects.get(date=days_later(1)).speaker.name == pseudonym()  # type: ignore[union-attr]


def test_a_merged_export_does_not_bring_them_under_the_exporters_name(tree: Path) -> None:
    import_day(tree, (NAME, "大家好"))
    opt_out(extent="imports")
    pair = [message("09:00:00", NAME, "金丝雀"), message("09:00:00", "我", "金丝雀")]
    write_transcript(tree, "tea-room", days_later(1), *pair)
    import_tree(tree)
    assert places_with("金丝雀") == set()


# Names that come and go


def test_a_name_that_is_merged_later_is_covered(imported: Path) -> None:
    opt_out(extent="messages")
    import_day(imported, ("老陈", "我换了名字"), ("石榴", "@老陈 好"), date=days_later(1))
    merging.merge(member("老陈"), member(pseudonym()), by=None, reason="")
    assert (places_with("老陈") <= SEALED | TRANSCRIPTS, "我换了名字" in shown()) == (True, False)
    check_everything()


def test_who_is_merged_into_another_is_covered_with_all_names(imported: Path) -> None:
    opt_out()
    import_day(imported, ("老陈", "我换了名字"), date=days_later(1))
    merging.merge(member(pseudonym()), member("老陈"), by=None, reason="")
    assert places_with("老陈") <= SEALED | TRANSCRIPTS


def test_the_merge_undone_everything_is_as_before(imported: Path) -> None:
    opt_out(extent="messages")
    import_day(imported, ("老陈", "我换了名字"), ("石榴", "@老陈 好"), date=days_later(1))
    display_names.rename(member("老陈"), "陈老")
    display_names.describe(member("老陈"), company="青禾公司", role="", city="")
    before = snapshot()
    moderation.undo(merging.merge(member("老陈"), member(pseudonym()), by=None, reason=""), **why())
    after = snapshot()
    del before["suggestions"], after["suggestions"]  # What a moderator parted stays so.
    assert differences(before, after) == {}


def test_split_off_a_name_is_told_again(imported: Path) -> None:
    import_day(imported, ("老陈", "我换了名字"), date=days_later(1))
    person = member("老陈")
    merging.merge(person, member(NAME), by=None, reason="")
    opt_out(extent="messages")
    merging.split([Alias.objects.get(origin=person)], by=None, reason="")
    assert (alias("老陈").member.name, shown()[-1]) == ("老陈", "我换了名字")
    check_everything()


def test_evidence_that_joins_names_covers_them(tree: Path) -> None:
    """The same account speaks under another name."""
    tail = link_b("文章", "https://read.example.com/x", "jiangyue88")
    for day, name in enumerate((NAME, "老陈")):
        lines = [message("09:00:00", "石榴", tail), message("09:01:00", name, f"第{day}天")]
        write_transcript(tree, "tea-room", days_later(day), *lines)
        import_tree(tree)
        if day == 0:
            opt_out(extent="messages")
    assert ("第1天" in shown(), places_with("老陈") <= SEALED | TRANSCRIPTS) == (False, True)


# Who else is meant


def test_an_exempt_name_is_somebody_elses(imported: Path) -> None:
    import_day(imported, (NAME, "我是别人"), room="wine-room")
    opt_out(extent="messages")
    moderation.exempt(Alias.objects.get(room__slug="wine-room"), **why())
    assert (alias(NAME, "wine-room").member.name, "我是别人" in shown()) == (NAME, True)
    check_everything()


@pytest.mark.parametrize("extent", EXTENTS)
def test_what_an_exempt_name_says_later_is_imported_and_shown(imported: Path, extent: str) -> None:
    import_day(imported, (NAME, "我是别人"), room="wine-room")
    opt_out(extent=extent)
    moderation.exempt(Alias.objects.get(room__slug="wine-room"), **why())
    import_day(imported, (NAME, "还是我"), ("云", f"@{NAME} 好"), date=days_later(1), room="wine-room")
    assert shown()[-2:] == ["还是我", f"@{NAME} 好"]


@pytest.mark.parametrize("extent", EXTENTS)
def test_an_exemption_undone_everything_is_as_before(imported: Path, extent: str) -> None:
    import_day(imported, (NAME, "我是别人"), ("云", f"@{NAME} 好"), room="wine-room")
    opt_out(extent=extent)
    before = snapshot()
    moderation.undo(moderation.exempt(Alias.objects.get(room__slug="wine-room", is_opted_out=True), **why()), **why())
    assert differences(before, snapshot()) == {}


def test_the_exporters_name_of_another_room_is_not_theirs(tree: Path) -> None:
    import_day(tree, (NAME, "大家好"), ("我", "导出的人"))
    import_day(tree, ("我", "另一个导出的人"), room="wine-room")
    merging.set_exporter(alias("我").room, member(NAME), by=None, reason="")
    opt_out(extent="messages")
    import_day(tree, ("我", "还是另一个"), date=days_later(1), room="wine-room")
    import_day(tree, ("我", "还是导出的人"), date=days_later(1))
    assert shown() == ["另一个导出的人", "还是另一个"]
    check_everything()


@pytest.mark.parametrize("extent", ["messages", "imports"])
def test_a_nameless_account_of_theirs_is_hidden_too(tree: Path, extent: str) -> None:
    import_day(tree, (NAME, "大家好"), ("wxid_abc123def456", "无名的话"))
    nameless = Alias.objects.get(name="")
    merging.merge(nameless.member, member(NAME), by=None, reason="")
    opt_out(extent=extent)
    import_day(tree, ("wxid_abc123def456", "又是无名的话"), date=days_later(1))
    assert shown() == []
    check_everything()


def test_of_two_with_equal_names_each_has_its_own_extent(tree: Path) -> None:
    import_day(tree, (NAME, "第一个"))
    import_day(tree, (NAME, "第二个"), room="wine-room")
    one, other = member(NAME), member(NAME, "wine-room")
    moderation.opt_out(one, "messages", **why())
    moderation.opt_out(other, "name", **why())
    assert Member.objects.get(pk=one.pk).name != Member.objects.get(pk=other.pk).name
    assert "第一个" not in shown()


def test_transcripts_are_kept_whole(imported: Path) -> None:
    before = [bytes(source) for source in Segment.objects.order_by("number").values_list("source", flat=True)]
    opt_out(extent="messages")
    assert [bytes(one) for one in Segment.objects.order_by("number").values_list("source", flat=True)] == before


def test_other_days_are_left_alone(imported: Path) -> None:
    import_day(imported, ("云", "没有名字"), date=days_later(1))
    before = revision(days_later(1))
    opt_out()
    assert revision(days_later(1)) == before


def test_a_day_after_it_is_imported_like_a_first_load(tree: Path) -> None:
    write_day(tree, DAY, *SAID)
    import_tree(tree)
    opt_out(extent="messages")
    key = Message.objects.get(text="大家好").key
    write_day(tree, DAY, *SAID, ("云", "又一句"))
    import_tree(tree)
    assert Message.objects.get(key=key).alias == alias(pseudonym())
