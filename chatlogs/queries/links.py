"""The addresses that messages shared: each once, with how often, and by whom first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Min
from django.http import Http404

from chatlogs.models import Link, Message, Room
from chatlogs.models.messages import LinkQuerySet
from chatlogs.queries.cache import cached_by_revision
from chatlogs.queries.member_directory import MOST_LISTED, MOST_SHOWN, Choice, Facet
from chatlogs.queries.pagination import FindPositions

ORDERS = {"newest": ("-first",), "shared": ("-shares", "-first")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the messages that share a link. `sort` is newest (when it was first shared) or shared."""

    room: Room | None = None
    host: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class Address:
    """An address by the message that shared it first; how often it was shared, of what is wanted."""

    first: Message
    shares: int


class Addresses:
    """In order, as a paginator takes them."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def count(self) -> int:
        return count_addresses(self._wanted)

    def __getitem__(self, place: slice) -> list[Address]:
        asked = (*_fingerprint(self._wanted), self._wanted.sort, place.start, place.stop)
        found = cached_by_revision("addresses", asked, lambda: _group(self._wanted, place))
        messages = Message.objects.listed().filter(position__in=[first for first, _ in found])
        by_position = {
            message.position: message for message in messages.select_related("day__room", "alias__member", "link")
        }
        return [Address(by_position[first], shares) for first, shares in found if first in by_position]


def find_hosts(wanted: Wanted) -> Facet:
    """Each with as many addresses as there are when it is chosen."""
    choices = [Choice(host, host, count) for host, count in _count_by_host(wanted) if host]
    return Facet("host", choices[:MOST_SHOWN], choices[MOST_SHOWN:MOST_LISTED], len(choices[MOST_LISTED:]))


def count_addresses(wanted: Wanted) -> int:
    """An address has one host."""
    counts = _count_by_host(wanted)
    return sum(count for host, count in counts if not wanted.host or host == wanted.host)


def count_without(wanted: Wanted) -> dict[str, int]:
    """By condition: how many there would be without it, where there would be any."""
    none = Wanted()
    fewer = {
        name: replace(wanted, **{name: getattr(none, name)})
        for name in ("room", "host", "since", "until")
        if getattr(wanted, name)
    }
    counts = {name: count_addresses(one) for name, one in fewer.items()}
    return {name: count for name, count in counts.items() if count}


def get_link(key: str) -> Link:
    """The link of the message with this key, or Http404."""
    link: Link | None = Link.objects.listed().filter(message__key=key).select_related("message").first()
    if link is None:
        raise Http404
    return link


def find_shares(url: str, wanted: Wanted) -> Sequence[int]:
    """The positions of the messages that shared the address: hundreds at most, but for a game."""
    shares = _find_links(wanted).filter(url=url).order_by("message__position")
    return list(shares.values_list("message__position", flat=True))


def among(positions: Sequence[int]) -> FindPositions:
    """Of positions in order, as `get_page` wants them."""

    def find(low: int, high: int, limit: int, oldest_first: bool) -> list[int]:
        between = [position for position in positions if low <= position < high]
        return (between if oldest_first else between[::-1])[:limit]

    return find


def _find_links(wanted: Wanted) -> LinkQuerySet:
    links = Link.objects.listed()
    if wanted.room:
        links = links.filter(message__room=wanted.room)
    if wanted.host:
        links = links.filter(host=wanted.host)
    if wanted.since:
        links = links.filter(message__day__date__gte=wanted.since)
    if wanted.until:
        links = links.filter(message__day__date__lte=wanted.until)
    return links


def _group(wanted: Wanted, place: slice) -> list[tuple[int, int]]:
    """Position of the first share, and how many there are."""
    addresses = (
        _find_links(wanted).order_by().values("url").annotate(shares=Count("pk"), first=Min("message__position"))
    )
    return list(addresses.order_by(*ORDERS[wanted.sort]).values_list("first", "shares")[place])


def _count_by_host(wanted: Wanted) -> list[tuple[str, int]]:
    """Whichever host is wanted, the most addresses first."""
    anywhere = replace(wanted, host="")
    counted = _find_links(anywhere).order_by().values("host").annotate(addresses=Count("url", distinct=True))
    ordered = counted.order_by("-addresses", "host").values_list("host", "addresses")
    return cached_by_revision("hosts", _fingerprint(anywhere), lambda: list(ordered))


def _fingerprint(wanted: Wanted) -> tuple[object, ...]:
    return (wanted.room and wanted.room.pk, wanted.host, wanted.since, wanted.until)
