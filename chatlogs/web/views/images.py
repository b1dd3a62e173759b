from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from chatlogs.images.folder import NotUsable, Opened, open_picture
from chatlogs.images.thumbnails import open_thumbnail
from chatlogs.models import Image
from chatlogs.queries import images as queries
from chatlogs.queries.messages import has_messages
from chatlogs.queries.pagination import Cursor, MessagePage, get_page, positions_of
from chatlogs.web.filters import ImageFilter
from chatlogs.web.page_cache import MemoryStore, cached_page
from chatlogs.web.search_engines import keep_to_itself
from chatlogs.web.views.messages import open_message

# In rows of one, two and three.
PICTURES_A_PAGE = 48


@require_safe
@cached_page(MemoryStore())
def image_list(request: HttpRequest) -> HttpResponse:
    filters = ImageFilter(request.GET, request=request)
    context = _find(request, filters) if filters.is_valid() else {"page": MessagePage([])}
    status = 200 if filters.is_valid() else 400
    response = render(request, "chatlogs/images.html", context | {"filters": filters}, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def image_small(request: HttpRequest, key: str) -> HttpResponseBase:
    return _serve(request, key, is_small=True)


@require_safe
def image_full(request: HttpRequest, key: str) -> HttpResponseBase:
    return _serve(request, key, is_small=False)


@require_safe
def image_detail(request: HttpRequest, key: str) -> HttpResponseBase:
    """Cutting the tail of a picture's address leads to where it was sent."""
    return redirect("message", key)


def _find(request: HttpRequest, filters: ImageFilter) -> dict[str, object]:
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""))
    page = get_page(positions_of(queries.find_pictures(filters.wanted)), cursor, PICTURES_A_PAGE)
    counts = queries.count_pictures(filters.wanted)
    return {"page": page, "counts": counts, "has_messages": bool(counts.total) or has_messages()}


def _serve(request: HttpRequest, key: str, *, is_small: bool) -> HttpResponseBase:
    """The picture of a message that readers see; of any other, what its permanent address answers."""
    message = open_message(request, key)
    if isinstance(message, HttpResponseBase):
        return message
    image = queries.get_image(message)
    if image is None:
        raise Http404
    return keep_to_itself(message.room, _send(request, image, _open(image, message.key, is_small=is_small)))


def _open(image: Image, key: str, *, is_small: bool) -> Opened:
    """Where the thumbnail has been lost, the whole picture stands in for it. Raises Http404."""
    assert settings.IMAGES, "what is here is in that folder"
    try:
        if is_small and (thumbnail := open_thumbnail(key)):
            return thumbnail
        return open_picture(settings.IMAGES, image.path)
    except (FileNotFoundError, NotUsable):
        raise Http404 from None


def _send(request: HttpRequest, image: Image, opened: Opened) -> HttpResponseBase:
    ending = opened.content_type.removeprefix("image/")
    name = f"{PurePosixPath(image.path).stem}.{ending}"
    response: Any = FileResponse(opened.file, filename=name, content_type=opened.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = f'"{ending}-{opened.modified_ns:x}-{opened.size:x}"'
    answer = get_conditional_response(request, response.headers["ETag"], response=response)
    if answer is not response:
        opened.file.close()
    return cast(HttpResponseBase, answer)
