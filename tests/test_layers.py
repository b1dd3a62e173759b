"""Who may import whom: data flows one way, and every package keeps to it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "chatlogs"

# Package -> the packages that it may import besides itself. The parts of `web` have rules of their own.
MAY_IMPORT: dict[str, set[str]] = {
    "text": set(),
    "db": set(),
    "transcripts": {"text"},
    "models": {"db", "text"},
    "search": {"db", "models", "text"},
    "audit": {"models"},
    "editorial": {"audit", "models"},
    "images": {"audit", "db", "models"},
    "people": {"audit", "db", "models", "search", "text"},
    "mentions": {"db", "models", "search", "text"},
    "moderation": {
        "audit",
        "db",
        "editorial",
        "images",
        "mentions",
        "models",
        "people",
        "search",
        "text",
        "transcripts",
    },
    "importing": {
        "audit",
        "db",
        "images",
        "mentions",
        "models",
        "moderation",
        "people",
        "search",
        "text",
        "transcripts",
    },
    "queries": {"db", "models", "search", "text", "transcripts"},
    "web": {"db", "models", "queries"},
    "web.rendering": {"models", "queries", "text"},
    "web.filters": {"models", "queries", "search"},
    "web.feeds": {"models", "queries", "text", "web.filters", "web.rendering"},
    "web.views": {
        "api",
        "db",
        "images",
        "models",
        "moderation",
        "queries",
        "search",
        "web",
        "web.feeds",
        "web.filters",
        "web.rendering",
    },
    "api": {"db", "models", "queries", "search", "web", "web.filters"},
    "templatetags": {"models", "queries", "search", "text", "web.filters", "web.rendering"},
    "admin": {"audit", "editorial", "importing", "mentions", "models", "moderation", "people", "queries", "text"},
    "management": {
        "images",
        "importing",
        "mentions",
        "models",
        "moderation",
        "people",
        "queries",
        "search",
        "transcripts",
    },
    "migrations": {"models", "search"},
    "urls": {"api", "web", "web.views"},
    "apps": {"checks", "moderation", "people"},
    "checks": set(),
}

# They know no Django.
PURE = {"text", "transcripts", "web/charts.py"} | {
    f"search/{name}.py"
    for name in ("tokens", "terms", "attributes", "lookups", "conditions", "syntax", "dates", "highlighting")
}

# Of `search`, only the upkeep of the index knows models: the others get querysets and rows.
KNOWS_MODELS = "search/sync.py"

# They ask queries, and no model.
ASK_QUERIES = {"web", "web.views", "web.feeds", "api"}

# Their readers are the public, so that they reach rows only through these methods, which know the audience.
FOR_READERS = {"queries", "web", "web.rendering", "web.filters", "web.feeds", "web.views", "api", "templatetags"}
DOORS = {"visible", "listed", "listed_by_names", "in_listed_rooms", "removed", "by_key_even_removed"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
FOR_OTHERS = {
    "queries/context.py",  # moderators, who see what is hidden, too
    "queries/maintenance.py",  # commands: the export of transcripts, the upkeep of the index
    "queries/moderation_queue.py",  # moderators, in the admin
    "web/page_cache.py",  # the table of cached pages
}

MODULES = sorted(path for path in APP.rglob("*.py") if path.stat().st_size)


def identify(path: Path) -> str:
    return str(path.relative_to(APP))


def package_of(parts: tuple[str, ...]) -> str:
    """The longest name in the table that these parts of a module's name begin with."""
    nested = ".".join(parts[:2])
    return nested if nested in MAY_IMPORT else parts[0]


def package_of_file(path: Path) -> str:
    return package_of(path.relative_to(APP).with_suffix("").parts)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages_imported_by(path: Path) -> set[str]:
    parts = [tuple(name.split(".")[1:]) for name in imports_of(path) if name.startswith("chatlogs.")]
    return {package_of(part) for part in parts if part[0] in MAY_IMPORT}


def accessed_names(path: Path) -> set[str]:
    return {node.attr for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)}


def modules_of(*packages: str) -> list[Path]:
    return [path for path in MODULES if package_of_file(path) in packages]


def offending(modules: list[Path], find: Callable[[Path], object]) -> dict[str, object]:
    """Modules where something is found that must not be there."""
    return {identify(path): found for path in modules if (found := find(path))}


def test_every_package_has_its_rule() -> None:
    assert {package_of_file(path) for path in MODULES} == MAY_IMPORT.keys()


def test_a_module_imports_only_what_its_package_may() -> None:
    def forbidden(path: Path) -> set[str]:
        package = package_of_file(path)
        return packages_imported_by(path) - MAY_IMPORT[package] - {package}

    assert offending(MODULES, forbidden) == {}


def test_no_two_packages_import_each_other() -> None:
    above = {package: set(below) for package, below in MAY_IMPORT.items()}
    order = []
    while free := [package for package, below in above.items() if not below & above.keys()]:
        order += free
        for package in free:
            del above[package]
    assert above == {}


def test_search_reaches_models_only_to_keep_the_index() -> None:
    others = [path for path in modules_of("search") if identify(path) != KNOWS_MODELS]
    assert offending(others, lambda path: packages_imported_by(path) & {"models"}) == {}


def test_a_pure_module_knows_no_django() -> None:
    pure = [path for path in MODULES if {identify(path), package_of_file(path)} & PURE]
    assert offending(pure, lambda path: [name for name in imports_of(path) if name.split(".")[0] == "django"]) == {}


def test_a_view_asks_queries_and_not_models_managers() -> None:
    views = [path for path in modules_of(*ASK_QUERIES) if identify(path) not in FOR_OTHERS]
    assert offending(views, lambda path: accessed_names(path) & {"objects"}) == {}


def used_past_the_door(path: Path) -> list[str]:
    """The models of which rows are read that are not first reduced to what the audience may see."""
    tree = parse(path)
    behind_doors = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in DOORS}
    used = [
        ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in behind_doors
    ]
    return [name for name in used if hasattr(apps.get_model("chatlogs", name).objects, "visible")]


def test_what_readers_see_comes_through_a_door() -> None:
    for_readers = [path for path in modules_of(*FOR_READERS) if identify(path) not in FOR_OTHERS]
    assert offending(for_readers, used_past_the_door) == {}


def test_a_query_never_writes() -> None:
    writes = {"save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    assert offending(modules_of("queries"), lambda path: writes & accessed_names(path)) == {}


def test_only_rendering_declares_a_string_safe() -> None:
    def declares(path: Path) -> bool:
        text = path.read_text(encoding="utf-8")
        return "mark_safe" in text or "SafeString(" in text.replace("SafeString()", "")

    others = [path for path in MODULES if package_of_file(path) != "web.rendering"]
    assert offending(others, declares) == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_named_for_nothing(name: str) -> None:
    assert not list(APP.rglob(f"{name}*"))
