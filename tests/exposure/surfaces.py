"""Every address of the site, from its URL configuration.

A pattern without arguments, or with a room and a date, is found by itself; any other fails until it is listed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chatlogs.models import Day, Highlight, Member, Message, RemovalRequest, Room, Tag

# What stands for the word that is looked for.
WORD = "{word}"

# Queries that ask for it in each of the ways there are besides the plain one.
QUERIES = (f"from:{WORD}", f"mentions:{WORD}", f'"{WORD}"', f"-{WORD}", f"room:{WORD}")


class Surface(NamedTuple):
    """The view's name, and its addresses: plain ones, and those that ask for a word."""

    name: str
    addresses: Callable[[], Iterable[str]]
    asking: Callable[[], Iterable[str]] = tuple


def _rooms(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name, args=[slug]) for slug in Room.objects.values_list("slug", flat=True)]


def _by_room(name: str) -> Callable[[], Iterable[str]]:
    def addresses() -> Iterator[str]:
        yield reverse(name)
        yield from (f"{reverse(name)}?room={slug}" for slug in Room.objects.values_list("slug", flat=True))

    return addresses


def _days(name: str, *fields: str) -> Callable[[], Iterable[str]]:
    def addresses() -> Iterator[str]:
        for day in Day.objects.select_related("room"):
            arguments = {"date": day.date, "month": day.date.replace(day=1), "year": day.date.year}
            yield reverse(name, args=[day.room.slug, *(arguments[field] for field in fields)])

    return addresses


def _messages(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name, args=[key]) for key in Message.objects.values_list("key", flat=True)]


def _members(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name, args=[key]) for key in Member.objects.values_list("key", flat=True)]


def _cases(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name, args=[one]) for one in RemovalRequest.objects.values_list("reference", flat=True)]


def _highlights() -> Iterable[str]:
    return [reverse("highlight", args=[slug]) for slug in Highlight.objects.values_list("slug", flat=True)]


def _tags(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name, args=[slug]) for slug in Tag.objects.values_list("slug", flat=True)]


def _plain(name: str) -> Callable[[], Iterable[str]]:
    return lambda: [reverse(name)]


def _at(*addresses: str) -> Callable[[], Iterable[str]]:
    return lambda: addresses


def _asking(name: str, *parameters: str) -> Callable[[], Iterable[str]]:
    def addresses() -> Iterator[str]:
        for parameter in parameters:
            yield f"{reverse(name)}?{urlencode({parameter: WORD}, safe='{}')}"
        for query in QUERIES if "q" in parameters else ():
            yield f"{reverse(name)}?{urlencode({'q': query}, safe='{}')}"

    return addresses


def _searching(name: str) -> Callable[[], Iterable[str]]:
    return _asking(name, "q", "sender", "mentions", "member", "room")


def _about_each(name: str) -> Callable[[], Iterable[str]]:
    def addresses() -> Iterator[str]:
        yield reverse(name)
        yield from (f"{reverse(name)}?message={key}" for key in Message.objects.values_list("key", flat=True))
        yield from (f"{reverse(name)}?member={key}" for key in Member.objects.values_list("key", flat=True))

    return addresses


