"""Migrations 0010 and 0011, which rename models, columns, permissions and JSON keys, lose nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from chatlogs.models import ModerationAction, PendingDecision, Tombstone
from chatlogs.moderation import decisions
from tests.migrations.former_database import (
    BEFORE,
    DECISIONS,
    Rows,
    load_former_rows,
    own_database,
    read_rows,
    serialize,
)
from tests.moderation.decisions.rebuilding import export

pytestmark = pytest.mark.both_databases

MODELS = {
    "case": "removalrequest",
    "finding": "personaldatamatch",
    "rendering": "cachedpage",
    "sealed": "original",
    "sealedname": "originalname",
    "sighting": "nameevidence",
}
FIELDS = {
    "message": {"double_of": "duplicate_of"},
    "moderationaction": {"verb": "kind", "ground": "category", "case": "removal_request"},
    "optout": {"sealed": "originals"},
    "original": {"sealed_at": "stored_at"},
}
TOMBSTONE_KEYS = {"fate": "outcome", "veils": "masks", "later_veils": "later_masks"}
DECISION_KEYS = {"findings": "personal_data_matches", "cases": "removal_requests"}


@pytest.fixture(scope="module")
def former(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database with the former rows, migrated."""
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("database")):
        load_former_rows()
        call_command("migrate", verbosity=0)
        yield


