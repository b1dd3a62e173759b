import pytest

from chatlogs.models import Alias, Archive, Member, Room
from chatlogs.people import NO_SENDER, AliasBook, OptedOut, Speaker, hash_account, make_member_key

CHEN, LU, UNKNOWN = Speaker("陈江月", ""), Speaker("陆一鸣", ""), Speaker("", "a" * 64)


@pytest.fixture
def archive(db: None) -> Archive:
    return Archive.objects.create(key=b"k" * 32, account_key=b"a" * 32)


@pytest.fixture
def room(db: None) -> Room:
    return Room.objects.create(slug="tea-room")


def test_a_new_name_gets_a_member_of_its_own(archive: Archive, room: Room) -> None:
    ids = AliasBook(archive, room, OptedOut({})).resolve([CHEN, LU])
    aliases = {alias.pk: alias for alias in Alias.objects.all()}
    assert {speaker.name for speaker in ids} == {alias.name for alias in aliases.values()}
    assert aliases[ids[CHEN] or 0].member_id != aliases[ids[LU] or 0].member_id


def test_a_member_is_named_like_its_first_alias(archive: Archive, room: Room) -> None:
    AliasBook(archive, room, OptedOut({})).resolve([CHEN])
    assert Member.objects.get().name == "陈江月"


def test_a_known_name_keeps_its_alias(archive: Archive, room: Room) -> None:
    first = AliasBook(archive, room, OptedOut({})).resolve([CHEN])
    assert AliasBook(archive, room, OptedOut({})).resolve([CHEN]) == first


def test_a_book_knows_what_it_has_made(archive: Archive, room: Room) -> None:
    book = AliasBook(archive, room, OptedOut({}))
    assert book.resolve([CHEN]) == book.resolve([CHEN])
    assert Alias.objects.count() == 1


def test_nobody_has_no_alias(archive: Archive, room: Room) -> None:
    assert AliasBook(archive, room, OptedOut({})).resolve([NO_SENDER]) == {NO_SENDER: None}
    assert not Member.objects.exists()


def test_the_same_name_in_another_room_is_another_alias(archive: Archive, room: Room) -> None:
    porch = Room.objects.create(slug="porch")
    here, there = (AliasBook(archive, place, OptedOut({})).resolve([CHEN])[CHEN] for place in (room, porch))
    assert here != there


def test_an_account_becomes_a_nameless_member(archive: Archive, room: Room) -> None:
    AliasBook(archive, room, OptedOut({})).resolve([UNKNOWN])
    assert Member.objects.get().name == ""
    assert Alias.objects.get().account_hash == "a" * 64


def test_names_that_differ_in_spaces_or_case_are_two(archive: Archive, room: Room) -> None:
    speakers = [Speaker(name, "") for name in ("Mia", "mia", "Mia ", " Mia")]
    AliasBook(archive, room, OptedOut({})).resolve(speakers)
    assert Alias.objects.count() == 4


def test_a_name_of_any_length_allowed_is_stored(archive: Archive, room: Room) -> None:
    speakers = [Speaker(f"{index:03}" + "🍵" * 497, "") for index in range(20)]
    AliasBook(archive, room, OptedOut({})).resolve(speakers)
    assert Alias.objects.count() == 20


def test_a_members_key_is_the_same_in_a_rebuilt_database() -> None:
    assert make_member_key(b"k", "tea-room", CHEN) == make_member_key(b"k", "tea-room", CHEN)


def test_a_members_key_depends_on_archive_room_and_speaker() -> None:
    keys = {
        make_member_key(b"k", "tea-room", CHEN),
        make_member_key(b"x", "tea-room", CHEN),
        make_member_key(b"k", "porch", CHEN),
        make_member_key(b"k", "tea-room", LU),
        make_member_key(b"k", "tea-room", Speaker("", "陈江月")),
    }
    assert len(keys) == 5


def test_an_accounts_hash_depends_on_its_key_and_does_not_contain_the_account() -> None:
    assert hash_account(b"k", "wxid_a1") == hash_account(b"k", "wxid_a1")
    assert hash_account(b"k", "wxid_a1") != hash_account(b"x", "wxid_a1")
    assert "wxid_a1" not in hash_account(b"k", "wxid_a1")
