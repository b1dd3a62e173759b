"""Export all decisions, with keys that are valid in another database of the same transcripts."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Q

from chatlogs.audit import locked_archive
from chatlogs.models import (
    Alias,
    Archive,
    Day,
    Erasure,
    Member,
    MentionedName,
    ModerationAction,
    OptOut,
    RemovalRequest,
    Room,
    Suggestion,
    Tombstone,
)
from chatlogs.moderation.decisions.highlights import read_day_notes, read_highlights
from chatlogs.moderation.decisions.messages import read_decisions
from chatlogs.moderation.decisions.pending import write_timestamp

FORMAT, VERSION = "qunlu-curation", 2

Form = dict[str, Any]


@locked_archive()
def export_decisions() -> Form | None:
    """Return the document, or None if there is no archive yet. The caller holds the import lock."""
    return read_decided() if Archive.objects.exists() else None


def read_decided() -> Form:
    """Return the document. Called within `locked_archive()`."""
    archive = Archive.objects.get()
    log = list(ModerationAction.objects.order_by("made_at", "pk").select_related("removal_request"))
    numbers = {action.pk: number for number, action in enumerate(log, start=1)}
    messages = read_decisions(numbers)
    return {
        "format": FORMAT,
        "version": VERSION,
        "archive": {name: b64encode(bytes(getattr(archive, name))).decode() for name in ("key", "account_key")},
        "rooms": [
            _read_room(room) for room in Room.objects.order_by("slug").select_related("exporter", "reader_group")
        ],
        "hidden_days": [[slug, date.isoformat()] for slug, date in _read_hidden_days()],
        "names": _read_names(_collect_names(messages)),
        "members": list(_read_members()),
        "opt_outs": [_read_opt_out(one) for one in OptOut.objects.order_by("member__key").select_related("member")],
        "suggestions": sorted(_read_suggestions(), key=lambda one: one["names"]),
        "mentioned_names": [{"room": room, "text": text, "name": name} for room, text, name in _read_mentioned_names()],
        "tombstones": [_read_tombstone(one) for one in Tombstone.objects.order_by("room", "date", "time", "sender")],
        "removal_requests": [
            _read_request(one)
            for one in RemovalRequest.objects.order_by("reference").select_related("assignee", "member")
        ],
        "log": list(_read_log(log, numbers)),
        "messages": messages,
        "day_notes": read_day_notes(),
        "highlights": read_highlights(),
    }


def _read_room(room: Room) -> Form:
    return {
        "slug": room.slug,
        "title": room.title,
        "description": room.description,
        "time_zone": room.time_zone,
        "visibility": room.visibility,
        "reader_group": room.reader_group and room.reader_group.name,
        "is_indexable": room.is_indexable,
        "masked_kinds": room.masked_kinds,
        "exporter": room.exporter and room.exporter.key,
    }


def _read_hidden_days() -> Iterable[tuple[str, dt.date]]:
    return Day.objects.filter(is_hidden=True).order_by("room__slug", "date").values_list("room__slug", "date")


def _collect_names(messages: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the keys of all names that decisions refer to."""
    keys = {mention["name"] for one in messages for mention in one.get("mentions", ())}
    moved = Alias.objects.exclude(member=F("origin"))
    keys |= {key for pair in moved.values_list("origin__key", "member__key") for key in pair}
    keys |= set(Alias.objects.filter(Q(is_opted_out=True) | Q(is_exempt=True)).values_list("origin__key", flat=True))
    keys |= {one["key"] for one in _read_members()}
    keys |= set(Room.objects.values_list("exporter__key", flat=True))
    keys |= set(RemovalRequest.objects.values_list("member__key", flat=True))
    for member_key, originals in OptOut.objects.values_list("member__key", "originals"):
        keys |= {member_key, *originals}
    keys |= {key for one in _read_suggestions() for key in one["names"]}
    keys |= {name for _, _, name in _read_mentioned_names()}
    return {key for key in keys if key}


def _read_names(keys: set[str]) -> list[Form]:
    return [
        _read_name(alias)
        for alias in Alias.objects.select_related("room", "origin", "member", "original_name").order_by("origin__key")
        if alias.origin.key in keys
    ]


def _read_name(alias: Alias) -> Form:
    named = alias.original_name if alias.is_opted_out else alias
    return {
        "key": alias.origin.key,
        "room": alias.room.slug,
        "name": named.name,
        "account": named.account_hash,
        "owner": alias.member.key,
        "is_exempt": alias.is_exempt,
    }


def _read_members() -> Iterable[Form]:
    said = Member.objects.filter(Q(is_name_curated=True) | ~Q(company="", role="", city=""))
    for key, name, is_curated, company, role, city in said.order_by("key").values_list(
        "key", "name", "is_name_curated", "company", "role", "city"
    ):
        yield {"key": key, "name": name if is_curated else "", "company": company, "role": role, "city": city}


def _read_opt_out(opt_out: OptOut) -> Form:
    return {
        "member": opt_out.member.key,
        "extent": opt_out.extent,
        "pseudonym": opt_out.pseudonym,
        "made_at": write_timestamp(opt_out.made_at),
        "originals": opt_out.originals,
    }


def _read_suggestions() -> Iterable[Form]:
    decided = Suggestion.objects.exclude(state=Suggestion.State.OPEN)
    for one in decided.select_related("first__origin", "second__origin", "decided_by"):
        yield {
            "names": sorted((one.first.origin.key, one.second.origin.key)),
            "state": one.state,
            "score": one.score,
            "evidence": one.evidence,
            "by": one.decided_by and one.decided_by.get_username(),
            "decided_at": write_timestamp(one.decided_at),
        }


def _read_mentioned_names() -> Iterable[tuple[str, str, str | None]]:
    chosen = MentionedName.objects.filter(method=MentionedName.Method.CHOSEN, is_single=False)
    rows = chosen.values_list("room__slug", "text", "alias__origin__key")
    return sorted(rows, key=lambda row: row[:2])


def _read_tombstone(tombstone: Tombstone) -> Form:
    return {
        "room": tombstone.room,
        "date": tombstone.date.isoformat(),
        "time": tombstone.time.isoformat(),
        "sender": tombstone.sender,
        "messages": tombstone.messages,
        "is_holding": tombstone.is_holding,
        "changed_at": write_timestamp(tombstone.changed_at),
    }


def _read_request(removal_request: RemovalRequest) -> Form:
    return {
        "reference": removal_request.reference,
        "created_at": write_timestamp(removal_request.created_at),
        "due_at": write_timestamp(removal_request.due_at),
        "state": removal_request.state,
        "closed_at": write_timestamp(removal_request.closed_at),
        "assignee": removal_request.assignee and removal_request.assignee.get_username(),
        "wish": removal_request.wish,
        "subject": removal_request.subject,
        "explanation": removal_request.explanation,
        "contact": removal_request.contact,
        "member": removal_request.member and removal_request.member.key,
        "outcome": removal_request.outcome,
    }


def _read_log(log: Iterable[ModerationAction], numbers: Mapping[int, int]) -> Iterable[Form]:
    erasures = dict(Erasure.objects.values_list("pk", "finished_at"))
    for action in log:
        yield {
            "kind": action.kind,
            "made_at": write_timestamp(action.made_at),
            "by": action.actor_name,
            "category": action.category,
            "reason": action.reason,
            "undoes": numbers[action.undoes_id] if action.undoes_id else None,
            "removal_request": action.removal_request and action.removal_request.reference,
            "changes": action.changes,
            "erasure": {"finished_at": write_timestamp(erasures[action.pk])} if action.pk in erasures else None,
        }
