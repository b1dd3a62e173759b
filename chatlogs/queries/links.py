"""Shared web addresses, with the number of shares and the first message of each."""

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
class LinkCriteria:
    """Criteria of messages with a link. `sort` is "newest" (by the first share) or "shared" (by their number)."""

    room: Room | None = None
    host: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class Address:
    """The first message that shared an address, and the number of shares, among messages that meet the criteria."""

    first: Message
    shares: int


class Addresses:
    """A sequence of addresses for a paginator."""

    def __init__(self, criteria: LinkCriteria) -> None:
        self._criteria = criteria

    def count(self) -> int:
        return count_addresses(self._criteria)

    def __getitem__(self, place: slice) -> list[Address]:
        addresses = _find_links(self._criteria).order_by().values("url")
        counted = addresses.annotate(shares=Count("pk"), first=Min("message__position"))
        rows = counted.order_by(*ORDERS[self._criteria.sort]).values_list("first", "shares")[place]
        asked = (*_fingerprint(self._criteria), self._criteria.sort, place.start, place.stop)
        found = cached_by_revision("addresses", asked, lambda: list(rows))
        messages = Message.objects.listed().filter(position__in=[first for first, _ in found])
        by_position = {
            message.position: message for message in messages.select_related("day__room", "alias__member", "link")
        }
        return [Address(by_position[first], shares) for first, shares in found if first in by_position]


def find_hosts(criteria: LinkCriteria) -> Facet:
    """Return the hosts with their numbers of addresses."""
    choices = [Choice(host, host, count) for host, count in _count_by_host(criteria) if host]
    return Facet("host", choices[:MOST_SHOWN], choices[MOST_SHOWN:MOST_LISTED], len(choices[MOST_LISTED:]))


def count_addresses(criteria: LinkCriteria) -> int:
    counts = _count_by_host(criteria)
    return sum(count for host, count in counts if not criteria.host or host == criteria.host)


def count_without(criteria: LinkCriteria) -> dict[str, int]:
    """Return, by criterion, the number of addresses without it, unless zero."""
    none = LinkCriteria()
    fewer = {
        name: replace(criteria, **{name: getattr(none, name)})
        for name in ("room", "host", "since", "until")
        if getattr(criteria, name)
    }
    counts = {name: count_addresses(one) for name, one in fewer.items()}
    return {name: count for name, count in counts.items() if count}


def get_link(key: str) -> Link:
    """Return the link of the message with this key, or raise Http404."""
    link: Link | None = Link.objects.listed().filter(message__key=key).select_related("message").first()
    if link is None:
        raise Http404
    return link


def find_shares(url: str, criteria: LinkCriteria) -> Sequence[int]:
    """Return the positions of the messages that shared the address; few enough for a list."""
    shares = _find_links(criteria).filter(url=url).order_by("message__position")
    return list(shares.values_list("message__position", flat=True))


def among(positions: Sequence[int]) -> FindPositions:
    """Return a function for `get_page` that finds these sorted positions."""

    def find(low: int, high: int, limit: int, oldest_first: bool) -> list[int]:
        between = [position for position in positions if low <= position < high]
        return (between if oldest_first else between[::-1])[:limit]

    return find


def _find_links(criteria: LinkCriteria) -> LinkQuerySet:
    links = Link.objects.listed()
    if criteria.room:
        links = links.filter(message__room=criteria.room)
    if criteria.host:
        links = links.filter(host=criteria.host)
    if criteria.since:
        links = links.filter(message__day__date__gte=criteria.since)
    if criteria.until:
        links = links.filter(message__day__date__lte=criteria.until)
    return links


def _count_by_host(criteria: LinkCriteria) -> list[tuple[str, int]]:
    """Return the numbers of addresses by host, largest first. Ignores the host of the criteria."""
    anywhere = replace(criteria, host="")
    counted = _find_links(anywhere).order_by().values("host").annotate(addresses=Count("url", distinct=True))
    ordered = counted.order_by("-addresses", "host").values_list("host", "addresses")
    return cached_by_revision("hosts", _fingerprint(anywhere), lambda: list(ordered))


def _fingerprint(criteria: LinkCriteria) -> tuple[object, ...]:
    return (criteria.room and criteria.room.pk, criteria.host, criteria.since, criteria.until)
