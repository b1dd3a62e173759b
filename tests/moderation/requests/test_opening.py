from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.utils import timezone
from pytest_django import Settings

from chatlogs.models import Alias, Member, Message, RemovalRequest
from chatlogs.people import merging
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case
from tests.small_archive import LU, ZHOU


def linked(subject: str) -> set[Message]:
    return set(make_case(subject=subject).messages.all())


def member(name: str) -> Member:
    return Member.objects.get(aliases__name=name, aliases__room__slug="tea-room")


def test_what_was_asked_for_is_kept(db: None) -> None:
    removal_request = RemovalRequest.objects.get(pk=make_case(wish=RemovalRequest.Wish.ERASE).pk)
    assert (removal_request.wish, removal_request.subject, removal_request.explanation, removal_request.contact) == (
        "erase",
        SUBJECT,
        EXPLANATION,
        CONTACT,
    )
    assert removal_request.state == RemovalRequest.State.OPEN


def test_it_is_due_after_the_days_of_the_settings(db: None, settings: Settings) -> None:
    settings.REQUEST_DAYS = 3
    removal_request = make_case()
    assert removal_request.due_at - removal_request.created_at == dt.timedelta(days=3)
    assert removal_request.created_at <= timezone.now()


def test_the_messages_whose_addresses_stand_in_it_are_linked(archive: Path) -> None:
    first, second = Message.objects.order_by("position")[:2]
    assert linked(f"https://x.example/m/{first.key}/\n/rooms/tea-room/2018/03/27/#m-{second.key}") == {first, second}


def test_a_hidden_message_is_linked_all_the_same(hidden: Message) -> None:
    assert linked(f"/m/{hidden.key}/") == {hidden}


def test_with_a_doubled_message_the_one_that_is_shown_is_linked(archive: Path) -> None:
    shown, double = Message.objects.order_by("position")[:2]
    Message.objects.filter(pk=double.pk).update(duplicate_of=shown)
    assert linked(f"/m/{double.key}/") == {shown, double}


def test_an_unknown_message_is_not_linked(archive: Path) -> None:
    assert linked("/m/20180327-000000000000/") == set()


def test_only_what_it_is_about_is_looked_through_for_addresses(archive: Path) -> None:
    message = Message.objects.order_by("position")[0]
    removal_request = make_case(explanation=f"/m/{message.key}/")
    assert not removal_request.messages.exists()


def test_the_member_whose_address_stands_in_it_is_linked(archive: Path) -> None:
    assert make_case(subject=f"/members/{member(ZHOU).key}/").member == member(ZHOU)


def test_of_several_members_the_first_known_one_is_linked(archive: Path) -> None:
    subject = f"/members/0000000000000000/ /members/{member(LU).key}/ /members/{member(ZHOU).key}/"
    assert make_case(subject=subject).member == member(LU)


def test_of_a_merged_member_the_one_that_has_the_names_is_linked(archive: Path) -> None:
    gone = member(ZHOU)
    merging.merge(gone, member(LU), by=None, reason="")
    assert make_case(subject=f"/members/{gone.key}/").member == member(LU)


def test_a_member_nobody_can_see_is_linked_all_the_same(archive: Path) -> None:
    Alias.objects.filter(name=ZHOU).update(message_count=0)
    assert make_case(subject=f"/members/{member(ZHOU).key}/").member == member(ZHOU)
