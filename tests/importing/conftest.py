from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importing.own_databases import Template, migrated_template


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An empty folder for transcripts."""
    folder = tmp_path / "transcripts"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A migrated database, empty for ever."""
    with migrated_template(tmp_path_factory.mktemp("template")) as template:
        yield template


@pytest.fixture
def site(template: Template) -> Iterator[dict[str, str]]:
    """The environment of a site with an empty database of its own, for processes."""
    with template.copy(f"{template.name}_copy") as environment:
        yield environment
