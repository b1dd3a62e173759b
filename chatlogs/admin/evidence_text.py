"""What speaks for two names being one person's, and against it, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from chatlogs.editorial.highlights import PUBLISHED, WRITTEN
from chatlogs.people.evidence import ACCOUNT, DOUBLED, EXPORTER_SET, SAME_NAME

Evidence = Mapping[str, Any]


def describe(evidence: Evidence) -> str:
    sentence = SENTENCES.get(evidence["kind"])
    return sentence(evidence) if sentence else str(evidence["kind"])


def describe_reason(reason: str) -> str:
    """A moderator's words as they are; the evidence's code in words."""
    sentence = REASONS.get(reason)
    return sentence() if sentence else reason


def _same_name(evidence: Evidence) -> str:
    return gettext("same name except punctuation and case")


def _same_rare_name(evidence: Evidence) -> str:
    return gettext("the same full name, of three or more characters")


def _same_full_name(evidence: Evidence) -> str:
    return gettext("the same full name, of two characters, which many have")


def _same_nickname(evidence: Evidence) -> str:
    return gettext("the same nickname")


def _same_company(evidence: Evidence) -> str:
    return gettext("the same company")


def _same_city(evidence: Evidence) -> str:
    return gettext("the same city")


def _renamed(evidence: Evidence) -> str:
    if not (days := evidence["days"]):
        return gettext("the one name begins on the day on which the other ends")
    text = ngettext(
        "the one name begins %(days)s day after the other ends",
        "the one name begins %(days)s days after the other ends",
        days,
    )
    return text % {"days": days}


def _quotation(evidence: Evidence) -> str:
    text = ngettext(
        "words quoted as the one's stand under the other, %(count)s time",
        "words quoted as the one's stand under the other, %(count)s times",
        evidence["count"],
    )
    return text % {"count": evidence["count"]}


def _doubled(evidence: Evidence) -> str:
    text = ngettext(
        "two phones had the same message under the one and the other, %(count)s time",
        "two phones had the same message under the one and the other, %(count)s times",
        evidence["count"],
    )
    return text % {"count": evidence["count"]}


def _account(evidence: Evidence) -> str:
    text = ngettext(
        "both were seen with the same private account, %(count)s time",
        "both were seen with the same private account, %(count)s times",
        evidence["count"],
    )
    return text % {"count": evidence["count"]}


def _same_day(evidence: Evidence) -> str:
    text = ngettext(
        "against it: both wrote on the same day, %(days)s time",
        "against it: both wrote on the same day, %(days)s times",
        evidence["days"],
    )
    return text % {"days": evidence["days"]}


SENTENCES: Mapping[str, Callable[[Evidence], str]] = {
    "same-name": _same_name,
    "same-rare-name": _same_rare_name,
    "same-full-name": _same_full_name,
    "same-nickname": _same_nickname,
    "same-company": _same_company,
    "same-city": _same_city,
    "renamed": _renamed,
    "quotation": _quotation,
    "doubled": _doubled,
    "account": _account,
    "same-day": _same_day,
}


def _by_name() -> str:
    return gettext("In one room, the names are the same but for signs and case.")


def _by_exporter() -> str:
    return gettext("The room tells who exported it.")


def _by_doubles() -> str:
    return gettext("Two phones had the same messages under the one name and the other.")


def _by_account() -> str:
    return gettext("The names were seen with the same private account.")


def _by_writing() -> str:
    return gettext("Written by a curator. The log does not keep what.")


def _by_publishing() -> str:
    return gettext("Published by a curator.")


REASONS: Mapping[str, Callable[[], str]] = {
    SAME_NAME: _by_name,
    EXPORTER_SET: _by_exporter,
    DOUBLED: _by_doubles,
    ACCOUNT: _by_account,
    WRITTEN: _by_writing,
    PUBLISHED: _by_publishing,
}
