"""Where PostgreSQL's server programs are. `python -m tests.postgres_programs` prints their folder."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

NEEDED = ("initdb", "pg_ctl", "postgres")
DEBIAN = Path("/usr/lib/postgresql")


def find_programs(environment: Mapping[str, str] = os.environ, installed: Path = DEBIAN) -> Path | None:
    """The folder of the first complete set of programs: PG_BIN's, PATH's, or the newest Debian installed."""
    for folder in _candidates(environment, installed):
        if all(shutil.which(program, path=str(folder)) for program in NEEDED):
            return folder
    return None


def _candidates(environment: Mapping[str, str], installed: Path) -> Iterator[Path]:
    if chosen := environment.get("PG_BIN"):
        yield Path(chosen).absolute()
    # pg_ctl looks for its siblings beside itself, so a link on PATH is followed to where they are.
    if linked := shutil.which("pg_ctl", path=environment.get("PATH", "")):
        yield Path(linked).resolve().parent
    yield from sorted(installed.glob("*/bin"), key=_version, reverse=True)


def _version(folder: Path) -> tuple[int, ...]:
    """9.6 is older than 15; what is no version comes last."""
    parts = folder.parent.name.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()


if __name__ == "__main__":
    found = find_programs()
    sys.exit("PostgreSQL is not installed") if found is None else print(found)
