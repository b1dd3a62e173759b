"""The names of those who opted out: known to the import, and to nobody who reads."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from chatlogs.models import Alias, Archive, Member, OptOut, SealedName
from chatlogs.models.people import AliasQuerySet
from chatlogs.search.tokens import normalise
from chatlogs.text.names import split_name
from chatlogs.text.pinyin import make_sort_key
from chatlogs.text.quotations import find_quotation
from chatlogs.text.veils import Veil

# A shorter name stands in too many words.
SHORTEST_NAME = 2

PARTS = ("person", "company", "role", "city", "remark")


class Opted(NamedTuple):
    """What somebody who opted out is shown as, and how far that goes."""

    pseudonym: str
    extent: str


@dataclass(frozen=True)
class OptedOut:
    """Everybody who opted out, by their names regardless of width and case."""

    by_name: dict[str, Opted]

    def __bool__(self) -> bool:
        return bool(self.by_name)

    def find(self, name: str) -> Opted | None:
        return self.by_name.get(normalise(name).strip()) if self.by_name else None

    def is_blocked(self, name: str) -> bool:
        opted = self.find(name)
        return opted is not None and opted.extent == OptOut.Extent.IMPORTS

    def is_hidden(self, name: str) -> bool:
        opted = self.find(name)
        return opted is not None and opted.extent != OptOut.Extent.NAME

    def find_spoken(self, text: str) -> list[Veil]:
        """Where the text mentions one of them by the whole name, or quotes one: with what is shown instead."""
        return [veil for veil, is_exact in self._find(text) if is_exact]

    def find_bare(self, text: str) -> list[Veil]:
        """Where such a name stands otherwise: it may mean somebody else, or be no name."""
        return [veil for veil, is_exact in self._find(text) if not is_exact]

    def _find(self, text: str) -> Iterator[tuple[Veil, bool]]:
        if self._pattern is None:
            return
        quotation = find_quotation(text)
        header = text.find(quotation.name) if quotation and quotation.name else -1
        for match in self._pattern.finditer(text):
            opted = self.find(match["name"])
            if opted:
                veil = Veil(match.start("name"), match.end("name"), opted.pseudonym)
                yield veil, bool(match["at"]) or match.start("name") == header

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """Every name as it may be written, the longest first."""
        names = sorted((name for name in self.by_name if len(name) >= SHORTEST_NAME), key=len, reverse=True)
        if not names:
            return None
        written = "|".join(_in_any_width(name) for name in names)
        return re.compile(rf"(?P<at>[@＠][ \u2005]?)?(?P<name>{written})", re.IGNORECASE)


def _in_any_width(name: str) -> str:
    """A pattern for the normalised name, its signs in either width."""
    return "".join(
        f"[{re.escape(sign)}{chr(ord(sign) + 0xFEE0)}]" if "!" <= sign <= "~" else re.escape(sign) for sign in name
    )


def read_opted_out() -> OptedOut:
    extents = {pk: Opted(pseudonym, extent) for pk, pseudonym, extent in _read_opt_outs()}
    if not extents:
        return OptedOut({})
    by_name: dict[str, Opted] = {}
    for alias_id, name in SealedName.objects.values_list("alias_id", "normalised_name"):
        if name.strip() and (opted := extents.get(alias_id)):
            by_name[name.strip()] = opted
    return OptedOut(by_name)


def _read_opt_outs() -> Iterator[tuple[int, str, str]]:
    """Alias id, pseudonym and extent, of every name of somebody who opted out."""
    for opt_out in OptOut.objects.all():
        for alias_id in find_names_of(opt_out).values_list("pk", flat=True):
            yield alias_id, opt_out.pseudonym, opt_out.extent


def find_names_of(opt_out: OptOut) -> AliasQuerySet:
    """All names of who opted out, wherever merges have brought them."""
    owners = {opt_out.member_id, *Alias.objects.filter(origin=opt_out.member_id).values_list("member_id", flat=True)}
    return Alias.objects.filter(member__in=owners, is_exempt=False).order_by("pk")


def make_pseudonym(archive: Archive, member: Member) -> str:
    """A stable neutral name, which tells nothing of the member."""
    code = hmac.digest(bytes(archive.key), f"pseudonym\0{member.key}".encode(), "sha256").hex()[:6].upper()
    return f"成员{code}"


def cover_names() -> set[int]:
    """Give every name of those who opted out its pseudonym, and others their own names; ids of what changed.

    Names that are equal but for width and case are covered in every room, unless a moderator said otherwise.
    Within a transaction.
    """
    wanted: dict[int, str] = {}
    for opt_out in OptOut.objects.all():
        names = {alias.pk: original_name(alias) for alias in find_names_of(opt_out).select_related("sealed")}
        equal = find_equal_names(normalise(name).strip() for name in names.values())
        wanted |= dict.fromkeys({*names, *equal}, opt_out.pseudonym)
    covered = {alias.pk: alias for alias in Alias.objects.filter(is_opted_out=True).select_related("sealed")}
    new = Alias.objects.filter(pk__in=wanted.keys() - covered.keys())
    changed = {alias.pk for alias in new}
    archive = Archive.objects.get()
    for alias in new:
        seal_name(archive, alias, wanted[alias.pk])
    for alias_id in covered.keys() - wanted.keys():
        unseal_name(covered[alias_id])
        changed.add(alias_id)
    for alias_id in covered.keys() & wanted.keys():
        if covered[alias_id].name != wanted[alias_id]:
            _rename(covered[alias_id], wanted[alias_id])
            changed.add(alias_id)
    return changed


def find_equal_names(normalised_names: Iterable[str]) -> set[int]:
    names = {name for name in normalised_names if name}
    free = Alias.objects.filter(is_exempt=False)
    open_ones = free.filter(is_opted_out=False, normalised_name__in=names)
    sealed = free.filter(sealed__normalised_name__in=names)
    return {*open_ones.values_list("pk", flat=True), *sealed.values_list("pk", flat=True)}


def original_name(alias: Alias) -> str:
    """As in the transcripts."""
    return alias.sealed.name if alias.is_opted_out else alias.name


def hash_name(archive: Archive, name: str, account_hash: str) -> str:
    """Tells names under one pseudonym apart."""
    return hmac.digest(bytes(archive.key), f"name\0{name}\0{account_hash}".encode(), "sha256").hex()


def seal_name(archive: Archive, alias: Alias, pseudonym: str) -> None:
    SealedName.objects.create(
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
    """Whatever moderators have called them."""
    Member.objects.filter(pk__in=member_ids).update(
        name=name, sort_name=make_sort_key(name), is_name_curated=False, company="", role="", city=""
    )


def unseal_name(alias: Alias) -> None:
    sealed = alias.sealed
    alias.name, alias.normalised_name, alias.account_hash = sealed.name, sealed.normalised_name, sealed.account_hash
    parts = split_name(alias.name)
    for part in PARTS:
        setattr(alias, part, getattr(parts, part))
    alias.is_opted_out = False
    alias.save()
    sealed.delete()
    call_members([alias.origin_id], alias.name)
