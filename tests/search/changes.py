"""Changes of an archive after its first import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from django.db import transaction
from django.db.models import F

from chatlogs.models import Archive, Message
from chatlogs.models.messages import MessageQuerySet
from chatlogs.search.sync import reindexed
from tests.importing.archives import import_tree
from tests.search.hostile_archive import escape, write_text

# A change of the archive imported from a folder.
Change = Callable[[Path, Random], None]

BODY_END = b"  \n   \n"


def hide_some(folder: Path, random: Random) -> None:
    change(Message.objects.visible(), random, state=Message.State.HIDDEN)


def hold_some(folder: Path, random: Random) -> None:
    change(Message.objects.visible(), random, state=Message.State.HELD)


def hide_some_and_show_others(folder: Path, random: Random) -> None:
    hide_some(folder, random)
    change(Message.objects.exclude(state=Message.State.SHOWN), random, state=Message.State.SHOWN)


def double_some(folder: Path, random: Random) -> None:
    change(Message.objects.visible(), random, duplicate_of=Message.objects.order_by("pk").first())


def edit_texts(folder: Path, random: Random) -> None:
    edit_files(folder, lambda line: retype(line, random))


def withdraw_some(folder: Path, random: Random) -> None:
    edit_files(folder, lambda said: b"" if random.random() < 0.2 else said)


def withdraw_some_and_bring_them_back(folder: Path, random: Random) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.markdown")}
    withdraw_some(folder, random)
    for path, data in before.items():
        path.write_bytes(data)
    import_tree(folder)


def say_more(folder: Path, random: Random) -> None:
    """Add messages in the same seconds, so that positions change."""
    edit_files(folder, lambda said: said + retype(said, random) if random.random() < 0.3 else said)


def import_again(folder: Path, random: Random) -> None:
    import_tree(folder, reparse=True)


CHANGES = [
    hide_some, hold_some, hide_some_and_show_others, double_some, edit_texts, withdraw_some,
    withdraw_some_and_bring_them_back, say_more, import_again,
]  # fmt: skip


@transaction.atomic
def change(messages: MessageQuerySet, random: Random, **values: object) -> None:
    """Change columns of a tenth of the messages, as moderation does."""
    ids = sorted(messages.values_list("pk", flat=True))
    chosen = random.sample(ids, len(ids) // 10)
    with reindexed(chosen):
        Message.objects.filter(pk__in=chosen).update(**values)
    Archive.objects.update(revision=F("revision") + 1)


def edit_files(folder: Path, edit: Callable[[bytes], bytes]) -> None:
    """Edit every message of every other file, and import."""
    for path in sorted(folder.rglob("*.markdown"))[::2]:
        front, *said = path.read_bytes().split(b"\n> ")
        edited = [edit(b"> " + one.removesuffix(b"\n") + b"\n") for one in said]
        path.write_bytes(front + b"\n" + b"".join(edited))
    import_tree(folder, allow_withdrawals=True)


def retype(said: bytes, random: Random) -> bytes:
    """Replace some texts."""
    if said.count(BODY_END) < 2 or random.random() < 0.7:
        return said
    header = said.split(BODY_END)[0]
    return BODY_END.join([header, escape(write_text(random)).encode(), b""])
