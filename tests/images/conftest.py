from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The folder IMAGES, empty, and a VAR_DIR of the test's own."""
    settings.IMAGES, settings.VAR_DIR = tmp_path / "pictures", tmp_path / "var"
    settings.IMAGES.mkdir()
    return Path(settings.IMAGES)
