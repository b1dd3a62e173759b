"""Describe the evidence for and against two names belonging to one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from chatlogs.editorial.highlights import PUBLISHED, WRITTEN
from chatlogs.people.evidence import ACCOUNT, DOUBLED, EXPORTER_SET, SAME_NAME

Evidence = Mapping[str, Any]

# Kind of evidence -> description, with the evidence's own values.
SENTENCES: Mapping[str, Any] = {
    "same-name": _("same name except punctuation and case"),
    "same-rare-name": _("same full name, of three or more characters"),
    "same-full-name": _("same full name, of two characters (common)"),
    "same-nickname": _("same nickname"),
    "same-company": _("same company"),
    "same-city": _("same city"),
    "renamed": ngettext_lazy(
        "one name starts %(days)s day after the other ends",
        "one name starts %(days)s days after the other ends",
        "days",
    ),
    "quotation": ngettext_lazy(
        "quoted under one name, written under the other, %(count)s time",
        "quoted under one name, written under the other, %(count)s times",
        "count",
    ),
    "doubled": ngettext_lazy(
        "the same message under both names in exports of two phones, %(count)s time",
        "the same message under both names in exports of two phones, %(count)s times",
        "count",
    ),
    "account": ngettext_lazy(
        "both seen with the same private account, %(count)s time",
        "both seen with the same private account, %(count)s times",
        "count",
    ),
    "same-day": ngettext_lazy(
        "against: both wrote on the same day, %(days)s time",
        "against: both wrote on the same day, %(days)s times",
        "days",
    ),
}

# Reason that the program writes into the log -> text.
REASONS: Mapping[str, Any] = {
    SAME_NAME: _("Same name in one room, except punctuation and case."),
    EXPORTER_SET: _("The room's settings name the exporter."),
    DOUBLED: _("The same messages under both names, in exports of two phones."),
    ACCOUNT: _("Both names were seen with the same private account."),
    WRITTEN: _("Written by a curator. The log does not store the text."),
    PUBLISHED: _("Published by a curator."),
}


def describe(evidence: Evidence) -> str:
    if evidence["kind"] == "renamed" and not evidence["days"]:
        return gettext("one name starts on the day the other ends")
    sentence = SENTENCES.get(evidence["kind"])
    return str(sentence % evidence) if sentence else str(evidence["kind"])


def describe_reason(reason: str) -> str:
    """Return the text of a code in REASONS, or the moderator's own words."""
    return str(REASONS.get(reason, reason))
