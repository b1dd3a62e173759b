"""What a process of its own does to a database of its own: python -m tests.moderation.own_site STEP ARGUMENT …"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from chatlogs import moderation  # noqa: E402
from chatlogs.importing import Options, import_lock, run_import  # noqa: E402
from chatlogs.importing.importer import Importer  # noqa: E402
from chatlogs.models import Message, ModerationAction, Segment, Tombstone  # noqa: E402
from chatlogs.moderation import compaction  # noqa: E402
from tests.moderation.deciding import why  # noqa: E402

STATEMENTS_A_DEED = 500


def import_(*trees: str) -> None:
    with import_lock():
        report = run_import([Path(tree) for tree in trees], Options(), lambda *_: None)
    assert not report.files["rejected"], report.as_dict()  # type: ignore[index]


def import_slowly(tree: str, planned: str, decided: str) -> None:
    """Between plan and writing, say so, and wait until somebody has decided something."""
    write = Importer._write

    def slowly(self: Importer, *arguments: object) -> None:
        if not Path(planned).exists():
            Path(planned).touch()
            while not Path(decided).exists():
                time.sleep(0.05)
        write(self, *arguments)  # type: ignore[arg-type]

    setattr(Importer, "_write", slowly)  # noqa: B010
    import_(tree)


def tell(*_: str) -> None:
    """All that the database has of messages."""
    print(list(Message.objects.values_list("text", "state", "alias__name")))
    print([bytes(source).decode() for source in Segment.objects.values_list("source", flat=True)])


def edit(*_: str) -> None:
    """As the admin does with links and images, too: what is stored is moved and written over."""
    for message in Message.objects.filter(text__contains="zqcanary"):
        message.text = message.text + " "
        message.save()
        message.text = message.text.rstrip()
        message.save()


def with_canary() -> list[Message]:
    shown, sealed = Q(text__contains="zqcanary"), Q(original__text__contains="zqcanary")
    pictures = Q(image__url__contains="zqcanary") | Q(original__url__contains="zqcanary")
    return list(Message.objects.filter(shown | sealed | pictures))


def erase(*_: str) -> None:
    moderation.erase(with_canary(), **why())


def redact(*_: str) -> None:
    moderation.redact_all(with_canary(), **why())


def purge(*_: str) -> None:
    moderation.purge(timezone.now())


def finish(seconds: str = "300") -> None:
    """A busy machine's autovacuum may be reading for long."""
    moderation.compact_after_erasure(float(seconds))


def analyze(*_: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def checkpoint(*_: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(PASSIVE)")


def kill_at_statements(perform: str) -> None:
    """Kill processes that do an action, each before a later statement, and print how many; none may have done anything.

    Between them the database is read by this process, which is not the one that was killed.
    """
    whole, kills = dump(), 0
    for count in range(3, STATEMENTS_A_DEED, 12):
        if not is_killed_at(count, perform):
            break
        assert dump() == whole, f"killed before statement {count}, something was done"
        kills += 1
    print(kills)


def is_killed_at(count: int, perform: str) -> bool:
    """Whether the action has so many statements."""
    connection.close()
    process = os.fork()
    if not process:
        do_until(count, perform)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or status == 0, status
    return os.WIFSIGNALED(status)


def do_until(count: int, perform: str) -> NoReturn:
    numbers = iter(range(STATEMENTS_A_DEED))

    def kill(execute: Callable[..., object], *arguments: object) -> object:
        if next(numbers) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    status = 1
    try:
        with connection.execute_wrapper(kill):
            STEPS[perform]()
        connection.close()
        status = 0
    finally:
        os._exit(status)


def dump() -> list[object]:
    """The messages, their segments and the log."""
    rows = [
        Message.objects.order_by("pk").values_list("pk", "text", "state", "alias"),
        [(pk, bytes(source)) for pk, source in Segment.objects.order_by("pk").values_list("pk", "source")],
        ModerationAction.objects.order_by("pk").values_list("pk", "kind"),
        Tombstone.objects.order_by("pk").values_list("room", "messages"),
    ]
    return [*map(list, rows)]


def unfinished(*_: str) -> None:
    print(compaction.count_unfinished())


STEPS: dict[str, Callable[..., None]] = {
    "import": import_,
    "import_slowly": import_slowly,
    "tell": tell,
    "edit": edit,
    "erase": erase,
    "redact": redact,
    "purge": purge,
    "finish": finish,
    "analyze": analyze,
    "checkpoint": checkpoint,
    "kill_at_statements": kill_at_statements,
    "unfinished": unfinished,
}


if __name__ == "__main__":
    for step in " ".join(sys.argv[1:]).split(" -- "):
        name, *arguments = step.split()
        STEPS[name](*arguments)
    assert not transaction.get_connection().in_atomic_block
