"""Brings a document of an earlier version to the current one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Version 1 -> version 2: keys got the names that the models have. The changes in the log stay as they were written.
DOCUMENT_KEYS = {"cases": "removal_requests"}
ENTRY_KEYS = {
    "log": {"verb": "kind", "ground": "category", "case": "removal_request"},
    "messages": {"findings": "personal_data_matches", "cases": "removal_requests"},
    "opt_outs": {"sealed": "originals"},
}
TOMBSTONE_KEYS = {"fate": "outcome", "veils": "masks", "later_veils": "later_masks"}


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Rename the keys of a version 1 document. Values of an unexpected type are left for the schema to report."""
    upgraded: dict[str, Any] = _renamed(document, DOCUMENT_KEYS) | {"version": 2}
    for section, keys in ENTRY_KEYS.items():
        upgraded[section] = _each_renamed(upgraded.get(section), keys)
    tombstones = upgraded.get("tombstones")
    if isinstance(tombstones, list):
        upgraded["tombstones"] = [
            one | {"messages": _each_renamed(one.get("messages"), TOMBSTONE_KEYS)} if isinstance(one, dict) else one
            for one in tombstones
        ]
    return upgraded


def _each_renamed(entries: Any, keys: Mapping[str, str]) -> Any:
    return [_renamed(one, keys) for one in entries] if isinstance(entries, list) else entries


def _renamed(entry: Any, keys: Mapping[str, str]) -> Any:
    return {keys.get(name, name): value for name, value in entry.items()} if isinstance(entry, dict) else entry
