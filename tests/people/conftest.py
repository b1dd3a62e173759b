from pathlib import Path

import pytest
from django.contrib.auth.models import User


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An empty folder for transcripts."""
    folder = tmp_path / "transcripts"
    folder.mkdir()
    return folder


@pytest.fixture
def moderator(db: None) -> User:
    """A user with a fixed ID of its own, so that data that refer to it can be built once (`worlds.py`)."""
    return User.objects.create_user("he", is_staff=True, pk=1_000_000)
