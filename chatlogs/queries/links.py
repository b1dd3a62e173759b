"""Shared web addresses: each once, with the number of shares and the first message."""

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
    """An address: the first message that shared it, and the number of shares, among those that meet the criteria."""

    first: Message
    shares: int


class Addresses:
    """A sequence of addresses for a paginator."""

    def __init__(self, criteria: LinkCriteria) -> None:
        self._criteria = criteria

    def count(self) -> int:
        return count_addresses(self._criteria)

    def __getitem__(self, place: slice) -> list[Address]:
        asked = (*_fingerprint(self._criteria), self._criteria.sort, place.start, place.stop)
        found = cached_by_revision("addresses", asked, lambda: _group(self._criteria, place))
        messages = Message.objects.listed().filter(position__in=[first for first, _ in found])
        by_position = {
            message.position: message for message in messages.select_related("day__room", "alias__member", "link")
        }
        return [Address(by_position[first], shares) for first, shares in found if first in by_position]


def find_hosts(criteria: LinkCriteria) -> Facet:
    """Return the hosts, each with the number of addresses that choosing it leaves."""
    choices = [Choice(host, host, count) for host, count in _count_by_host(criteria) if host]
    return Facet("host", choices[:MOST_SHOWN], choices[MOST_SHOWN:MOST_LISTED], len(choices[MOST_LISTED:]))


def count_addresses(criteria: LinkCriteria) -> int:
    """An address has one host."""
    counts = _count_by_host(criteria)
    return sum(count for host, count in counts if not criteria.host or host == criteria.host)


def count_without(criteria: LinkCriteria) -> dict[str, int]:
    """By condition: how many there would be without it, where there would be any."""
    none = LinkCriteria()
    fewer = {
        name: replace(criteria, **{name: getattr(none, name)})
        for name in ("room", "host", "since", "until")
        if getattr(criteria, name)
    }
    counts = {name: count_addresses(one) for name, one in fewer.items()}
    return {name: count for name, count in counts.items() if count}


def get_link(key: str) -> Link:
    """The link of the message with this key, or Http404."""
    link: Link | None = Link.objects.listed().filter(message__key=key).select_related("message").first()
    if link is None:
        raise Http404
    return link


def find_shares(url: str, criteria: LinkCriteria) -> Sequence[int]:
    """The positions of the messages that shared the address: hundreds at most, but for a game."""
    shares = _find_links(criteria).filter(url=url).order_by("message__position")
    return list(shares.values_list("message__position", flat=True))


def among(positions: Sequence[int]) -> FindPositions:
    """Of positions in order, as `get_page` wants them."""

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


def _group(criteria: LinkCriteria, place: slice) -> list[tuple[int, int]]:
    """Position of the first share, and how many there are."""
    addresses = (
        _find_links(criteria).order_by().values("url").annotate(shares=Count("pk"), first=Min("message__position"))
    )
    return list(addresses.order_by(*ORDERS[criteria.sort]).values_list("first", "shares")[place])


def _count_by_host(criteria: LinkCriteria) -> list[tuple[str, int]]:
    """Return the numbers of addresses by host, whatever host the criteria name; the largest first."""
    anywhere = replace(criteria, host="")
    counted = _find_links(anywhere).order_by().values("host").annotate(addresses=Count("url", distinct=True))
    ordered = counted.order_by("-addresses", "host").values_list("host", "addresses")
    return cached_by_revision("hosts", _fingerprint(anywhere), lambda: list(ordered))


def _fingerprint(criteria: LinkCriteria) -> tuple[object, ...]:
    return (criteria.room and criteria.room.pk, criteria.host, criteria.since, criteria.until)
