"""Run one measured task in a separate process: `python -m benchmarks.import_task TASK FOLDER`.

Prints the measurements as JSON. The database is the one that DATABASE_URL names.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from benchmarks.import_floor import write_floor  # noqa: E402
from chatlogs import mentions  # noqa: E402
from chatlogs.importing import Options, importer, run_import, runner, writer  # noqa: E402
from chatlogs.importing.rules import Rules  # noqa: E402
from chatlogs.importing.writer import RoomWriter  # noqa: E402
from chatlogs.search import sync  # noqa: E402

Measured = dict[str, float]


def import_tree(folder: Path) -> Measured:
    """Return seconds of an import, in all and by stage, and the peak memory of the process in MiB."""
    stages: Measured = {}
    _time(importer, "read_candidate", "reading", stages)
    _time(importer, "read", "parsing", stages)
    _time(Rules, "plan", "planning", stages)
    _time(RoomWriter, "write", "writing", stages)
    _time(writer, "screen_messages", "of this, masking", stages)
    _time(runner, "resolve_identities", "people", stages)
    _time(mentions, "resolve", "of these, mentions", stages)
    _time(sync, "build", "indexing", stages)
    gc.freeze()
    report = run_import([folder], Options(), lambda *_: None)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    messages = report.messages.total()
    stages["committing and the rest"] = report.seconds - sum(stages.values())
    stages["committing and the rest"] += stages["of these, mentions"] + stages["of this, masking"]
    return {"seconds": report.seconds, "messages": messages, "memory": memory, **stages}


def floor(folder: Path) -> Measured:
    return _floor(folder, one_transaction=False)


def floor_in_one_transaction(folder: Path) -> Measured:
    return _floor(folder, one_transaction=True)


def _floor(folder: Path, *, one_transaction: bool) -> Measured:
    paths = sorted(folder.glob("*/_posts/*"), key=lambda path: path.name)
    files = [(path.parts[-3], dt.date.fromisoformat(path.name[:10]), path) for path in paths]
    gc.freeze()
    begun = time.perf_counter()
    write_floor(files, one_transaction=one_transaction)
    return {"seconds": time.perf_counter() - begun}


def _time(owner: object, name: str, stage: str, stages: Measured) -> None:
    function: Callable[..., object] = getattr(owner, name)

    def timed(*args: object, **kwargs: object) -> object:
        begun = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            stages[stage] = stages.get(stage, 0) + time.perf_counter() - begun

    setattr(owner, name, timed)


TASKS = (import_tree, floor, floor_in_one_transaction)

if __name__ == "__main__":
    task = next(task for task in TASKS if task.__name__ == sys.argv[1])
    print(json.dumps(task(Path(sys.argv[2]))))
