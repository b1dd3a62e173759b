"""Removal requests in the admin."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from chatlogs.models import Alias, Member, Message, ModerationAction, RemovalRequest
from chatlogs.people import merging
from tests.admin.moderating import address, choose, confirm, levels, press, save, sign_in
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed, make_overdue
from tests.small_archive import HOSTILE, LU, TANG, ZHOU

State, Wish = RemovalRequest.State, RemovalRequest.Wish
OUTCOME = "已隐藏"


@pytest.fixture
def user(client: Client, archive: Path) -> User:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return sign_in(
        client, "view_removalrequest", "change_removalrequest", "view_message", "view_member", "view_moderationaction"
    )


@pytest.fixture
def moderator(client: Client, user: User) -> Client:
    return client


@pytest.fixture
def removal_request(archive: Path) -> RemovalRequest:
    return make_case()


def listed(client: Client, **query: str) -> str:
    response = client.get(address(RemovalRequest, "changelist"), query)
    assert response.status_code == 200
    return response.content.decode()


def in_list(client: Client, removal_requests: Iterable[RemovalRequest], **query: str) -> list[RemovalRequest]:
    page = listed(client, **query)
    return [removal_request for removal_request in removal_requests if removal_request.reference in page]


def page_of(client: Client, removal_request: RemovalRequest) -> str:
    response = client.get(address(RemovalRequest, "change", removal_request.pk))
    assert response.status_code == 200
    return response.content.decode()


def about(*messages: Message) -> RemovalRequest:
    return make_case(subject=" ".join(f"/m/{message.key}/" for message in messages))


def fresh(removal_request: RemovalRequest) -> RemovalRequest:
    return RemovalRequest.objects.get(pk=removal_request.pk)


def erasing() -> RemovalRequest:
    removal_request = make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(state=State.ERASING)
    return fresh(removal_request)


# The list


def test_the_list_shows_what_a_request_is_about(moderator: Client, archive: Path) -> None:
    removal_request = about(*Message.objects.order_by("position")[:3])
    page = listed(moderator)
    assert removal_request.reference in page
    assert '<td class="field-message_count">3</td>' in page
    assert "take down a message" in page


def test_an_overdue_request_is_marked(moderator: Client) -> None:
    make_case()
    assert "<strong>" not in re.sub(r"(?s).*<tbody>", "", listed(moderator))
    make_overdue()
    assert listed(moderator).count("· overdue</strong>") == 1


def test_the_list_has_what_is_not_closed_unless_more_is_asked_for(moderator: Client) -> None:
    removal_requests = [make_case(), erasing(), make_closed(State.DONE), make_closed(State.REFUSED)]
    assert in_list(moderator, removal_requests) == removal_requests[:2]
    assert in_list(moderator, removal_requests, state="open") == removal_requests[:1]
    assert in_list(moderator, removal_requests, state="done") == removal_requests[2:3]
    assert in_list(moderator, removal_requests, state="all") == removal_requests


def test_what_is_due_first_comes_first(moderator: Client) -> None:
    later, late = make_case(), make_overdue()
    page = listed(moderator)
    assert page.index(late.reference) < page.index(later.reference)


def test_a_wish_can_be_asked_for(moderator: Client) -> None:
    removal_requests = [make_case(wish=Wish.ERASE), make_case(wish=Wish.OTHER)]
    assert in_list(moderator, removal_requests, wish__exact="erase") == removal_requests[:1]


def test_the_overdue_can_be_asked_for(moderator: Client) -> None:
    removal_requests = [make_overdue(), make_case()]
    assert in_list(moderator, removal_requests, due="overdue") == removal_requests[:1]


def test_a_closed_request_is_never_overdue(moderator: Client) -> None:
    removal_request = make_closed()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    assert in_list(moderator, [removal_request], due="overdue", state="all") == []


def test_what_is_due_soon_can_be_asked_for(moderator: Client) -> None:
    removal_requests = [make_case(), make_case(), make_overdue()]
    RemovalRequest.objects.filter(pk=removal_requests[0].pk).update(due_at=timezone.now() + dt.timedelta(days=2))
    assert in_list(moderator, removal_requests, due="soon") == removal_requests[:1]


def test_the_old_can_be_asked_for(moderator: Client) -> None:
    removal_requests = [make_case(), make_case()]
    RemovalRequest.objects.filter(pk=removal_requests[0].pk).update(created_at=timezone.now() - dt.timedelta(days=40))
    assert in_list(moderator, removal_requests, age="30") == removal_requests[:1]
    assert in_list(moderator, removal_requests, age="90") == []


def test_ones_own_and_nobodys_can_be_asked_for(moderator: Client, user: User) -> None:
    removal_requests = [make_case(), make_case(), make_case()]
    RemovalRequest.objects.filter(pk=removal_requests[0].pk).update(assignee=user)
    RemovalRequest.objects.filter(pk=removal_requests[1].pk).update(assignee=User.objects.create_user("other"))
    assert in_list(moderator, removal_requests, assigned="mine") == removal_requests[:1]
    assert in_list(moderator, removal_requests, assigned="nobody") == removal_requests[2:]


@pytest.mark.parametrize("query", [{"state": "x"}, {"due": "x"}, {"age": "x"}, {"age": "8"}, {"assigned": "x"}])
def test_a_filters_value_that_is_none_is_no_error(query: dict[str, str], moderator: Client) -> None:
    listed(moderator, **query)


def test_a_request_is_found_by_its_reference(moderator: Client) -> None:
    removal_requests = [make_case(), make_case()]
    assert in_list(moderator, removal_requests, q=removal_requests[0].reference) == removal_requests[:1]


def test_the_number_of_queries_does_not_depend_on_the_number_of_requests(
    moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        about(*Message.objects.order_by("position")[:2])
    with django_assert_max_num_queries(8):
        listed(moderator)


# The page


def test_the_page_shows_what_was_written(moderator: Client, removal_request: RemovalRequest) -> None:
    page = page_of(moderator, removal_request)
    for written in (SUBJECT, EXPLANATION, CONTACT):
        assert written in page


def test_what_was_written_cannot_be_changed(moderator: Client, removal_request: RemovalRequest) -> None:
    save(
        moderator, removal_request, subject="x", explanation="x", contact="x", reference="x", state="done", wish="other"
    )
    written = fresh(removal_request)
    assert (written.subject, written.explanation, written.contact) == (SUBJECT, EXPLANATION, CONTACT)
    assert (written.reference, written.state, written.wish) == (removal_request.reference, State.OPEN, Wish.REMOVE)


def test_assignee_outcome_messages_and_member_can_be_changed(
    moderator: Client, user: User, removal_request: RemovalRequest
) -> None:
    message, member = Message.objects.all()[0], Member.objects.get(aliases__name=ZHOU)
    save(moderator, removal_request, assignee=user.pk, outcome=OUTCOME, messages=[message.pk], member=member.pk)
    changed = fresh(removal_request)
    assert (changed.assignee, changed.outcome, changed.member) == (user, OUTCOME, member)
    assert list(changed.messages.all()) == [message]


def test_saving_an_open_page_does_not_reopen_what_was_closed_meanwhile(
    moderator: Client, user: User, removal_request: RemovalRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close_meanwhile(*_: object) -> bool:
        RemovalRequest.objects.filter(pk=removal_request.pk).update(state=State.DONE, closed_at=timezone.now())
        return True

    monkeypatch.setattr("django.contrib.admin.options.all_valid", close_meanwhile)
    save(moderator, removal_request, assignee=user.pk, outcome="")
    assert (fresh(removal_request).state, fresh(removal_request).assignee) == (State.DONE, user)


def test_only_staff_can_be_assigned(moderator: Client, removal_request: RemovalRequest) -> None:
    reader = User.objects.create_user("reader")
    save(moderator, removal_request, assignee=reader.pk)
    assert fresh(removal_request).assignee is None


@pytest.mark.parametrize("field", ["subject", "explanation", "contact", "outcome"])
def test_a_typed_script_is_shown_as_text(field: str, moderator: Client, removal_request: RemovalRequest) -> None:
    RemovalRequest.objects.filter(pk=removal_request.pk).update(**{field: f'"><img src=x onerror=alert(1)>{HOSTILE}'})
    page = page_of(moderator, removal_request)
    assert HOSTILE not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_linked_messages_are_shown_in_context(moderator: Client) -> None:
    messages = list(Message.objects.filter(room__slug="wine-room").order_by("position"))
    page = page_of(moderator, about(messages[20]))
    said = re.findall(r"第(\d+)句", page)
    assert said == [str(number) for number in range(14, 25)]
    date = f"{messages[20].day.date:%Y-%m-%d}"
    assert f"<strong>{date} {messages[20].time:%H:%M:%S} {TANG}: {messages[20].text}</strong>" in page


def test_each_linked_message_has_a_link_to_the_site(moderator: Client) -> None:
    one, other = Message.objects.order_by("position")[:2]
    page = page_of(moderator, about(one, other))
    assert f'href="/m/{one.key}/"' in page
    assert f'href="/m/{other.key}/"' in page


def test_hidden_messages_are_shown_with_their_state(moderator: Client, hidden: Message) -> None:
    page = page_of(moderator, about(hidden))
    assert f"{LU} [hidden]: {hidden.text}" in page


def test_a_hostile_message_is_shown_as_text(moderator: Client) -> None:
    page = page_of(moderator, about(Message.objects.get(text=HOSTILE)))
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_messages_are_only_shown_with_the_permission_to_view_them(client: Client, hidden: Message) -> None:
    sign_in(client, "view_removalrequest")
    page = page_of(client, about(hidden))
    assert hidden.text not in page
    assert f'href="/m/{hidden.key}/"' in page


def test_the_actions_for_a_request_are_listed(moderator: Client, removal_request: RemovalRequest) -> None:
    done = merging.merge(_member(LU), _member(TANG), by=None, reason="")
    mine = ModerationAction.objects.create(
        kind="hide", made_at=done.made_at, reason="", removal_request=removal_request
    )
    page = page_of(moderator, removal_request)
    assert address(ModerationAction, "change", mine.pk) in page
    assert address(ModerationAction, "change", done.pk) not in page


def test_the_page_takes_as_many_queries_however_many_messages(
    moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    removal_request = about(*Message.objects.order_by("position")[:60])
    with django_assert_max_num_queries(16):
        page_of(moderator, removal_request)


def _member(name: str) -> Member:
    return Alias.objects.get(name=name, room__slug="tea-room").member


# Assigning


def test_requests_are_assigned(moderator: Client, user: User) -> None:
    removal_requests = [make_case(), make_case()]
    assert levels(choose(moderator, "take", *removal_requests)) == ["success"]
    assert {fresh(removal_request).assignee for removal_request in removal_requests} == {user}


def test_a_request_is_assigned_from_its_page(moderator: Client, user: User, removal_request: RemovalRequest) -> None:
    press(moderator, "take", removal_request)
    assert fresh(removal_request).assignee == user


def test_no_request_is_assigned_if_one_is_closed(moderator: Client) -> None:
    removal_requests = [make_case(), make_closed()]
    assert levels(choose(moderator, "take", *removal_requests, state="all")) == ["error"]
    assert {fresh(removal_request).assignee for removal_request in removal_requests} == {None}


# Closing


@pytest.mark.parametrize("action", ["resolve", "refuse"])
def test_closing_asks_for_the_outcome(action: str, moderator: Client, removal_request: RemovalRequest) -> None:
    page = choose(moderator, action, removal_request).content.decode()
    assert 'name="outcome"' in page
    assert removal_request.reference in page
    assert fresh(removal_request).state == State.OPEN


@pytest.mark.parametrize(("action", "state"), [("resolve", State.DONE), ("refuse", State.REFUSED)])
def test_requests_are_closed_with_an_outcome(action: str, state: str, moderator: Client) -> None:
    removal_requests = [make_case(), make_case()]
    assert levels(confirm(moderator, action, *removal_requests, outcome=OUTCOME)) == ["success"]
    assert {(fresh(removal_request).state, fresh(removal_request).outcome) for removal_request in removal_requests} == {
        (state, OUTCOME)
    }
    assert all(fresh(removal_request).closed_at for removal_request in removal_requests)


@pytest.mark.parametrize("action", ["resolve", "refuse"])
def test_without_an_outcome_nothing_is_closed(action: str, moderator: Client, removal_request: RemovalRequest) -> None:
    assert "This field is required." in confirm(moderator, action, removal_request, outcome=" ").content.decode()
    assert fresh(removal_request).state == State.OPEN


def test_a_request_is_closed_from_its_page_with_the_saved_outcome(
    moderator: Client, removal_request: RemovalRequest
) -> None:
    RemovalRequest.objects.filter(pk=removal_request.pk).update(outcome=OUTCOME)
    assert f">\n{OUTCOME}</textarea>" in press(moderator, "resolve", removal_request).content.decode()
    press(moderator, "resolve", removal_request, confirmed="yes", outcome=OUTCOME)
    assert fresh(removal_request).state == State.DONE


@pytest.mark.parametrize("action", ["resolve", "refuse"])
def test_a_request_in_erasure_cannot_be_closed_by_hand(action: str, moderator: Client) -> None:
    removal_request = erasing()
    assert levels(confirm(moderator, action, removal_request, outcome=OUTCOME)) == ["error"]
    assert (fresh(removal_request).state, fresh(removal_request).closed_at, fresh(removal_request).outcome) == (
        State.ERASING,
        None,
        "",
    )


def test_no_request_is_closed_if_one_cannot_be(
    moderator: Client,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    removal_requests = [make_case(), erasing()]
    with django_capture_on_commit_callbacks(execute=True):
        confirm(moderator, "resolve", *removal_requests, outcome=OUTCOME)
    assert fresh(removal_requests[0]).state == State.OPEN
    assert mailoutbox == []


def test_a_requester_with_an_address_is_notified(
    moderator: Client,
    removal_request: RemovalRequest,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(moderator, "refuse", removal_request, outcome=OUTCOME)
    (mail,) = mailoutbox
    assert mail.to == [CONTACT]
    assert f"http://testserver/removal/done/{removal_request.reference}/" in str(mail.body)
    assert OUTCOME not in str(mail.body)


# Permissions


def test_viewers_cannot_change_a_request(client: Client, removal_request: RemovalRequest) -> None:
    sign_in(client, "view_removalrequest")
    assert SUBJECT in page_of(client, removal_request)
    assert save(client, removal_request, outcome=OUTCOME).status_code == 403
    assert press(client, "resolve", removal_request, confirmed="yes", outcome=OUTCOME).status_code == 403
    choose(client, "take", removal_request)
    confirm(client, "refuse", removal_request, outcome=OUTCOME)
    assert (fresh(removal_request).state, fresh(removal_request).assignee, fresh(removal_request).outcome) == (
        State.OPEN,
        None,
        "",
    )


def test_requests_are_only_shown_with_permission(client: Client, removal_request: RemovalRequest) -> None:
    sign_in(client, "view_message")
    assert client.get(address(RemovalRequest, "changelist")).status_code == 403
    assert client.get(address(RemovalRequest, "change", removal_request.pk)).status_code == 403


def test_the_group_of_moderators_may(client: Client, removal_request: RemovalRequest) -> None:
    sign_in(client).groups.add(Group.objects.get(name="moderator"))
    confirm(client, "resolve", removal_request, outcome=OUTCOME)
    assert fresh(removal_request).state == State.DONE


def test_nobody_adds_or_deletes_a_request(moderator: Client, removal_request: RemovalRequest) -> None:
    assert moderator.get(address(RemovalRequest, "add")).status_code == 403
    assert moderator.post(address(RemovalRequest, "delete", removal_request.pk), {"post": "yes"}).status_code == 403
    assert RemovalRequest.objects.filter(pk=removal_request.pk).exists()
