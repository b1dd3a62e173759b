"""Merge suggestions: pairs of names that may be one person's, with evidence, for moderators to decide on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, locked_archive
from chatlogs.models import Alias, Member, ModerationAction, Suggestion
from chatlogs.people import merging
from chatlogs.people.evidence import (
    Name,
    Pair,
    count_shared_days,
    find_accounts,
    find_duplicates,
    find_quotations,
    find_refused,
    pair,
    read_names,
)
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.names import fold, looks_like_full_name, person_keys

Evidence = dict[str, Any]
Names = dict[int, Name]

State = Suggestion.State

# Points of each kind of evidence. A full name is rare if it has more than two characters.
SCORES = {
    "same-name": 65,
    "same-rare-name": 45,
    "same-full-name": 32,
    "same-nickname": 20,
    "same-company": 25,
    "same-city": 5,
    "renamed": 20,
    "quotation": 50,
    "doubled": 30,
    "account": 60,
}
QUOTED_AGAIN = 15

# Points subtracted for days on which both names spoke: for the first, for each further one, and at most.
SAME_DAY, SAME_DAY_AGAIN, MOST_AGAINST = 15, 10, 70

LOWEST_SCORE, HIGHEST_SCORE = 15, 99

# A name that first appears within this many days after the last use of another may have replaced it.
DAYS_TO_RENAME = 14

# Names shared by more aliases than this are not compared.
MOST_NAMESAKES = 8


@locked_archive()
def suggest() -> int:
    """Update the open suggestions and return their number."""
    aliases = {name.pk: name for name in read_names()}
    found = _best_of_members(_weigh(_collect(aliases), aliases), aliases)
    stored = {(one.first_id, one.second_id): one for one in Suggestion.objects.exclude(state=State.REFUSED)}
    new, changed = [], []
    for both, (score, evidence) in found.items():
        one = stored.get(both)
        if one is None:
            new.append(Suggestion(first_id=both[0], second_id=both[1], score=score, evidence=evidence))
        elif (one.score, one.evidence) != (score, evidence):
            one.score, one.evidence = score, evidence
            changed.append(one)
    gone = [one.pk for both, one in stored.items() if both not in found and one.state == State.OPEN]
    Suggestion.objects.filter(pk__in=gone).delete()
    Suggestion.objects.bulk_create(new, batch_size=1000)
    Suggestion.objects.bulk_update(changed, ["score", "evidence"], batch_size=500)
    return len(found)


@locked_archive()
def accept(suggestion: Suggestion, *, by: User | None, reason: str) -> ModerationAction:
    """Merge the members of both names into the one with more messages."""
    members = _read_members(suggestion)
    into, gone = members[0], members[-1]
    action = merging.merge(gone, into, by=by, reason=reason)
    _decide(suggestion, State.ACCEPTED, by)
    return action


@locked_archive()
def accept_all(suggestions: Iterable[Suggestion], *, by: User | None, reason: str) -> list[ModerationAction]:
    """Accept all suggestions or none. One that an earlier one has already merged gets no action of its own."""
    actions = []
    for suggestion in suggestions:
        if len(_read_members(suggestion)) > 1:
            actions.append(accept(suggestion, by=by, reason=reason))
        else:
            _decide(suggestion, State.ACCEPTED, by)
    return actions


@locked_archive()
def refuse(suggestion: Suggestion, *, by: User | None) -> None:
    """Mark the names as two people's, so that no evidence merges them."""
    if len(_read_members(suggestion)) == 1:
        raise ActionRefused(gettext("The names are one member's: split them first."))
    _decide(suggestion, State.REFUSED, by)


@locked_archive()
def reopen(suggestion: Suggestion) -> None:
    """Open a suggestion again. A merge is not undone by this."""
    if len(_read_members(suggestion)) == 1:
        raise ActionRefused(gettext("The names are one member's: undo that instead."))
    Suggestion.objects.filter(pk=suggestion.pk).update(state=State.OPEN, decided_by=None, decided_at=None)


def find_undecided() -> Q:
    """Return a condition for open suggestions whose names are not merged yet."""
    return Q(state=State.OPEN) & ~Q(first__member=F("second__member"))


def _decide(suggestion: Suggestion, state: Suggestion.State, by: User | None) -> None:
    Suggestion.objects.filter(pk=suggestion.pk).update(state=state, decided_by=by, decided_at=timezone.now())


def _read_members(suggestion: Suggestion) -> list[Member]:
    """Return the current members of the names, with the most messages first; a single one if they are merged."""

    def count_messages(member: Member) -> int:
        return sum(member.aliases.values_list("message_count", flat=True))

    members = Member.objects.filter(aliases__in=[suggestion.first_id, suggestion.second_id]).distinct()
    return sorted(members, key=lambda member: (-count_messages(member), member.pk))


