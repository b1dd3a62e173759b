"""The queue of requests, as moderators work it off."""

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

from chatlogs.models import Alias, Case, Member, Message, ModerationAction
from chatlogs.people import merging
from tests.admin.moderating import address, choose, confirm, levels, press, save, sign_in
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed, make_overdue
from tests.small_archive import HOSTILE, LU, TANG, ZHOU

State, Wish = Case.State, Case.Wish
OUTCOME = "已隐藏"


@pytest.fixture
def user(client: Client, archive: Path) -> User:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return sign_in(client, "view_case", "change_case", "view_message", "view_member", "view_moderationaction")


@pytest.fixture
def moderator(client: Client, user: User) -> Client:
    return client


@pytest.fixture
def case(archive: Path) -> Case:
    return make_case()


def listed(client: Client, **query: str) -> str:
    response = client.get(address(Case, "changelist"), query)
    assert response.status_code == 200
    return response.content.decode()


def in_list(client: Client, cases: Iterable[Case], **query: str) -> list[Case]:
    page = listed(client, **query)
    return [case for case in cases if case.reference in page]


def page_of(client: Client, case: Case) -> str:
    response = client.get(address(Case, "change", case.pk))
    assert response.status_code == 200
    return response.content.decode()


def about(*messages: Message) -> Case:
    return make_case(subject=" ".join(f"/m/{message.key}/" for message in messages))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def erasing() -> Case:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(state=State.ERASING)
    return fresh(case)


# The list


def test_the_list_shows_what_a_case_is_about(moderator: Client, archive: Path) -> None:
    case = about(*Message.objects.order_by("position")[:3])
    page = listed(moderator)
    assert case.reference in page
    assert '<td class="field-message_count">3</td>' in page
    assert "take down a message" in page


def test_an_overdue_case_is_marked(moderator: Client) -> None:
    make_case()
    assert "<strong>" not in re.sub(r"(?s).*<tbody>", "", listed(moderator))
    make_overdue()
    assert listed(moderator).count("· overdue</strong>") == 1


def test_the_list_has_what_is_not_closed_unless_more_is_asked_for(moderator: Client) -> None:
    cases = [make_case(), erasing(), make_closed(State.DONE), make_closed(State.REFUSED)]
    assert in_list(moderator, cases) == cases[:2]
    assert in_list(moderator, cases, state="open") == cases[:1]
    assert in_list(moderator, cases, state="done") == cases[2:3]
    assert in_list(moderator, cases, state="all") == cases


def test_what_is_due_first_comes_first(moderator: Client) -> None:
    later, late = make_case(), make_overdue()
    page = listed(moderator)
    assert page.index(late.reference) < page.index(later.reference)


def test_a_wish_can_be_asked_for(moderator: Client) -> None:
    cases = [make_case(wish=Wish.ERASE), make_case(wish=Wish.OTHER)]
    assert in_list(moderator, cases, wish__exact="erase") == cases[:1]


def test_the_overdue_can_be_asked_for(moderator: Client) -> None:
    cases = [make_overdue(), make_case()]
    assert in_list(moderator, cases, due="overdue") == cases[:1]


def test_a_closed_case_is_never_overdue(moderator: Client) -> None:
    case = make_closed()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    assert in_list(moderator, [case], due="overdue", state="all") == []


def test_what_is_due_soon_can_be_asked_for(moderator: Client) -> None:
    cases = [make_case(), make_case(), make_overdue()]
    Case.objects.filter(pk=cases[0].pk).update(due_at=timezone.now() + dt.timedelta(days=2))
    assert in_list(moderator, cases, due="soon") == cases[:1]


def test_the_old_can_be_asked_for(moderator: Client) -> None:
    cases = [make_case(), make_case()]
    Case.objects.filter(pk=cases[0].pk).update(created_at=timezone.now() - dt.timedelta(days=40))
    assert in_list(moderator, cases, age="30") == cases[:1]
    assert in_list(moderator, cases, age="90") == []


def test_ones_own_and_nobodys_can_be_asked_for(moderator: Client, user: User) -> None:
    cases = [make_case(), make_case(), make_case()]
    Case.objects.filter(pk=cases[0].pk).update(assignee=user)
    Case.objects.filter(pk=cases[1].pk).update(assignee=User.objects.create_user("other"))
    assert in_list(moderator, cases, whose="mine") == cases[:1]
    assert in_list(moderator, cases, whose="nobody") == cases[2:]


@pytest.mark.parametrize("query", [{"state": "x"}, {"due": "x"}, {"age": "x"}, {"age": "8"}, {"whose": "x"}])
def test_a_filters_value_that_is_none_is_no_error(query: dict[str, str], moderator: Client) -> None:
    listed(moderator, **query)


