from __future__ import annotations

import pytest

from chatlogs.web.page_cache import DatabaseStore, MemoryStore


@pytest.fixture(autouse=True)
def no_cached_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render every page again: tests change rows without raising the revision."""
    for store in (MemoryStore, DatabaseStore):
        monkeypatch.setattr(store, "keep", lambda *_: None)
