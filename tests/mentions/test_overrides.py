"""Moderators' decisions on mentions take precedence and survive imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import mentions
from chatlogs.models import Alias, Archive, Mention, MentionedName
from chatlogs.search import sync
from tests.importing.archives import import_tree
from tests.mentions.mentions import meaning, the_name
from tests.people.people import alias, days_later, import_day, import_day_once, revision
from tests.transcripts.making import DAY

LU, TANG, JIANG = "陆鸣", "汤圆", "江月"
FIRST, BOTH = "@汤圆 明天九点开会", "@汤圆 后天 @汤圆 十点开会"
LATER = days_later(1)


@pytest.fixture
def chosen(tree: Path, db: None) -> Path:
    """Two days with three mentions of 汤圆 and no decision yet."""
    import_day_once(tree, JIANG, TANG, (LU, FIRST))
    import_day_once(tree, JIANG, (LU, BOTH), date=LATER)
    return tree


def mention(start: int = 0, *, said: str = "明天") -> Mention:
    return Mention.objects.select_related("name").get(message__text__contains=said, start=start)


def meant() -> list[str | None]:
    """Return the name that each mention refers to, in order."""
    mentions = Mention.objects.order_by("message__position", "start")
    return list(mentions.values_list("name__alias__name", flat=True))


def override_mention(name: str | None, start: int = 0, *, said: str = "明天") -> None:
    mentions.override_mention(mention(start, said=said), alias(name) if name else None)


def override_name(name: str | None) -> None:
    mentions.override_name(the_name(TANG), alias(name) if name else None)


def resolve_everything(tree: Path) -> None:
    mentions.resolve(everything=True)


def import_more(tree: Path) -> None:
    """Import another day with a new name and the mentioned one."""
    import_day(tree, "石榴", TANG, (LU, "@石榴 早"), date=days_later(2))


def edit_the_text_around(tree: Path) -> None:
    import_day(tree, JIANG, TANG, (LU, f"好的 {FIRST}"))


LATER_DEEDS = [resolve_everything, import_more, edit_the_text_around, import_tree]


# All mentions of a name


def test_all_mentions_by_a_name_mean_who_is_chosen(chosen: Path) -> None:
    override_name(JIANG)
    assert meant() == [JIANG, JIANG, JIANG]
    assert meaning(TANG) == (JIANG, "CHOSEN")
    assert the_name(TANG).is_sure


def test_all_mentions_by_a_name_may_mean_nobody(chosen: Path) -> None:
    override_name(None)
    assert meant() == [None, None, None]


def test_a_choice_is_the_rooms_own(chosen: Path) -> None:
    import_day(chosen, (LU, "@汤圆 在吗"), room="wine-room")
    mentions.override_name(MentionedName.objects.get(text=TANG, room__slug="tea-room"), alias(JIANG))
    assert MentionedName.objects.get(text=TANG, room__slug="wine-room").method == "exact"


@pytest.mark.parametrize("perform", LATER_DEEDS)
@pytest.mark.parametrize("name", [JIANG, None])
def test_a_choice_for_all_stays_through(perform: object, name: str | None, chosen: Path) -> None:
    assert callable(perform)
    override_name(name)
    perform(chosen)
    assert meant()[:3] == [name, name, name]


def test_a_choice_for_all_waits_for_mentions_to_come_again(chosen: Path) -> None:
    override_name(JIANG)
    import_day(chosen, JIANG, TANG, (LU, "明天九点开会"))
    import_day(chosen, JIANG, (LU, "后天 十点开会"), date=LATER)
    assert meant() == []
    import_day(chosen, JIANG, (LU, BOTH), date=LATER)
    assert meant() == [JIANG, JIANG]


def test_a_choice_for_all_raises_the_revisions_of_the_days_with_mentions(chosen: Path) -> None:
    import_day(chosen, JIANG, date=days_later(2))
    before = [revision(days_later(number)) for number in range(3)], Archive.objects.get().revision
    override_name(JIANG)
    after = [revision(days_later(number)) for number in range(3)]
    assert [one - other for one, other in zip(after, before[0], strict=True)] == [1, 1, 0]
    assert Archive.objects.get().revision > before[1]


def test_a_choice_for_all_leaves_the_index_as_it_should_be(chosen: Path) -> None:
    override_name(JIANG)
    assert not sync.check()


# One mention


def test_one_mention_means_who_is_chosen(chosen: Path) -> None:
    override_mention(JIANG)
    assert meant() == [JIANG, TANG, TANG]


def test_one_mention_may_mean_nobody(chosen: Path) -> None:
    override_mention(None, 7, said="后天")
    assert meant() == [TANG, TANG, None]


@pytest.mark.parametrize("perform", LATER_DEEDS)
@pytest.mark.parametrize("name", [JIANG, None])
def test_a_choice_for_one_stays_through(perform: object, name: str | None, chosen: Path) -> None:
    assert callable(perform)
    override_mention(name)
    perform(chosen)
    assert meant()[:3] == [name, TANG, TANG]


def test_a_choice_for_the_second_mention_of_a_message_stays_the_seconds(chosen: Path) -> None:
    override_mention(JIANG, 7, said="后天")
    import_day(chosen, JIANG, (LU, f"好的 {BOTH}"), date=LATER)
    assert meant() == [TANG, TANG, JIANG]


def test_a_choice_for_one_stays_when_all_others_are_chosen_otherwise(chosen: Path) -> None:
    override_mention(JIANG)
    override_name(LU)
    assert meant() == [JIANG, LU, LU]


def test_mentions_that_mean_the_same_by_choice_share_a_row(chosen: Path) -> None:
    override_mention(JIANG)
    override_mention(JIANG, said="后天")
    assert MentionedName.objects.filter(is_single=True).count() == 1


def test_another_choice_for_one_leaves_no_row_behind(chosen: Path) -> None:
    for name in (JIANG, None, LU):
        override_mention(name)
    assert [name.alias for name in MentionedName.objects.filter(is_single=True)] == [alias(LU)]


def test_the_same_choice_again_changes_nothing(chosen: Path) -> None:
    override_mention(JIANG)
    override_mention(JIANG)
    assert meant() == [JIANG, TANG, TANG]


def test_a_choice_for_one_raises_the_revision_of_its_day_alone(chosen: Path) -> None:
    before = revision(DAY), revision(LATER)
    override_mention(JIANG)
    assert (revision(DAY), revision(LATER)) == (before[0] + 1, before[1])


def test_the_index_follows_a_choice_for_one(chosen: Path) -> None:
    override_mention(JIANG)
    assert not sync.check()


# Clearing


def test_a_forgotten_choice_is_nobody_until_mentions_are_resolved(chosen: Path) -> None:
    override_name(JIANG)
    mentions.clear_name_override(the_name(TANG))
    assert meaning(TANG) == (None, "NONE")
    assert not mentions.is_resolved()


@pytest.mark.parametrize("name", [JIANG, None])
def test_the_next_import_understands_a_forgotten_choice_by_itself(name: str | None, chosen: Path) -> None:
    override_name(name)
    mentions.clear_name_override(the_name(TANG))
    import_tree(chosen)
    assert meaning(TANG) == (TANG, "EXACT")


def test_forgetting_a_choice_raises_the_revisions_of_the_days_with_mentions(chosen: Path) -> None:
    override_name(JIANG)
    before = revision(DAY), revision(LATER)
    mentions.clear_name_override(the_name(TANG))
    assert revision(DAY) > before[0]
    assert revision(LATER) > before[1]


def test_forgetting_a_choice_leaves_those_for_one_alone(chosen: Path) -> None:
    override_mention(JIANG)
    override_name(LU)
    mentions.clear_name_override(the_name(TANG))
    import_tree(chosen)
    assert meant() == [JIANG, TANG, TANG]


def test_a_chosen_name_that_goes_to_another_member_goes_with_it(chosen: Path) -> None:
    override_name(JIANG)
    Alias.objects.filter(pk=alias(JIANG).pk).update(member=alias(LU).member)
    assert {one.member for one in MentionedName.objects.with_meaning().filter(mentions__isnull=False)} == {
        alias(LU).member
    }


def test_a_forgotten_choice_for_one_means_what_the_others_mean(chosen: Path) -> None:
    override_mention(JIANG)
    before = meant()
    (single,) = Mention.objects.filter(name__is_single=True).select_related("name")
    mentions.clear_mention_override(single)
    assert before != meant() == [TANG, TANG, TANG]
    assert not MentionedName.objects.filter(is_single=True).exists()
    assert not sync.check()


def test_forgetting_what_nobody_chose_changes_nothing(chosen: Path) -> None:
    before = list(Mention.objects.order_by("pk").values())
    for mention in Mention.objects.select_related("name"):
        mentions.clear_mention_override(mention)
    assert list(Mention.objects.order_by("pk").values()) == before
