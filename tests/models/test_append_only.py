"""What moderators did stays written down."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from chatlogs.audit import log_action
from chatlogs.models import ModerationAction
from chatlogs.models.moderation import IsAppendOnly

pytestmark = pytest.mark.django_db

TABLE = ModerationAction._meta.db_table
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite cannot do that")


@pytest.fixture
def action() -> ModerationAction:
    he = User.objects.create_user("he")
    return log_action(
        "hide", [{"message": "k", "state": ["shown", "hidden"]}], by=he, category="abuse", reason="was it?"
    )


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def stored() -> list[tuple[object, ...]]:
    return list(ModerationAction.objects.values_list())


# Django


@pytest.mark.parametrize(
    "change",
    [
        lambda action: action.save(),
        lambda action: action.save(update_fields=["reason"]),
        lambda action: action.delete(),
        lambda action: ModerationAction.objects.update(reason="x"),
        lambda action: ModerationAction.objects.all().update(reason="x"),
        lambda action: ModerationAction.objects.filter(pk=action.pk).delete(),
        lambda action: ModerationAction.objects.bulk_update([action], ["reason"]),
        lambda action: ModerationAction.objects.update_or_create(pk=action.pk, defaults={"reason": "x"}),
        lambda action: ModerationAction._default_manager.all().delete(),
    ],
    ids="save fields delete update all-update all-delete bulk or-create default".split(),
)
def test_django_refuses_to_change_it(action: ModerationAction, change: object) -> None:
    before = stored()
    action.reason = "nothing"
    with pytest.raises(IsAppendOnly):
        change(action)  # type: ignore[operator]
    assert stored() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda action: ModerationAction._base_manager.update(reason="x"),
        lambda action: ModerationAction._base_manager.all().delete(),
        lambda action: ModerationAction.objects.bulk_create(
            [action], update_conflicts=True, unique_fields=["id"], update_fields=["reason"]
        ),
        lambda action: ModerationAction.objects.all()._raw_delete("default"),
    ],
    ids=["base update", "base delete", "bulk", "raw delete"],
)
def test_what_passes_django_by_the_database_refuses(action: ModerationAction, change: object) -> None:
    before = stored()
    action.reason = "nothing"
    with pytest.raises((DatabaseError, IsAppendOnly)), transaction.atomic():
        change(action)  # type: ignore[operator]
    assert stored() == before


# The database


COLUMNS = [field.column for field in ModerationAction._meta.concrete_fields if field.column != "actor_id"]
OTHER = {"id": "id + 1000", "made_at": "'2001-01-01'", "undoes_id": "id", "removal_request_id": "7", "changes": "'[]'"}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_is_changed_by_a_statement(action: ModerationAction, column: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"UPDATE {TABLE} SET {column} = {OTHER.get(column, chr(39) + 'x' + chr(39))}")


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_is_changed_with_the_actor(action: ModerationAction, column: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"UPDATE {TABLE} SET actor_id = NULL, {column} = {OTHER.get(column, chr(39) + 'x' + chr(39))}")


def test_no_other_actor_takes_its_place(action: ModerationAction) -> None:
    other = User.objects.create_user("she")
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"UPDATE {TABLE} SET actor_id = {other.pk}")


def test_no_row_is_deleted_by_a_statement(action: ModerationAction) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"DELETE FROM {TABLE}")


@ON_POSTGRES
@pytest.mark.parametrize("how", ["", "CASCADE", "RESTART IDENTITY CASCADE"])
def test_the_table_is_not_truncated(action: ModerationAction, how: str) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"append-only|foreign key"):
        execute(f"TRUNCATE {TABLE} {how}")


def test_no_row_takes_the_place_of_another(action: ModerationAction) -> None:
    """SQLite's REPLACE deletes without asking a trigger, unless it is told to ask."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    names = ", ".join([*map(str, COLUMNS), "actor_id"])
    with pytest.raises(DatabaseError, match="append-only"):
        execute(
            f"REPLACE INTO {TABLE} ({names}) SELECT {names.replace('reason', chr(39) + 'x' + chr(39))} FROM {TABLE}"
        )


# Users go


def test_of_a_user_who_is_deleted_the_name_stays(action: ModerationAction) -> None:
    User.objects.get().delete()
    action.refresh_from_db()
    assert (action.actor, action.actor_name) == (None, "he")


def test_an_actor_who_went_does_not_come_back(action: ModerationAction) -> None:
    User.objects.get().delete()
    he = User.objects.create_user("he")
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"UPDATE {TABLE} SET actor_id = {he.pk}")


# What keeps it so


def test_all_migrations_leave_the_triggers() -> None:
    statement = (
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"
        if connection.vendor == "sqlite"
        else f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{TABLE}'::regclass"
        " AND NOT tgisinternal AND tgenabled = 'O'"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = {name.removeprefix(f"{TABLE}_") for (name,) in cursor.fetchall()}
    assert names == (
        {"change", "removal", "replacement"} if connection.vendor == "sqlite" else {"change", "truncation"}
    )


@ON_POSTGRES
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("chatlogs_message", "text"),
        ("chatlogs_segment", "source"),
        ("chatlogs_original", "text"),
        ("chatlogs_link", "url"),
    ],
)
def test_all_migrations_leave_texts_out_of_statistics(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstattarget FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s", [table, column]
        )
        assert cursor.fetchone() == (0,)
