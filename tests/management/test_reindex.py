from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from chatlogs import search
from chatlogs.importing import ImportIsRunning
from chatlogs.models import Archive, Message
from chatlogs.search import sync
from tests.small_archive import LU


def reindex(*arguments: str) -> str:
    out = StringIO()
    call_command("reindex", "--no-progress", *arguments, stdout=out)
    return out.getvalue()


def check_index() -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("check_index", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue() + err.getvalue()
    return 0, out.getvalue()


def test_it_says_how_much_can_be_found(archive: Path) -> None:
    assert reindex() == f"{Message.objects.visible().count():,} messages can be found\n"


def test_it_mends_an_index_that_lost_everything(archive: Path) -> None:
    search.clear()
    reindex()
    assert not sync.check()


def test_it_continues_an_interrupted_build(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync.reset()
    Archive.objects.update(indexed_until=Message.objects.in_time_order()[100].position)
    taken_in: list[search.Document] = []
    monkeypatch.setattr("chatlogs.search.index", taken_in.extend)
    reindex()
    late = Message.objects.visible().filter(position__gte=Message.objects.in_time_order()[100].position)
    assert len(taken_in) == late.count()


def test_from_scratch_forgets_such_a_build(archive: Path) -> None:
    sync.reset()
    Archive.objects.update(indexed_until=Message.objects.in_time_order()[100].position)
    reindex("--from-scratch")
    assert not sync.check()


@pytest.mark.parametrize("command", ["reindex", "check_index"])
def test_it_is_refused_while_an_import_runs(command: str, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ImportIsRunning

    monkeypatch.setattr("chatlogs.management.base.import_lock", refuse)
    with pytest.raises(CommandError, match="an import is running") as refused:
        call_command(command)
    assert refused.value.returncode == 2


def test_a_complete_index_passes_the_check(archive: Path) -> None:
    assert check_index() == (0, "the index matches the messages\n")


def test_the_check_lists_missing_messages(archive: Path) -> None:
    key = Message.objects.get(position=remove_first()).key
    status, said = check_index()
    assert (status, said.splitlines()[:2]) == (1, ["1 missing from the index", f"  {key}"])


def remove_first() -> int:
    """Remove the oldest message from the index, and return its position."""
    message = Message.objects.visible().in_time_order()[0]
    with transaction.atomic(), sync.reindexed([message.pk]):
        Message.objects.filter(pk=message.pk).update(state="hidden")
    Message.objects.filter(pk=message.pk).update(state="shown")
    return message.position


def test_the_check_lists_surplus_messages(archive: Path) -> None:
    hidden = Message.objects.visible().in_time_order()[0]
    Message.objects.filter(pk=hidden.pk).update(state="hidden")
    status, said = check_index()
    assert (status, said.splitlines()[:2]) == (
        1,
        ["1 in the index but not visible", f"  {hidden.key}"],
    )


def test_the_check_names_what_has_other_words(archive: Path) -> None:
    changed = Message.objects.visible().filter(alias__name=LU, kind="text").in_time_order()[0]
    Message.objects.filter(pk=changed.pk).update(text="另一句话")
    status, said = check_index()
    assert (status, said.splitlines()[:2]) == (1, ["1 in the index with other words", f"  {changed.key}"])


def test_the_check_reports_an_incomplete_index(archive: Path) -> None:
    sync.reset()
    status, said = check_index()
    assert (status, said) == (1, "The index is not complete. `manage.py reindex` continues the build.\n")
