"""Members and their names in the admin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs.models import Alias, Archive, Member, MentionedName, ModerationAction, Room
from chatlogs.people import merging
from tests.admin.moderating import REASON, address, choose, confirm, levels, press, said, save
from tests.people.people import alias, are_one, import_day, member

ONE, OTHER, LU, MIA = "陈江月-云杉支付-产品-杭州", "陈江月-青禾银行-风控-苏州", "陆鸣", "Mia"


def merge(one: str, into: str) -> None:
    merging.merge(member(one), member(into), by=None, reason="")


def listed(client: Client, model: type[Alias | Member], **query: str) -> str:
    return client.get(address(model, "changelist"), query).content.decode()


def offered(client: Client, model: type[Alias | Member], source: tuple[str, str], term: str) -> list[str]:
    """Return what an autocomplete field offers for part of a name."""
    query = {"app_label": "chatlogs", "model_name": source[0], "field_name": source[1], "term": term}
    answer = client.get(f"{address(model, 'changelist')}choices/", query)
    return [choice["text"] for choice in json.loads(answer.content)["results"]]


def describing(person: Member, **changes: object) -> dict[str, object]:
    """Return form data for a member, with its inline names."""
    fields = {"name": "", "company": person.company, "role": person.role, "city": person.city}
    return {**fields, "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0", **changes}


# Names


def test_a_name_is_moved_with_a_reason(moderator: Client) -> None:
    answer = save(moderator, alias(LU), member=member(MIA).pk, reason=REASON)
    assert levels(answer) == ["success"]
    assert are_one(LU, MIA)
    assert ModerationAction.objects.values_list("kind", "reason").get() == ("move", REASON)


def test_without_a_reason_no_name_is_moved(moderator: Client) -> None:
    page = save(moderator, alias(LU), member=member(MIA).pk, reason=" ").content.decode()
    assert "This field is required." in page
    assert not are_one(LU, MIA)


def test_a_name_moved_to_where_it_is_is_refused_and_said(moderator: Client) -> None:
    answer = save(moderator, alias(LU), member=member(LU).pk, reason=REASON)
    assert said(answer) == [("error", "The names are this member's already.")]


def test_nothing_else_of_a_name_can_be_changed(moderator: Client) -> None:
    save(moderator, alias(LU), member=member(MIA).pk, reason=REASON, name="王五", message_count=9)
    assert alias(LU).message_count == 1


def test_names_are_split_off_with_a_reason(moderator: Client) -> None:
    merge(LU, MIA)
    assert 'name="reason"' in choose(moderator, "split", alias(LU)).content.decode()
    assert levels(confirm(moderator, "split", alias(LU))) == ["success"]
    assert not are_one(LU, MIA)


def test_names_of_several_members_are_split_off_member_by_member(moderator: Client) -> None:
    merge(LU, MIA)
    merge(ONE, OTHER)
    confirm(moderator, "split", alias(LU), alias(ONE))
    assert not are_one(LU, MIA)
    assert not are_one(ONE, OTHER)
    assert not are_one(LU, ONE)


def test_of_splits_of_which_one_is_refused_none_is_made(moderator: Client) -> None:
    merge(LU, MIA)
    assert levels(confirm(moderator, "split", alias(LU), alias(ONE))) == ["error"]
    assert are_one(LU, MIA)


def test_a_names_page_splits_it_off_and_stays(moderator: Client) -> None:
    merge(LU, MIA)
    answer = press(moderator, "split", alias(LU), confirmed="yes", reason=REASON)
    assert answer.headers["Location"] == address(Alias, "change", alias(LU).pk)
    assert not are_one(LU, MIA)


def test_an_onlooker_moves_and_splits_nothing(onlooker: Client) -> None:
    merge(LU, MIA)
    assert onlooker.get(address(Alias, "change", alias(LU).pk)).status_code == 200
    assert save(onlooker, alias(LU), member=member(ONE).pk, reason=REASON).status_code == 403
    assert press(onlooker, "split", alias(LU), confirmed="yes", reason=REASON).status_code == 403
    confirm(onlooker, "split", alias(LU))
    assert are_one(LU, MIA)


# Members: the list


def test_the_list_shows_messages_and_names(moderator: Client) -> None:
    merge(ONE, OTHER)
    page = listed(moderator, Member, q="陈江月")
    assert '<td class="field-messages">3</td>' in page
    assert '<td class="field-names">2</td>' in page


def test_a_member_found_by_two_names_is_listed_once(moderator: Client) -> None:
    merge(ONE, OTHER)
    assert listed(moderator, Member, q="陈江月").count(f'value="{member(ONE).pk}"') == 1


def test_merged_members_are_listed_where_they_are_asked_for(moderator: Client) -> None:
    gone = member(LU).key
    merge(LU, MIA)
    assert gone not in listed(moderator, Member)
    assert gone in listed(moderator, Member, names="none")
    assert gone in listed(moderator, Member, names="all")
    assert member(MIA).key not in listed(moderator, Member, names="none")


def test_a_member_is_found_by_its_key(moderator: Client) -> None:
    assert LU in listed(moderator, Member, q=member(LU).key)


def test_the_list_takes_few_queries(moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(8):
        listed(moderator, Member)


# Members: merging


def test_merging_asks_which_member_to_keep_and_proposes_the_most_active(moderator: Client) -> None:
    page = choose(moderator, "merge", member(ONE), member(OTHER)).content.decode()
    assert f'value="{member(OTHER).pk}" required id="id_into_0" checked' in page


def test_members_are_merged_into_the_chosen_one(moderator: Client) -> None:
    into = member(ONE)
    answer = confirm(moderator, "merge", into, member(OTHER), member(LU), into=into.pk)
    ids = ", ".join(str(pk) for pk in ModerationAction.objects.order_by("pk").values_list("pk", flat=True))
    assert member(ONE) == member(OTHER) == member(LU) == into
    assert said(answer) == [("success", f"Done, as actions {ids}.")]


def test_one_that_was_not_chosen_gets_nobodys_names(moderator: Client) -> None:
    page = confirm(moderator, "merge", member(ONE), member(OTHER), into=member(LU).pk)
    assert page.status_code == 200
    assert not ModerationAction.objects.exists()


def test_a_single_member_is_not_merged(moderator: Client) -> None:
    assert levels(choose(moderator, "merge", member(ONE))) == ["error"]


def test_of_merges_of_which_one_is_refused_none_is_made(moderator: Client) -> None:
    gone = member(LU)
    merge(LU, MIA)
    merging = (member(ONE), member(OTHER), gone)
    answer = confirm(moderator, "merge", *merging, filters={"names": "all"}, into=member(ONE).pk)
    assert levels(answer) == ["error"]
    assert not are_one(ONE, OTHER)


def test_an_onlooker_merges_nobody(onlooker: Client) -> None:
    confirm(onlooker, "merge", member(ONE), member(OTHER), into=member(ONE).pk)
    assert not are_one(ONE, OTHER)


# Members: the page


def test_the_page_shows_the_names_with_links(moderator: Client) -> None:
    merge(ONE, OTHER)
    page = moderator.get(address(Member, "change", member(ONE).pk)).content.decode()
    for name in (ONE, OTHER):
        assert address(Alias, "change", alias(name).pk) in page


def test_a_moderator_names_a_member(moderator: Client) -> None:
    save(moderator, member(LU), **describing(member(LU), name="陆先生"))
    assert (member(LU).name, member(LU).is_name_curated) == ("陆先生", True)


def test_the_page_shows_what_the_transcripts_say_besides(moderator: Client) -> None:
    save(moderator, member(LU), **describing(member(LU), name="陆先生"))
    page = moderator.get(address(Member, "change", member(LU).pk)).content.decode()
    assert 'value="陆先生"' in page
    assert f'<div class="readonly">{LU}</div>' in page


def test_an_empty_name_follows_the_transcripts_again(moderator: Client) -> None:
    save(moderator, member(LU), **describing(member(LU), name="陆先生"))
    save(moderator, member(LU), **describing(member(LU)))
    assert (member(LU).name, member(LU).is_name_curated) == (LU, False)


def test_a_member_saved_as_it_is_follows_the_transcripts_still(moderator: Client) -> None:
    before = Archive.objects.get().revision
    save(moderator, member(LU), **describing(member(LU)))
    assert (member(LU).name, member(LU).is_name_curated) == (LU, False)
    assert Archive.objects.get().revision == before


def test_a_moderator_describes_a_member(moderator: Client) -> None:
    before = Archive.objects.get().revision
    save(moderator, member(LU), **describing(member(LU), company="竹里软件", role="测试", city="厦门"))
    assert (member(LU).company, member(LU).role, member(LU).city) == ("竹里软件", "测试", "厦门")
    assert Archive.objects.get().revision > before


def test_an_onlooker_changes_no_member(onlooker: Client) -> None:
    assert onlooker.get(address(Member, "change", member(LU).pk)).status_code == 200
    assert save(onlooker, member(LU), **describing(member(LU), name="陆先生")).status_code == 403
    assert member(LU).name == LU


# Choosing


def test_a_name_is_offered_with_its_room_and_messages(moderator: Client) -> None:
    assert offered(moderator, Alias, ("mentionedname", "alias"), "青禾") == [f"{OTHER} · tea-room · 2 messages"]


def test_a_member_is_offered_with_distinguishing_details(moderator: Client) -> None:
    merge(ONE, OTHER)
    described = f"{member(ONE)} · 2 names · 3 messages · {member(ONE).key}"
    assert offered(moderator, Member, ("alias", "member"), "陈江月") == [described]


def test_a_member_that_was_merged_is_not_offered(moderator: Client) -> None:
    merge(LU, MIA)
    assert len(offered(moderator, Member, ("alias", "member"), LU)) == 1


def test_members_are_only_offered_with_the_permission_to_view_them(moderator: Client, people: Path) -> None:
    moderator.logout()
    query = {"app_label": "chatlogs", "model_name": "alias", "field_name": "member", "term": LU}
    assert moderator.get(f"{address(Member, 'changelist')}choices/", query).status_code == 302


def test_no_form_lists_all_that_can_be_chosen(moderator: Client, people: Path) -> None:
    import_day(people, *(f"小满{n}" for n in range(30)), room="porch")
    rows = (Room.objects.first(), alias(LU), MentionedName.objects.first())
    for row in rows:
        assert row is not None
        assert "小满" not in moderator.get(address(type(row), "change", row.pk)).content.decode()


# The exporter


def exporter_form(room: Room, exporter: object) -> dict[str, object]:
    return {"title": room.title, "description": room.description, "exporter": exporter}


def test_a_moderator_sets_the_exporter_of_a_room(moderator: Client, people: Path) -> None:
    import_day(people, "我", room="porch")
    room = Room.objects.get(slug="porch")
    save(moderator, room, **exporter_form(room, member(LU).pk))
    assert alias("我", "porch").member == member(LU)
    assert ModerationAction.objects.get().reason == "exporter"


def test_a_room_saved_as_it_is_moves_no_name(moderator: Client, people: Path) -> None:
    import_day(people, "我", room="porch")
    room = Room.objects.get(slug="porch")
    save(moderator, room, **exporter_form(room, ""))
    assert not ModerationAction.objects.exists()


def test_an_onlooker_says_nothing_of_a_room(onlooker: Client) -> None:
    room = Room.objects.get()
    assert save(onlooker, room, **exporter_form(room, member(LU).pk)).status_code == 403
    assert Room.objects.get().exporter is None


@pytest.mark.parametrize("model", [Alias, Member])
def test_viewers_can_search(onlooker: Client, model: type[Alias | Member]) -> None:
    assert LU in listed(onlooker, model, q=LU)
