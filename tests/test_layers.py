"""Who may import whom: data flows one way, and the rooms of the house keep to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "chatlogs"

PURE = {"transcripts", "text"}
# Of the search: what the two databases' own modules have in common.
PURE_MODULES = {"tokens", "terms", "lookups", "conditions", "syntax", "dates", "tallies", "marking"}

# Room -> the rooms that it may import besides itself. Siblings never, except as named here.
MAY_IMPORT: dict[str, set[str]] = {
    "text": set(),
    "transcripts": {"text"},
    "charts": set(),
    "audience": set(),
    "robots": set(),
    "models": {"audience", "text"},
    "search": set(),
    "bulk": set(),
    "revising": set(),
    "waiting": set(),
    "pictures": set(),
    "acting": {"models"},
    "counting": {"models", "bulk"},
    "annotating": {"models", "revising", "acting", "counting"},
    "identity": {"models", "revising", "bulk", "acting", "counting", "search", "text"},
    "mentioning": {"models", "revising", "bulk", "indexing", "search", "text"},
    "moderation": {
        "models",
        "revising",
        "waiting",
        "bulk",
        "acting",
        "counting",
        "annotating",
        "identity",
        "mentioning",
        "indexing",
        "pictures",
        "search",
        "transcripts",
        "text",
    },
    "curation": {
        "models",
        "revising",
        "bulk",
        "acting",
        "annotating",
        "identity",
        "mentioning",
        "moderation",
        "indexing",
        "search",
        "transcripts",
        "text",
    },
    "indexing": {"models", "revising", "search", "text"},
    "importing": {
        "models",
        "revising",
        "bulk",
        "acting",
        "counting",
        "identity",
        "moderation",
        "curation",
        "mentioning",
        "indexing",
        "pictures",
        "search",
        *PURE,
    },
    "cases": {"models", "acting"},
    "queries": {"audience", "models", "search", "text", "transcripts"},
    "rendering": {"text"},
    "structured_data": {"models", "rendering"},
    "filters": {"models", "queries", "search"},
    "feeds": {"models", "queries", "filters", "rendering", "text"},
    "sitemaps": set(),
    "throttling": {"refusals"},
    "api": {"models", "queries", "search", "filters", "converters", "throttling"},
    "converters": set(),
    "refusals": set(),
    "context_processors": set(),
    "middleware": {"audience", "robots"},
    "forms": {"models"},
    "caching": {"queries"},
    "renderings": {"models", "caching", "waiting"},
    "views": {
        "models",
        "caching",
        "renderings",
        "queries",
        "search",
        "filters",
        "feeds",
        "sitemaps",
        "forms",
        "cases",
        "pictures",
        "rendering",
        "charts",
        "throttling",
        "refusals",
        "robots",
        "api",
    },
    "urls": {"views", "api", "converters"},
    "templatetags": {"models", "rendering", "filters", "search", "text", "structured_data"},
    "admin": {
        "models",
        "revising",
        "queries",
        "acting",
        "annotating",
        "cases",
        "importing",
        "identity",
        "mentioning",
        "moderation",
    },
    "management": {
        "models",
        "queries",
        "cases",
        "curation",
        "importing",
        "identity",
        "mentioning",
        "moderation",
        "indexing",
        "search",
        "transcripts",
    },
    "migrations": {"models", "search"},
    "apps": {"checks", "identity", "moderation"},
    "checks": set(),
}

# These ask queries, and no model.
ASKING = {"views", "api", "feeds", "sitemaps"}

# What is read here is read by readers, so that it goes through one of the doors: these know the audience.
FOR_READERS = {
    "queries",
    "filters",
    "feeds",
    "sitemaps",
    "structured_data",
    "api",
    "views",
    "templatetags",
    "context_processors",
}
DOORS = {"visible", "listed", "listed_by_names", "in_listed_rooms", "removed", "by_key_even_removed"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
FOR_OTHERS = {
    "chatlogs/queries/moderation_queue.py",  # moderators, in the admin
    "chatlogs/queries/sources.py",  # the export of transcripts, a command
    "chatlogs/queries/surroundings.py",  # moderators, who see what is hidden, too
    "chatlogs/queries/whole_archive.py",  # commands that look after all there is
}

MODULES = sorted(path for path in APP.rglob("*.py") if path.stat().st_size)


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported_by(path: Path) -> set[str]:
    parts = (name.split(".") for name in imports_of(path))
    rooms = {part[1] for part in parts if part[0] == "chatlogs" and len(part) > 1}
    return {room for room in rooms if (APP / room).is_dir() or (APP / f"{room}.py").exists()}


def accessed_names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(path)
    assert rooms_imported_by(path) <= MAY_IMPORT[room] | {room}


def is_for_readers(path: Path) -> bool:
    return room_of(path) in FOR_READERS and identify(path) not in FOR_OTHERS


def used_past_the_door(path: Path) -> Iterator[str]:
    """The models of which something is asked that is not first reduced to what the audience may see."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    behind_doors = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in DOORS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in behind_doors:
            yield ast.unparse(node.value)


def is_pure(path: Path) -> bool:
    return room_of(path) in {*PURE, "charts"} or (room_of(path) == "search" and path.stem in PURE_MODULES)


@pytest.mark.parametrize("path", [path for path in MODULES if is_pure(path)], ids=identify)
def test_a_pure_room_knows_no_django(path: Path) -> None:
    assert not [name for name in imports_of(path) if name.split(".")[0] == "django"]


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) in ASKING], ids=identify)
def test_a_view_asks_queries_and_not_models_managers(path: Path) -> None:
    assert "objects" not in accessed_names(path)


@pytest.mark.parametrize("path", [path for path in MODULES if is_for_readers(path)], ids=identify)
def test_what_readers_see_comes_through_a_door(path: Path) -> None:
    models = [apps.get_model("chatlogs", name) for name in used_past_the_door(path)]
    assert not [model for model in models if hasattr(model.objects, "visible")]


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) == "queries"], ids=identify)
def test_a_query_never_writes(path: Path) -> None:
    writes = {"save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    assert not writes & accessed_names(path)


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "rendering"], ids=identify)
def test_only_rendering_declares_a_string_safe(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "mark_safe" not in text
    assert "SafeString(" not in text.replace("SafeString()", "")


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_named_for_nothing(name: str) -> None:
    assert not list(APP.rglob(f"{name}*"))


def test_every_room_has_its_rule() -> None:
    assert {room_of(path) for path in MODULES} == MAY_IMPORT.keys()