def test_a_case_is_found_by_its_reference(moderator: Client) -> None:
    cases = [make_case(), make_case()]
    assert in_list(moderator, cases, q=cases[0].reference) == cases[:1]


def test_the_list_takes_as_many_queries_however_many_cases(
    moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        about(*Message.objects.order_by("position")[:2])
    with django_assert_max_num_queries(8):
        listed(moderator)


# A case's page


def test_the_page_shows_what_was_written(moderator: Client, case: Case) -> None:
    page = page_of(moderator, case)
    for written in (SUBJECT, EXPLANATION, CONTACT):
        assert written in page


def test_what_was_written_cannot_be_changed(moderator: Client, case: Case) -> None:
    save(moderator, case, subject="x", explanation="x", contact="x", reference="x", state="done", wish="other")
    written = fresh(case)
    assert (written.subject, written.explanation, written.contact) == (SUBJECT, EXPLANATION, CONTACT)
    assert (written.reference, written.state, written.wish) == (case.reference, State.OPEN, Wish.REMOVE)


def test_assignee_outcome_messages_and_member_can_be_changed(moderator: Client, user: User, case: Case) -> None:
    message, member = Message.objects.all()[0], Member.objects.get(aliases__name=ZHOU)
    save(moderator, case, assignee=user.pk, outcome=OUTCOME, messages=[message.pk], member=member.pk)
    changed = fresh(case)
    assert (changed.assignee, changed.outcome, changed.member) == (user, OUTCOME, member)
    assert list(changed.messages.all()) == [message]


def test_saving_an_open_page_does_not_reopen_what_was_closed_meanwhile(
    moderator: Client, user: User, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close_meanwhile(*_: object) -> bool:
        Case.objects.filter(pk=case.pk).update(state=State.DONE, closed_at=timezone.now())
        return True

    monkeypatch.setattr("django.contrib.admin.options.all_valid", close_meanwhile)
    save(moderator, case, assignee=user.pk, outcome="")
    assert (fresh(case).state, fresh(case).assignee) == (State.DONE, user)


def test_only_staff_can_be_assigned(moderator: Client, case: Case) -> None:
    reader = User.objects.create_user("reader")
    save(moderator, case, assignee=reader.pk)
    assert fresh(case).assignee is None


@pytest.mark.parametrize("field", ["subject", "explanation", "contact", "outcome"])
def test_a_typed_script_is_shown_as_text(field: str, moderator: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(**{field: f'"><img src=x onerror=alert(1)>{HOSTILE}'})
    page = page_of(moderator, case)
    assert HOSTILE not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_linked_messages_stand_among_those_around_them(moderator: Client) -> None:
    messages = list(Message.objects.filter(room__slug="wine-room").order_by("position"))
    page = page_of(moderator, about(messages[20]))
    said = re.findall(r"第(\d+)句", page)
    assert said == [str(number) for number in range(14, 25)]
    assert f"<strong>{messages[20].time:%H:%M:%S} {TANG}: {messages[20].text}</strong>" in page


def test_each_linked_message_leads_to_its_place_on_the_site(moderator: Client) -> None:
    one, other = Message.objects.order_by("position")[:2]
    page = page_of(moderator, about(one, other))
    assert f'href="/m/{one.key}/"' in page
    assert f'href="/m/{other.key}/"' in page


def test_hidden_messages_are_shown_and_marked(moderator: Client, hidden: Message) -> None:
    page = page_of(moderator, about(hidden))
    assert f"{LU} [hidden]: {hidden.text}" in page


def test_a_hostile_message_is_shown_as_text(moderator: Client) -> None:
    page = page_of(moderator, about(Message.objects.get(text=HOSTILE)))
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_who_may_not_look_at_messages_reads_none(client: Client, hidden: Message) -> None:
    sign_in(client, "view_case")
    page = page_of(client, about(hidden))
    assert hidden.text not in page
    assert f'href="/m/{hidden.key}/"' in page


def test_the_deeds_that_were_done_for_it_are_listed(moderator: Client, case: Case) -> None:
    done = merging.merge(_member(LU), _member(TANG), by=None, reason="")
    mine = ModerationAction.objects.create(verb="hide", made_at=done.made_at, reason="", case=case)
    page = page_of(moderator, case)
    assert address(ModerationAction, "change", mine.pk) in page
    assert address(ModerationAction, "change", done.pk) not in page


def test_the_page_takes_as_many_queries_however_many_messages(
    moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = about(*Message.objects.order_by("position")[:60])
    with django_assert_max_num_queries(16):
        page_of(moderator, case)


def _member(name: str) -> Member:
    return Alias.objects.get(name=name, room__slug="tea-room").member


# Taking it on


def test_cases_are_taken_on(moderator: Client, user: User) -> None:
    cases = [make_case(), make_case()]
    assert levels(choose(moderator, "take", *cases)) == ["success"]
    assert {fresh(case).assignee for case in cases} == {user}


def test_a_case_is_taken_on_from_its_page(moderator: Client, user: User, case: Case) -> None:
    press(moderator, "take", case)
    assert fresh(case).assignee == user


def test_of_cases_of_which_one_is_closed_none_is_taken_on(moderator: Client) -> None:
    cases = [make_case(), make_closed()]
    assert levels(choose(moderator, "take", *cases, state="all")) == ["error"]
    assert {fresh(case).assignee for case in cases} == {None}


# Closing it


@pytest.mark.parametrize("action", ["settle", "refuse"])
def test_closing_asks_for_the_outcome(action: str, moderator: Client, case: Case) -> None:
    page = choose(moderator, action, case).content.decode()
    assert 'name="outcome"' in page
    assert case.reference in page
    assert fresh(case).state == State.OPEN


@pytest.mark.parametrize(("action", "state"), [("settle", State.DONE), ("refuse", State.REFUSED)])
def test_cases_are_closed_with_an_outcome(action: str, state: str, moderator: Client) -> None:
    cases = [make_case(), make_case()]
    assert levels(confirm(moderator, action, *cases, outcome=OUTCOME)) == ["success"]
    assert {(fresh(case).state, fresh(case).outcome) for case in cases} == {(state, OUTCOME)}
    assert all(fresh(case).closed_at for case in cases)


@pytest.mark.parametrize("action", ["settle", "refuse"])
def test_without_an_outcome_nothing_is_closed(action: str, moderator: Client, case: Case) -> None:
    assert "This field is required." in confirm(moderator, action, case, outcome=" ").content.decode()
    assert fresh(case).state == State.OPEN


def test_a_case_is_closed_from_its_page_where_its_outcome_is_filled_in(moderator: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(outcome=OUTCOME)
    assert f">\n{OUTCOME}</textarea>" in press(moderator, "settle", case).content.decode()
    press(moderator, "settle", case, confirmed="yes", outcome=OUTCOME)
    assert fresh(case).state == State.DONE


@pytest.mark.parametrize("action", ["settle", "refuse"])
def test_a_case_that_is_being_erased_is_not_closed_by_hand(action: str, moderator: Client) -> None:
    case = erasing()
    assert levels(confirm(moderator, action, case, outcome=OUTCOME)) == ["error"]
    assert (fresh(case).state, fresh(case).closed_at, fresh(case).outcome) == (State.ERASING, None, "")


def test_of_cases_of_which_one_cannot_be_closed_none_is(
    moderator: Client,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    cases = [make_case(), erasing()]
    with django_capture_on_commit_callbacks(execute=True):
        confirm(moderator, "settle", *cases, outcome=OUTCOME)
    assert fresh(cases[0]).state == State.OPEN
    assert mailoutbox == []


def test_who_left_an_address_is_told(
    moderator: Client,
    case: Case,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(moderator, "refuse", case, outcome=OUTCOME)
    (mail,) = mailoutbox
    assert mail.to == [CONTACT]
    assert f"http://testserver/removal/done/{case.reference}/" in str(mail.body)
    assert OUTCOME not in str(mail.body)


# Who may


def test_who_may_only_look_changes_nothing(client: Client, case: Case) -> None:
    sign_in(client, "view_case")
    assert SUBJECT in page_of(client, case)
    assert save(client, case, outcome=OUTCOME).status_code == 403
    assert press(client, "settle", case, confirmed="yes", outcome=OUTCOME).status_code == 403
    choose(client, "take", case)
    confirm(client, "refuse", case, outcome=OUTCOME)
    assert (fresh(case).state, fresh(case).assignee, fresh(case).outcome) == (State.OPEN, None, "")


def test_who_has_no_right_to_cases_sees_none(client: Client, case: Case) -> None:
    sign_in(client, "view_message")
    assert client.get(address(Case, "changelist")).status_code == 403
    assert client.get(address(Case, "change", case.pk)).status_code == 403


def test_the_group_of_moderators_may(client: Client, case: Case) -> None:
    sign_in(client).groups.add(Group.objects.get(name="moderator"))
    confirm(client, "settle", case, outcome=OUTCOME)
    assert fresh(case).state == State.DONE


def test_nobody_adds_or_deletes_a_case(moderator: Client, case: Case) -> None:
    assert moderator.get(address(Case, "add")).status_code == 403
    assert moderator.post(address(Case, "delete", case.pk), {"post": "yes"}).status_code == 403
    assert Case.objects.filter(pk=case.pk).exists()
