"""Move names between members: merge, move, split and undo. Every action is logged and can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, product

from django.contrib.auth.models import User
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, locked_archive, log_action
from chatlogs.db.bulk import execute_for_rows, in_batches
from chatlogs.models import Alias, Day, Member, Mention, Message, ModerationAction, Room, Suggestion, counters
from chatlogs.models.people import AliasQuerySet
from chatlogs.models.revision import bump_revision
from chatlogs.people.display_names import refresh_names
from chatlogs.text.accounts import EXPORTER

ActionKind, Category = ModerationAction.Kind, ModerationAction.Category

# Sent within the transaction that moved names to another member.
names_moved = Signal()

SET_OWNERS = """
    UPDATE chatlogs_alias SET member_id = given.column2
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""


@locked_archive()
def merge(member: Member, into: Member, *, by: User | None, reason: str) -> ModerationAction:
    """Move all names of `member` to `into`."""
    if member.pk == into.pk:
        raise ActionRefused(gettext("A member cannot be merged with itself."))
    names = Alias.objects.filter(member=member).values_list("pk", flat=True)
    if not names:
        raise ActionRefused(gettext("This member has no names any more."))
    return _move(ActionKind.MERGE, dict.fromkeys(names, into.pk), by=by, reason=reason)


@locked_archive()
def move(names: Collection[Alias], to: Member, *, by: User | None, reason: str) -> ModerationAction:
    """Move names to another member."""
    moved = _current(names).exclude(member=to).values_list("pk", flat=True)
    if not moved:
        raise ActionRefused(gettext("The names are this member's already."))
    return _move(ActionKind.MOVE, dict.fromkeys(moved, to.pk), by=by, reason=reason)


@locked_archive()
def split(names: Collection[Alias], *, by: User | None, reason: str) -> ModerationAction:
    """Split names off their member. The member's address stays with the name that it was made with.

    The other names get the first of the members made with them that has no names of others.
    """
    leaving = list(_current(names))
    if len({alias.member_id for alias in leaving}) != 1:
        raise ActionRefused(gettext("The names to split off must be one member's."))
    member_id = leaving[0].member_id
    staying = list(Alias.objects.filter(member=member_id).exclude(pk__in=[alias.pk for alias in leaving]))
    if any(alias.origin_id == member_id for alias in leaving):
        if not staying:
            raise ActionRefused(gettext("A member must keep a name."))
        leaving = staying
    origins = {alias.origin_id for alias in leaving}
    taken = set(Alias.objects.filter(member__in=origins).values_list("member_id", flat=True))
    free = [alias for alias in leaving if alias.origin_id not in taken]
    if not free:
        raise ActionRefused(gettext("Other names have taken the place that these came from: split those off first."))
    home = min(free, key=lambda alias: alias.pk).origin_id
    return _move(ActionKind.SPLIT, {alias.pk: home for alias in leaving}, by=by, reason=reason)


def _current(names: Collection[Alias]) -> AliasQuerySet:
    """Read the names again: they may have been moved since."""
    return Alias.objects.filter(pk__in=[alias.pk for alias in names])


@locked_archive()
def undo(action: ModerationAction, *, by: User | None, reason: str) -> ModerationAction:
    """Move back the names that an action moved and that have not been moved since."""
    if ModerationAction.objects.filter(undoes=action).exists():
        raise ActionRefused(gettext("This action has already been undone."))
    changes = {change["name"]: change for change in action.changes}
    keys = {change[side] for change in action.changes for side in ("from", "to")}
    members = {member.key: member.pk for member in Member.objects.filter(key__in=keys)}
    names = [
        alias
        for alias in Alias.objects.filter(origin__key__in=changes).select_related("origin", "member")
        if alias.member.key == changes[alias.origin.key]["to"]
    ]
    if not names:
        raise ActionRefused(gettext("The names have gone elsewhere since."))
    moves = {alias.pk: members[changes[alias.origin.key]["from"]] for alias in names}
    for alias in names:
        if alias.name == EXPORTER:
            Room.objects.filter(pk=alias.room_id, exporter=alias.member_id).update(exporter=None)
    return _move(ActionKind.UNDO, moves, by=by, reason=reason, undoes=action)


@locked_archive()
def set_exporter(room: Room, member: Member | None, *, by: User | None, reason: str) -> ModerationAction | None:
    """Set who exported the room. The name 我 moves to that member; without one, to its original member."""
    Room.objects.filter(pk=room.pk).update(exporter=member)
    name = Alias.objects.filter(room=room, name=EXPORTER).first()
    owner = member.pk if member else name.origin_id if name else None
    if name is None or owner is None or name.member_id == owner:
        return None
    return _move(ActionKind.MOVE, {name.pk: owner}, by=by, reason=reason)


