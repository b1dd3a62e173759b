"""The names of senders. Every new name gets a member of its own."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction

from chatlogs.db.bulk import IdAllocator, insert_rows
from chatlogs.models import Alias, Archive, Member, OriginalName, Room
from chatlogs.people.pseudonyms import PARTS, OptedOut, set_pseudonym
from chatlogs.search.tokens import normalise
from chatlogs.text import names
from chatlogs.text.pinyin import make_sort_key


class Speaker(NamedTuple):
    """A display name, or, if it is empty, the hash of a private account ID. ("", "") is nobody."""

    name: str
    account_hash: str


NO_SENDER = Speaker("", "")

MEMBER_COLUMNS = ["id", "key", "name", "sort_name", "is_name_curated", "company", "role", "city"]
ALIAS_COLUMNS = [
    "id", "room_id", "member_id", "origin_id", "name", "normalised_name", "account_hash", "message_count", *PARTS,
]  # fmt: skip


def hash_account(account_key: bytes, account: str) -> str:
    """Return a keyed hash of a private account ID."""
    return hmac.digest(account_key, account.encode(), "sha256").hex()


def make_member_key(archive_key: bytes, room: str, speaker: Speaker) -> str:
    """Return the key of a new member, which a rebuilt database reproduces from the same archive key."""
    named = f"member\0{room}\0{speaker.name}\0{speaker.account_hash}".encode()
    return hmac.digest(archive_key, named, "sha256").hex()[:16]


class AliasBook:
    """Looks up or creates the aliases of a room, and the members of new ones."""

    def __init__(self, archive: Archive, room: Room, opted_out: OptedOut) -> None:
        self._archive_key = bytes(archive.key)
        self._room = room
        self._new_member_ids = IdAllocator(Member)
        self._new_alias_ids = IdAllocator(Alias)
        self._archive = archive
        self._opted_out = opted_out.in_room(room.slug)
        aliases = Alias.objects.filter(room=room)
        self.member_ids = dict(aliases.values_list("id", "member_id"))
        plain = aliases.filter(is_opted_out=False).values_list("name", "account_hash", "id")
        originals = OriginalName.objects.filter(alias__in=aliases).values_list("name", "account_hash", "alias_id")
        self._ids = {Speaker(*speaker): alias_id for *speaker, alias_id in (*plain, *originals)}

    def resolve(self, speakers: Collection[Speaker]) -> dict[Speaker, int | None]:
        """Return the alias ID of each speaker, None for nobody. Call it within a transaction."""
        unknown = sorted(speaker for speaker in set(speakers) - {NO_SENDER} if speaker not in self._ids)
        self._create(unknown)
        return {speaker: self._ids.get(speaker) for speaker in speakers}

    def _create(self, speakers: list[Speaker]) -> None:
        if not speakers:
            return
        member_ids = self._new_member_ids.take(len(speakers))
        alias_ids = self._new_alias_ids.take(len(speakers))
        members = [
            (member_id, make_member_key(self._archive_key, self._room.slug, speaker), speaker.name,
             make_sort_key(speaker.name), False, "", "", "")
            for member_id, speaker in zip(member_ids, speakers, strict=True)
        ]  # fmt: skip
        aliases = [
            (alias_id, self._room.pk, member_id, member_id, speaker.name, normalise(speaker.name),
             speaker.account_hash, 0, *_read_parts(speaker.name))
            for alias_id, member_id, speaker in zip(alias_ids, member_ids, speakers, strict=True)
        ]  # fmt: skip
        insert_rows(Member, MEMBER_COLUMNS, members)
        insert_rows(Alias, ALIAS_COLUMNS, aliases)
        # People who opted out in one room are opted out in all of them.
        for alias_id, speaker in zip(alias_ids, speakers, strict=True):
            if opted := self._opted_out.find(*speaker):
                set_pseudonym(self._archive, Alias.objects.get(pk=alias_id), opted.pseudonym)
        self._ids.update(zip(speakers, alias_ids, strict=True))
        self.member_ids.update(zip(alias_ids, member_ids, strict=True))


@transaction.atomic
def split_names_anew() -> None:
    """Split all names again if another version of the code split them."""
    archive = Archive.objects.select_for_update().first()
    if archive is None or archive.names_version == names.VERSION:
        return
    aliases = list(Alias.objects.filter(is_opted_out=False))
    for alias in aliases:
        alias.person, alias.company, alias.role, alias.city, alias.remark = _read_parts(alias.name)
    Alias.objects.bulk_update(aliases, PARTS, batch_size=1000)
    members = list(Member.objects.all())
    for member in members:
        member.sort_name = make_sort_key(member.name)
    Member.objects.bulk_update(members, ["sort_name"], batch_size=1000)
    Archive.objects.update(names_version=names.VERSION, mentions_version=0)


def _read_parts(name: str) -> tuple[str, str, str, str, str]:
    parts = names.split_name(name)
    return parts.person, parts.company, parts.role, parts.city, parts.remark
