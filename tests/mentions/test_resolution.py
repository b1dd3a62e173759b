"""Mentions follow changes of messages and names, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from chatlogs import mentions
from chatlogs.mentions import resolution
from chatlogs.mentions.extraction import find_in_days
from chatlogs.models import Archive, Day, Mention, MentionedName, Message
from chatlogs.people import merging
from chatlogs.search import sync
from chatlogs.text.mentions import KnownNames
from tests.examples import examples
from tests.importing.archives import hide, hide_key, import_tree, row_writes
from tests.mentions.mentions import (
    CHATTERS,
    FEWEST_DAYS,
    MEANT,
    NICKNAME,
    Told,
    meaning,
    mentioned,
    the_mention,
    told,
    write_chatter,
)
from tests.people.people import Said, alias, days_later, import_day, member, revision, write_day
from tests.transcripts.making import DAY

FULL, LU, TANG = "江月-云杉支付-产品-杭州", "陆鸣", "汤圆"
LATER, LAST = days_later(1), days_later(2)

# The import inserts and updates its own row.
RUN_ONLY = 2


def refuse(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


# An import resolves


def test_an_import_tells_who_is_meant(tree: Path, db: None) -> None:
    import_day(tree, FULL, (LU, f"@{FULL}?早 @汤圆儿 @江月-云杉支付 @all"))
    assert [(one.name, bool(one.meant), one.method) for one in told()] == [
        ("all", False, "everybody"),
        ("江月-云杉支付", True, "person"),
        (FULL, True, "exact"),
        ("汤圆儿", False, ""),
    ]


def test_all_days_are_resolved_after_it(tree: Path, db: None) -> None:
    import_day(tree, FULL, (LU, f"@{FULL} 早"))
    assert mentions.is_resolved()


def test_the_exporters_own_name_stands_for_nobody(tree: Path, db: None) -> None:
    import_day(tree, "我", (LU, "@我 早"))
    assert meaning("我") == (None, "NONE")


def test_only_texts_mention(tree: Path, db: None) -> None:
    import_day(tree, (LU, "[@汤圆 的文章](https://example.org/a)"), (TANG, "好"))
    assert mentioned() == []


def test_importing_again_writes_nothing(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_tree(tree)
    before = row_writes()
    import_tree(tree)
    assert row_writes() - before == RUN_ONLY


def test_resolving_everything_again_changes_no_meaning(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_day(tree, FULL, (LU, f"@{FULL} @江月 @{TANG} 早"), date=days_later(9))
    ids = set(Mention.objects.values_list("pk", "name"))
    resolved = mentions.resolve(everything=True)
    assert (resolved.days, resolved.names) == (FEWEST_DAYS + 1, 0)
    assert set(Mention.objects.values_list("pk", "name")) == ids


def test_an_empty_archive_is_resolved(db: None) -> None:
    assert mentions.is_resolved()
    assert mentions.resolve() == mentions.Resolved()


def test_another_version_of_the_code_searches_all_days(tree: Path, db: None) -> None:
    import_day(tree, TANG, (LU, "@汤圆 早"))
    Archive.objects.update(mentions_version=0)
    Mention.objects.all().delete()
    import_tree(tree)
    assert mentioned() == [TANG]


def test_searched_days_are_counted(tree: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write_day(tree, LATER, LU)
    import_day(tree, TANG)
    monkeypatch.setattr(resolution, "BATCH", 1)
    counts: list[int] = []
    mentions.resolve(everything=True, watch=counts.append)
    assert counts == [1, 1]


# Edits


def edit(tree: Path, text: str) -> None:
    """Replace the text of the message of 陆鸣 after that of 汤圆."""
    import_day(tree, FULL, TANG, (LU, text))


@pytest.fixture
def edited(tree: Path, db: None) -> Path:
    edit(tree, "@汤圆 明天九点开会")
    return tree


def places() -> list[tuple[str, int, int]]:
    return list(Mention.objects.order_by("start").values_list("name__text", "start", "stop"))


def test_a_mention_that_moved_is_where_it_is_now(edited: Path) -> None:
    edit(edited, "好 @汤圆 明天九点开会")
    assert places() == [(TANG, 2, 5)]


def test_a_mention_that_went_is_none(edited: Path) -> None:
    edit(edited, "明天九点开会")
    assert not Mention.objects.exists()


def test_a_name_that_nobody_mentions_any_more_is_forgotten(edited: Path) -> None:
    edit(edited, "明天九点开会")
    assert not MentionedName.objects.exists()


def test_a_mention_that_came_is_found(edited: Path) -> None:
    edit(edited, f"@汤圆 @{FULL} 明天九点开会")
    assert [name for name, *_ in places()] == [TANG, FULL]


def test_a_mention_of_somebody_else_in_its_place_is_the_others(edited: Path) -> None:
    edit(edited, f"@{FULL} 明天九点开会")
    assert places() == [(FULL, 0, 1 + len(FULL))]


def test_the_index_follows_an_edit(edited: Path) -> None:
    edit(edited, f"好 @{FULL} 明天九点开会")
    assert not sync.check()


def test_a_hidden_message_keeps_its_mentions(edited: Path) -> None:
    hide("@汤圆 明天九点开会")
    mentions.resolve(everything=True)
    assert places() == [(TANG, 0, 3)]
    assert not Mention.objects.visible().exists()


def test_a_withdrawn_message_returns_with_its_mentions(edited: Path) -> None:
    import_day(edited, FULL, TANG)
    assert not Mention.objects.visible().exists()
    edit(edited, "@汤圆 明天九点开会")
    assert list(Mention.objects.visible().values_list("name__text", flat=True)) == [TANG]
    assert not sync.check()


def test_a_message_that_was_withdrawn_returns_with_what_was_learned_since(edited: Path) -> None:
    import_day(edited, FULL, TANG)
    import_day(edited, "汤圆 明天九点开会", date=LATER)
    edit(edited, "@汤圆 明天九点开会")
    assert mentioned() == ["汤圆 明天九点开会"]


# New names


def test_a_new_name_explains_an_older_mention(tree: Path, db: None) -> None:
    import_day(tree, (LU, "@汤圆 早"))
    assert meaning(TANG) == (None, "NONE")
    import_day(tree, TANG, date=LATER)
    assert meaning(TANG) == (TANG, "EXACT")


def test_a_new_name_of_another_room_explains_an_older_mention(tree: Path, db: None) -> None:
    import_day(tree, (LU, "@汤圆 早"))
    import_day(tree, TANG, date=LATER, room="wine-room")
    assert the_mention(TANG).name.alias == alias(TANG, "wine-room")


@pytest.mark.parametrize(
    ("text", "new_name", "before"),
    [
        ("@汤圆 花生馅 早", "汤圆 花生馅", ["汤圆"]),
        ("@ann lee 早", "Ann Lee", ["ann"]),
        ("@阿甲@拾光 早", "阿甲@拾光", ["阿甲", "拾光"]),
        ("@阿甲 产品 早", "阿甲", ["阿甲 产品"]),
        ("@Momo你好 早", "Momo", ["Momo你好"]),
        ("@Test 早", "Test", []),
        ("@ 阿甲 早", "阿甲", []),
        ("＠?阿甲? 早", "?阿甲?", []),
    ],
)
def test_a_new_name_replaces_what_was_taken_for_one(
    text: str, new_name: str, before: Sequence[str], tree: Path, db: None
) -> None:
    import_day(tree, (LU, text))
    assert mentioned() == before
    import_day(tree, (new_name, "好"), date=LATER)
    (mention,) = Mention.objects.select_related("name")
    assert mention.name.alias_id == alias(new_name).pk
    assert mention.name.text.lower() == new_name.lower()


def test_days_that_a_new_name_does_not_concern_are_left_alone(tree: Path, db: None) -> None:
    import_day(tree, FULL, (LU, f"@{FULL} 早"))
    import_day(tree, (LU, "@汤圆 花生馅 早"), date=LATER)
    before = revision(DAY), revision(LATER)
    import_day(tree, "汤圆 花生馅", date=LAST)
    assert (revision(DAY), revision(LATER) > before[1]) == (before[0], True)


def test_days_whose_mentions_are_found_anew_have_changed(tree: Path, db: None) -> None:
    import_day(tree, TANG, (LU, "@汤圆 早"))
    import_day(tree, (LU, "@汤圆 好"), date=LATER)
    before = revision(DAY), revision(LATER)
    Mention.objects.filter(message__day__date=DAY).delete()
    mentions.resolve(everything=True)
    assert (revision(DAY), revision(LATER)) == (before[0] + 1, before[1])


def test_the_index_follows_a_new_name(tree: Path, db: None) -> None:
    import_day(tree, (LU, "@汤圆 花生馅 早"))
    import_day(tree, "汤圆 花生馅", date=LATER)
    assert not sync.check()


def test_who_becomes_active_in_one_room_is_meant_in_the_others(tree: Path, db: None) -> None:
    import_day(tree, "江月-产品", "江月-测试", room="wine-room")
    import_day(tree, (LU, "@江月 早"))
    assert meaning("江月") == (None, "NONE")
    import_day(tree, *["江月-产品"] * 9, date=LATER, room="wine-room")
    assert meaning("江月") == ("江月-产品", "PERSON")


# Inference


def test_who_answers_to_a_name_is_meant(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_tree(tree)
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_names_that_differ_in_signs_are_learned_together_whichever_came_last(tree: Path, db: None) -> None:
    write_chatter(tree, [0, 1])
    import_tree(tree)
    write_chatter(tree, [40, 41])
    say_otherwise(tree, f"{NICKNAME}～", from_file=2)
    import_tree(tree)
    assert meaning(NICKNAME) == meaning(f"{NICKNAME}～") == (MEANT, "LEARNED")


def say_otherwise(tree: Path, name: str, *, from_file: int = 0) -> None:
    """Replace the nickname with another name."""
    for path in sorted(tree.rglob("*.markdown"))[from_file:]:
        path.write_text(path.read_text().replace(f"@{NICKNAME} ", f"@{name} "))


def test_what_is_like_a_name_of_who_answers_is_known_by_that(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    say_otherwise(tree, "Anna")
    import_tree(tree)
    assert meaning("Anna") == (MEANT, "PERSON")


def test_who_answers_is_meant_rather_than_who_is_called_alike(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_day(tree, "小满-云杉支付", room="wine-room")
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_what_was_learned_stays_through_imports_of_other_months(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_tree(tree)
    import_day(tree, TANG, date=days_later(100))
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_who_answers_is_asked_when_a_name_is_no_longer_sure(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_day(tree, "小·满", room="wine-room")
    assert meaning(NICKNAME) == ("小·满", "NORMALISED")
    import_day(tree, "小_满", room="beer-room")
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_a_name_that_is_mentioned_too_rarely_is_not_learned(tree: Path, db: None) -> None:
    write_chatter(tree, range(2))
    import_tree(tree)
    assert meaning(NICKNAME) == (None, "NONE")


def test_what_was_learned_is_forgotten_when_its_mentions_are_withdrawn(tree: Path, db: None) -> None:
    learn_in_two_months(tree)
    for number in (40, 41, 42):
        write_day(tree, days_later(number), *["陈一鸣"] * 120)
    import_tree(tree, allow_withdrawals=True)
    assert meaning(NICKNAME) == (None, "NONE")


def test_what_was_learned_is_forgotten_when_its_mentions_are_edited_away(tree: Path, db: None) -> None:
    learn_in_two_months(tree)
    for path in sorted(tree.rglob("*.markdown"))[2:]:
        path.write_text(path.read_text().replace(f"@{NICKNAME} ", ""))
    import_tree(tree)
    assert meaning(NICKNAME) == (None, "NONE")


def learn_in_two_months(tree: Path) -> None:
    """The mentions of a single month are too few."""
    write_chatter(tree, [0, 1, 40, 41, 42])
    import_tree(tree)
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_a_mention_like_a_learned_one_means_the_same(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    import_day(tree, (CHATTERS[0], "@小满-拾光 好"), date=days_later(40))
    assert meaning("小满-拾光") == (MEANT, "SIBLING")


# Members


def test_a_merge_changes_who_is_meant_without_touching_mentions(tree: Path, db: None) -> None:
    import_day(tree, FULL, TANG, (LU, "@汤圆 早"))
    before = list(Mention.objects.values()), list(MentionedName.objects.values())
    merging.merge(member(TANG), member(FULL), by=None, reason="")
    assert MentionedName.objects.with_meaning().get().member == member(FULL)
    assert (list(Mention.objects.values()), list(MentionedName.objects.values())) == before
    assert not sync.check()


def test_who_is_meant_has_no_page_when_all_that_they_said_is_hidden(tree: Path, db: None) -> None:
    import_day(tree, TANG, (LU, "@汤圆 早"))
    assert MentionedName.objects.with_meaning().get().member == member(TANG)
    hide_key(Message.objects.get(alias__name=TANG).key)
    assert MentionedName.objects.with_meaning().get().member is None


# Killed runs


@pytest.mark.parametrize("place", ["find_in_days", "_store", "learn"])
def test_a_killed_run_is_completed_by_the_next(
    place: str, tree: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    with monkeypatch.context() as patched:
        patched.setattr(resolution, place, refuse)
        with pytest.raises(KeyboardInterrupt):
            import_tree(tree)
    assert not mentions.is_resolved()
    import_tree(tree)
    assert mentions.is_resolved()
    assert meaning(NICKNAME) == (MEANT, "LEARNED")
    assert not sync.check()


def test_a_run_killed_between_batches_finds_no_mention_twice(
    tree: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    monkeypatch.setattr(resolution, "BATCH", 2)
    with monkeypatch.context() as patched:
        patched.setattr(resolution, "find_in_days", Batches(2))
        with pytest.raises(KeyboardInterrupt):
            import_tree(tree)
    assert Mention.objects.count() == 2 * 2
    import_tree(tree)
    assert Mention.objects.count() == FEWEST_DAYS


class Batches:
    """Replaces `find_in_days` and raises after this many calls."""

    def __init__(self, count: int) -> None:
        self._left = count

    def __call__(self, day_ids: Sequence[int], known: KnownNames) -> set[int]:
        if not self._left:
            refuse()
        self._left -= 1
        return find_in_days(day_ids, known)


def test_a_new_name_of_a_killed_run_is_looked_for_by_the_next(
    tree: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_day(tree, (LU, "@汤圆 花生馅 早"))
    with monkeypatch.context() as patched:
        patched.setattr(mentions, "resolve", refuse)
        with pytest.raises(KeyboardInterrupt):
            import_day(tree, "汤圆 花生馅", date=LATER)
    import_tree(tree)
    assert mentioned() == ["汤圆 花生馅"]


# Any order

Files = Sequence[Path]


def import_and_undo(*parts: Iterable[Path], everything: bool = False) -> list[Told]:
    """Return the mentions after importing the parts one after the other."""
    with transaction.atomic():
        for paths in parts:
            import_tree(*paths)
        if everything:
            mentions.resolve(everything=True)
        result = told()
        assert not sync.check()
        transaction.set_rollback(True)
    return result


def write_all_kinds(tree: Path) -> Files:
    write_chatter(tree, [*range(4), 40, 41])
    write_day(tree, days_later(42), (LU, f"@小满-拾光 @江月 @{FULL} @汤圆 花生馅"), (TANG, "@江月@云杉 @Test @ann lee"))
    write_day(
        tree, days_later(43), FULL, "江月-测试", "Test", "Ann Lee", (LU, "@阿甲 产品 早"), ("汤圆 花生馅", "@陆鸣")
    )
    write_day(tree, days_later(44), "江月@云杉", "阿甲", *["江月-测试"] * 9, room="wine-room")
    write_day(tree, days_later(45), ("阿甲", f"@{NICKNAME} @江月 @{MEANT} @all"), LU, room="wine-room")
    return sorted(tree.rglob("*.markdown"), key=lambda path: path.name)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("is_backwards", [False, True])
def test_file_by_file_ends_as_all_at_once(is_backwards: bool, everything: bool, tree: Path, db: None) -> None:
    files = write_all_kinds(tree)
    at_once = import_and_undo([tree])
    assert {one.method for one in at_once} > {"exact", "person", "learned", "sibling", "everybody"}
    in_order = [[path] for path in (files[::-1] if is_backwards else files)]
    assert import_and_undo(*in_order, everything=everything) == at_once


SPEAKERS = ("江月", "江月-产品", "江月 产品", "江月@云杉", "Ann", "ann lee", "Test", FULL)
MENTIONS = ("江月 产品", "江月@云杉 测试", "Ann Lee 早", " 江月", "Test", "江月?产品", f"{FULL}?", "ann", "江月亮")
LINES = st.tuples(st.sampled_from(SPEAKERS), st.sampled_from(MENTIONS).map("早@{}".format))
DAYS = st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=2, max_size=4)


@given(days=DAYS, rooms=st.lists(st.sampled_from(["tea-room", "wine-room"]), min_size=4, max_size=4))
@examples(15)
def test_whatever_comes_first_the_end_is_the_same(
    days: list[list[Said]], rooms: list[str], tree: Path, db: None
) -> None:
    for path in tree.rglob("*.markdown"):
        path.unlink()
    for number, (said, room) in enumerate(zip(days, rooms, strict=False)):
        write_day(tree, days_later(number), *said, room=room)
    files = sorted(tree.rglob("*.markdown"), key=lambda path: path.name)
    at_once = import_and_undo([tree])
    assert import_and_undo(*([path] for path in files)) == at_once
    assert import_and_undo(*([path] for path in reversed(files))) == at_once


def test_a_month_is_learned_from_whatever_day_of_it_came_last(tree: Path, db: None) -> None:
    write_chatter(tree, range(FEWEST_DAYS))
    first, *others = sorted(tree.rglob("*.markdown"))
    import_tree(*others)
    import_tree(first)
    assert meaning(NICKNAME) == (MEANT, "LEARNED")


def test_days_are_resolved_but_once(tree: Path, db: None) -> None:
    import_day(tree, TANG)
    Day.objects.update(has_mentions_resolved=False)
    assert mentions.resolve().days == 1
    assert mentions.resolve().days == 0
