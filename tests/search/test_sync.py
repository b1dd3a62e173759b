"""The index contains exactly the readable messages after any change and any interruption of a build."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from chatlogs import search
from chatlogs.models import Archive, Message
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION
from chatlogs.search import Document, sync
from chatlogs.search.sync import build, is_complete, reindexed, reset
from tests.importing.archives import import_tree
from tests.search.changes import CHANGES, Change
from tests.search.index_dumps import dump_index, dump_index_built_anew, indexed_positions

State = Message.State
BATCH = 50


class Killed(Exception):
    pass


def visible_positions() -> set[int]:
    return {*Message.objects.visible().values_list("position", flat=True)}


def kill_at_batch(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build in small batches, and stop after some of them."""
    take_in, calls = search.index, iter(range(number))

    def index(documents: Iterable[Document]) -> None:
        take_in(documents)
        if next(calls, None) is None:
            raise Killed

    monkeypatch.setattr(sync, "BATCH", BATCH)
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(search, "index", index)
        build()


@pytest.fixture
def half_built(hostile_archive: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An index with two batches, left by an interrupted build."""
    reset()
    kill_at_batch(2, monkeypatch)
    return Archive.objects.get()


# Changes of messages


@pytest.mark.parametrize("make_change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_the_index_is_as_if_built_anew(make_change: Change, hostile_archive: Path) -> None:
    make_change(hostile_archive, Random(make_change.__name__))
    assert not sync.check()
    assert dump_index() == dump_index_built_anew()


def test_an_import_indexes_what_readers_may_see(hostile_archive: Path) -> None:
    assert indexed_positions() == visible_positions()


def test_an_import_leaves_the_index_complete(hostile_archive: Path) -> None:
    assert is_complete()


def test_the_index_is_not_complete_before_the_first_import(db: None) -> None:
    assert not is_complete()


def test_a_change_that_is_rolled_back_is_none_for_the_index(hostile_archive: Path) -> None:
    before = dump_index()
    with suppress(Killed), transaction.atomic(), reindexed([*Message.objects.values_list("pk", flat=True)]):
        Message.objects.update(state=State.HIDDEN)
        raise Killed
    assert dump_index() == before


def test_ids_of_no_message_are_no_matter(hostile_archive: Path) -> None:
    before = dump_index()
    with transaction.atomic(), reindexed([-1, 10**12]):
        pass
    assert dump_index() == before


# Building


def test_a_killed_build_keeps_its_batches(half_built: Archive) -> None:
    first = Message.objects.visible().in_time_order()[: 2 * BATCH]
    assert indexed_positions() == {message.position for message in first}
    assert half_built.indexed_until == max(indexed_positions()) + 1


def test_a_killed_build_is_not_complete(half_built: Archive) -> None:
    assert not is_complete()


def test_a_build_takes_in_only_what_a_killed_one_did_not(half_built: Archive) -> None:
    taken_in: list[int] = []
    build(taken_in.append)
    assert sum(taken_in) == len(visible_positions()) - 2 * BATCH


@pytest.mark.parametrize("kills", [1, 3])
def test_a_killed_build_ends_like_an_uninterrupted_one(
    kills: int, half_built: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(kills):
        kill_at_batch(number, monkeypatch)
    build()
    built_in_parts = dump_index()
    assert is_complete()
    assert built_in_parts == dump_index_built_anew()


def test_the_next_import_completes_a_killed_build(half_built: Archive, hostile_archive: Path) -> None:
    import_tree(hostile_archive)
    assert is_complete()
    assert not sync.check()


def test_a_build_raises_the_revision(hostile_archive: Path) -> None:
    before = Archive.objects.get().revision
    build()
    assert Archive.objects.get().revision > before


def test_while_it_is_half_built_changes_below_are_followed(half_built: Archive) -> None:
    below = Message.objects.visible().filter(position__lt=half_built.indexed_until)
    hidden = [*below.values_list("pk", flat=True)[:7]]
    with transaction.atomic(), reindexed(hidden):
        Message.objects.filter(pk__in=hidden).update(state=State.HIDDEN)
    assert indexed_positions() == {*below.values_list("position", flat=True)}
    assert len(indexed_positions()) == 2 * BATCH - 7


def test_while_it_is_half_built_changes_above_are_left_to_the_build(half_built: Archive) -> None:
    above = Message.objects.visible().filter(position__gte=half_built.indexed_until)
    before, retyped = dump_index(), [*above.values_list("pk", flat=True)[:7]]
    with transaction.atomic(), reindexed(retyped):
        Message.objects.filter(pk__in=retyped).update(text="另一句")
    assert dump_index() == before
    build()
    assert not sync.check()


@pytest.mark.parametrize("make_change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_changes_while_it_is_half_built_is_there_in_the_end(
    make_change: Change, half_built: Archive, hostile_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sync, "build", lambda: None)
        make_change(hostile_archive, Random(make_change.__name__))
    assert not sync.check()
    build()
    assert indexed_positions() == visible_positions()
    assert not sync.check()


# Versions


def test_an_index_of_another_version_is_not_complete(hostile_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "VERSION", search.VERSION + 1)
    assert not is_complete()


def test_the_next_import_builds_an_index_of_another_version_anew(
    hostile_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "VERSION", search.VERSION + 1)
    taken_in: list[Document] = []
    take_in = search.index

    def index(documents: Iterable[Document]) -> None:
        batch = list(documents)
        taken_in.extend(batch)
        take_in(batch)

    monkeypatch.setattr(search, "index", index)
    import_tree(hostile_archive)
    assert len(taken_in) == len(visible_positions())
    assert indexed_positions() == visible_positions()
    assert Archive.objects.values_list("index_version", "indexed_until").get() == (search.VERSION, HIGHEST_POSITION)


def test_changes_do_not_touch_an_index_of_another_version(
    hostile_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump_index()
    monkeypatch.setattr(search, "VERSION", search.VERSION + 1)
    with transaction.atomic(), reindexed([*Message.objects.values_list("pk", flat=True)]):
        Message.objects.update(state=State.HIDDEN)
    assert dump_index() == before


def test_a_reset_forgets_everything(hostile_archive: Path) -> None:
    reset()
    assert not dump_index()
    assert Archive.objects.get().indexed_until == LOWEST_POSITION


# Checking


def test_the_check_finds_missing_messages(hostile_archive: Path) -> None:
    message = Message.objects.visible()[3]
    with transaction.atomic(), reindexed([message.pk]):
        Message.objects.filter(pk=message.pk).update(state=State.HIDDEN)
    Message.objects.filter(pk=message.pk).update(state=State.SHOWN)
    differences = sync.check()
    assert (differences.missing, differences.surplus, differences.differing) == ([message.position], [], [])


def test_the_check_finds_surplus_documents(hostile_archive: Path) -> None:
    message = Message.objects.visible()[3]
    Message.objects.filter(pk=message.pk).update(state=State.HIDDEN)
    differences = sync.check()
    assert (differences.missing, differences.surplus, differences.differing) == ([], [message.position], [])


@pytest.mark.parametrize("values", [{"text": "另一句"}, {"kind": "file"}, {"alias": None}])
def test_the_check_finds_differing_documents(values: dict[str, object], hostile_archive: Path) -> None:
    message = Message.objects.visible().filter(kind="text", alias__isnull=False)[3]
    Message.objects.filter(pk=message.pk).update(**values)
    differences = sync.check()
    assert (differences.missing, differences.surplus, differences.differing) == ([], [], [message.position])
