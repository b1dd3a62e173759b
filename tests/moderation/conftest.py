from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.importing.own_databases import Template, migrated_template


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An empty folder for transcripts."""
    folder = tmp_path / "transcripts"
    folder.mkdir()
    return folder


@pytest.fixture
def moderator(db: None) -> User:
    return User.objects.create_user("he", is_staff=True)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A migrated database, empty for ever."""
    with migrated_template(tmp_path_factory.mktemp("template")) as template:
        yield template
