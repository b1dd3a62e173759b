"""Load a file of decisions: at once, or, if they need a message, when that is imported."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from chatlogs import people
from chatlogs.audit import locked_archive
from chatlogs.db.bulk import in_batches
from chatlogs.models import (
    Alias,
    Archive,
    Day,
    Erasure,
    Member,
    MentionedName,
    Message,
    ModerationAction,
    OptOut,
    PendingDecision,
    RemovalRequest,
    Room,
    SourceFile,
    Suggestion,
    Tombstone,
)
from chatlogs.models.revision import bump_revision
from chatlogs.moderation import follow_names
from chatlogs.moderation.actions.days import change_day
from chatlogs.moderation.actions.messages import change_states
from chatlogs.moderation.affected import find_of_day
from chatlogs.moderation.decisions.apply import choose_mentions, create_stored_tombstone, decide_on_stored, mask_stored
from chatlogs.moderation.decisions.export import Form, read_decided
from chatlogs.moderation.decisions.highlights import find_awaited, install_day_notes, install_highlights
from chatlogs.moderation.decisions.pending import read_optional_timestamp, read_timestamp, write_timestamp
from chatlogs.moderation.decisions.schema import Broken, read_key
from chatlogs.people import AliasBook, OptedOut, Speaker
from chatlogs.people.merging import recount_days
from chatlogs.search.tokens import normalise
from chatlogs.text.pinyin import make_sort_key

ActionKind = ModerationAction.Kind

SECTIONS = (
    "rooms", "hidden_days", "names", "members", "opt_outs", "suggestions", "mentioned_names", "tombstones",
    "removal_requests",
    "log", "messages", "day_notes", "highlights",
)  # fmt: skip


class NotHere(Exception):
    """The file does not fit this database; the message says why."""


@dataclass(slots=True)
class Installed:
    """How many entries of each section were new, the unknown user names, and the keys of messages that are missing."""

    new: Counter[str] = field(default_factory=Counter)
    missing_users: set[str] = field(default_factory=set)
    waiting: Sequence[str] = ()


@locked_archive()
def load_decisions(document: Form, *, dry_run: bool = False) -> Installed:
    """Add the decisions to the database. Raises NotHere or Broken. The caller holds the import lock."""
    result = _install(document)
    result.waiting = sorted({*PendingDecision.objects.values_list("key", flat=True), *find_awaited()})
    if dry_run:
        transaction.set_rollback(True)
    return result


def _install(document: Form) -> Installed:
    archive = _install_archive(document)
    current = read_decided()
    _refuse_older(document["log"], current["log"])
    new = {section: _find_new(document[section], current[section]) for section in SECTIONS}
    result = Installed(Counter({section: len(entries) for section, entries in new.items() if entries}))
    users = _Users(result.missing_users)
    _install_rooms(new["rooms"])
    alias_ids = _install_names(archive, new["names"])
    _install_exporters(new["rooms"])
    _install_suggestions(new["suggestions"], users)
    _install_requests(new["removal_requests"], users)
    actions = _install_log(document["log"], users)
    _install_tombstones(new["tombstones"])
    _install_opt_outs(new["opt_outs"])
    if new["names"] or new["opt_outs"]:
        follow_names()
        _store_member_fields(new["opt_outs"])
        recount_days(alias_ids)
    _install_members(new["members"])
    _install_hidden_days(new["hidden_days"])
    _install_mentioned_names(new["mentioned_names"])
    _install_messages(new["messages"], actions)
    install_day_notes(new["day_notes"], users.find)
    install_highlights(new["highlights"], users.find)
    if result.new:
        people.refresh_names()
        bump_revision()
    return result


def _find_new(wanted: Sequence[Any], current: Sequence[Any]) -> list[Any]:
    known = {json.dumps(one, sort_keys=True) for one in current}
    return [one for one in wanted if json.dumps(one, sort_keys=True) not in known]


def _install_archive(document: Form) -> Archive:
    keys = {name: read_key(document["archive"][name]) for name in ("key", "account_key")}
    archive, _ = Archive.objects.get_or_create(defaults=keys)
    if all(bytes(getattr(archive, name)) == key for name, key in keys.items()):
        return archive
    made = (Message, SourceFile, Member, Tombstone, ModerationAction)
    if any(model.objects.exists() for model in made):
        raise NotHere("this database has been filled under other keys: import the file into an empty one")
    Archive.objects.update(**keys)
    return Archive.objects.get()


def _refuse_older(log: Sequence[Form], current: Sequence[Form]) -> None:
    """Refuse a file that lacks decisions made here, which it might revert."""
    known = {_identify(one) for one in log}
    own = [one for one in current if _identify(one) not in known and (one["by"] or one["kind"] != ActionKind.MERGE)]
    if own:
        raise NotHere(
            f"{len(own)} decisions were made here that the file does not know, the last at {own[-1]['made_at']}:"
            " export_decisions writes a newer file"
        )


def _identify(action: Form) -> tuple[str, ...]:
    return action["made_at"], action["kind"], action["by"], json.dumps(action["changes"], sort_keys=True)


class _Users:
    """Looks users up by name and collects the missing ones."""

    def __init__(self, missing: set[str]) -> None:
        self._ids: dict[str, int] = dict(User.objects.values_list("username", "pk"))
        self._missing = missing

    def find(self, name: str | None) -> int | None:
        if name and name not in self._ids:
            self._missing.add(name)
        return self._ids.get(name or "")


def _install_rooms(rooms: Sequence[Form]) -> None:
    for one in rooms:
        slug, group = one["slug"], one["reader_group"]
        settings = {name: value for name, value in one.items() if name not in ("slug", "reader_group", "exporter")}
        if Message.objects.filter(room__slug=slug).exists():
            settings.pop("time_zone")
        settings["reader_group"] = Group.objects.get_or_create(name=group)[0] if group else None
        room, _ = Room.objects.update_or_create(slug=slug, defaults=settings)
        mask_stored(room)


def _install_names(archive: Archive, names: Sequence[Form]) -> list[int]:
    """Create names and set their owners. Return the ids of those that changed owner."""
    rooms = {room.slug: room for room in Room.objects.filter(slug__in={one["room"] for one in names})}
    alias_ids: dict[str, int] = {}
    for slug, room in sorted(rooms.items()):
        speakers = {Speaker(one["name"], one["account"]): one["key"] for one in names if one["room"] == slug}
        for speaker, alias_id in AliasBook(archive, room, OptedOut({})).resolve(speakers).items():
            if alias_id is None:
                raise Broken(f"names: {speakers[speaker]} has neither a name nor an account")
            alias_ids[speakers[speaker]] = alias_id
    aliases = {
        alias.origin.key: alias for alias in Alias.objects.filter(pk__in=alias_ids.values()).select_related("origin")
    }
    if strange := sorted(alias_ids.keys() - aliases.keys()):
        raise Broken(f"names: {strange[0]} is the key of another name, or of another archive")
    return _set_owners(aliases, names)


def _set_owners(aliases: Mapping[str, Alias], names: Sequence[Form]) -> list[int]:
    members = dict(Member.objects.values_list("key", "pk"))
    moved = []
    for one in names:
        alias, owner = aliases[one["key"]], members[one["owner"]]
        if alias.member_id != owner:
            moved.append(alias.pk)
        if (alias.member_id, alias.is_exempt) != (owner, one["is_exempt"]):
            Alias.objects.filter(pk=alias.pk).update(member=owner, is_exempt=one["is_exempt"])
    return moved


def _install_exporters(rooms: Sequence[Form]) -> None:
    for one in rooms:
        exporter = Member.objects.get(key=one["exporter"]) if one["exporter"] else None
        Room.objects.filter(slug=one["slug"]).update(exporter=exporter)


def _install_suggestions(suggestions: Sequence[Form], users: _Users) -> None:
    aliases = dict(Alias.objects.values_list("origin__key", "pk"))
    for one in suggestions:
        first, second = sorted(aliases[key] for key in one["names"])
        decided = {
            "state": one["state"],
            "score": one["score"],
            "evidence": one["evidence"],
            "decided_by_id": users.find(one["by"]),
            "decided_at": read_optional_timestamp(one["decided_at"]),
        }
        Suggestion.objects.update_or_create(first_id=first, second_id=second, defaults=decided)


def _install_requests(removal_requests: Sequence[Form], users: _Users) -> None:
    for one in removal_requests:
        fields = {name: value for name, value in one.items() if name not in ("reference", "assignee", "member")}
        fields |= {name: read_optional_timestamp(one[name]) for name in ("created_at", "due_at", "closed_at")}
        fields["assignee_id"] = users.find(one["assignee"])
        fields["member"] = Member.objects.get(key=one["member"]) if one["member"] else None
        RemovalRequest.objects.update_or_create(reference=one["reference"], defaults=fields)


def _install_log(log: Sequence[Form], users: _Users) -> dict[int, int]:
    """Create the actions that are missing. Return their ids by their numbers in the file."""
    known = {}
    for action in ModerationAction.objects.order_by("pk"):
        described = {"made_at": write_timestamp(action.made_at), "kind": action.kind, "by": action.actor_name}
        known[_identify({**described, "changes": action.changes})] = action.pk
    removal_requests = dict(RemovalRequest.objects.values_list("reference", "pk"))
    ids: dict[int, int] = {}
    for number, one in enumerate(log, start=1):
        ids[number] = known.get(_identify(one)) or _create_action(one, ids, removal_requests, users)
    return ids


def _create_action(one: Form, ids: Mapping[int, int], removal_requests: Mapping[str, int], users: _Users) -> int:
    action = ModerationAction.objects.create(
        kind=one["kind"],
        made_at=read_timestamp(one["made_at"]),
        actor_id=users.find(one["by"]),
        actor_name=one["by"],
        category=one["category"],
        reason=one["reason"],
        undoes_id=ids[one["undoes"]] if one["undoes"] else None,
        removal_request_id=removal_requests[one["removal_request"]] if one["removal_request"] else None,
        changes=one["changes"],
    )
    if one["erasure"]:
        Erasure.objects.create(action=action, finished_at=read_optional_timestamp(one["erasure"]["finished_at"]))
    return action.pk


def _install_tombstones(tombstones: Sequence[Form]) -> None:
    for one in tombstones:
        place = {
            "room": one["room"],
            "date": dt.date.fromisoformat(one["date"]),
            "time": dt.time.fromisoformat(one["time"]),
            "sender": one["sender"],
        }
        outcome = {name: one[name] for name in ("messages", "is_holding")}
        Tombstone.objects.update_or_create(
            **place, defaults={**outcome, "changed_at": read_timestamp(one["changed_at"])}
        )
    create_stored_tombstone(tombstones)


def _install_opt_outs(opt_outs: Sequence[Form]) -> None:
    for one in opt_outs:
        fields = {name: one[name] for name in ("extent", "pseudonym", "originals")}
        OptOut.objects.update_or_create(
            member=Member.objects.get(key=one["member"]),
            defaults={**fields, "made_at": read_timestamp(one["made_at"])},
        )


def _store_member_fields(opt_outs: Sequence[Form]) -> None:
    """Store the original names of members, which `follow_names` has overwritten."""
    for one in opt_outs:
        OptOut.objects.filter(member__key=one["member"]).update(originals=one["originals"])


def _install_members(members: Sequence[Form]) -> None:
    """Set what moderators wrote; without a name, the name from the transcripts stays."""
    for one in members:
        said: dict[str, Any] = {name: one[name] for name in ("company", "role", "city")}
        if one["name"]:
            said |= {"name": one["name"], "sort_name": make_sort_key(one["name"]), "is_name_curated": True}
        Member.objects.filter(key=one["key"]).update(**said)


def _install_hidden_days(days: Sequence[tuple[str, str]]) -> None:
    for slug, date in days:
        day, _ = Day.objects.get_or_create(room=Room.objects.get(slug=slug), date=dt.date.fromisoformat(date))
        change_day(day, True)
        shown = Message.objects.filter(pk__in=find_of_day(day), state=Message.State.SHOWN)
        if hidden := list(shown):
            change_states(hidden, dict.fromkeys((one.pk for one in hidden), Message.State.HIDDEN))


def _install_mentioned_names(names: Sequence[Form]) -> None:
    for one in names:
        alias = Alias.objects.get(origin__key=one["name"]) if one["name"] else None
        chosen = {
            "alias": alias,
            "method": MentionedName.Method.CHOSEN,
            "is_sure": True,
            "normalised_text": normalise(one["text"]),
        }
        room = Room.objects.get(slug=one["room"])
        MentionedName.objects.update_or_create(room=room, text=one["text"], is_single=False, defaults=chosen)


def _install_messages(messages: Sequence[Form], actions: Mapping[int, int]) -> None:
    keys = [one["key"] for one in messages]
    for some in in_batches(keys):
        PendingDecision.objects.filter(key__in=some).delete()
    PendingDecision.objects.bulk_create(
        (
            PendingDecision(
                key=one["key"],
                room=one["room"],
                date=dt.date.fromisoformat(one["date"]),
                decision=_with_actions(one, actions),
            )
            for one in messages
        ),
        batch_size=1_000,
    )
    decide_on_stored(keys)
    choose_mentions()


def _with_actions(decision: Form, actions: Mapping[int, int]) -> Form:
    if "redactions" not in decision:
        return decision
    return {**decision, "redactions": [{**one, "action": actions[one["action"]]} for one in decision["redactions"]]}
