"""Mail goes out when a case is stored, says nothing of what was written, and may fail."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from chatlogs.models import RemovalRequest
from chatlogs.moderation import requests
from chatlogs.moderation.emails import read_email
from tests.moderation.requests.making import CONTACT, EXPLANATION, SITE, SUBJECT, make_case

MODERATORS = "moderators@example.org"


@pytest.fixture(autouse=True)
def moderators(db: None, settings: Settings) -> None:
    settings.MODERATORS_EMAIL = MODERATORS


@pytest.fixture
def stored(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> DjangoCaptureOnCommitCallbacks:
    return django_capture_on_commit_callbacks


def to(outbox: list[EmailMessage], address: str) -> EmailMessage:
    (mail,) = [mail for mail in outbox if mail.to == [address]]
    return mail


def test_moderators_get_the_reference_and_the_cases_page(
    stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with stored(execute=True):
        removal_request = make_case()
    mail = to(mailoutbox, MODERATORS)
    assert removal_request.reference in mail.subject
    assert f"{SITE}admin/chatlogs/removalrequest/{removal_request.pk}/change/" in str(mail.body)


def test_who_left_an_address_gets_the_reference_and_where_to_look(
    stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with stored(execute=True):
        removal_request = make_case()
    mail = to(mailoutbox, CONTACT)
    assert removal_request.reference in mail.subject
    assert f"{SITE}removal/done/{removal_request.reference}/" in str(mail.body)


@pytest.mark.parametrize("address", [MODERATORS, CONTACT])
def test_no_mail_says_what_was_written(
    address: str, stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with stored(execute=True):
        make_case()
    whole = to(mailoutbox, address).message().as_string() + str(to(mailoutbox, address).body)
    assert SUBJECT not in whole
    assert EXPLANATION not in whole
    assert CONTACT not in str(to(mailoutbox, MODERATORS).body)


def test_nothing_is_sent_before_the_case_is_stored(
    stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with stored():
        make_case()
    assert mailoutbox == []


def test_without_an_address_of_moderators_nobody_tells_them(
    settings: Settings, stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    settings.MODERATORS_EMAIL = ""
    with stored(execute=True):
        make_case(contact="微信 abc")
    assert mailoutbox == []


@pytest.mark.parametrize(
    "contact",
    ["", "微信 abc", "wen@", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org", "邮箱 a@example.org"],
)
def test_what_is_more_or_less_than_an_address_gets_no_mail(contact: str) -> None:
    assert read_email(contact) == ""


def test_moderators_are_told_in_the_sites_language(
    stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with translation.override("en"), stored(execute=True):
        make_case()
    assert "Your request" in to(mailoutbox, CONTACT).subject
    assert "New request" not in to(mailoutbox, MODERATORS).subject


def test_mail_that_cannot_be_sent_is_logged_without_whom_it_was_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stored: DjangoCaptureOnCommitCallbacks
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionRefusedError(CONTACT)

    monkeypatch.setattr("chatlogs.moderation.emails.send_mail", fail)
    with caplog.at_level(logging.ERROR), stored(execute=True):
        removal_request = make_case()
    assert RemovalRequest.objects.filter(pk=removal_request.pk).exists()
    assert caplog.text.count(f"{removal_request.reference} was not sent: ConnectionRefusedError") == 2
    assert CONTACT not in caplog.text


@pytest.mark.parametrize(
    ("state", "other"),
    [
        (RemovalRequest.State.DONE, RemovalRequest.State.REFUSED),
        (RemovalRequest.State.REFUSED, RemovalRequest.State.DONE),
    ],
)
def test_the_requester_is_told_the_outcomes_state_and_not_its_text(
    state: str, other: str, stored: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    removal_request, words = (
        make_case(),
        {RemovalRequest.State.DONE: "has been completed", RemovalRequest.State.REFUSED: "was refused"},
    )
    by = User.objects.create_user("wen")
    with stored(execute=True):
        requests.close(removal_request, state, by=by, outcome="内部说明", site=SITE)
    body = str(to(mailoutbox, CONTACT).body)
    assert words[RemovalRequest.State(state)] in body
    assert words[RemovalRequest.State(other)] not in body
    assert "内部说明" not in body
