"""docs/api.md and docs/searching.md name what the schema has."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from chatlogs.api.schema import make_schema

PAGES = [settings.BASE_DIR / "docs" / name for name in ("api.md", "searching.md")]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SCHEMA = make_schema()
FIELDS = {name: list(component.get("properties", ())) for name, component in SCHEMA["components"]["schemas"].items()}


def read_section(heading: str) -> str:
    """Return the section of this heading, or both pages where no section has it."""
    found = re.search(rf"^### {heading}$(.*?)(?=^#|\Z)", TEXT, re.DOTALL | re.MULTILINE)
    return found[1] if found else TEXT


@pytest.mark.parametrize("path", SCHEMA["paths"])
def test_every_resource_is_documented(path: str) -> None:
    assert f"`{path}`" in TEXT


@pytest.mark.parametrize("path", SCHEMA["paths"])
def test_every_parameter_is_documented(path: str) -> None:
    parameters = [one["name"] for one in SCHEMA["paths"][path]["get"].get("parameters", []) if one["in"] == "query"]
    assert [name for name in parameters if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("component", FIELDS)
def test_every_field_is_documented_in_its_section(component: str) -> None:
    section = read_section(component)
    missing = [name for name in FIELDS[component] if f"`{name}`" not in section]
    assert missing == []
