from __future__ import annotations

import pytest

from chatlogs.web.page_cache import DatabaseStore, MemoryStore


@pytest.fixture(autouse=True)
def every_page_is_made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests look at what a page is made of, and change rows by hand; but for those of keeping pages."""
    if request.path.stem != "test_caching":
        for store in (MemoryStore, DatabaseStore):
            monkeypatch.setattr(store, "keep", lambda *_: None)
