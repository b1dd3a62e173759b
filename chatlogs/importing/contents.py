"""What a message's rows say, derived from its entry: the part that readers may see."""

from __future__ import annotations

from typing import NamedTuple

from chatlogs.identity import NOBODY, Speaker, hash_account
from chatlogs.text.accounts import bare_account, is_account, mask_accounts
from chatlogs.transcripts import Transcript


class Content(NamedTuple):
    """`time` is HH:MM:SS; `url` is a link's or an image's address."""

    time: str
    speaker: Speaker
    kind: str
    text: str
    url: str


class ContentReader:
    """Derives contents from one transcript, whose links tell which names are account ids."""

    def __init__(self, transcript: Transcript, account_key: bytes) -> None:
        self._account_key = account_key
        self._accounts = transcript.accounts
        self._speakers: dict[str, Speaker] = {"": NOBODY}
        self.contents = [
            Content(
                entry.time.isoformat(),
                self.speaker(entry.sender),
                entry.kind.value,
                mask_accounts(entry.text, self._accounts),
                self._url(entry.link.url if entry.link else entry.image.url if entry.image else ""),
            )
            for entry in transcript.entries
        ]

    def speaker(self, sender: str) -> Speaker:
        speaker = self._speakers.get(sender)
        if speaker is None:
            speaker = self._speakers[sender] = self._new_speaker(sender)
        return speaker

    def _new_speaker(self, sender: str) -> Speaker:
        if is_account(sender, self._accounts):
            return Speaker("", hash_account(self._account_key, bare_account(sender)))
        return Speaker(mask_accounts(sender, self._accounts), "")

    def _url(self, url: str) -> str:
        return url if url == mask_accounts(url) else ""
