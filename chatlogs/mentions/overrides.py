"""Moderators' decisions on who is mentioned. They take precedence and survive later imports."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from chatlogs.models import Alias, Day, Mention, MentionedName
from chatlogs.models.revision import bump_revision
from chatlogs.search.sync import reindexed

Method = MentionedName.Method


@transaction.atomic
def override_name(name: MentionedName, alias: Alias | None) -> None:
    """Assign all mentions by this name in the room to the alias; None for nobody known."""
    MentionedName.objects.filter(pk=name.pk).update(alias=alias, method=Method.CHOSEN, is_sure=True)
    _raise_revisions(name)


@transaction.atomic
def override_mention(mention: Mention, alias: Alias | None) -> None:
    """Assign this mention to somebody else than others by the same name."""
    before = mention.name
    single, _ = MentionedName.objects.get_or_create(
        room_id=before.room_id,
        text=before.text,
        is_single=True,
        alias=alias,
        defaults={"normalised_text": before.normalised_text, "method": Method.CHOSEN, "is_sure": True},
    )
    _move(mention, single)


@transaction.atomic
def clear_name_override(name: MentionedName) -> None:
    """Remove the assignment; the name is resolved again with the next mentions."""
    MentionedName.objects.filter(pk=name.pk).update(alias=None, method=Method.NONE, is_sure=False)
    Day.objects.filter(messages__mentions__name=name).update(has_mentions_resolved=False)
    _raise_revisions(name)


@transaction.atomic
def clear_mention_override(mention: Mention) -> None:
    """Remove the assignment of this mention."""
    if not mention.name.is_single:
        return
    name, is_new = MentionedName.objects.get_or_create(
        room_id=mention.name.room_id,
        text=mention.name.text,
        is_single=False,
        defaults={"normalised_text": mention.name.normalised_text},
    )
    if is_new:
        Day.objects.filter(messages__mentions=mention).update(has_mentions_resolved=False)
    _move(mention, name)


def _move(mention: Mention, name: MentionedName) -> None:
    before = mention.name
    with reindexed([mention.message_id]):
        Mention.objects.filter(pk=mention.pk).update(name=name)
    if before.is_single and before.pk != name.pk and not before.mentions.exists():
        before.delete()
    _raise_revisions(name)


def _raise_revisions(name: MentionedName) -> None:
    days = Mention.objects.filter(name=name).order_by().values("message__day")
    Day.objects.filter(pk__in=days).update(revision=F("revision") + 1)
    bump_revision()
