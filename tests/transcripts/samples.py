"""The sample transcripts that come with the project."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

PATHS = sorted(
    path
    for path in (ROOT / "samples").rglob("*")
    if path.suffix in (".markdown", ".md", ".txt") and path.name != "README.md"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT / "samples").as_posix()
