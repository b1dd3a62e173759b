from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from chatlogs import moderation
from chatlogs.importing import ImportIsRunning
from chatlogs.models import PersonalDataMatch
from chatlogs.search import sync
from tests.moderation.deciding import shown, why
from tests.people.people import import_day

HEAD = "kind              open    masked  released\n"


@pytest.fixture
def tree(tmp_path: Path, db: None) -> Path:
    import_day(tmp_path, ("陈江月", "电话13800138000"), ("石榴", "邮箱a@example.org"), ("乔木", "再打13900139000"))
    return tmp_path


def scan() -> str:
    out = StringIO()
    call_command("scan_personal_data", "--no-progress", stdout=out)
    return out.getvalue()


def test_an_empty_archive_has_none(db: None) -> None:
    assert scan() == f"{HEAD}0 matches found\n"


def test_it_counts_by_kind_and_state(tree: Path) -> None:
    moderation.decide_on_matches(list(PersonalDataMatch.objects.filter(kind="email")), "masked", **why())
    phones = (
        "phone                2         0         0\n"
        "email                0         1         0\n"
        "3 matches found\n"
    )  # fmt: skip
    assert scan() == HEAD + phones


def test_it_finds_and_masks_what_was_not_looked_for_before(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patterns:
        patterns.setattr("chatlogs.moderation.personal_data.find_personal_data", lambda text: [])
        import_day(tmp_path, ("陈江月", "电话13800138000"), ("石榴", "你好"))
    assert shown() == ["电话13800138000", "你好"]
    scan()
    assert shown() == ["电话███", "你好"]
    assert not sync.check()


def test_what_was_decided_stays(tree: Path) -> None:
    moderation.decide_on_matches(list(PersonalDataMatch.objects.filter(kind="phone")), "released", **why())
    before = shown()
    scan()
    assert shown() == before
    assert not sync.check()


@pytest.mark.parametrize(
    ("error", "told"),
    [(ImportIsRunning(), "an import is running"), (OperationalError("gone\nfar"), "the database failed: gone$")],
)
def test_errors_have_status_2(db: None, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("chatlogs.management.base.import_lock", fail)
    with pytest.raises(CommandError, match=told) as failed:
        scan()
    assert failed.value.returncode == 2
