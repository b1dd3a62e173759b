from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chatlogs.importing import bulk_load as module
from chatlogs.importing import runner
from chatlogs.importing.bulk_load import asynchronous_commits, bulk_load, restore_schema
from chatlogs.models import ImportRun, Link
from tests.importing.archives import import_tree, recount, stored_counters
from tests.importing.dumps import dump_schema
from tests.site_environment import ROOT
from tests.transcripts.making import DAY, message, write_transcript

SAMPLES = ROOT / "samples"
ORPHAN = 999_999


def add_orphan() -> None:
    with transaction.atomic():
        Link.objects.create(message_id=ORPHAN, url="https://example.org")


def refuses_orphans() -> bool:
    """Whether the database wants a link to have its message."""
    try:
        add_orphan()
    except IntegrityError:
        return True
    Link.objects.filter(message_id=ORPHAN).delete()
    return False


@pytest.fixture(autouse=True)
def schema_as_before(transactional_db: None) -> Iterator[None]:
    """Whatever a test does, the next one finds the database as it was."""
    yield
    restore_schema()


def load_killed_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """What remains of an import that restored nothing."""
    ImportRun.objects.create(started_at=timezone.now())
    with monkeypatch.context() as patch, bulk_load():
        patch.setattr(module, "restore_schema", lambda: None)


def test_a_first_load_goes_without_foreign_keys_and_indexes() -> None:
    before = dump_schema()
    with bulk_load() as is_first:
        assert is_first
        assert not refuses_orphans()
        assert {*dump_schema()} < {*before}


def test_foreign_keys_and_indexes_are_back_afterwards() -> None:
    before = dump_schema()
    with bulk_load():
        pass
    assert refuses_orphans()
    assert dump_schema() == before


def test_foreign_keys_and_indexes_are_back_after_a_failure() -> None:
    before = dump_schema()
    with suppress(ZeroDivisionError), bulk_load():
        raise ZeroDivisionError
    assert refuses_orphans()
    assert dump_schema() == before


def test_foreign_keys_and_indexes_that_a_killed_import_left_off_are_restored(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump_schema()
    load_killed_in_the_middle(monkeypatch)
    assert dump_schema() != before
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"))
    import_tree(tree)
    assert dump_schema() == before
    assert refuses_orphans()


def test_foreign_keys_and_indexes_stay_where_there_is_a_message(tree: Path) -> None:
    before = dump_schema()
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"))
    import_tree(tree)
    with bulk_load() as is_first:
        assert dump_schema() == before
        assert refuses_orphans()
    assert not is_first


def test_they_stay_within_a_transaction() -> None:
    with transaction.atomic(), bulk_load() as is_first:
        assert not is_first


def test_a_row_that_refers_to_nothing_is_found_in_the_end() -> None:
    with pytest.raises(IntegrityError), bulk_load():
        add_orphan()
    Link.objects.all().delete()


def test_an_import_leaves_schema_and_rows_in_order() -> None:
    before = dump_schema()
    import_tree(SAMPLES)
    connection.check_constraints()
    assert dump_schema() == before
    assert stored_counters() == recount()


def test_counts_that_a_failed_import_left_out_are_mended(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"))
    with monkeypatch.context() as patch, suppress(ZeroDivisionError):
        patch.setattr(runner, "recount_names", lambda: 1 / 0)
        import_tree(tree)
    assert stored_counters() != recount()
    import_tree(tree)
    assert stored_counters() == recount()


def test_the_import_after_a_killed_one_restores_foreign_keys_and_indexes(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump_schema()
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"))
    with monkeypatch.context() as patch, suppress(ZeroDivisionError):
        patch.setattr(module, "restore_schema", lambda: None)
        patch.setattr(runner, "recount_names", lambda: 1 / 0)
        import_tree(tree)
    assert dump_schema() != before
    import_tree(tree)
    assert dump_schema() == before


def test_commits_wait_again_afterwards() -> None:
    before = waits_for_the_disk()
    with suppress(ZeroDivisionError), asynchronous_commits():
        raise ZeroDivisionError
    assert waits_for_the_disk() == before


def waits_for_the_disk() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
        return cursor.fetchone()
