"""What an erasure holds back, for moderators to let in or keep out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs.models import Tombstone
from tests.admin.moderating import WHY, address, confirm, last_deed, listed, page_of, press, sign_in_as
from tests.admin.test_log import hold_back


def outcomes() -> set[str]:
    return {one["outcome"] for one in Tombstone.objects.get().messages}


def test_what_is_held_back_is_listed(moderators: Client) -> None:
    tombstone = hold_back()
    assert '<td class="field-pending">1</td>' in listed(moderators, Tombstone)
    page = page_of(moderators, tombstone)
    assert tombstone.sender not in page
    assert tombstone.messages[0]["digest"] not in page


def test_a_tombstone_that_holds_nothing_back_is_not_listed(moderators: Client) -> None:
    tombstone = hold_back()
    Tombstone.objects.update(is_holding=False)
    assert f'value="{tombstone.pk}"' not in listed(moderators, Tombstone)


@pytest.mark.parametrize(("perform", "outcome"), [("approve", "kept"), ("reject", "erased")])
def test_what_is_held_back_is_decided_on(moderators: Client, perform: str, outcome: str) -> None:
    tombstone = hold_back()
    confirm(moderators, perform, tombstone)
    assert outcome in outcomes()
    assert not Tombstone.objects.get().is_holding
    assert (last_deed().kind, last_deed().category) == ("review", WHY["category"])


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["approve", "reject"])
def test_deciding_takes_the_right_to_hide(client: Client, talk: Path, role: str, perform: str) -> None:
    tombstone = hold_back()
    sign_in_as(client, role)
    assert client.get(address(Tombstone, "changelist")).status_code == 403
    assert press(client, perform, tombstone, confirmed="yes", **WHY).status_code == 403
    assert "held" in outcomes()