@pytest.fixture
def migrated(former: None) -> Iterator[None]:
    """The same, as it was before each test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def renamed(entry: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in entry.items()}


def expected_rows() -> Rows:
    """The stored rows, with the names that they have now."""
    expected = {}
    for label, rows in read_rows().items():
        app, _, model = label.partition(".")
        model = MODELS.get(model, model)
        expected[f"{app}.{model}"] = {pk: renamed(fields, FIELDS.get(model, {})) for pk, fields in rows.items()}
    for tombstone in expected["chatlogs.tombstone"].values():
        tombstone["messages"] = [renamed(one, TOMBSTONE_KEYS) for one in tombstone["messages"]]
    for pending in expected["chatlogs.pendingdecision"].values():
        pending["decision"] = renamed(pending["decision"], DECISION_KEYS)
    return expected


def expected_codename(codename: str) -> str:
    action, _, model = codename.rpartition("_")
    return f"{action}_{MODELS.get(model, model)}"


# The stored rows


def test_every_table_has_a_row_before() -> None:
    models = {model._meta.model_name for model in apps.get_app_config("chatlogs").get_models()}
    assert {f"chatlogs.{model}" for model in models} <= expected_rows().keys()


def test_the_log_has_every_kind_of_action_before() -> None:
    log = read_rows()["chatlogs.moderationaction"].values()
    assert {row["verb"] for row in log} == set(ModerationAction.Kind.values)


def test_every_former_key_is_stored() -> None:
    rows = read_rows()
    listed = [one for row in rows["chatlogs.tombstone"].values() for one in row["messages"]]
    decided = [row["decision"] for row in rows["chatlogs.pendingdecision"].values()]
    assert TOMBSTONE_KEYS.keys() <= {key for one in listed for key in one}
    assert DECISION_KEYS.keys() <= {key for one in decided for key in one}


# Forward


def test_every_row_keeps_its_values(migrated: None) -> None:
    for label, rows in expected_rows().items():
        if label.startswith("chatlogs."):
            assert serialize(apps.get_model(label)) == rows, label


def test_the_stored_changes_of_the_log_are_not_rewritten(migrated: None) -> None:
    before = {pk: row["changes"] for pk, row in read_rows()["chatlogs.moderationaction"].items()}
    assert dict(ModerationAction.objects.values_list("pk", "changes")) == before
    assert any("fate" in change for changes in before.values() for change in changes)


def test_foreign_keys_point_to_rows(migrated: None) -> None:
    connection.check_constraints()


def test_groups_and_users_keep_their_permissions(migrated: None) -> None:
    former = read_rows()
    for model, field in ((Group, "permissions"), (User, "user_permissions")):
        for pk, row in former[f"auth.{model.__name__.lower()}"].items():
            granted = getattr(model.objects.get(pk=pk), field).values_list("codename", flat=True)
            assert set(granted) == {expected_codename(codename) for codename in row[field]}


def test_no_permission_of_a_former_model_is_left(migrated: None) -> None:
    codenames = Permission.objects.filter(content_type__app_label="chatlogs").values_list("codename", flat=True)
    assert not {codename for codename in codenames if codename.rpartition("_")[2] in MODELS}
    assert len(codenames) == len(set(codenames))


def test_entries_of_the_admins_own_log_keep_their_model(migrated: None) -> None:
    former = {pk: row["content_type"] for pk, row in read_rows()["admin.logentry"].items()}
    stored = dict(LogEntry.objects.values_list("pk", "content_type__model"))
    assert stored == {pk: MODELS[model] for pk, model in former.items()}


def test_json_keys_of_tombstones_and_pending_decisions_are_renamed(migrated: None) -> None:
    keys = {key for tombstone in Tombstone.objects.all() for one in tombstone.messages for key in one}
    keys |= {key for pending in PendingDecision.objects.all() for key in pending.decision}
    assert keys.isdisjoint({*TOMBSTONE_KEYS, *DECISION_KEYS})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chatlogs_moderationaction SET reason = 'x'",
        "UPDATE chatlogs_moderationaction SET kind = 'hide' WHERE kind <> 'hide'",
        "UPDATE chatlogs_moderationaction SET category = 'x'",
        "UPDATE chatlogs_moderationaction SET removal_request_id = 1 WHERE removal_request_id IS NULL",
        "DELETE FROM chatlogs_moderationaction",
    ],
    ids="reason kind category request delete".split(),
)
def test_the_database_still_refuses_to_change_the_log(migrated: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_user_can_still_be_deleted(migrated: None) -> None:
    before = set(ModerationAction.objects.values_list("pk", "actor_name", "reason"))
    User.objects.get(username="moderator").delete()
    assert set(ModerationAction.objects.values_list("pk", "actor_name", "reason")) == before


def test_the_admin_describes_every_former_action(migrated: None, client: Client) -> None:
    client.force_login(User.objects.get(username="moderator"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for pk in ModerationAction.objects.values_list("pk", flat=True):
        page = client.get(reverse("admin:chatlogs_moderationaction_change", args=[pk])).content.decode()
        assert "?: {" not in page
        assert "readonly" in page


def test_the_admin_describes_what_an_import_review_decided(migrated: None, client: Client) -> None:
    client.force_login(User.objects.get(username="moderator"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    reviews = [one for one in ModerationAction.objects.all() if "tombstone" in one.changes[0]]
    outcomes = {one.changes[0]["fate"][1] for one in reviews}
    assert outcomes == {"kept", "erased"}
    for one in reviews:
        page = client.get(reverse("admin:chatlogs_moderationaction_change", args=[one.pk])).content.decode()
        assert "tea-room 2018-04-01" in page


def test_the_migrated_database_has_the_decisions_of_before(
    migrated: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    former = decisions.read_document(DECISIONS.read_bytes())
    assert json.loads(export(tmp_path_factory.mktemp("decisions") / "decisions.json")) == former


# Backward


def test_migrating_back_restores_every_row(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("database")):
        load_former_rows()
        call_command("migrate", verbosity=0)
        call_command("migrate", *BEFORE[0], verbosity=0)
        state = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        for label, rows in read_rows().items():
            if label.startswith("chatlogs."):
                assert serialize(state.get_model(label)) == rows, label
        granted = state.get_model("auth", "Group").objects.get(name="moderator").permissions
        former = {group["name"]: group["permissions"] for group in read_rows()["auth.group"].values()}
        assert sorted(granted.values_list("codename", flat=True)) == former["moderator"]
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("UPDATE chatlogs_moderationaction SET ground = 'x'")
