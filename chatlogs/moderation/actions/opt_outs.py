"""Opt members out of being named or shown, and exempt namesakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Unpack

from django.db.models import Q
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.db.bulk import in_batches
from chatlogs.models import (
    Alias,
    Archive,
    Member,
    Mention,
    MentionedName,
    Message,
    ModerationAction,
    OptOut,
    Original,
    OriginalName,
    SourceFile,
)
from chatlogs.moderation.actions.messages import change_states, find_hidden_singly
from chatlogs.moderation.actions.registry import Change, ChangeType, MakeLink, describe_transition, register
from chatlogs.moderation.personal_data import scan
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.moderation.scrubbing import forget_edits, forget_mentioned
from chatlogs.people import OptedOut, read_opted_out, refresh_names
from chatlogs.people.pseudonyms import (
    CURATED,
    call_members,
    cover_names,
    find_hidden_names,
    find_names_of,
    make_pseudonym,
    pattern_of,
)
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.quotations import RULE

ActionKind, State = ModerationAction.Kind, Message.State


@locked_archive()
def opt_out(member: Member, extent: str, **why: Unpack[Justification]) -> ModerationAction:
    """Replace a member's names with a pseudonym and, depending on `extent`, hide the messages.

    Applies to all names of the member, to equal names in every room, and to those of later imports.
    """
    standing = OptOut.objects.filter(member=member).first()
    if standing and standing.extent == extent:
        raise ActionRefused(gettext("The member has already opted out to this extent."))
    before = standing.extent if standing else None
    changes = [{"member": member.key, "extent": [before, extent]}, *change_opt_out(member, extent)]
    return log_action(ActionKind.OPT_OUT, changes, **why)


@locked_archive()
def exempt(alias: Alias, is_exempt: bool = True, **why: Unpack[Justification]) -> ModerationAction:
    """Set whether a name belongs to somebody else than the person who opted out under an equal one."""
    before = Alias.objects.get(pk=alias.pk).is_exempt
    if before == is_exempt:
        raise ActionRefused(gettext("This has already been decided."))
    changes = [{"name": alias.origin.key, "exempt": [before, is_exempt]}, *change_exemption(alias, is_exempt)]
    return log_action(ActionKind.EXEMPT, changes, **why)


def change_exemption(alias: Alias, is_exempt: bool) -> list[Change]:
    """Return the changes of messages' states. Called within `locked_archive()`."""
    hidden = find_hidden_names()
    Alias.objects.filter(pk=alias.pk).update(is_exempt=is_exempt)
    return _apply(hidden, names={_name_of(alias)})


def change_opt_out(member: Member, extent: str | None) -> list[Change]:
    """Return the changes of messages' states. Called within `locked_archive()`."""
    hidden = find_hidden_names()
    given_back: dict[str, dict[str, Any]] = {}
    standing = OptOut.objects.filter(member=member).first()
    if standing and standing.extent == OptOut.Extent.IMPORTS:
        _mark_files_as_changed(standing)
    if standing and extent is None:
        given_back = standing.originals
        standing.delete()
    elif standing:
        OptOut.objects.filter(pk=standing.pk).update(extent=extent)
    elif extent is not None:
        _store_member(member, extent)
    return _apply(hidden, given_back)


def follow_names(**_sent: Any) -> None:
    """Apply opt-outs after names moved from one member to another. Called within that transaction."""
    if OptOut.objects.exists() or OriginalName.objects.exists():
        _apply(find_hidden_names())


def _apply(
    hidden: Collection[int], given_back: dict[str, dict[str, Any]] | None = None, names: Collection[str] = ()
) -> list[Change]:
    """Update names, texts and states to the opt-outs, and return the changes of states.

    `hidden` are the ids of names whose messages were hidden before; texts with `names` are scanned in any case.
    """
    former = _read_names()
    changed = cover_names(given_back)
    opted_out = read_opted_out()
    if changed or names:
        refresh_derived_data(day_ids=_find_days(changed), alias_ids=changed)
        _scan_others(former | _read_names() | set(names), opted_out)
        _forget_names(_read_names() - former, opted_out)
    return [*_hide(), *_show_again(hidden)]


def _name_of(alias: Alias) -> str:
    original = OriginalName.objects.filter(alias=alias).first()
    return original.name if original else alias.name


