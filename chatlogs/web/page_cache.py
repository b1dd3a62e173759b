"""Cache whole pages until the archive changes, and answer conditional requests.

Only for anonymous readers. Every change of what readers see raises the revision, and pages are stored under theirs: a
removal takes effect at once, since browsers and proxies must revalidate each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from chatlogs.db.locks import busy_timeout
from chatlogs.models import Archive, CachedPage
from chatlogs.queries.cache import read_revision

View = Callable[..., HttpResponseBase]

SECONDS_KEPT = 24 * 3600


class Page(NamedTuple):
    """A response's body and the headers that are stored with it."""

    html: str
    robots: str
    content_type: str = "text/html; charset=utf-8"


class MemoryStore:
    """Stores pages in the memory of each process."""

    def find(self, key: str, revision: int) -> Page | None:
        page: Page | None = caches["pages"].get(f"{key}-{revision}")
        return page

    def keep(self, key: str, revision: int, page: Page) -> None:
        caches["pages"].set(f"{key}-{revision}", page, SECONDS_KEPT)


class DatabaseStore:
    """Stores HTML pages in a table that all processes share."""

    def find(self, key: str, revision: int) -> Page | None:
        found = CachedPage.objects.filter(pk=key, revision=revision).values_list("html", "robots")
        return next((Page(*row) for row in found), None)

    def keep(self, key: str, revision: int, page: Page) -> None:
        """Store the page unless the revision has changed or is being changed: a reader never waits for a writer."""
        try:
            with _fail_if_locked(), transaction.atomic():
                if list(Archive.objects.select_for_update(nowait=True).filter(revision=revision)):
                    row = CachedPage(key=key, revision=revision, html=page.html, robots=page.robots)
                    CachedPage.objects.bulk_create([row], ignore_conflicts=True)
        except OperationalError:
            return


@contextmanager
def _fail_if_locked() -> Iterator[None]:
    """Make SQLite raise OperationalError at once if another process holds the lock."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor, busy_timeout(cursor, 0):
        yield


def revalidated(view: View) -> View:
    """Answer conditional requests from the revision alone, without calling the view."""
    return _conditional(view, None, None)


def cached_page(
    store: MemoryStore | DatabaseStore | None = None, parameters: Collection[str] | None = None
) -> Callable[[View], View]:
    """Cache a view's successful responses by revision (in memory by default), and answer conditional requests.

    A request with a query parameter that is not among `parameters` is not cached.
    """
    return lambda view: _conditional(view, store or MemoryStore(), parameters)


def _conditional(view: View, store: MemoryStore | DatabaseStore | None, parameters: Collection[str] | None) -> View:
    @wraps(view)
    def conditional_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_anonymous_read(request):
            return view(request, *args, **kwargs)
        # Read before the view runs: a change meanwhile must not pass for part of the older revision's page.
        revision = read_revision()
        key = sha256(f"{version()} {get_language()} {request.build_absolute_uri()}".encode()).hexdigest()
        # Weak, because the same page is sent in several compressions.
        etag = f'W/"{revision}-{key[:16]}"'
        # "*" asks whether the page exists at all, which only the view knows.
        if request.headers.get("If-None-Match") != "*" and (unchanged := get_conditional_response(request, etag)):
            return unchanged
        is_stored = store and not settings.DEBUG and (parameters is None or request.GET.keys() <= set(parameters))
        page = store.find(key, revision) if store and is_stored else None
        if page:
            robots = {"X-Robots-Tag": page.robots} if page.robots else {}
            return HttpResponse(page.html, content_type=page.content_type, headers={"ETag": etag, **robots})
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and "no-store" not in response.headers.get("Cache-Control", ""):
            if store and is_stored and isinstance(response, HttpResponse):
                headers = response.headers
                page = Page(response.text, headers.get("X-Robots-Tag", ""), headers["Content-Type"])
                store.keep(key, revision, page)
            response.headers["ETag"] = etag
        return response

    return conditional_view


def do_not_cache(response: HttpResponseBase) -> None:
    """Mark a page that is incomplete because time ran out."""
    patch_cache_control(response, no_cache=True, no_store=True, private=True)


def _is_anonymous_read(request: HttpRequest) -> bool:
    """Return whether a GET or HEAD comes from somebody not signed in; without a session cookie, no query is made."""
    is_read = request.method in {"GET", "HEAD"}
    return is_read and (settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated)


@cache
def version() -> str:
    """Return a digest of what pages depend on besides the archive: settings, code, templates, translations, static."""
    digest = sha256(repr((settings.SITE_TITLE, settings.IMAGES)).encode())
    for folder in (settings.BASE_DIR / "chatlogs", settings.BASE_DIR / "templates"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".mo"}):
            digest.update(path.read_bytes())
    digest.update(repr(sorted(getattr(staticfiles_storage, "hashed_files", {}).items())).encode())
    return digest.hexdigest()[:16]