def _collect(aliases: Names) -> dict[Pair, list[Evidence]]:
    """Return the evidence for pairs of names of different members that a moderator has not refused."""
    found: defaultdict[Pair, list[Evidence]] = defaultdict(list)
    for both in _namesakes(aliases.values()):
        found[both].extend(_compare(aliases[both[0]], aliases[both[1]]))
    for both, count in find_quotations().items():
        found[both].append({"kind": "quotation", "count": count})
    for both, duplicates in find_duplicates().items():
        found[both].append({"kind": "doubled", "count": duplicates.count})
    for both, count in find_accounts().items():
        found[both].append({"kind": "account", "count": count})
    owners = dict(Alias.objects.values_list("pk", "member_id"))
    refused = {pair(owners[one], owners[other]) for one, other in find_refused()}
    return {
        both: evidence
        for both, evidence in found.items()
        if both[0] in aliases
        and both[1] in aliases
        and aliases[both[0]].member_id != aliases[both[1]].member_id
        and pair(aliases[both[0]].member_id, aliases[both[1]].member_id) not in refused
    }


def _namesakes(aliases: Iterable[Name]) -> Iterator[Pair]:
    """Return pairs of names that have a key in common."""
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for alias in aliases:
        for key in _keys(alias):
            groups[key].add(alias.pk)
    pairs: set[Pair] = set()
    for group in groups.values():
        if len(group) <= MOST_NAMESAKES:
            pairs.update(combinations(sorted(group), 2))
    yield from sorted(pairs)


def _keys(alias: Name) -> tuple[str, ...]:
    """Return the person's part of the name, or the whole name if that part is unknown."""
    if alias.name.strip() in ("", EXPORTER):
        return ()
    return person_keys(alias.person) if alias.person else (fold(alias.name),)


def _compare(one: Name, other: Name) -> Iterator[Evidence]:
    if fold(one.name) == fold(other.name):
        yield {"kind": "same-name"}
    else:
        common = set(_keys(one)) & set(_keys(other))
        yield {"kind": max(map(_kind_of_name, common), key=SCORES.__getitem__)}
    if one.company and fold(one.company) == fold(other.company):
        yield {"kind": "same-company"}
    if one.city and fold(one.city) == fold(other.city):
        yield {"kind": "same-city"}
    if one.room_id == other.room_id and (days := _days_between(one, other)) is not None:
        yield {"kind": "renamed", "days": days}


def _kind_of_name(name: str) -> str:
    if not looks_like_full_name(name):
        return "same-nickname"
    return "same-rare-name" if len(name) > 2 else "same-full-name"


def _days_between(one: Name, other: Name) -> int | None:
    """Return the days from the last message of one name to the first of the other; None if they are too many."""
    if not (one.first_seen and one.last_seen and other.first_seen and other.last_seen):
        return None
    (_, ends), (begins, _) = sorted([(one.first_seen, one.last_seen), (other.first_seen, other.last_seen)])
    days = (begins - ends).days
    return days if 0 <= days <= DAYS_TO_RENAME else None


def _weigh(found: dict[Pair, list[Evidence]], aliases: Names) -> dict[Pair, tuple[int, list[Evidence]]]:
    scores = {both: sum(map(_score, evidence)) for both, evidence in found.items()}
    likely = [both for both, score in scores.items() if score >= LOWEST_SCORE]
    shared = count_shared_days([both for both in likely if _overlap(aliases[both[0]], aliases[both[1]])])
    weighed = {}
    for both in likely:
        score, evidence = scores[both], found[both]
        if days := shared[both]:
            score -= min(MOST_AGAINST, SAME_DAY + SAME_DAY_AGAIN * (days - 1))
            evidence = [*evidence, {"kind": "same-day", "days": days}]
        if score >= LOWEST_SCORE:
            weighed[both] = min(HIGHEST_SCORE, score), evidence
    return weighed


def _score(evidence: Evidence) -> int:
    again = evidence["count"] - 1 if evidence["kind"] == "quotation" else 0
    return SCORES[evidence["kind"]] + QUOTED_AGAIN * again


def _overlap(one: Name, other: Name) -> bool:
    if one.room_id != other.room_id or not (one.first_seen and other.first_seen and one.last_seen and other.last_seen):
        return False
    return one.first_seen <= other.last_seen and other.first_seen <= one.last_seen


def _best_of_members(
    weighed: dict[Pair, tuple[int, list[Evidence]]], aliases: Names
) -> dict[Pair, tuple[int, list[Evidence]]]:
    """Return the pair of names with the highest score for each pair of members."""

    def names_of(item: tuple[Pair, object]) -> list[tuple[str, int]]:
        """Return an order that does not depend on IDs."""
        return sorted((aliases[pk].name, aliases[pk].room_id) for pk in item[0])

    best: dict[Pair, Pair] = {}
    for both, (score, _) in sorted(weighed.items(), key=names_of):
        members = pair(aliases[both[0]].member_id, aliases[both[1]].member_id)
        if members not in best or score > weighed[best[members]][0]:
            best[members] = both
    return {both: weighed[both] for both in best.values()}
