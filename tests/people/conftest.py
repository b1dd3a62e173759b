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
    return User.objects.create_user("he", is_staff=True)
