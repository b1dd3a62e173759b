"""The schema of the file of decisions."""

from __future__ import annotations

import binascii
import datetime as dt
import json
import re
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from typing import Any
from zoneinfo import available_timezones

from chatlogs.audit import ActionRefused
from chatlogs.editorial import read_tag_names
from chatlogs.models import Message, ModerationAction, OptOut, PersonalDataMatch, RemovalRequest, Room, Suggestion
from chatlogs.moderation.decisions.export import FORMAT, VERSION, Form
from chatlogs.moderation.decisions.upgrades import upgrade
from chatlogs.moderation.tombstones import Outcome
from chatlogs.text.masks import END_OF_TEXT


class Broken(Exception):
    """The file cannot be used; the message says what is wrong, and where."""


KEY_BYTES = 32

Check = Callable[[Any, str], None]


def write_document(document: Form) -> bytes:
    """Serialise a document; equal decisions give equal bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_document(data: bytes) -> Form:
    """Parse and validate a file. Raises Broken."""
    try:
        document: Any = json.loads(data.decode())
    except UnicodeDecodeError as error:
        raise Broken(f"byte {error.start}: not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Broken(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise Broken("lists within lists, too many") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Broken("not a file of export_decisions")
    if document.get("version") == 1:
        document = upgrade(document)
    if document.get("version") != VERSION:
        raise Broken(f"version {document.get('version')!r}: this program reads version {VERSION}")
    DOCUMENT(document, "")
    _check_references(document)
    checked: Form = document
    return checked


def read_key(value: str) -> bytes:
    key = b64decode(value, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"{KEY_BYTES} bytes expected, not {len(key)}")
    return key


def _is(kind: type) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Broken(f"{where}: {kind.__name__} expected, not {type(value).__name__}")

    return check


def text(value: Any, where: str) -> None:
    _is(str)(value, where)
    if "\0" in value or value.encode("utf-8", "replace") != value.encode("utf-8", "surrogatepass"):
        raise Broken(f"{where}: a sign that no database takes")


def number(value: Any, where: str) -> None:
    _is(int)(value, where)
    if not 0 <= value < 1 << 31:
        raise Broken(f"{where}: {value} is out of range")


def anything(value: Any, where: str) -> None:
    """Accept any JSON whose texts the database can store."""
    if isinstance(value, str):
        text(value, where)
    elif isinstance(value, list):
        _list_of(anything)(value, where)
    elif isinstance(value, dict):
        _map_of(anything)(value, where)


def _or_none(form: Check) -> Check:
    return lambda value, where: None if value is None else form(value, where)


def _one_of(choices: Collection[str]) -> Check:
    def check(value: Any, where: str) -> None:
        text(value, where)
        if value not in choices:
            raise Broken(f"{where}: {value!r} is none of those that are known")

    return check


def _read_by(read: Callable[[str], object]) -> Check:
    def check(value: Any, where: str) -> None:
        text(value, where)
        try:
            read(value)
        except (ValueError, binascii.Error) as error:
            raise Broken(f"{where}: {error}") from None

    return check


def _list_of(form: Check) -> Check:
    def check(value: Any, where: str) -> None:
        _is(list)(value, where)
        for place, one in enumerate(value):
            form(one, f"{where}[{place}]")

    return check


def _has(fields: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = fields | (optional or {})

    def check(value: Any, where: str) -> None:
        _is(dict)(value, where)
        before = f"{where}." if where else ""
        if missing := sorted(fields.keys() - value.keys()):
            raise Broken(f"{before}{missing[0]}: missing")
        if unknown := sorted(value.keys() - known.keys()):
            raise Broken(f"{before}{unknown[0]}: unknown")
        for name, one in value.items():
            known[name](one, f"{before}{name}")

    return check


def _map_of(form: Check) -> Check:
    def check(value: Any, where: str) -> None:
        _is(dict)(value, where)
        for name, one in value.items():
            text(name, where)
            form(one, f"{where}.{name}")

    return check


def _day(value: Any, where: str) -> None:
    if not isinstance(value, list) or len(value) != 2:
        raise Broken(f"{where}: a room and a date expected")
    text(value[0], f"{where}[0]")
    date(value[1], f"{where}[1]")


def _mask(value: Any, where: str) -> None:
    """Accept start, end and, optionally, what is shown instead."""
    _is(list)(value, where)
    if len(value) not in (2, 3):
        raise Broken(f"{where}: two places expected")
    number(value[0], f"{where}[0]")
    if value[1] != END_OF_TEXT:
        number(value[1], f"{where}[1]")
    anything(value[2:], f"{where}[2]")


def _slug(value: str) -> None:
    if not re.fullmatch(r"[-\w]+", value):
        raise ValueError(f"{value!r}: letters, digits, - and _ only")


def _tag(value: str) -> None:
    try:
        is_one = read_tag_names(value) == [value]
    except ActionRefused:
        is_one = False
    if not is_one:
        raise ValueError(f"{value!r} is no tag")


def _moment(value: str) -> None:
    if dt.datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")


flag, mapping = _is(bool), _map_of(anything)
date, time, moment = _read_by(dt.date.fromisoformat), _read_by(dt.time.fromisoformat), _read_by(_moment)
texts = _list_of(text)

ROOM = _has({
    "slug": _read_by(_slug), "title": text, "description": text, "time_zone": _one_of(available_timezones()),
    "visibility": _one_of(Room.Visibility.values), "reader_group": _or_none(text), "is_indexable": flag,
    "masked_kinds": _list_of(_one_of(PersonalDataMatch.Kind.values)), "exporter": _or_none(text),
})  # fmt: skip
NAME = _has({"key": text, "room": text, "name": text, "account": text, "owner": text, "is_exempt": flag})
MEMBER = _has(dict.fromkeys(("key", "name", "company", "role", "city"), text))
OPT_OUT = _has({
    "member": text, "extent": _one_of(OptOut.Extent.values), "pseudonym": text, "made_at": moment,
    "originals": _map_of(_has({"name": text, "is_name_curated": flag, "company": text, "role": text, "city": text})),
})  # fmt: skip
SUGGESTION = _has({
    "names": texts, "state": _one_of(Suggestion.State.values), "score": number, "evidence": _list_of(mapping),
    "by": _or_none(text), "decided_at": _or_none(moment),
})  # fmt: skip
TOMBSTONE = _has({
    "room": text, "date": date, "time": time, "sender": text, "is_holding": flag, "changed_at": moment,
    "messages": _list_of(
        _has({"digest": text, "key": text, "outcome": _one_of([outcome.value for outcome in Outcome])},
             {"shown": text, "masks": _list_of(_mask), "later_masks": _list_of(_list_of(_mask))})
    ),
})  # fmt: skip
REMOVAL_REQUEST = _has({
    "reference": text, "created_at": moment, "due_at": moment, "state": _one_of(RemovalRequest.State.values),
    "closed_at": _or_none(moment), "assignee": _or_none(text), "wish": _one_of(RemovalRequest.Wish.values),
    "subject": text, "explanation": text, "contact": text, "member": _or_none(text), "outcome": text,
})  # fmt: skip
ACTION = _has({
    "kind": _one_of(ModerationAction.Kind.values), "made_at": moment, "by": text, "category": text, "reason": text,
    "undoes": _or_none(number), "removal_request": _or_none(text), "changes": _list_of(mapping),
    "erasure": _or_none(_has({"finished_at": _or_none(moment)})),
})  # fmt: skip
MESSAGE = _has(
    {"key": text, "room": text, "date": date, "time": text, "name": text, "digest": text},
    {
        "state": _one_of(Message.State.values),
        "is_author_hidden": flag,
        "is_outdated": flag,
        "is_withdrawn": flag,
        "redactions": _list_of(_has({"start": _or_none(number), "stop": _or_none(number), "action": number})),
        "personal_data_matches": _list_of(
            _has({"start": number, "stop": number, "kind": _one_of(PersonalDataMatch.Kind.values),
                  "state": _one_of(PersonalDataMatch.State.values)})
        ),
        "mentions": _list_of(_has({"start": number, "text": text, "name": _or_none(text)})),
        "removal_requests": texts,
        "remains": _has({"kind": _one_of(Message.Kind.values), "text": text}),
    },
)  # fmt: skip
NOTE = _has({"room": text, "date": date, "text": text, "by": _or_none(text), "changed_at": moment})
END = _has({"key": text, "room": text, "date": date, "time": text, "name": text, "digest": text})
HIGHLIGHT = _has({
    "slug": _read_by(_slug), "title": text, "notes": text, "tags": _list_of(_read_by(_tag)), "is_published": flag,
    "published_at": _or_none(moment), "made_by": _or_none(text), "made_at": moment, "changed_by": _or_none(text),
    "changed_at": moment, "parts": _list_of(_has({"first": END, "last": END, "comment": text})),
})  # fmt: skip
DOCUMENT = _has({
    "format": text,
    "version": number,
    "archive": _has({"key": _read_by(read_key), "account_key": _read_by(read_key)}),
    "rooms": _list_of(ROOM),
    "hidden_days": _list_of(_day),
    "names": _list_of(NAME),
    "members": _list_of(MEMBER),
    "opt_outs": _list_of(OPT_OUT),
    "suggestions": _list_of(SUGGESTION),
    "mentioned_names": _list_of(_has({"room": text, "text": text, "name": _or_none(text)})),
    "tombstones": _list_of(TOMBSTONE),
    "removal_requests": _list_of(REMOVAL_REQUEST),
    "log": _list_of(ACTION),
    "messages": _list_of(MESSAGE),
    "day_notes": _list_of(NOTE),
    "highlights": _list_of(HIGHLIGHT),
})  # fmt: skip


def _check_references(document: Form) -> None:
    """Check that whatever a decision refers to is in the file."""
    known = {
        "name": {one["key"] for one in document["names"]},
        "room": {one["slug"] for one in document["rooms"]},
        "removal_request": {one["reference"] for one in document["removal_requests"]},
        "action": set(range(1, len(document["log"]) + 1)),
    }
    for kind, value, where in _find_references(document):
        if value is not None and value not in known[kind]:
            raise Broken(f"{where}: there is no {kind} {value!r} in the file")
    for place, one in enumerate(document["highlights"]):
        if one["is_published"] and not one["published_at"]:
            raise Broken(f"highlights[{place}].published_at: missing")
    for place, action in enumerate(document["log"]):
        if action["undoes"] is not None and action["undoes"] > place:
            raise Broken(f"log[{place}].undoes: {action['undoes']} comes later")


def _find_references(document: Form) -> Iterator[tuple[str, Any, str]]:
    """Yield the kind of each reference, its key, and its path."""
    fields = [
        ("rooms", "exporter", "name"), ("names", "owner", "name"), ("names", "room", "room"),
        ("members", "key", "name"), ("opt_outs", "member", "name"), ("mentioned_names", "name", "name"),
        ("mentioned_names", "room", "room"), ("removal_requests", "member", "name"), ("log", "undoes", "action"),
        ("log", "removal_request", "removal_request"), ("day_notes", "room", "room"),
    ]  # fmt: skip
    for section, field, kind in fields:
        for place, one in enumerate(document[section]):
            yield kind, one[field], f"{section}[{place}].{field}"
    for place, (room, _) in enumerate(document["hidden_days"]):
        yield "room", room, f"hidden_days[{place}]"
    for place, one in enumerate(document["suggestions"]):
        if len(set(one["names"])) != 2:
            raise Broken(f"suggestions[{place}].names: two names expected")
        yield from (("name", key, f"suggestions[{place}].names") for key in one["names"])
    for place, one in enumerate(document["messages"]):
        where = f"messages[{place}]"
        yield from (("action", redaction["action"], f"{where}.redactions") for redaction in one.get("redactions", ()))
        yield from (("name", mention["name"], f"{where}.mentions") for mention in one.get("mentions", ()))
        requests = one.get("removal_requests", ())
        yield from (("removal_request", reference, f"{where}.removal_requests") for reference in requests)
