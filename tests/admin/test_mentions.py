"""Overrides of mentions in the admin."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs import mentions
from chatlogs.models import Mention, MentionedName
from tests.admin.moderating import address, choose, levels, press, save
from tests.people.people import alias

LU, MIA = "陆鸣", "Mia"

Method = MentionedName.Method


@pytest.fixture
def name(people: Path) -> MentionedName:
    return MentionedName.objects.get(text="老陆")


def means(text: str = "老陆") -> tuple[str | None, str]:
    return MentionedName.objects.filter(is_single=False).values_list("alias__name", "method").get(text=text)


def listed(client: Client, **query: str) -> str:
    return client.get(address(MentionedName, "changelist"), query).content.decode()


def test_the_list_counts_the_mentions(moderator: Client, name: MentionedName) -> None:
    page = listed(moderator)
    assert "老陆" in page
    assert '<td class="field-mentions">1</td>' in page


def test_the_list_can_be_filtered_by_unresolved_names(moderator: Client, name: MentionedName) -> None:
    page = listed(moderator, method__exact="exact")
    assert LU in page
    assert "老陆" not in page


def test_the_page_quotes_the_mentions(moderator: Client, name: MentionedName) -> None:
    page = moderator.get(address(MentionedName, "change", name.pk)).content.decode()
    assert "<strong>@老陆</strong>" in page
    assert name.mentions.get().message.get_absolute_url() in page


def test_a_moderator_sets_whom_a_name_stands_for(moderator: Client, name: MentionedName) -> None:
    save(moderator, name, alias=alias(LU).pk)
    assert means() == (LU, Method.CHOSEN)


def test_a_moderator_sets_that_a_name_stands_for_nobody_known(moderator: Client, name: MentionedName) -> None:
    save(moderator, MentionedName.objects.get(text=LU), alias="")
    assert means(LU) == (None, Method.CHOSEN)


def test_a_name_is_left_to_the_evidence_again(moderator: Client, name: MentionedName) -> None:
    mentions.override_name(name, alias(MIA))
    assert levels(choose(moderator, "forget", name)) == ["success"]
    assert means() == (None, Method.NONE)


def test_the_page_has_a_button_that_leaves_it_to_the_evidence(moderator: Client, name: MentionedName) -> None:
    mentions.override_name(name, alias(MIA))
    press(moderator, "forget", name)
    assert means() == (None, Method.NONE)


def test_an_onlooker_says_nothing_of_a_name(onlooker: Client, name: MentionedName) -> None:
    before = means()
    assert onlooker.get(address(MentionedName, "change", name.pk)).status_code == 200
    assert save(onlooker, name, alias=alias(MIA).pk).status_code == 403
    assert press(onlooker, "forget", name).status_code == 403
    choose(onlooker, "forget", name)
    assert means() == before


# Single mentions


def test_a_mention_is_found_by_its_messages_key(moderator: Client, name: MentionedName) -> None:
    mention = name.mentions.get()
    page = moderator.get(address(Mention, "changelist"), {"q": mention.message.key}).content.decode()
    assert "@老陆" in page
    assert f"@{LU}" not in page


def test_a_moderator_says_whom_one_mention_means(moderator: Client, name: MentionedName) -> None:
    before, mention = means(), name.mentions.get()
    save(moderator, mention, alias=alias(MIA).pk)
    single = Mention.objects.get(pk=mention.pk).name
    assert (single.is_single, single.alias) == (True, alias(MIA))
    assert means() == before


def test_a_mention_saved_as_it_is_means_what_it_meant(moderator: Client, name: MentionedName) -> None:
    mention = name.mentions.get()
    save(moderator, mention, alias=name.alias_id or "")
    assert Mention.objects.get(pk=mention.pk).name == name


def test_a_single_meaning_is_no_row_of_the_names_list(moderator: Client, name: MentionedName) -> None:
    mentions.override_mention(name.mentions.get(), alias(MIA))
    single = MentionedName.objects.get(is_single=True)
    assert f'value="{single.pk}"' not in listed(moderator)


def test_an_onlooker_says_nothing_of_a_mention(onlooker: Client, name: MentionedName) -> None:
    mention = name.mentions.get()
    assert onlooker.get(address(Mention, "change", mention.pk)).status_code == 200
    assert save(onlooker, mention, alias=alias(MIA).pk).status_code == 403
    assert Mention.objects.get(pk=mention.pk).name == name


def test_a_single_mention_is_left_to_the_evidence_again(moderator: Client, name: MentionedName) -> None:
    mention = name.mentions.get()
    mentions.override_mention(mention, alias(MIA))
    press(moderator, "forget", Mention.objects.get(pk=mention.pk))
    assert Mention.objects.get(pk=mention.pk).name == name
