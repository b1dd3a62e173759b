"""Pseudonyms of people who opted out. Only the import knows their names."""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from chatlogs.models import Alias, Archive, Member, OptOut, OriginalName
from chatlogs.models.people import AliasQuerySet
from chatlogs.search.tokens import normalise
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.masks import Mask
from chatlogs.text.names import split_name
from chatlogs.text.pinyin import make_sort_key
from chatlogs.text.quotations import find_quotation

# Shorter names occur in too many words.
SHORTEST_NAME = 2

# Prefix of an account hash that stands for an empty name; no name begins with it.
NAMELESS = "\0"

PARTS = ("person", "company", "role", "city", "remark")
CURATED = ("name", "is_name_curated", "company", "role", "city")
EXTENTS = OptOut.Extent.values


class Opted(NamedTuple):
    """The pseudonym and the extent of an opt-out."""

    pseudonym: str
    extent: str


@dataclass(frozen=True)
class OptedOut:
    """Everybody who opted out, by normalised name.

    `of_rooms` has the exceptions of each room: None for a name of somebody else there, and names that mean somebody
    only there, such as the exporter's. `spellings` are the names as written.
    """

    by_name: dict[str, Opted]
    of_rooms: dict[str, dict[str, Opted | None]] = field(default_factory=dict)
    spellings: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.by_name or self.of_rooms)

    def in_room(self, slug: str) -> OptedOut:
        if slug not in self.of_rooms:
            return self
        if slug not in self._in_rooms:
            names = {**self.by_name, **self.of_rooms[slug]}
            known = {name: opted for name, opted in names.items() if opted}
            self._in_rooms[slug] = OptedOut(known, spellings=self.spellings)
        return self._in_rooms[slug]

    @cached_property
    def _in_rooms(self) -> dict[str, OptedOut]:
        return {}

    def find(self, name: str, account_hash: str = "") -> Opted | None:
        return self.by_name.get(_key(name, account_hash)) if self.by_name else None

    def is_blocked(self, name: str, account_hash: str = "") -> bool:
        opted = self.find(name, account_hash)
        return opted is not None and opted.extent == OptOut.Extent.IMPORTS

    def is_hidden(self, name: str, account_hash: str = "") -> bool:
        opted = self.find(name, account_hash)
        return opted is not None and opted.extent != OptOut.Extent.NAME

    def find_spoken(self, text: str) -> list[Mask]:
        """Return masks of whole names in mentions and in the headers of quotations."""
        return [mask for mask, is_exact in self._find(text) if is_exact]

    def find_bare(self, text: str) -> list[Mask]:
        """Return masks of the other occurrences, which may mean somebody else or be no name."""
        return [mask for mask, is_exact in self._find(text) if not is_exact]

    def _find(self, text: str) -> Iterator[tuple[Mask, bool]]:
        if self._pattern is None:
            return
        quotation = find_quotation(text)
        header = text.find(quotation.name) if quotation and quotation.name else -1
        is_short = quotation is not None and len(quotation.name) < SHORTEST_NAME
        if quotation and is_short and (opted := self.find(quotation.name)):
            yield Mask(header, header + len(quotation.name), opted.pseudonym), True
        for match in self._pattern.finditer(text):
            opted = self.find(match["name"])
            if opted and not (is_short and match.start("name") == header):
                mask = Mask(match.start("name"), match.end("name"), opted.pseudonym)
                yield mask, bool(match["at"]) or match.start("name") == header

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return pattern_of({*self.by_name, *self.spellings})


def pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    """Return a pattern of these names in any width and case, the longest first; short ones only after an `@`."""
    known = sorted({name.strip() for name in names if not name.startswith(NAMELESS)}, key=len, reverse=True)
    long = "|".join(_in_any_width(name) for name in known if len(name) >= SHORTEST_NAME)
    short = "|".join(_in_any_width(name) for name in known if len(name) == 1 and name != EXPORTER)
    either = [long] if long else []
    either += [rf"(?<=[@＠])(?:{short})(?!\w)"] if short else []
    if not either:
        return None
    return re.compile(rf"(?P<at>[@＠][ \u2005]?)?(?P<name>{'|'.join(either)})", re.IGNORECASE)


