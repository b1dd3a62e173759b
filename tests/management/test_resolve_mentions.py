from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatlogs import mentions
from chatlogs.importing import ImportIsRunning
from chatlogs.models import Alias, Archive, Mention, MentionedName, Suggestion
from chatlogs.search import sync
from tests.people.people import alias, days_later, import_day

LU, TANG = "陆鸣", "汤圆"


@pytest.fixture
def tree(tmp_path: Path, db: None) -> Path:
    """Import two days, one of them with a mention."""
    import_day(tmp_path, LU, TANG)
    import_day(tmp_path, (LU, "@汤圆 早"), date=days_later(1))
    return tmp_path


def resolve_mentions() -> str:
    out = StringIO()
    call_command("resolve_mentions", "--no-progress", stdout=out)
    return out.getvalue()


def test_it_reports_what_it_did(tree: Path) -> None:
    MentionedName.objects.update(alias=None, method="", is_sure=False)
    assert resolve_mentions() == "2 days searched, 1 mentioned names changed\n"


def test_a_second_run_changes_nothing(tree: Path) -> None:
    assert resolve_mentions() == "2 days searched, 0 mentioned names changed\n"


def test_without_an_archive_it_has_nothing_to_do(db: None) -> None:
    assert resolve_mentions() == "0 days searched, 0 mentioned names changed\n"


def test_it_finds_mentions_that_were_lost(tree: Path) -> None:
    Mention.objects.all().delete()
    resolve_mentions()
    assert Mention.objects.get().name.alias == alias(TANG)
    assert not sync.check()


def test_it_leaves_what_a_moderator_chose(tree: Path) -> None:
    mentions.override_name(MentionedName.objects.get(), alias(LU))
    resolve_mentions()
    assert MentionedName.objects.get().alias == alias(LU)


def test_it_splits_names_again_after_a_change_of_the_rules(tree: Path) -> None:
    Alias.objects.update(person="")
    Archive.objects.update(names_version=0)
    resolve_mentions()
    assert set(Alias.objects.values_list("person", flat=True)) == {LU, TANG}


def test_it_suggests_names_of_one_person(tree: Path) -> None:
    import_day(tree, "汤圆-云杉支付", date=days_later(2))
    Suggestion.objects.all().delete()
    resolve_mentions()
    assert Suggestion.objects.exists()


def test_it_is_refused_while_an_import_runs(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ImportIsRunning

    monkeypatch.setattr("chatlogs.management.base.import_lock", refuse)
    with pytest.raises(CommandError, match="an import is running") as refused:
        call_command("resolve_mentions")
    assert refused.value.returncode == 2
