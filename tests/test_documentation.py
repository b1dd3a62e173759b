"""The documentation names every package, command and setting, and what it links to exists."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "chatlogs"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = sorted(path.stem for path in (APP / "management" / "commands").glob("[!_]*.py"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

# [text](address), without code; addresses of other sites have a scheme.
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`|^    [^\n]*$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
# Files by their path in the project, in `chatlogs/` or in `templates/`.
PATH = re.compile(r"`((?:\w+/)+[\w.]+\.(?:py|toml|html|txt|sh|svg))`")
COMMAND = re.compile(r"manage\.py ([a-z]\w+)")
DJANGOS_OWN = {"createsuperuser", "migrate", "makemessages", "compilemessages", "axes_reset_username", "makemigrations"}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_table_of_packages_names_every_package() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    first_cells = " ".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))
    named = set(re.findall(r"`([\w.]+)/?`", first_cells))
    packages = {path.name for path in APP.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == packages - {"__init__.py"} | {"locale"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert any(command in page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_exists(page: Path) -> None:
    assert set(COMMAND.findall(page.read_text("utf-8"))) <= {*COMMANDS, *DJANGOS_OWN}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for groups in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        address = unquote(groups[0] or groups[1])
        if "://" in address:
            continue
        path, _, anchor = address.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), address
        assert not anchor or anchor in anchors_of(target), address


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page: Path) -> None:
    named = PATH.findall(page.read_text("utf-8"))
    folders = (ROOT, APP, ROOT / "templates")
    assert [path for path in named if not any((folder / path).exists() for folder in folders)] == []


@pytest.mark.parametrize("page", DECISIONS, ids=name_of)
def test_a_decision_has_number_date_and_status(page: Path) -> None:
    title, _, dated, *_ = page.read_text("utf-8").splitlines()
    assert title.startswith(f"# {page.name[:4]}: ")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d · (accepted|superseded by \[\d{4}\]\(.*\))", dated)
