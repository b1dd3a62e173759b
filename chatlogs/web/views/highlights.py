from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from chatlogs.models import Highlight
from chatlogs.queries import highlights as queries
from chatlogs.queries.highlights import Passage
from chatlogs.queries.mentions import find_answered
from chatlogs.web.page_cache import cached_page
from chatlogs.web.rendering import ConversationRenderer
from chatlogs.web.search_engines import NOINDEX, NOINDEX_NOFOLLOW, render_with_policy

HIGHLIGHTS_A_PAGE = 30


@require_safe
@cached_page()
def highlight_list(request: HttpRequest) -> HttpResponse:
    return render(request, "chatlogs/highlights.html", _read_page(request, queries.find_highlights()))


@require_safe
@cached_page()
def highlight_detail(request: HttpRequest, slug: str) -> HttpResponse:
    highlight = queries.get_highlight(slug)
    passages = queries.find_passages(highlight)
    context = {
        "highlight": highlight,
        "passages": [(passage, _render_passage(passage)) for passage in passages],
        "message_count": sum(len(passage.messages) for passage in passages),
        "tags": queries.find_tags_of(highlight),
    }
    robots = NOINDEX if queries.is_listed(highlight) else NOINDEX_NOFOLLOW
    return render_with_policy(robots, request, "chatlogs/highlight.html", context)


def _render_passage(passage: Passage) -> SafeString:
    day, keys = passage.day, {message.key for message in passage.messages}
    answered = find_answered(passage.messages)
    renderer = ConversationRenderer(day.date, answered, keys, day.get_absolute_url())
    return renderer.render_turns(passage.turns)


@require_safe
@cached_page()
def tag_list(request: HttpRequest) -> HttpResponse:
    return render(request, "chatlogs/tags.html", {"tags": queries.find_tags()})


@require_safe
@cached_page()
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = queries.get_tag(slug)
    return render(request, "chatlogs/tag.html", {"tag": tag, **_read_page(request, queries.find_highlights(tag))})


def _read_page(request: HttpRequest, highlights: QuerySet[Highlight]) -> dict[str, Any]:
    page = Paginator(highlights, HIGHLIGHTS_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "lines": queries.sum_up(page.object_list)}