def _with_excerpts(days: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """And of each message an excerpt, and one of the whole day from its first to its last visible one."""

    def addresses() -> Iterator[str]:
        yield from days()
        for day in Day.objects.select_related("room"):
            address = reverse("day", args=[day.room.slug, day.date])
            messages = Message.objects.filter(day=day).order_by("position")
            yield from (f"{address}?from={key}" for key in messages.values_list("key", flat=True))
            visible = list(messages.shown().values_list("key", flat=True))
            if visible:
                yield f"{address}?from={visible[0]}&to={visible[-1]}"

    return addresses


def _day_formats() -> Iterator[str]:
    for day in Day.objects.select_related("room"):
        yield from (reverse("day-format", args=[day.room.slug, day.date, ending]) for ending in ("md", "json", "txt"))


# Pages with parameters, and those of which the addresses need rows.
SPECIAL = [
    Surface("day", _with_excerpts(_days("day", "date"))),
    Surface("day-format", _day_formats),
    Surface("messages", _plain("messages"), _searching("messages")),
    Surface("messages-feed", _plain("messages-feed"), _searching("messages-feed")),
    Surface("export-csv", _plain("export-csv"), _searching("export-csv")),
    Surface("export-jsonl", _plain("export-jsonl"), _searching("export-jsonl")),
    Surface("message", _messages("message")),
    Surface("members", _plain("members"), _asking("members", "name", "company", "role", "city", "room")),
    Surface("member", _members("member")),
    Surface("stats", _by_room("stats"), _asking("stats", "room", "year")),
    Surface("links", _plain("links"), _asking("links", "host", "room")),
    Surface("link", _messages("link")),
    Surface("images", _plain("images"), _asking("images", "room")),
    Surface("image", _messages("image")),
    Surface("image-small", _messages("image-small")),
    Surface("image-full", _messages("image-full")),
    Surface("highlight", _highlights),
    Surface("tag", _tags("tag")),
    Surface("tag-feed", _tags("tag-feed")),
    Surface("member-feed", _members("member-feed")),
    Surface("removal", _about_each("removal")),
    Surface("removal-done", _cases("removal-done")),
    Surface("robots.txt", _at("/robots.txt")),
    Surface("livez", _at("/livez")),
    Surface("readyz", _at("/readyz")),
    Surface("api-days", _plain("api-days"), _asking("api-days", "room")),
    Surface("api-messages", _plain("api-messages"), _searching("api-messages")),
    Surface("api-message", _messages("api-message")),
    Surface("api-members", _plain("api-members"), _asking("api-members", "name", "company")),
    Surface("api-member", _members("api-member")),
    Surface("api-search", _plain("api-search"), _searching("api-search")),
    Surface("api/v1/", _at("/api/v1/")),
    Surface(r"api/[\s\S]*/\Z", _at("/api/v1/nothing/")),
    Surface("password_reset_confirm", _at("/accounts/reset/MQ/set-password/")),
]


def admin_surfaces() -> list[Surface]:
    """The admin's own pages, and of every model the list, each row's page and history, and what is asked for."""
    names = ("index", "login", "logout", "password_change", "password_change_done", "jsi18n")
    surfaces = [Surface(f"admin:{name}", _plain(f"admin:{name}")) for name in names]
    surfaces += [
        Surface("admin:app_list", _at("/admin/chatlogs/", "/admin/auth/")),
        Surface("admin:autocomplete", tuple, _autocomplete),
        Surface("admin:view_on_site", tuple),
        Surface("moderation-queue", _plain("moderation-queue")),
        Surface("admin/(?P<url>.*)$", _at("/admin/nothing/")),
        Surface("admin:auth_user_password_change", lambda: [reverse("admin:auth_user_password_change", args=[1])]),
    ]
    for model in admin.site._registry:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        surfaces.append(Surface(f"{prefix}_changelist", _plain(f"{prefix}_changelist"), _asking_list(prefix)))
        for view in ("change", "history", "delete"):
            surfaces.append(Surface(f"{prefix}_{view}", _rows_of(model, f"{prefix}_{view}")))
        surfaces.append(Surface(f"{prefix}_add", _plain(f"{prefix}_add")))
        route = f"admin/{model._meta.app_label}/{model._meta.model_name}/<path:object_id>/"
        surfaces.append(Surface(route, _rows_of(model, f"{prefix}_change")))
        if f"{prefix}_choices" in dict(find_patterns()):
            surfaces.append(Surface(f"{prefix}_choices", tuple, _asking(f"{prefix}_choices", "term")))
    return surfaces


def _autocomplete() -> Iterator[str]:
    for app, model, field in (("chatlogs", "alias", "member"), ("chatlogs", "room", "exporter")):
        asked = {"app_label": app, "model_name": model, "field_name": field}
        yield f"{reverse('admin:autocomplete')}?{urlencode(asked)}&term={WORD}"


def _asking_list(prefix: str) -> Callable[[], Iterable[str]]:
    return lambda: [f"{reverse(f'{prefix}_changelist')}?q={WORD}"]


def _rows_of(model: type, name: str) -> Callable[[], Iterable[str]]:
    rows = apps.get_model(model._meta.label)._default_manager  # type: ignore[attr-defined]
    return lambda: [reverse(name, args=[pk]) for pk in rows.values_list("pk", flat=True)]


def find_patterns() -> Iterator[tuple[str, str]]:
    """Name, or route where there is none, and route of every pattern of the site."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Iterable[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else path, path


def _surface_of(name: str, route: str) -> Surface:
    """Return the surface of a pattern without arguments, or with only a room and a date in its route."""
    match re.findall(r"<(\w+):(\w+)>", route):
        case []:
            return Surface(name, _plain(name))
        case [("room", _)]:
            return Surface(name, _rooms(name))
        case [("room", _), (_, ("date" | "month" | "year") as field)]:
            return Surface(name, _days(name, field))
    raise LookupError(f"{name} ({route}) needs an entry in SPECIAL: its addresses cannot be derived from its route")


def _site_surfaces() -> Iterator[Surface]:
    special = {surface.name: surface for surface in SPECIAL}
    for name, route in find_patterns():
        if not route.startswith("admin/"):
            yield special.get(name) or _surface_of(name, route)


SITE = list(_site_surfaces())