def _mark_files_as_changed(opted: OptOut) -> None:
    """Mark files as changed, so that the next import takes in the messages left out since the opt-out."""
    SourceFile.objects.filter(imported_at__gte=opted.made_at).update(size=0, sha256="")


def _store_member(member: Member, extent: str) -> None:
    pseudonym = make_pseudonym(Archive.objects.get(), member)
    opted = OptOut(member=member, extent=extent, pseudonym=pseudonym)
    concerned = {member.pk, *find_names_of(opted).values_list("origin_id", flat=True)}
    opted.originals = {
        one.key: {field: getattr(one, field) for field in CURATED} for one in Member.objects.filter(pk__in=concerned)
    }
    opted.save()
    call_members(concerned, pseudonym)


def _read_names() -> set[str]:
    return set(OriginalName.objects.values_list("name", flat=True))


def _find_days(alias_ids: Collection[int]) -> set[int]:
    """Return the ids of days on which these names are senders, mentioned, or speakers of the day."""
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
    """Scan messages of others that contain one of these names."""
    scanned = scan(_find_naming(names), opted_out)
    refresh_derived_data(day_ids=scanned.day_ids, alias_ids=scanned.alias_ids, has_new_texts=True)


def _find_naming(names: Iterable[str]) -> set[int]:
    """Return the ids of messages that contain a name, or quote somebody.

    Compared in Python: no database treats the widths and cases of letters as the pattern does.
    """
    pattern = pattern_of(set(names))
    if pattern is None:
        return set()
    texts = Message.objects.exclude(state=Message.State.ERASED).order_by().values_list("pk", "text")
    originals = Original.objects.order_by().values_list("pk", "text")
    return {pk for rows in (texts, originals) for pk, text in rows.iterator() if pattern.search(text) or RULE in text}


def _forget_names(names: Collection[str], opted_out: OptedOut) -> None:
    """Delete unused mentioned names with these names, and admin log entries that contain them."""
    unused = MentionedName.objects.filter(mentions=None)
    forget_mentioned(mentioned for mentioned in unused if opted_out.find(mentioned.text))
    forget_edits({name.strip() for name in names} - {"", EXPORTER})


def _hide() -> list[Change]:
    """Hide the messages of names whose opt-out hides them, including those with a hidden author."""
    return _change_states(find_hidden_names(), State.SHOWN, State.HIDDEN)


def _show_again(alias_ids: Collection[int]) -> list[Change]:
    """Show messages that were hidden only because of names that are no longer hidden."""
    return _change_states(set(alias_ids) - find_hidden_names(), State.HIDDEN, State.SHOWN)


def _change_states(alias_ids: Collection[int], before: Message.State, after: Message.State) -> list[Change]:
    singly = find_hidden_singly() if before == State.HIDDEN else set()
    changes: list[Change] = []
    for some in in_batches(sorted(alias_ids)):
        said = Message.objects.filter(Q(alias__in=some) | Q(original__alias__in=some), state=before)
        if before == State.HIDDEN:
            said = said.filter(day__is_hidden=False)
        changing = [one for one in said.order_by("position") if one.key not in singly]
        changes += change_states(changing, dict.fromkeys((one.pk for one in changing), after))
    return changes


@register
class MemberOptOut(ChangeType):
    keys = {"member", "extent"}
    subject = "member"
    undo_permissions = ["opt_out_member"]
    has_message_entries = True

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return describe_transition(OptOut.Extent, change["extent"])

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        for change in changes:
            before, after = change["extent"]
            member = Member.objects.filter(key=change["member"]).first()
            standing = getattr(member, "opt_out", None)
            if member and (standing.extent if standing else None) == after:
                reversed_changes.append({"member": member.key, "extent": [after, before]})
                reversed_changes += change_opt_out(member, before)
        refresh_names()
        return reversed_changes


@register
class NameExemption(ChangeType):
    keys = {"name", "exempt"}
    subject = "name"
    undo_permissions = ["opt_out_member"]
    has_message_entries = True

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, is_exempt = change["exempt"]
        return gettext("not the person who opted out") if is_exempt else gettext("treated like others with this name")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        for change in changes:
            before, after = change["exempt"]
            alias = Alias.objects.filter(origin__key=change["name"], is_exempt=after).first()
            if alias:
                reversed_changes.append({"name": change["name"], "exempt": [after, before]})
                reversed_changes += change_exemption(alias, before)
        return reversed_changes
