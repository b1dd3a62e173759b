"""Members who do not want to be named, or not to be here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Unpack

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from chatlogs.acting import Refused, Why, alone, record
from chatlogs.bulk import in_batches
from chatlogs.identity import OptedOut, read_opted_out
from chatlogs.identity.pseudonyms import SHORTEST_NAME, call_members, cover_names, find_names_of, make_pseudonym
from chatlogs.models import Alias, Archive, Member, Mention, Message, ModerationAction, OptOut, SealedName
from chatlogs.moderation.deeds import change_states, find_hidden_singly
from chatlogs.moderation.scanning import scan
from chatlogs.moderation.settling import settle

Verb, Extent = ModerationAction.Verb, OptOut.Extent

CURATED = ("name", "is_name_curated", "company", "role", "city")


@alone()
def opt_out(member: Member, extent: str, **why: Unpack[Why]) -> ModerationAction:
    """Give a member a neutral name, wherever the own one stands, and hide the messages if that is wanted.

    It covers all names of the member, the equal ones of every room, and those that imports bring.
    """
    standing = OptOut.objects.filter(member=member).first()
    if standing and standing.extent == extent:
        raise Refused(gettext("The member has opted out so already."))
    before = standing.extent if standing else None
    change_opt_out(member, extent)
    changes = [{"member": member.key, "extent": [before, extent]}, *carry_out()]
    return record(Verb.OPT_OUT, changes, **why)


@alone()
def exempt(alias: Alias, is_exempt: bool = True, **why: Unpack[Why]) -> ModerationAction:
    """Whoever speaks under this name is not who opted out under an equal one; or is, after all."""
    before = Alias.objects.get(pk=alias.pk).is_exempt
    if before == is_exempt:
        raise Refused(gettext("That is decided so already."))
    changes = [{"name": alias.origin.key, "exempt": [before, is_exempt]}, *change_exemption(alias, is_exempt)]
    return record(Verb.EXEMPT, changes, **why)


def change_exemption(alias: Alias, is_exempt: bool) -> list[dict[str, Any]]:
    """Within `alone()`."""
    Alias.objects.filter(pk=alias.pk).update(is_exempt=is_exempt)
    return carry_out()


def change_opt_out(member: Member, extent: str | None) -> None:
    """The row alone. Within `alone()`."""
    standing = OptOut.objects.filter(member=member).first()
    if standing and extent is None:
        _give_back(standing)
    elif standing:
        OptOut.objects.filter(pk=standing.pk).update(extent=extent)
    elif extent is not None:
        _seal_member(member, extent)


def carry_out() -> list[dict[str, Any]]:
    """Bring names, texts and states up to date with the opt-outs; the states that it changed. Within `alone()`.

    To be called whenever a name may have come to, or gone from, somebody who opted out.
    """
    former = _read_names()
    changed = cover_names()
    opted_out = read_opted_out()
    if changed:
        settle(day_ids=_find_days(changed), alias_ids=changed)
        _scan_others(former | _read_names(), opted_out)
    return _hide(opted_out)


def follow_names(**_sent: Any) -> None:
    """Names have gone from one member to another: who opted out has others now."""
    if OptOut.objects.exists() or SealedName.objects.exists():
        carry_out()


def _seal_member(member: Member, extent: str) -> None:
    pseudonym = make_pseudonym(Archive.objects.get(), member)
    opted = OptOut(member=member, extent=extent, pseudonym=pseudonym)
    concerned = {member.pk, *find_names_of(opted).values_list("origin_id", flat=True)}
    opted.sealed = {
        one.key: {field: getattr(one, field) for field in CURATED} for one in Member.objects.filter(pk__in=concerned)
    }
    opted.save()
    call_members(concerned, pseudonym)


def _give_back(opted: OptOut) -> None:
    sealed = opted.sealed
    opted.delete()
    for key, fields in sealed.items():
        Member.objects.filter(key=key).update(**fields)


def _read_names() -> set[str]:
    return set(SealedName.objects.values_list("name", flat=True))


def _find_days(alias_ids: Collection[int]) -> set[int]:
    """Whose pages name them: as senders, as who is meant, or as who held the talk."""
    days: set[int] = set()
    for some in in_batches(sorted(alias_ids)):
        said = Message.objects.filter(alias__in=some).order_by()
        days |= set(said.values_list("day_id", flat=True).distinct())
        meant = Mention.objects.filter(name__alias__in=some).order_by()
        days |= set(meant.values_list("message__day_id", flat=True).distinct())
        days |= set(
            Alias.objects.filter(pk__in=some, days_as_speaker__isnull=False).values_list("days_as_speaker", flat=True)
        )
    return days


def _scan_others(names: Iterable[str], opted_out: OptedOut) -> None:
    """Look through what others wrote with one of these names in it."""
    ids: set[int] = set()
    for name in {name.strip() for name in names}:
        if len(name) >= SHORTEST_NAME:
            ids |= set(_find_naming(name).values_list("pk", flat=True))
    concealed = scan(ids, opted_out)
    settle(day_ids=concealed.day_ids, alias_ids=concealed.alias_ids, has_new_texts=True)


def _find_naming(name: str) -> QuerySet[Message]:
    naming = Q(text__icontains=name) | Q(sealed__text__icontains=name)
    return Message.objects.filter(naming).exclude(state=Message.State.ERASED).order_by()


def _hide(opted_out: OptedOut) -> list[dict[str, Any]]:
    """What somebody who opted out with all messages has said."""
    names = SealedName.objects.values_list("alias_id", "name")
    hiding = [alias_id for alias_id, name in names if opted_out.is_hidden(name)]
    changes: list[dict[str, Any]] = []
    for some in in_batches(hiding):
        shown = list(Message.objects.filter(alias__in=some, state=Message.State.SHOWN).order_by("position"))
        changes += change_states(shown, dict.fromkeys((one.pk for one in shown), Message.State.HIDDEN))
    return changes


def show_again(alias_ids: Collection[int]) -> list[dict[str, Any]]:
    """What was hidden with a name alone, by the import too, once the name is hidden no more. Within `alone()`."""
    singly = find_hidden_singly()
    opted_out = read_opted_out()
    names = SealedName.objects.filter(alias__in=alias_ids).values_list("alias_id", "name")
    still = {alias_id for alias_id, name in names if opted_out.is_hidden(name)}
    changes: list[dict[str, Any]] = []
    for some in in_batches(sorted(set(alias_ids) - still)):
        hidden = Message.objects.filter(alias__in=some, state=Message.State.HIDDEN, day__is_hidden=False)
        freed = [one for one in hidden.order_by("position") if one.key not in singly]
        changes += change_states(freed, dict.fromkeys((one.pk for one in freed), Message.State.SHOWN))
    return changes