def join(groups: Iterable[tuple[Mapping[int, int], str]]) -> list[ModerationAction]:
    """Merge whole members by evidence: groups of alias ID -> member ID, each with its reason.

    Call it within `locked_archive()`, with no pair that a moderator refused.
    """
    joined = list(groups)
    before = _repoint({pk: member_id for moves, _ in joined for pk, member_id in moves.items()})
    return [
        _record(ActionKind.MERGE, {pk: before[pk] for pk in moves}, moves, by=None, reason=reason)
        for moves, reason in joined
    ]


def _move(
    kind: ModerationAction.Kind,
    moves: Mapping[int, int],
    *,
    by: User | None,
    reason: str,
    undoes: ModerationAction | None = None,
) -> ModerationAction:
    """Move aliases (ID -> member ID). Call it within `locked_archive()`."""
    before = _repoint(moves)
    _keep_apart({pk: alias.member_id for pk, alias in before.items()}, moves, by)
    _let_together(moves)
    return _record(kind, before, moves, by=by, reason=reason, undoes=undoes)


def _repoint(moves: Mapping[int, int]) -> dict[int, Alias]:
    """Move aliases (ID -> member ID) and return them as they were."""
    if not moves:
        return {}
    before = {alias.pk: alias for alias in Alias.objects.filter(pk__in=moves).select_related("origin", "member")}
    execute_for_rows(SET_OWNERS, "(%s::bigint, %s::bigint)", list(moves.items()))
    names_moved.send(sender=None)
    recount_days(list(moves))
    refresh_names({*moves.values(), *(alias.member_id for alias in before.values())})
    bump_revision()
    return before


def _record(
    kind: ModerationAction.Kind,
    before: Mapping[int, Alias],
    moves: Mapping[int, int],
    *,
    by: User | None,
    reason: str,
    undoes: ModerationAction | None = None,
) -> ModerationAction:
    targets = Member.objects.in_bulk(set(moves.values()))
    changes = [
        {"name": alias.origin.key, "from": alias.member.key, "to": targets[moves[pk]].key}
        for pk, alias in sorted(before.items())
    ]
    category = Category.IDENTITY if by else ""
    return log_action(kind, changes, by=by, category=category, reason=reason, undoes=undoes)


def recount_days(alias_ids: Sequence[int]) -> None:
    """Recount the days on which these names spoke, and invalidate the pages that mention them."""
    for moved in in_batches(alias_ids):
        spoken = set(Message.objects.filter(alias__in=moved).order_by().values_list("day_id", flat=True).distinct())
        counters.recount_days(spoken)
        mentions = Mention.objects.filter(name__alias__in=moved).order_by()
        days = set(mentions.values_list("message__day_id", flat=True).distinct())
        days.update(Day.objects.filter(speaker__in=moved).values_list("pk", flat=True))
        counters.touch_days(sorted(days - spoken))


def _keep_apart(owners: Mapping[int, int], moves: Mapping[int, int], by: User | None) -> None:
    """Refuse the pairs of names that had one member in `owners` and have two now, so that evidence keeps them apart."""
    parted: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for alias_id, member_id in owners.items():
        parted[member_id][moves[alias_id]].append(alias_id)
    staying = Alias.objects.filter(member__in=set(owners.values())).exclude(pk__in=moves)
    for alias_id, member_id in staying.values_list("pk", "member_id"):
        parted[member_id][member_id].append(alias_id)
    pairs = (
        (min(pair), max(pair))
        for groups in parted.values()
        for some, others in combinations(groups.values(), 2)
        for pair in product(some, others)
    )
    decision = {"state": Suggestion.State.REFUSED, "decided_by": by, "decided_at": timezone.now()}
    Suggestion.objects.bulk_create(
        [Suggestion(first_id=first, second_id=second, **decision) for first, second in pairs],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=list(decision),
    )


def _let_together(moved: Collection[int]) -> None:
    """Withdraw the refusals of pairs that have one member now."""
    refused = Suggestion.objects.filter(state=Suggestion.State.REFUSED)
    pairs = {
        pk: (first_id, second_id)
        for of_moved in (refused.filter(first__in=moved), refused.filter(second__in=moved))
        for pk, first_id, second_id in of_moved.values_list("pk", "first_id", "second_id")
    }
    names = {alias_id for pair in pairs.values() for alias_id in pair}
    owners = dict(Alias.objects.filter(pk__in=names).order_by().values_list("pk", "member_id"))
    apart = Suggestion.objects.filter(
        pk__in=[pk for pk, (first_id, second_id) in pairs.items() if owners[first_id] == owners[second_id]]
    )
    apart.filter(evidence=[]).delete()
    apart.update(state=Suggestion.State.OPEN, decided_at=None, decided_by=None)