def _in_any_width(name: str) -> str:
    """Return a pattern that matches each character in both widths."""
    pattern = ""
    for character in name:
        narrow = chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" else character
        is_ascii = "!" <= narrow <= "~"
        pattern += f"[{re.escape(narrow)}{chr(ord(narrow) + 0xFEE0)}]" if is_ascii else re.escape(character)
    return pattern


def _key(name: str, account_hash: str) -> str:
    return normalise(name).strip() or (f"{NAMELESS}{account_hash}" if account_hash else "")


def read_opted_out(room_slug: str = "") -> OptedOut:
    """Return everybody who opted out, as in this room or, without one, for use with `in_room`."""
    opted_by_alias = {
        alias_id: Opted(opt_out.pseudonym, opt_out.extent)
        for opt_out in OptOut.objects.order_by("pk")
        for alias_id in find_names_of(opt_out).values_list("pk", flat=True)
    }
    if not opted_by_alias:
        return OptedOut({})
    by_name: dict[str, Opted] = {}
    of_rooms: defaultdict[str, dict[str, Opted | None]] = defaultdict(dict)
    spellings = set()
    originals = OriginalName.objects.order_by("alias")
    columns = originals.values_list("alias_id", "alias__room__slug", "name", "account_hash")
    for alias_id, room, name, account_hash in columns:
        opted, key = opted_by_alias.get(alias_id), _key(name, account_hash)
        if opted is None or not key:
            continue
        if name.strip() == EXPORTER:
            of_rooms[room][key] = opted
            continue
        by_name[key] = max(by_name.get(key, opted), opted, key=lambda one: EXTENTS.index(one.extent))
        spellings.add(name)
    for room, name in Alias.objects.filter(is_exempt=True).values_list("room__slug", "name"):
        if (key := _key(name, "")) in by_name:
            of_rooms[room][key] = None
    return OptedOut(by_name, dict(of_rooms), frozenset(spellings)).in_room(room_slug)


def find_hidden_names() -> set[int]:
    """Return the IDs of the aliases of people who have also hidden their messages."""
    hiding = OptOut.objects.exclude(extent=OptOut.Extent.NAME).values("pseudonym")
    return set(Alias.objects.filter(is_opted_out=True, name__in=hiding).values_list("pk", flat=True))


def find_names_of(opt_out: OptOut) -> AliasQuerySet:
    """Return all names of the person who opted out, including those moved to other members."""
    owners = {opt_out.member_id, *Alias.objects.filter(origin=opt_out.member_id).values_list("member_id", flat=True)}
    return Alias.objects.filter(member__in=owners, is_exempt=False).order_by("pk")


def make_pseudonym(archive: Archive, member: Member) -> str:
    """Return a stable neutral name derived from the member's key."""
    code = hmac.digest(bytes(archive.key), f"pseudonym\0{member.key}".encode(), "sha256").hex()[:6].upper()
    return f"成员{code}"


def cover_names(given_back: Mapping[str, Mapping[str, Any]] | None = None) -> set[int]:
    """Give the names of people who opted out their pseudonyms, and restore others. Return the IDs of what changed.

    Equal names, regardless of width and case, are covered in every room unless a moderator exempted them.
    `given_back` has the stored fields of members whose opt-out was deleted. Call it within a transaction.
    """
    wanted = _read_wanted()
    covered = {alias.pk: alias for alias in Alias.objects.filter(is_opted_out=True).select_related("original_name")}
    new = Alias.objects.filter(pk__in=wanted.keys() - covered.keys())
    changed = {alias.pk for alias in new}
    archive = Archive.objects.get()
    for alias in new:
        _store_member_fields([alias.origin_id, alias.member_id], wanted[alias.pk])
        set_pseudonym(archive, alias, wanted[alias.pk])
    freed = [covered[alias_id] for alias_id in covered.keys() - wanted.keys()]
    for alias in freed:
        restore_name(alias)
    _restore_member_fields([alias.origin_id for alias in freed], given_back or {})
    changed |= {alias.pk for alias in freed}
    for alias_id in covered.keys() & wanted.keys():
        if covered[alias_id].name != wanted[alias_id]:
            _rename(covered[alias_id], wanted[alias_id])
            changed.add(alias_id)
    return changed


