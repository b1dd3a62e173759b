"""Names go from one member to another: merge, move, split, undo. Each deed leaves a row that can undo it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from chatlogs.bulk import execute_for_rows
from chatlogs.identity.naming import refresh_names
from chatlogs.models import Alias, Archive, Day, Member, Message, ModerationAction, Room, Suggestion
from chatlogs.text.accounts import EXPORTER

Verb = ModerationAction.Verb
User = AbstractBaseUser

# Ids a statement: SQLite takes 32,766 parameters.
BATCH = 5_000

SET_OWNERS = """
    UPDATE chatlogs_alias SET member_id = given.column2
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""
SET_COUNTS = """
    UPDATE chatlogs_day SET member_count = given.column2
    FROM {given} AS given
    WHERE chatlogs_day.id = given.column1
"""


class Refused(Exception):
    """A deed that makes no sense; the message says why."""


@transaction.atomic
def merge(member: Member, into: Member, *, by: User | None, reason: str) -> ModerationAction:
    """Both are one person: all names of `member` become names of `into`."""
    if member.pk == into.pk:
        raise Refused("a member cannot be merged with itself")
    names = list(Alias.objects.filter(member=member))
    if not names:
        raise Refused("this member has no names any more")
    return _move(Verb.MERGE, {alias.pk: into.pk for alias in names}, by=by, reason=reason)


@transaction.atomic
def move(names: Collection[Alias], to: Member, *, by: User | None, reason: str) -> ModerationAction:
    """These names are `to`'s, and not those of whom they were taken for."""
    moves = {alias.pk: to.pk for alias in names if alias.member_id != to.pk}
    if not moves:
        raise Refused("the names are this member's already")
    return _move(Verb.MOVE, moves, by=by, reason=reason)


@transaction.atomic
def split(names: Collection[Alias], *, by: User | None, reason: str) -> ModerationAction:
    """These names of a member are another person's. The address stays with the name that it was made with."""
    members = {alias.member_id for alias in names}
    if len(members) != 1:
        raise Refused("the names to split off must be one member's")
    leaving = {alias.pk: alias for alias in names}
    staying = {alias.pk: alias for alias in Alias.objects.filter(member__in=members) if alias.pk not in leaving}
    if not staying:
        raise Refused("a member must keep a name")
    if any(alias.origin_id in members for alias in leaving.values()):
        leaving = staying
    first = min(leaving)
    return _move(Verb.SPLIT, dict.fromkeys(leaving, leaving[first].origin_id), by=by, reason=reason)


@transaction.atomic
def undo(action: ModerationAction, *, by: User | None, reason: str) -> ModerationAction:
    """Give the names back that a deed moved, as far as they are where it left them."""
    if ModerationAction.objects.filter(undoes=action).exists():
        raise Refused("it is undone already")
    changes = {change["name"]: change for change in action.changes}
    keys = {change[side] for change in action.changes for side in ("from", "to")}
    members = {member.key: member.pk for member in Member.objects.filter(key__in=keys)}
    names = [
        alias
        for alias in Alias.objects.filter(origin__key__in=changes).select_related("origin", "member")
        if alias.member.key == changes[alias.origin.key]["to"]
    ]
    if not names:
        raise Refused("the names have gone elsewhere since")
    moves = {alias.pk: members[changes[alias.origin.key]["from"]] for alias in names}
    return _move(Verb.UNDO, moves, by=by, reason=reason, undoes=action)


@transaction.atomic
def set_exporter(room: Room, member: Member | None, *, by: User | None, reason: str) -> ModerationAction | None:
    """Say whom the room's 我 stands for, or nobody: that name goes to the member, or to one of its own."""
    Room.objects.filter(pk=room.pk).update(exporter=member)
    name = Alias.objects.filter(room=room, name=EXPORTER).first()
    owner = member.pk if member else name.origin_id if name else None
    if name is None or owner is None or name.member_id == owner:
        return None
    return _move(Verb.MOVE, {name.pk: owner}, by=by, reason=reason)


def join(groups: Iterable[tuple[Mapping[int, int], str]]) -> list[ModerationAction]:
    """Names that evidence joins, each group with its reason: alias id -> member id. Within a transaction."""
    return [_move(Verb.MERGE, moves, by=None, reason=reason) for moves, reason in groups]


def _move(
    verb: ModerationAction.Verb,
    moves: Mapping[int, int],
    *,
    by: User | None,
    reason: str,
    undoes: ModerationAction | None = None,
) -> ModerationAction:
    """Alias id -> member id. Whoever changes what can be seen waits for the Archive's row."""
    Archive.objects.select_for_update().get()
    before = {alias.pk: alias for alias in Alias.objects.filter(pk__in=moves).select_related("origin", "member")}
    targets = Member.objects.in_bulk(set(moves.values()))
    execute_for_rows(SET_OWNERS, "(%s::bigint, %s::bigint)", list(moves.items()))
    _keep_apart(moves, stay_with={alias.member_id for alias in before.values()})
    _let_together(moves, {*moves.values()})
    recount_days(list(moves))
    refresh_names({*moves.values(), *(alias.member_id for alias in before.values())})
    Archive.objects.update(revision=F("revision") + 1)
    return ModerationAction.objects.create(
        verb=verb,
        made_at=timezone.now(),
        actor=by,
        actor_name=by.get_username() if by else "",
        reason=reason,
        undoes=undoes,
        changes=[
            {"name": alias.origin.key, "from": alias.member.key, "to": targets[moves[pk]].key}
            for pk, alias in sorted(before.items())
        ],
    )


def recount_days(alias_ids: Sequence[int]) -> None:
    """Count who spoke on the days of these names anew; their pages have changed."""
    for start in range(0, len(alias_ids), BATCH):
        moved = alias_ids[start : start + BATCH]
        days = set(Message.objects.filter(alias__in=moved).order_by().values_list("day_id", flat=True).distinct())
        for day_ids in _batches(sorted(days)):
            spoken = Message.objects.visible().filter(day__in=day_ids, alias__isnull=False).order_by()
            counts = spoken.values_list("day_id").annotate(Count("alias__member", distinct=True))
            execute_for_rows(SET_COUNTS, "(%s::bigint, %s::integer)", list(counts))
            Day.objects.filter(pk__in=day_ids).update(revision=F("revision") + 1)
        Day.objects.filter(speaker__in=moved).exclude(pk__in=days).update(revision=F("revision") + 1)


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _keep_apart(moved: Collection[int], stay_with: Collection[int]) -> None:
    """No evidence joins the names that went with those that stayed with these members."""
    staying = Alias.objects.filter(member__in=stay_with).exclude(pk__in=moved).values_list("pk", flat=True)
    pairs = [Suggestion(first_id=min(pair), second_id=max(pair)) for pair in product(moved, staying)]
    for pair in pairs:
        pair.state, pair.decided_at = Suggestion.State.REFUSED, timezone.now()
    Suggestion.objects.bulk_create(
        pairs, update_conflicts=True, unique_fields=["first", "second"], update_fields=["state", "decided_at"]
    )


def _let_together(moved: Collection[int], members: Collection[int]) -> None:
    """What was kept apart before, and is one member's now, may stay so."""
    others = set(Alias.objects.filter(member__in=members).values_list("pk", flat=True)).difference(moved)
    apart = Suggestion.objects.filter(
        Q(first__in=moved, second__in=others) | Q(first__in=others, second__in=moved),
        state=Suggestion.State.REFUSED,
    )
    apart.filter(evidence=[]).delete()
    apart.update(state=Suggestion.State.OPEN, decided_at=None, decided_by=None)
