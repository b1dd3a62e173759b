from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from chatlogs import moderation
from chatlogs.importing import ImportIsRunning
from chatlogs.models import Erasure
from tests.moderation.deciding import said, why
from tests.people.people import import_day


def compact_after_erasure() -> str:
    out = StringIO()
    call_command("compact_after_erasure", stdout=out)
    return out.getvalue()


def test_without_erasures_there_is_nothing_to_do(db: None) -> None:
    assert compact_after_erasure() == "0 erasures completed\n"


def test_it_completes_erasures_and_lists_where_copies_may_remain(tmp_path: Path, transactional_db: None) -> None:
    import_day(tmp_path, ("陈江月", "金丝雀来了"), ("石榴", "你好"))
    moderation.erase([said("金丝雀")], **why())
    told = compact_after_erasure()
    assert told.startswith("1 erasures completed\nCopies may remain in:\n")
    places = ["write-ahead log", "replicas", "base backups", "archived"] if connection.vendor == "postgresql" else []
    assert [place for place in (*places, "backups", "transcripts") if place not in told] == []
    assert Erasure.objects.get().finished_at is not None
    assert compact_after_erasure() == "0 erasures completed\n"


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (
            TimeoutError("somebody has been reading: try again"),
            1,
            "no erasure was completed: somebody has",
        ),
        (OperationalError("no space\nat all"), 2, "the database failed: no space"),
    ],
)
def test_errors_are_reported_with_their_status(
    db: None, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, told: str
) -> None:
    def fail() -> int:
        raise error

    monkeypatch.setattr("chatlogs.moderation.compact_after_erasure", fail)
    with pytest.raises(CommandError, match=told) as failed:
        compact_after_erasure()
    assert failed.value.returncode == status


def test_it_is_refused_while_an_import_runs(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ImportIsRunning

    monkeypatch.setattr("chatlogs.management.base.import_lock", refuse)
    with pytest.raises(CommandError, match="an import is running") as refused:
        compact_after_erasure()
    assert refused.value.returncode == 2
