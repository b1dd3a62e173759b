"""Makes message keys that are the same whenever a database is rebuilt from the same transcripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from hashlib import blake2b


class MessageKeys:
    """Makes the keys of one room's day: the date and a MAC.

    The MAC (keyed BLAKE2b, three times as fast as HMAC-SHA256) is of room, date, time, sender and occurrence. The date
    prefix keeps the keys of a day together in the database's index.
    """

    def __init__(self, archive_key: bytes, room: str, date: dt.date, taken: Collection[str]) -> None:
        self._archive_key = archive_key
        self._prefix = f"{room}\0{date}\0"
        self._date = f"{date:%Y%m%d}-"
        self._taken = taken
        self._occurrences: dict[tuple[str, str], int] = {}

    def make(self, time: str, sender: str) -> str:
        """Return the key of the next occurrence of this time and sender."""
        while True:
            occurrence = self._occurrences.get((time, sender), 0)
            self._occurrences[time, sender] = occurrence + 1
            named = f"{self._prefix}{time}\0{sender}\0{occurrence}".encode()
            key = self._date + blake2b(named, key=self._archive_key, digest_size=6).hexdigest()
            if key not in self._taken:
                return key
