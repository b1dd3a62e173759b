"""Asking for removal, and looking what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from chatlogs.models import Alias, Member, Message, RemovalRequest
from chatlogs.models.moderation import make_reference
from tests.markup import elements_of
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed, make_overdue
from tests.small_archive import HOSTILE, LU, SPRING, TANG, ZHOU

FORM, REFERENCES = "/removal/", "/removal/done/"
FILLED = {"wish": "remove", "subject": SUBJECT, "explanation": EXPLANATION, "contact": CONTACT, "homepage": ""}
HOSTILE_VALUE = '"><img src=x onerror=alert(1)>' + HOSTILE


def send(client: Client, **changes: str) -> Any:
    return client.post(FORM, {**FILLED, **changes})


def page_of(removal_request: RemovalRequest) -> str:
    return f"{REFERENCES}{removal_request.reference}/"


def without_token(markup: str) -> str:
    return re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+', "", markup)


def form_for(client: Client, **about: str) -> str:
    response = client.get(FORM, about)
    assert response.status_code == 200
    return without_token(response.content.decode())


def filled_in(client: Client, **about: str) -> dict[str, Any]:
    initial: dict[str, Any] = client.get(FORM, about).context["form"].initial
    return initial


def inputs_of(markup: str) -> dict[str, dict[str, str]]:
    return {attributes["name"]: attributes for _, attributes in elements_of(markup) if "name" in attributes}


@pytest.fixture
def message(archive: Path) -> Message:
    return Message.objects.get(text="早上好[强]")


@pytest.fixture
def zhou(archive: Path) -> Member:
    return Member.objects.get(aliases__name=ZHOU)


# The form


def test_everybody_gets_the_form(db: None, client: Client) -> None:
    assert {"wish", "subject", "explanation", "contact", "homepage"} <= inputs_of(form_for(client)).keys()


def test_every_wish_can_be_chosen(db: None, client: Client) -> None:
    inputs = [one for _, one in elements_of(form_for(client)) if one.get("name") == "wish"]
    assert [one["value"] for one in inputs] == RemovalRequest.Wish.values
    assert {one["type"] for one in inputs} == {"radio"}


def test_each_field_that_can_be_seen_has_its_label(db: None, client: Client) -> None:
    elements = elements_of(form_for(client))
    labelled = {attributes.get("for") for name, attributes in elements if name == "label"}
    seen = [one for name, one in elements if name in ("input", "textarea") and one.get("type") != "hidden"]
    assert {one["id"] for one in seen} <= labelled


def test_a_messages_address_is_filled_in(message: Message, client: Client) -> None:
    initial = filled_in(client, message=message.key)
    assert f"http://testserver/m/{message.key}/" in initial["subject"]
    assert initial["wish"] == "remove"


def test_a_members_address_is_filled_in(zhou: Member, client: Client) -> None:
    initial = filled_in(client, member=zhou.key)
    assert f"http://testserver/members/{zhou.key}/" in initial["subject"]
    assert initial["wish"] == "opt-out"


def test_what_is_filled_in_is_understood_when_it_comes_back(message: Message, client: Client) -> None:
    send(client, subject=filled_in(client, message=message.key)["subject"])
    assert list(RemovalRequest.objects.get().messages.all()) == [message]


def test_the_member_that_is_filled_in_is_understood_when_it_comes_back(zhou: Member, client: Client) -> None:
    send(client, subject=filled_in(client, member=zhou.key)["subject"])
    assert RemovalRequest.objects.get().member == zhou


@pytest.mark.parametrize("state", ["hidden", "held", "erased"])
def test_a_message_nobody_can_see_opens_the_form_as_one_that_never_was(
    state: str, message: Message, client: Client
) -> None:
    Message.objects.filter(pk=message.pk).update(state=state)
    assert form_for(client, message=message.key) == form_for(client)


def test_a_member_nobody_can_see_opens_the_form_as_one_that_never_was(zhou: Member, client: Client) -> None:
    Alias.objects.filter(member=zhou).update(message_count=0)
    assert form_for(client, member=zhou.key) == form_for(client)


@pytest.mark.parametrize("key", ["", "x" * 500, "20180327-000000000000", "早", "\0", HOSTILE_VALUE])
@pytest.mark.parametrize("name", ["message", "member"])
def test_any_other_key_opens_the_empty_form(name: str, key: str, archive: Path, client: Client) -> None:
    assert form_for(client, **{name: key}) == form_for(client)


def test_a_members_hostile_name_is_shown_as_text(zhou: Member, client: Client) -> None:
    Member.objects.filter(pk=zhou.pk).update(name=HOSTILE_VALUE, is_name_curated=True)
    page = form_for(client, member=zhou.key)
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# Sending it


def test_a_request_is_stored_as_it_was_written(db: None, client: Client) -> None:
    send(client, wish="correct")
    removal_request = RemovalRequest.objects.get()
    assert (removal_request.wish, removal_request.subject, removal_request.explanation, removal_request.contact) == (
        "correct",
        SUBJECT,
        EXPLANATION,
        CONTACT,
    )


def test_who_sent_it_is_led_to_its_page(db: None, client: Client) -> None:
    response = send(client)
    assert response.status_code == 302
    assert response.headers["Location"] == page_of(RemovalRequest.objects.get())


def test_only_wish_and_subject_are_needed(db: None, client: Client) -> None:
    assert client.post(FORM, {"wish": "other", "subject": SUBJECT}).status_code == 302
    assert (RemovalRequest.objects.get().explanation, RemovalRequest.objects.get().contact) == ("", "")


def test_pasted_addresses_are_linked(archive: Path, client: Client) -> None:
    one, other = Message.objects.order_by("position")[:2]
    send(client, subject=f"https://x.example/m/{one.key}/\r\nhttps://x.example/a/#m-{other.key}")
    assert set(RemovalRequest.objects.get().messages.all()) == {one, other}


@pytest.mark.parametrize(
    "changes",
    [
        {"wish": ""},
        {"wish": "everything"},
        {"subject": ""},
        {"subject": "  \n"},
        {"subject": "x" * 4001},
        {"explanation": "x" * 4001},
        {"contact": "x" * 201},
        {"subject": "a\0b"},
    ],
)
def test_what_is_wrong_is_said_and_not_stored(changes: dict[str, str], db: None, client: Client) -> None:
    response = send(client, **changes)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == set(changes)
    assert 'role="alert"' in response.content.decode()
    assert not RemovalRequest.objects.exists()


def test_what_was_written_is_still_there_when_something_is_wrong(db: None, client: Client) -> None:
    page = send(client, wish="").content.decode()
    assert SUBJECT in page
    assert EXPLANATION in page
    assert f'value="{CONTACT}"' in page


def test_an_end_of_line_is_one_character(db: None, client: Client) -> None:
    assert send(client, subject="x\r\n" * 1999 + "yz").status_code == 302
    assert len(RemovalRequest.objects.get().subject) == 4000


@pytest.mark.parametrize("field", ["wish", "subject", "explanation", "contact", "homepage"])
def test_a_typed_script_comes_back_as_text(field: str, db: None, client: Client) -> None:
    page = client.post(FORM, {"wish": "x", **{field: HOSTILE_VALUE}}).content.decode()
    assert HOSTILE not in page
    assert not [one for _, one in elements_of(page) if "onerror" in one]


def test_a_request_needs_the_forms_token(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(FORM, FILLED).status_code == 403
    assert not RemovalRequest.objects.exists()


def test_a_request_with_the_forms_token_is_taken(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    token = inputs_of(client.get(FORM).content.decode())["csrfmiddlewaretoken"]["value"]
    assert client.post(FORM, {**FILLED, "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", [FORM, REFERENCES, f"{REFERENCES}ABCDEFGHJK/", "/about/"])
def test_other_methods_are_refused(path: str, method: str, db: None, client: Client) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("path", [REFERENCES, f"{REFERENCES}ABCDEFGHJK/", "/about/"])
def test_a_page_to_look_at_takes_no_post(path: str, db: None, client: Client) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", [FORM, "/about/"])
def test_a_page_answers_to_head(path: str, db: None, client: Client) -> None:
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")


def test_mail_goes_out_with_addresses_of_this_site(
    db: None,
    client: Client,
    settings: Settings,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.MODERATORS_EMAIL = "moderators@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        send(client)
    removal_request = RemovalRequest.objects.get()
    bodies = {mail.to[0]: str(mail.body) for mail in mailoutbox}
    assert (
        f"http://testserver/admin/chatlogs/removalrequest/{removal_request.pk}/change/"
        in bodies["moderators@example.org"]
    )
    assert f"http://testserver{page_of(removal_request)}" in bodies[CONTACT]


def test_mail_that_fails_hinders_no_request(
    db: None,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("chatlogs.moderation.emails.send_mail", fail)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client).status_code == 302
    assert RemovalRequest.objects.exists()


def test_sending_takes_as_many_queries_however_many_messages_it_is_about(
    archive: Path, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    subject = "\n".join(f"/m/{key}/" for key in Message.objects.values_list("key", flat=True)[:120])
    with django_assert_max_num_queries(12):
        send(client, subject=f"{subject}\n/members/{Member.objects.all()[0].key}/")
    assert RemovalRequest.objects.get().messages.count() == 120


@pytest.mark.parametrize("about", ["message", "member", "nothing"])
def test_the_form_takes_few_queries(
    about: str, message: Message, zhou: Member, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keys = {"message": {"message": message.key}, "member": {"member": zhou.key}, "nothing": {}}
    with django_assert_max_num_queries(2):
        client.get(FORM, keys[about])


# What only programs fill in


def test_the_trap_is_hidden_from_everybody_by_a_class(db: None, client: Client) -> None:
    page = form_for(client)
    (box,) = [one for _, one in elements_of(page) if one.get("class") == "trap"]
    assert box["aria-hidden"] == "true"
    assert "style" not in {name for _, one in elements_of(page) for name in one}
    trap = inputs_of(page)["homepage"]
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    css = (django_settings.BASE_DIR / "static" / "chatlogs" / "site.css").read_text()
    assert re.search(r"^\.trap \{[^}]*left: -9999px;", css, re.MULTILINE)


def test_who_falls_into_the_trap_is_answered_as_if_all_was_well(db: None, client: Client) -> None:
    trapped, honest = send(client, homepage="https://spam.example"), send(client)
    assert (trapped.status_code, trapped.content) == (honest.status_code, honest.content)
    pattern = re.compile(r"/removal/done/[2-9A-HJ-NP-Z]{10}/")
    assert pattern.fullmatch(trapped.headers["Location"])
    assert pattern.fullmatch(honest.headers["Location"])
    assert set(trapped.headers) == set(honest.headers)


def test_who_falls_into_the_trap_leaves_nothing(
    db: None,
    client: Client,
    settings: Settings,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.MODERATORS_EMAIL = "moderators@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        send(client, homepage="https://spam.example")
    assert not RemovalRequest.objects.exists()
    assert mailoutbox == []


# How often


@pytest.fixture
def visitor(db: None, settings: Settings) -> Iterator[Client]:
    caches["throttles"].clear()
    settings.RATES = {**settings.RATES, "removal": "2/hour", "search": "3/min"}
    yield Client(REMOTE_ADDR="198.51.100.4")
    caches["throttles"].clear()


def test_who_sends_too_many_is_refused(visitor: Client) -> None:
    assert [send(visitor).status_code for _ in range(3)] == [302, 302, 429]
    assert RemovalRequest.objects.count() == 2


def test_opening_the_form_does_not_count(visitor: Client) -> None:
    assert {visitor.get(FORM).status_code for _ in range(5)} == {200}
    assert send(visitor).status_code == 302


def test_others_can_send_meanwhile(visitor: Client) -> None:
    for _ in range(3):
        send(visitor)
    assert Client(REMOTE_ADDR="192.0.2.7").post(FORM, FILLED).status_code == 302


def test_who_tries_too_many_references_is_refused(visitor: Client) -> None:
    tries = [visitor.get(f"{REFERENCES}{make_reference()}/").status_code for _ in range(4)]
    assert tries == [404, 404, 404, 429]


# What becomes of it


def test_the_page_tells_the_reference_and_when_it_is_due(db: None, client: Client) -> None:
    removal_request = make_case()
    page = client.get(page_of(removal_request)).content.decode()
    assert removal_request.reference in page
    assert f'datetime="{timezone.localtime(removal_request.due_at):%Y-%m-%d}"' in page


def test_the_page_tells_nothing_of_what_was_written(archive: Path, client: Client) -> None:
    member = Member.objects.filter(aliases__name=LU)[0]
    removal_request = make_case(subject=f"{SUBJECT} /members/{member.key}/")
    RemovalRequest.objects.filter(pk=removal_request.pk).update(outcome="已隐藏")
    page = client.get(page_of(removal_request)).content.decode()
    for written in (SUBJECT, EXPLANATION, CONTACT, LU, member.key, "已隐藏", removal_request.get_wish_display()):
        assert written not in page


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("open", "Your request has been received"),
        ("erasing", "Your request is being processed"),
        ("done", "Your request has been completed"),
        ("refused", "Your request was refused"),
    ],
)
def test_each_state_has_its_heading(state: str, heading: str, db: None, client: Client) -> None:
    removal_request = make_closed(state) if state in ("done", "refused") else make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(state=state)
    page = client.get(page_of(removal_request), headers={"accept-language": "en"}).content.decode()
    assert re.search(rf"<h1>\s*{heading}\s*</h1>", page)


def test_a_closed_case_tells_when_it_was_answered(db: None, client: Client) -> None:
    removal_request = make_closed(days_ago=3)
    assert removal_request.closed_at
    page = client.get(page_of(removal_request)).content.decode()
    assert re.findall(r'<time datetime="([^"]*)"', page) == [
        f"{timezone.localtime(removal_request.closed_at):%Y-%m-%d}"
    ]


def test_an_overdue_case_says_that_it_is_late(db: None, client: Client) -> None:
    page = client.get(page_of(make_overdue()), headers={"accept-language": "en"}).content.decode()
    assert "The promised date has passed" in page


def test_a_reference_may_be_typed_in_small_letters(db: None, client: Client) -> None:
    removal_request = make_case()
    assert client.get(page_of(removal_request).lower()).status_code == 200


@pytest.mark.parametrize(
    "typed", ["ABCDEFGHJK", "ABC", "ABCDEFGHJ0", "早早早早早早早早早早", "ABCDEFGHJ%00", "%0A", "x" * 500]
)
def test_an_unknown_reference_is_a_page_that_says_so(typed: str, db: None, client: Client) -> None:
    response = client.get(f"{REFERENCES}{typed}/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_what_was_made_up_for_a_program_is_unknown(db: None, client: Client) -> None:
    assert client.get(send(client, homepage="x").headers["Location"]).status_code == 404


def test_nobody_guesses_a_reference() -> None:
    assert len({make_reference() for _ in range(1000)}) == 1000


def test_the_form_for_a_reference_leads_to_its_page(db: None, client: Client) -> None:
    removal_request = make_case()
    response = client.get(REFERENCES, {"reference": f" {removal_request.reference.lower()} "})
    assert response.headers["Location"] == page_of(removal_request)


@pytest.mark.parametrize("typed", ["ABC/../x", "\0", HOSTILE_VALUE, "早"])
def test_the_form_for_a_reference_says_what_can_be_none(typed: str, db: None, client: Client) -> None:
    response = client.get(REFERENCES, {"reference": typed})
    assert response.status_code == 404
    assert HOSTILE not in response.content.decode()


def test_the_address_above_a_reference_leads_to_the_form(db: None, client: Client) -> None:
    assert client.get(REFERENCES).headers["Location"] == FORM


def test_the_page_of_a_request_is_kept_by_no_cache_and_no_search_engine(db: None, client: Client) -> None:
    headers = client.get(page_of(make_case())).headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_of_a_request_takes_one_query_and_reads_nothing_that_was_written(
    archive: Path, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    removal_request = make_case()
    with django_assert_num_queries(1) as queries:
        client.get(page_of(removal_request))
    assert "subject" not in queries.captured_queries[0]["sql"]


# The way there


def test_each_message_of_a_day_leads_to_what_can_be_done_with_it(archive: Path, client: Client) -> None:
    page = client.get("/rooms/tea-room/2018/03/27/").content.decode()
    keys = Message.objects.filter(day__date=SPRING, room__slug="tea-room").order_by("position")
    assert re.findall(r'<a href="\?from=([^"]*)"', page) == [message.key for message in keys]


def test_a_message_apart_from_its_day_has_its_link(archive: Path, client: Client) -> None:
    one = Message.objects.get(text="第二天")
    page = client.get("/rooms/tea-room/2018/03/28/", {"from": one.key}).content.decode()
    assert f'href="{FORM}?message={one.key}"' in page


@pytest.mark.parametrize("path", ["/messages/", "/messages/?q=早"])
def test_each_message_of_a_list_has_its_link(path: str, archive: Path, client: Client) -> None:
    response = client.get(path)
    found = re.findall(rf'<a class="ask" href="{FORM}\?message=([^"]*)"', response.content.decode())
    assert found == [message.key for message in response.context["page"].messages]


def test_a_hidden_message_has_none(hidden: Message, client: Client) -> None:
    assert client.get("/rooms/tea-room/2018/03/28/").content.decode().count('href="?from=') == 0


def test_a_link_is_short(archive: Path, client: Client) -> None:
    page = client.get("/rooms/tea-room/2018/03/27/").content.decode()
    assert max(len(link.encode()) for link in re.findall(r'<a href="\?from=.*</a>', page)) <= 80


def test_a_members_page_has_its_link(archive: Path, client: Client) -> None:
    member = Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room")
    assert f'href="{FORM}?member={member.key}"' in client.get(member.get_absolute_url()).content.decode()


@pytest.mark.parametrize("target", [FORM, "/about/"])
def test_every_pages_footer_has_its_link(target: str, db: None, client: Client) -> None:
    footer = client.get("/").content.decode().split("<footer")[-1]
    assert f'href="{target}"' in footer
