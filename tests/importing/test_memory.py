"""A file of the largest size, whatever is in it, needs less memory than a small server has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatlogs.transcripts import MAX_FILE_BYTES
from tests.importing.own_databases import run_python
from tests.transcripts.making import DAY, make_front, message

# Prints the exit status and the largest memory in MiB. Unlike `getrusage`, the kernel's own figure
# leaves out what the process was before it became this program.
MEASURED = """
import re, sys
from pathlib import Path
import django
from django.core.management import call_command

django.setup()
status = 0
try:
    call_command("import_transcripts", sys.argv[1], "--no-progress", stdout=sys.stderr)
except SystemExit as end:
    status = end.code
print(status, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
MIB = 1024 * 1024


def hms(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def many_messages(count: int, size: int) -> bytes:
    """As many as are allowed, each by somebody else."""
    return b"".join(message(hms(index), f"{index:05}", "长" * (size // 3)) for index in range(count))


HOSTILE: dict[str, tuple[int, Callable[[], bytes]]] = {
    "long messages": (0, lambda: many_messages(16, MIB - 100)),
    "many messages": (0, lambda: many_messages(19_999, 750)),
    "one message": (1, lambda: message("09:00:00", "江月", "长" * (MIB * 5))),
    "too many messages": (1, lambda: b"> 09:00:00    \n" * (MIB + 1)),
    "bad times": (1, lambda: message("25:61:00", "江月", "x" * 300) * 45_000),
    "references": (0, lambda: b"".join(message(hms(index), "江月", "&amp;#5&#50;" * 87_000) for index in range(15))),
    "links": (0, lambda: b"".join(message(hms(index), "江月", "[" * 500_000 + "](") for index in range(16))),
    "another encoding": (1, lambda: ("长" * (MIB * 8 - 100)).encode("gb18030")),
    "open front matter": (1, lambda: b"\n- " * (MIB * 5)),
    "line ends": (0, lambda: b"\r\n" * (MIB * 7)),
}


# Of each kind one: many rows, one long text, many references, a file that is refused.
QUICK = {"many messages", "one message", "references", "too many messages"}


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    return [] if name in QUICK else [pytest.mark.thorough]


@pytest.mark.both_databases
@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in HOSTILE])
def test_a_hostile_file_needs_less_than_256_mib(site: dict[str, str], tree: Path, name: str) -> None:
    status, make = HOSTILE[name]
    data = (make_front(DAY) if name != "open front matter" else b"---\n") + make()
    assert len(data) <= MAX_FILE_BYTES
    (tree / f"{DAY}-chat.md").write_bytes(data)
    environment = {**site, "DJANGO_SETTINGS_MODULE": "archive.settings"}
    outcome = run_python(["-c", MEASURED, str(tree)], environment)
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    ended_with, memory = map(int, outcome.stdout.split())
    assert ended_with == status, outcome.stderr[:2000]
    assert memory < 256
