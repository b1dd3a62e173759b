"""The catalogue of faults: small changes of product code, each with the tests that are expected to catch it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent


class FaultDoesNotFit(Exception):
    """The text to replace does not occur exactly once in its file."""


@dataclass(frozen=True)
class Fault:
    """Replaces `find` by `replace` in the file at `path`.

    `tests` are pytest node ids or files. `quick` tells whether they belong to the quick suite; if not, they run with
    `--thorough`. With `postgresql`, they run on PostgreSQL instead of SQLite.
    """

    name: str
    path: str
    find: str
    replace: str
    tests: tuple[str, ...]
    quick: bool = True
    postgresql: bool = False

    def apply(self, text: str) -> str:
        """Return the text of the file with the fault in it."""
        if text.count(self.find) != 1:
            raise FaultDoesNotFit(f"{self.path} has {text.count(self.find)} times: {self.find}")
        return text.replace(self.find, self.replace)

    @property
    def package_tests(self) -> list[str]:
        """The folders or files that have the tests of the package where the fault is."""
        first, second, *_ = Path(self.path).with_suffix("").parts
        package = "web" if second == "templatetags" else second
        places = [f"tests/{package}", f"tests/test_{package}.py"] if first == "chatlogs" else []
        return [place for place in places if (ROOT / place).exists()] or [
            str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests").glob("test_*.py"))
        ]


def read_faults() -> list[Fault]:
    """Return all faults, in the order of their files' names."""
    return [
        Fault(**{**entry, "tests": tuple(entry["tests"])})
        for path in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    ]
