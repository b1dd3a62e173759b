"""Who a name belongs to. Every new name gets a member of its own."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import NamedTuple

from chatlogs.bulk import Ids, insert_rows
from chatlogs.models import Alias, Archive, Member, Room
from chatlogs.search.tokens import normalise


class Speaker(NamedTuple):
    """A display name, or, nameless, the hash of a private account id; ("", "") is nobody."""

    name: str
    account_hash: str


NOBODY = Speaker("", "")


def hash_account(account_key: bytes, account: str) -> str:
    """A private account id as something that can only be compared."""
    return hmac.digest(account_key, account.encode(), "sha256").hex()


def make_member_key(archive_key: bytes, room: str, speaker: Speaker) -> str:
    """The same on a database built anew, as long as the archive's key is."""
    named = f"member\0{room}\0{speaker.name}\0{speaker.account_hash}".encode()
    return hmac.digest(archive_key, named, "sha256").hex()[:16]


class AliasBook:
    """The ids of a room's aliases by speaker; makes those that are missing."""

    def __init__(self, archive: Archive, room: Room) -> None:
        self._archive_key = bytes(archive.key)
        self._room = room
        self._member_ids = Ids(Member)
        self._alias_ids = Ids(Alias)
        stored = Alias.objects.filter(room=room).values_list("name", "account_hash", "id")
        self._ids = {Speaker(name, account_hash): alias_id for name, account_hash, alias_id in stored}

    def resolve(self, speakers: Collection[Speaker]) -> dict[Speaker, int | None]:
        """Speaker -> alias id; None for nobody. Within a transaction."""
        unknown = sorted(speaker for speaker in set(speakers) - {NOBODY} if speaker not in self._ids)
        self._create(unknown)
        return {speaker: self._ids.get(speaker) for speaker in speakers}

    def _create(self, speakers: list[Speaker]) -> None:
        if not speakers:
            return
        member_ids = self._member_ids.take(len(speakers))
        alias_ids = self._alias_ids.take(len(speakers))
        keys = [make_member_key(self._archive_key, self._room.slug, speaker) for speaker in speakers]
        names = [speaker.name for speaker in speakers]
        insert_rows(Member, ["id", "key", "name"], list(zip(member_ids, keys, names, strict=True)))
        insert_rows(
            Alias,
            ["id", "room_id", "member_id", "name", "normalised_name", "account_hash", "message_count"],
            [
                (alias_id, self._room.pk, member_id, speaker.name, normalise(speaker.name), speaker.account_hash, 0)
                for alias_id, member_id, speaker in zip(alias_ids, member_ids, speakers, strict=True)
            ],
        )
        self._ids.update(zip(speakers, alias_ids, strict=True))
