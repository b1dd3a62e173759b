from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from chatlogs.images.folder import NotUsable, open_picture
from chatlogs.images.thumbnails import open_thumbnail
from chatlogs.queries import images as queries
from chatlogs.queries.messages import has_messages
from chatlogs.queries.pagination import Cursor, MessagePage, get_page, positions_of
from chatlogs.web.filters import ImageFilter
from chatlogs.web.page_cache import cached_page
from chatlogs.web.search_engines import forbid_indexing, noindex_nofollow
from chatlogs.web.views.messages import open_message

# Divisible by one, two, three and four columns.
PICTURES_A_PAGE = 48


@require_safe
@cached_page()
@noindex_nofollow
def image_list(request: HttpRequest) -> HttpResponse:
    filters = ImageFilter(request.GET, request=request)
    if not filters.is_valid():
        context = {"filters": filters, "page": MessagePage([])}
        return render(request, "chatlogs/images.html", context, status=400)
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""))
    counts = queries.count_pictures(filters.criteria)
    context = {
        "filters": filters,
        "page": get_page(positions_of(queries.find_pictures(filters.criteria)), cursor, PICTURES_A_PAGE),
        "counts": counts,
        "has_messages": bool(counts.total) or has_messages(),
    }
    return render(request, "chatlogs/images.html", context)


@require_safe
def image_detail(request: HttpRequest, key: str) -> HttpResponseBase:
    """Redirect from a picture's address without its last part to its message."""
    return redirect("message", key)


@require_safe
def image_small(request: HttpRequest, key: str) -> HttpResponseBase:
    return _serve(request, key, is_small=True)


@require_safe
def image_full(request: HttpRequest, key: str) -> HttpResponseBase:
    return _serve(request, key, is_small=False)


def _serve(request: HttpRequest, key: str, *, is_small: bool) -> HttpResponseBase:
    """Send the picture of a visible message; for any other message, answer as its permanent address does."""
    message = open_message(request, key)
    if isinstance(message, HttpResponseBase):
        return message
    image = queries.get_image(message)
    if image is None:
        raise Http404
    assert settings.IMAGES, "an image with a path is in that folder"
    try:
        # A lost thumbnail is replaced by the whole picture.
        thumbnail = open_thumbnail(message.key) if is_small else None
        opened = thumbnail or open_picture(settings.IMAGES, image.path)
    except (FileNotFoundError, NotUsable):
        raise Http404 from None
    extension = opened.content_type.removeprefix("image/")
    name = f"{PurePosixPath(image.path).stem}.{extension}"
    response: Any = FileResponse(opened.file, filename=name, content_type=opened.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = f'"{extension}-{opened.modified_ns:x}-{opened.size:x}"'
    answer = get_conditional_response(request, response.headers["ETag"], response=response)
    if answer is not response:
        opened.file.close()
    return forbid_indexing(message.room, cast(HttpResponseBase, answer))