def _read_wanted() -> dict[int, str]:
    """Return the pseudonym of each alias ID. A person's own opt-out takes precedence over that of an equal name."""
    own: dict[int, str] = {}
    equal: dict[int, str] = {}
    for opt_out in OptOut.objects.order_by("-pk"):
        names = {alias.pk: original_name(alias) for alias in find_names_of(opt_out).select_related("original_name")}
        own |= dict.fromkeys(names, opt_out.pseudonym)
        equal |= dict.fromkeys(find_equal_names(normalise(name) for name in names.values()), opt_out.pseudonym)
    return equal | own


def find_equal_names(normalised_names: Iterable[str]) -> set[int]:
    """Return the IDs of aliases with these names in all rooms; not of 我, which means somebody else in each."""
    names = {name.strip() for name in normalised_names} - {"", EXPORTER}
    free = Alias.objects.filter(is_exempt=False)
    open_ones = free.filter(is_opted_out=False, normalised_name__in=names)
    covered = free.filter(original_name__normalised_name__in=names)
    return {*open_ones.values_list("pk", flat=True), *covered.values_list("pk", flat=True)}


def _store_member_fields(member_ids: Collection[int], pseudonym: str) -> None:
    """Store what moderators had set, to restore it when the opt-out is deleted."""
    opted = OptOut.objects.filter(pseudonym=pseudonym).order_by("pk").first()
    if opted is None:
        return
    for member in Member.objects.filter(pk__in=member_ids).exclude(key__in=opted.originals):
        opted.originals[member.key] = {name: getattr(member, name) for name in CURATED}
    opted.save()


def _restore_member_fields(member_ids: Collection[int], given_back: Mapping[str, Mapping[str, Any]]) -> None:
    keys = {*Member.objects.filter(pk__in=member_ids).values_list("key", flat=True)}
    restored = {key: fields for key, fields in given_back.items() if key in keys}
    for opted in OptOut.objects.all():
        found = keys & opted.originals.keys()
        restored |= {key: opted.originals.pop(key) for key in found}
        if found:
            opted.save()
    for key, fields in restored.items():
        Member.objects.filter(key=key).update(**fields, sort_name=make_sort_key(fields["name"]))


def original_name(alias: Alias) -> str:
    """Return the name in the transcripts."""
    return alias.original_name.name if alias.is_opted_out else alias.name


def hash_name(archive: Archive, name: str, account_hash: str) -> str:
    """Return a keyed hash that distinguishes the names under one pseudonym."""
    return hmac.digest(bytes(archive.key), f"name\0{name}\0{account_hash}".encode(), "sha256").hex()


def set_pseudonym(archive: Archive, alias: Alias, pseudonym: str) -> None:
    OriginalName.objects.create(
        alias=alias, name=alias.name, normalised_name=normalise(alias.name), account_hash=alias.account_hash
    )
    alias.account_hash = hash_name(archive, alias.name, alias.account_hash)
    alias.is_opted_out = True
    _rename(alias, pseudonym)


def _rename(alias: Alias, pseudonym: str) -> None:
    alias.name, alias.normalised_name = pseudonym, normalise(pseudonym)
    for part in PARTS:
        setattr(alias, part, "")
    alias.save()
    call_members([alias.origin_id, alias.member_id], pseudonym)


def call_members(member_ids: Collection[int], name: str) -> None:
    """Rename members and clear what moderators have set."""
    Member.objects.filter(pk__in=member_ids).update(
        name=name, sort_name=make_sort_key(name), is_name_curated=False, company="", role="", city=""
    )


def restore_name(alias: Alias) -> None:
    original = alias.original_name
    alias.name, alias.normalised_name, alias.account_hash = (
        original.name,
        original.normalised_name,
        original.account_hash,
    )
    parts = split_name(alias.name)
    for part in PARTS:
        setattr(alias, part, getattr(parts, part))
    alias.is_opted_out = False
    alias.save()
    original.delete()
    call_members([alias.origin_id], alias.name)
