"""Carrying out what was decided on messages, as soon as they are here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from chatlogs.bulk import in_batches
from chatlogs.curation.pending import Decision, Match, MentionForm, Pending
from chatlogs.indexing import reindexed
from chatlogs.mentioning import choose_for_one
from chatlogs.models import Alias, Case, Day, Finding, Mention, Message, PendingDecision, Redaction
from chatlogs.moderation.concealing import Concealed, conceal
from chatlogs.moderation.tombstones import Grave

ONLY_PLACE = ("key", "room", "date", "time", "name", "digest")


def carry_out(matches: Mapping[int, Match]) -> Concealed:
    """By message id. Within the transaction that wrote the messages, with their states; counts are the caller's.

    What is decided on a message in other words than it has now covers all of it, until a moderator has looked.
    """
    if not matches:
        return Concealed()
    hiding = [pk for pk, one in matches.items() if one.decision.get("is_author_hidden")]
    for some in in_batches(hiding):
        Message.objects.filter(pk__in=some).update(is_author_hidden=True)
    _redact(matches)
    _decide_on_findings(matches)
    _link_cases(matches)
    outdated = {pk for pk, one in matches.items() if _is_outdated(one)}
    concealed = conceal(matches.keys(), outdated=outdated)
    for message_id, one in matches.items():
        if "remains" in one.decision:
            _restore_remains(message_id, one.decision, concealed)
    _forget(matches)
    return concealed


def carry_out_on_erased(pending: Pending, day: Day, graves: Sequence[Grave]) -> Concealed:
    """On what an import has just buried."""
    if not graves:
        return Concealed()
    keys = dict(Message.objects.filter(key__in=[grave.key for grave in graves]).values_list("pk", "key"))
    return carry_out(pending.match_erased(day.date, keys))


def choose_mentions() -> None:
    """Of single mentions, once they are found. The caller is in no transaction, or in that of everything."""
    for row in PendingDecision.objects.filter(key__in=_find_keys_here()):
        left = [one for one in row.decision.get("mentions", ()) if not _choose(row.key, one)]
        _keep_mentions(row, left)


def _find_keys_here() -> list[str]:
    keys = list(PendingDecision.objects.values_list("key", flat=True))
    return [
        key for some in in_batches(keys) for key in Message.objects.filter(key__in=some).values_list("key", flat=True)
    ]


def _choose(key: str, chosen: MentionForm) -> bool:
    mention = Mention.objects.filter(message__key=key, start=chosen["start"], name__text=chosen["text"]).first()
    if mention is None:
        return False
    choose_for_one(mention, Alias.objects.get(origin__key=chosen["name"]) if chosen["name"] else None)
    return True


def _keep_mentions(row: PendingDecision, left: list[MentionForm]) -> None:
    if left == row.decision.get("mentions"):
        return
    decision = {name: value for name, value in row.decision.items() if name != "mentions"}
    if left:
        decision["mentions"] = left
    if decision.keys() <= set(ONLY_PLACE):
        row.delete()
    else:
        PendingDecision.objects.filter(pk=row.pk).update(decision=decision)


def _redact(matches: Mapping[int, Match]) -> None:
    wanted = {
        (message_id, redaction["start"], redaction["stop"], redaction["action"])
        for message_id, one in matches.items()
        for redaction in one.decision.get("redactions", ())
    }
    columns = ("message_id", "start", "stop", "action_id")
    there = set()
    for some in in_batches(sorted(matches)):
        there |= set(Redaction.objects.filter(message__in=some).values_list(*columns))
    Redaction.objects.bulk_create(
        Redaction(**dict(zip(columns, row, strict=True))) for row in sorted(wanted - there, key=repr)
    )


def _is_outdated(one: Match) -> bool:
    return bool(one.decision.get("is_outdated") or (one.decision.get("redactions") and not one.is_same))


def _decide_on_findings(matches: Mapping[int, Match]) -> None:
    """Where the text is another, the import has found anew what is to be looked at."""
    for message_id, one in matches.items():
        for finding in one.decision.get("findings", ()) if one.is_same else ():
            Finding.objects.update_or_create(
                message_id=message_id,
                start=finding["start"],
                kind=finding["kind"],
                defaults={"stop": finding["stop"], "state": finding["state"]},
            )


def _link_cases(matches: Mapping[int, Match]) -> None:
    linked: defaultdict[str, list[int]] = defaultdict(list)
    for message_id, one in matches.items():
        for reference in one.decision.get("cases", ()):
            linked[reference].append(message_id)
    for case in Case.objects.filter(reference__in=linked):
        case.messages.add(*linked[case.reference])


def _restore_remains(message_id: int, decision: Decision, concealed: Concealed) -> None:
    """Readers go on seeing the block where a source was purged."""
    alias = Alias.objects.filter(origin__key=decision["name"]).first()
    with reindexed([message_id]):
        Message.objects.filter(pk=message_id).update(
            **decision["remains"], state=decision.get("state", Message.State.SHOWN), alias=alias
        )
    concealed.message_ids.add(message_id)
    concealed.day_ids |= set(Message.objects.filter(pk=message_id).values_list("day_id", flat=True))
    concealed.alias_ids |= {alias.pk} if alias else set()


def _forget(matches: Mapping[int, Match]) -> None:
    """Only single mentions still wait, for the mentions to be found."""
    PendingDecision.objects.filter(key__in=[one.decision["key"] for one in matches.values()]).delete()
    keys = _read_keys([pk for pk, one in matches.items() if one.decision.get("mentions")])
    for message_id, key in keys.items():
        decision = matches[message_id].decision
        left = {name: decision[name] for name in (*ONLY_PLACE, "mentions")} | {"key": key}  # type: ignore[literal-required]
        PendingDecision.objects.create(key=key, room=decision["room"], date=decision["date"], decision=left)


def _read_keys(message_ids: Collection[int]) -> dict[int, str]:
    return dict(Message.objects.filter(pk__in=message_ids).values_list("pk", "key"))
