"""Import review: messages at the place of erased ones are approved or rejected."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs.models import Tombstone
from tests.admin.moderating import WHY, address, confirm, last_action, listed, page_of, press, sign_in_as
from tests.admin.test_log import make_pending


def outcomes() -> set[str]:
    return {one["outcome"] for one in Tombstone.objects.get().messages}


def test_pending_tombstones_are_listed(moderators: Client) -> None:
    tombstone = make_pending()
    assert '<td class="field-pending">1</td>' in listed(moderators, Tombstone)
    page = page_of(moderators, tombstone)
    assert tombstone.sender not in page
    assert tombstone.messages[0]["digest"] not in page


def test_tombstones_with_nothing_pending_are_not_listed(moderators: Client) -> None:
    tombstone = make_pending()
    Tombstone.objects.update(is_holding=False)
    assert f'value="{tombstone.pk}"' not in listed(moderators, Tombstone)


@pytest.mark.parametrize(("perform", "outcome"), [("approve", "kept"), ("reject", "erased")])
def test_pending_messages_are_approved_or_rejected(moderators: Client, perform: str, outcome: str) -> None:
    tombstone = make_pending()
    confirm(moderators, perform, tombstone)
    assert outcome in outcomes()
    assert not Tombstone.objects.get().is_holding
    assert (last_action().kind, last_action().category) == ("review", WHY["category"])


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["approve", "reject"])
def test_deciding_takes_the_right_to_hide(client: Client, talk: Path, role: str, perform: str) -> None:
    tombstone = make_pending()
    sign_in_as(client, role)
    assert client.get(address(Tombstone, "changelist")).status_code == 403
    assert press(client, perform, tombstone, confirmed="yes", **WHY).status_code == 403
    assert "held" in outcomes()
