from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from chatlogs import moderation
from chatlogs.models import ModerationAction, Original, RemovalRequest
from tests.moderation.deciding import columns_with, said, shown, why
from tests.people.people import import_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Import a message with a redacted passage."""
    import_day(tmp_path, ("陈江月", "金丝雀来了"), ("石榴", "你好"))
    by = User.objects.create_user("he", is_staff=True)
    moderation.redact(said("金丝雀"), [(0, 3)], **why(by))
    return tmp_path


def purge_originals(*arguments: str) -> str:
    out = StringIO()
    call_command("purge_originals", *arguments, stdout=out)
    return out.getvalue()


def test_what_is_not_due_stays(tree: Path) -> None:
    assert purge_originals() == "0 redacted messages purged\n0 old requests blanked\n"
    assert Original.objects.get().text == "金丝雀来了"


def test_due_originals_are_purged(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + dt.timedelta(days=settings.ORIGINAL_RETENTION_DAYS, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    told = purge_originals().splitlines()
    assert told[0] == f"1 redacted messages purged, as action {ModerationAction.objects.latest('pk').pk}"
    assert "compact_after_erasure" in told[1]
    assert (columns_with("金丝雀"), shown()) == (set(), ["███来了", "你好"])


def test_the_days_can_be_given(tree: Path) -> None:
    assert purge_originals("--days", "1").startswith("0 ")
    assert purge_originals("--days", "0").startswith("1 ")


def test_old_requests_are_blanked(tree: Path) -> None:
    closed = timezone.now() - dt.timedelta(days=settings.REQUEST_RETENTION_DAYS, seconds=1)
    RemovalRequest.objects.create(due_at=closed, state="done", closed_at=closed, wish="other", contact="a@example.org")
    assert purge_originals().splitlines()[-1] == "1 old requests blanked"
    assert RemovalRequest.objects.get().contact == ""


@pytest.mark.parametrize("days", ["-1", "1.5", "month", "9" * 30])
def test_an_invalid_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(CommandError, match="is not a number of days"):
        purge_originals(f"--days={days}")


def test_a_database_that_fails_is_status_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(before: dt.datetime | None) -> None:
        raise OperationalError("disk full\nand more")

    monkeypatch.setattr("chatlogs.moderation.purge", fail)
    with pytest.raises(CommandError, match=r"^the database failed: disk full$") as failed:
        purge_originals()
    assert failed.value.returncode == 2
