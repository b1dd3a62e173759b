"""Pages that need not be made, or not even sent, again: as long as nothing that readers see has changed.

Only for who is not signed in. The revision rises within every change of what readers see, so a page of an older one is
never shown: a removal takes effect at once, whatever a browser or a proxy has kept, since these must ask each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

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
    """What was sent, and what search engines were told of it."""

    html: str
    robots: str
    content_type: str = "text/html; charset=utf-8"


class PageStore(Protocol):
    """Where pages are kept: by an address in a language, at a revision."""

    def find(self, key: str, revision: int) -> Page | None: ...

    def keep(self, key: str, revision: int, page: Page) -> None: ...


class MemoryStore:
    """Of each process its own."""

    def find(self, key: str, revision: int) -> Page | None:
        page: Page | None = caches["pages"].get(f"{key}-{revision}")
        return page

    def keep(self, key: str, revision: int, page: Page) -> None:
        caches["pages"].set(f"{key}-{revision}", page, SECONDS_KEPT)


def revalidated(view: View) -> View:
    """Answers "not modified" who has the page already, without asking for anything that is on it."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return _revalidate(request, lambda revision: view(request, *arguments, **named))

    return answer


def cached_page(store: PageStore, parameters: frozenset[str] | None = None) -> Callable[[View], View]:
    """The same, and pages are made once for a revision. Those with other parameters than these are made each time."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            def make(revision: int | None) -> HttpResponseBase:
                if revision is None or settings.DEBUG or not (parameters is None or parameters.issuperset(request.GET)):
                    return view(request, *arguments, **named)
                return _find_or_make(store, _make_key(request), revision, lambda: view(request, *arguments, **named))

            return _revalidate(request, make)

        return answer

    return decorate


def _revalidate(request: HttpRequest, make: Callable[[int | None], HttpResponseBase]) -> HttpResponseBase:
    """`make` gets the revision if the page is for everybody.

    It is read first: what changes while the page is made cannot be taken for what is there at the revision after.
    """
    if not _is_for_everybody(request):
        return make(None)
    revision = read_revision()
    etag = _make_etag(request, revision)
    # "*" asks whether there is anything at all, which only the view can tell.
    unchanged = None if request.headers.get("If-None-Match") == "*" else get_conditional_response(request, etag)
    return unchanged or _with_etag(make(revision), etag)


def _find_or_make(store: PageStore, key: str, revision: int, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    page = store.find(key, revision)
    if page is not None:
        return _send(page)
    response = make()
    if isinstance(response, HttpResponse) and _is_lasting(response):
        headers = response.headers
        store.keep(key, revision, Page(response.text, headers.get("X-Robots-Tag", ""), headers["Content-Type"]))
    return response


def _send(page: Page) -> HttpResponse:
    response = HttpResponse(page.html, content_type=page.content_type)
    if page.robots:
        response.headers["X-Robots-Tag"] = page.robots
    return response


def do_not_cache(response: HttpResponseBase) -> None:
    """Of a page that lacks something for want of time, and may have it the next time."""
    patch_cache_control(response, no_cache=True, no_store=True, private=True)


def _is_lasting(response: HttpResponseBase) -> bool:
    return response.status_code == 200 and "no-store" not in response.headers.get("Cache-Control", "")


def _with_etag(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    if _is_lasting(response):
        response.headers["ETag"] = etag
    return response


def _is_for_everybody(request: HttpRequest) -> bool:
    """Whoever never was signed in costs no look at the session."""
    is_asked = request.method in {"GET", "HEAD"}
    return is_asked and (settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated)


def _make_key(request: HttpRequest) -> str:
    asked = f"{version()} {get_language()} {request.build_absolute_uri()}"
    return sha256(asked.encode()).hexdigest()


def _make_etag(request: HttpRequest, revision: int) -> str:
    """Weak, since the same page is sent compressed in several ways."""
    return f'W/"{revision}-{_make_key(request)[:16]}"'


@cache
def version() -> str:
    """Of all that makes pages of what is stored: settings, code, templates, words and static files."""
    digest = sha256(repr((settings.SITE_TITLE, settings.IMAGES)).encode())
    for folder in (settings.BASE_DIR / "chatlogs", settings.BASE_DIR / "templates"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".mo"}):
            digest.update(path.read_bytes())
    digest.update(repr(sorted(getattr(staticfiles_storage, "hashed_files", {}).items())).encode())
    return digest.hexdigest()[:16]


class DatabaseStore:
    """Of HTML alone."""

    def find(self, key: str, revision: int) -> Page | None:
        """Whatever `bump_revision` was too late to delete is of another revision."""
        found = CachedPage.objects.filter(pk=key, revision=revision).values_list("html", "robots")
        return next((Page(*row) for row in found), None)

    def keep(self, key: str, revision: int, page: Page) -> None:
        """Unless something has changed since, or is changing just now: who reads waits for nobody who writes."""
        rendering = CachedPage(key=key, revision=revision, html=page.html, robots=page.robots)
        try:
            with _at_once(), transaction.atomic():
                if list(Archive.objects.select_for_update(nowait=True).filter(revision=revision)):
                    CachedPage.objects.bulk_create([rendering], ignore_conflicts=True)
        except OperationalError:
            return


@contextmanager
def _at_once() -> Iterator[None]:
    """On SQLite a transaction begins with the lock, or fails."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor, busy_timeout(cursor, 0):
        yield
