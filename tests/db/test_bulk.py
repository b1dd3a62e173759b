import pytest
from django.db import IntegrityError, transaction

from chatlogs.db.bulk import BATCH, MIN_ROWS_FOR_COPY, IdAllocator, execute_for_rows, insert_rows
from chatlogs.models import Member

COLUMNS = ["id", "key", "name", "sort_name", "is_name_curated", "company", "role", "city"]
AWKWARD = [
    "",
    " two  spaces ",
    "a,comma",
    'a "quotation"',
    "a\ttab",
    "a\nline",
    "a\rreturn",
    "a\r\nboth",
    "\\.",
    "one\n\\.\nthree",
    "\\N",
    "back\\slash",
    "100 %s",
    "\x10\x12\x14",
    "\u3000\xa0",
    "🍵 表情",
    "NULL",
    "'; DROP TABLE chatlogs_member; --",
]


def insert_members(rows: list[tuple[int, str, str]]) -> None:
    """Id, key and name of each."""
    insert_rows(Member, COLUMNS, [(*row, "", False, "", "", "") for row in rows])


@pytest.mark.parametrize("count", [1, MIN_ROWS_FOR_COPY - 1, MIN_ROWS_FOR_COPY, MIN_ROWS_FOR_COPY + 20])
def test_awkward_texts_arrive_as_they_are(db: None, count: int) -> None:
    texts = [AWKWARD[index % len(AWKWARD)] for index in range(count)]
    insert_members([(index, f"{index:016}", text) for index, text in enumerate(texts, 1)])
    assert list(Member.objects.order_by("id").values_list("name", flat=True)) == texts


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize("count", [1, MIN_ROWS_FOR_COPY])
def test_an_awkward_text_arrives_in_every_row(db: None, text: str, count: int) -> None:
    insert_members([(index, f"{index:016}", text) for index in range(1, count + 1)])
    assert set(Member.objects.values_list("name", flat=True)) == {text}
    assert Member.objects.count() == count


@pytest.mark.parametrize("count", [2, MIN_ROWS_FOR_COPY])
def test_what_the_database_refuses_is_djangos_error(db: None, count: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_members([(1, "same", "")] * count)


def test_what_the_database_refuses_to_update_is_djangos_error(db: None) -> None:
    insert_members([(1, "one", ""), (2, "two", "")])
    statement = "UPDATE chatlogs_member SET key = 'same' FROM {given} AS given WHERE id = given.column1"
    with pytest.raises(IntegrityError), transaction.atomic():
        execute_for_rows(statement, "(%s::bigint)", [(1,), (2,)])


def test_no_rows_need_no_database() -> None:
    insert_rows(Member, ["id"], [])
    execute_for_rows("UPDATE", "", [])


def test_many_rows_can_be_updated_at_once(db: None) -> None:
    count = BATCH + 1
    insert_members([(index, f"{index:016}", "old") for index in range(1, count + 1)])
    statement = (
        "UPDATE chatlogs_member SET name = given.column2 FROM {given} AS given WHERE chatlogs_member.id = given.column1"
    )
    execute_for_rows(statement, "(%s::bigint, %s)", [(index, "new") for index in range(1, count + 1)])
    assert Member.objects.filter(name="new").count() == count


@pytest.mark.parametrize("count", [1, 3, 600])
def test_ids_are_new(db: None, count: int) -> None:
    existing = Member.objects.create(key="0", name="").pk
    ids = IdAllocator(Member).take(count)
    assert len({existing, *ids}) == count + 1


def test_ids_follow_what_was_inserted(db: None) -> None:
    ids = IdAllocator(Member)
    for _ in range(3):
        insert_members([(number, f"{number:016}", "") for number in ids.take(400)])
    assert Member.objects.count() == 1200


def test_django_goes_on_after_the_ids_taken(db: None) -> None:
    taken = IdAllocator(Member).take(1)
    insert_members([(taken[0], "0", "")])
    assert Member.objects.create(key="1", name="").pk > taken[0]


def test_the_id_of_a_deleted_row_is_not_given_again(db: None) -> None:
    member = Member.objects.create(key="0", name="")
    pk = member.pk
    member.delete()
    assert pk not in IdAllocator(Member).take(3)


def test_no_ids_cost_no_query() -> None:
    assert IdAllocator(Member).take(0) == []
