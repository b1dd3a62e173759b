"""Messages in the admin: the list, a message's page, and actions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django import DjangoCaptureOnCommitCallbacks as Commits

from chatlogs import moderation
from chatlogs.models import Erasure, Image, Message, ModerationAction, Original, RemovalRequest
from tests.admin.moderating import (
    WHY,
    address,
    choose,
    confirm,
    last_action,
    levels,
    listed,
    page_of,
    press,
    sign_in,
    sign_in_as,
)
from tests.admin.moderating import said as told
from tests.admin.talking import (
    NIGHT,
    NUMBER,
    PEAR,
    SAID,
    WORD,
    State,
    by_order,
    night,
    reply,
    said,
    states,
    texts,
)
from tests.moderation.deciding import why
from tests.moderation.requests.making import make_case
from tests.people.people import days_later, import_day

BLOCK = "███"

SHOWN, HIDDEN, ERASED = State.SHOWN, State.HIDDEN, State.ERASED


def choices_of(response: Any) -> list[str]:
    """Return the primary keys of the replies that a page proposes; all of them are checked."""
    page = response.content.decode()
    return re.findall(r'name="quoting" value="(\d+)"[^>]*checked', page)


# The list


def test_the_list_shows_state_and_flags(moderators: Client) -> None:
    moderation.redact(said(), [(0, 2)], **why())
    moderation.hide([night()], **why())
    page = listed(moderators, Message)
    assert "original kept" in page
    assert '<td class="field-state">hidden</td>' in page
    assert '<td class="field-flags">author hidden, original kept</td>' in page


def test_a_message_is_found_by_its_key(moderators: Client) -> None:
    page = listed(moderators, Message, q=said().key)
    assert SAID in page
    assert NIGHT not in page


def test_a_message_is_found_by_its_address(moderators: Client) -> None:
    page = listed(moderators, Message, q=f"https://archive.example.org/m/{said().key}/")
    assert SAID in page
    assert NIGHT not in page


def test_states_can_be_asked_for(moderators: Client) -> None:
    moderation.hide([night()], **why())
    assert NIGHT in listed(moderators, Message, state="hidden")
    assert SAID not in listed(moderators, Message, state="hidden")
    assert NIGHT not in listed(moderators, Message, state="shown")


def test_the_list_can_be_filtered_by_original(moderators: Client) -> None:
    moderation.redact(said(), [(0, 2)], **why())
    page = listed(moderators, Message, original="yes")
    assert said().key in page
    assert night().key not in page


def test_the_list_takes_few_queries(moderators: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(9):
        listed(moderators, Message)


def test_what_is_hidden_is_found_by_an_index(talk: Path) -> None:
    hidden = Message.objects.filter(state=HIDDEN).exclude(state=SHOWN).order_by("-position")
    if connection.vendor == "sqlite":
        assert "message_by_rare_state" in hidden.explain()


# A message's page


def test_the_page_shows_five_before_and_five_after(moderators: Client, talk: Path) -> None:
    import_day(talk, *((PEAR, f"第{n}句话") for n in range(12)), date=days_later(1))
    moderation.hide([by_order(5)], **why())
    page = page_of(moderators, by_order(10))
    assert [n for n in range(12) if f"第{n}句话" in page] == list(range(1, 12))
    assert "[hidden]: 第1句话" in page


def test_the_page_leads_to_the_site(moderators: Client) -> None:
    page = page_of(moderators, said())
    (link,) = re.findall(r'href="([^"]+)" class="viewsitelink"', page)
    assert moderators.get(link).headers["Location"].endswith(said().get_absolute_url())


def test_the_page_lists_past_actions(moderators: Client) -> None:
    other = moderation.hide([night()], **why())
    action = moderation.hide([said()], **why())
    page = page_of(moderators, said())
    assert address(ModerationAction, "change", action.pk) in page
    assert address(ModerationAction, "change", other.pk) not in page


def test_the_page_takes_few_queries(moderators: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(12):
        page_of(moderators, said())


def test_a_superuser_can_read_originals(superuser: Client) -> None:
    moderation.redact_all([said()], **why())
    assert WORD in page_of(superuser, said())


def test_moderators_cannot_read_originals(moderators: Client) -> None:
    moderation.redact_all([night()], **why())
    moderation.hide([night()], **why())
    page = page_of(moderators, night())
    assert NIGHT not in page
    assert "Mia" not in page


def test_nobody_changes_a_message_by_hand(superuser: Client) -> None:
    assert superuser.post(address(Message, "change", said().pk), {"text": "别的"}).status_code == 403


# Confirmation


def test_the_question_shows_ten_and_counts_the_rest(moderators: Client, talk: Path) -> None:
    import_day(talk, *((PEAR, f"第{n}句话") for n in range(12)), date=days_later(1))
    chosen = list(Message.objects.filter(text__startswith="第"))
    page = choose(moderators, "hide", *chosen).content.decode()
    assert "Hide 12 messages?" in page
    assert "and 2 more" in page
    assert page.count("句话") == 10


@pytest.mark.parametrize("left_out", ["category", "reason"])
def test_nothing_is_done_without_ground_and_reason(moderators: Client, left_out: str) -> None:
    page = confirm(moderators, "hide", said(), part="both", **{left_out: ""}).content.decode()
    assert "This field is required." in page
    assert states()[0] == SHOWN


def test_only_known_grounds_are_taken(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="both", category="whim")
    assert states()[0] == SHOWN


def test_an_action_is_logged_with_category_and_reason(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="both")
    action = last_action()
    assert (action.kind, action.category, action.reason) == ("hide", WHY["category"], WHY["reason"])
    assert action.actor is not None


def test_an_action_can_be_for_an_open_request(moderators: Client) -> None:
    removal_request = make_case()
    assert removal_request.reference in choose(moderators, "hide", said()).content.decode()
    confirm(moderators, "hide", said(), part="both", removal_request=removal_request.pk)
    assert last_action().removal_request == removal_request


def test_an_action_cannot_be_for_a_closed_request(moderators: Client) -> None:
    make_case()
    closed = make_case()
    RemovalRequest.objects.filter(pk=closed.pk).update(state=RemovalRequest.State.DONE)
    assert closed.reference not in choose(moderators, "hide", said()).content.decode()
    confirm(moderators, "hide", said(), part="both", removal_request=closed.pk)
    assert states()[0] == SHOWN


def test_requests_are_only_offered_with_the_permission_to_view_them(client: Client, talk: Path) -> None:
    removal_request = make_case()
    sign_in(client, "view_message", "hide_message")
    page = choose(client, "hide", said()).content.decode()
    assert 'name="category"' in page
    assert removal_request.reference not in page


def test_a_refused_action_is_explained_and_changes_nothing(moderators: Client) -> None:
    moderation.hide([said()], **why())
    answer = confirm(moderators, "hide", said(), part="both")
    assert told(answer) == [("error", "The messages already have this setting, or have been erased.")]


def test_a_selection_is_one_action(moderators: Client) -> None:
    confirm(moderators, "hide", said(), night(), part="both")
    assert len({change["message"] for change in last_action().changes}) == 2
    assert ModerationAction.objects.count() == 1


def test_an_action_on_a_missing_message_asks_nothing(moderators: Client) -> None:
    answer = moderators.post(address(Message, "change", 999), {"action": "hide"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/"


# Hiding and restoring


def test_a_quotation_is_proposed_and_hidden_with_it(moderators: Client) -> None:
    assert choices_of(choose(moderators, "hide", said())) == [str(reply().pk)]
    confirm(moderators, "hide", said(), part="both", quoting=[reply().pk])
    assert states() == [HIDDEN, HIDDEN, SHOWN, SHOWN]
    assert ModerationAction.objects.count() == 1


def test_a_quotation_can_be_left_out(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="both")
    assert states() == [HIDDEN, SHOWN, SHOWN, SHOWN]


def test_nothing_but_a_quotation_comes_along(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="both", quoting=[night().pk])
    assert states() == [SHOWN] * 4


def test_hiding_only_the_author_leaves_replies_alone(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="author", quoting=[reply().pk])
    hidden = list(Message.objects.order_by("position").values_list("is_author_hidden", flat=True))
    assert hidden == [True, False, False, False]
    assert states() == [SHOWN] * 4


def test_only_the_text_is_hidden(moderators: Client) -> None:
    confirm(moderators, "hide", said(), part="text")
    assert (said().state, said().is_author_hidden) == (HIDDEN, False)


def test_messages_are_restored(moderators: Client) -> None:
    moderation.hide([said(), night()], **why())
    confirm(moderators, "restore", said(), night())
    assert states() == [SHOWN] * 4
    assert last_action().kind == "restore"


def test_a_messages_page_hides_it_and_stays(moderators: Client) -> None:
    answer = press(moderators, "hide", said(), confirmed="yes", part="both", **WHY)
    assert answer.headers["Location"] == address(Message, "change", said().pk)
    assert states()[0] == HIDDEN


@pytest.mark.parametrize("typed", ["{key}", "https://archive.example.org/m/{key}/"])
def test_a_range_is_hidden_up_to_its_last(moderators: Client, typed: str) -> None:
    last = typed.format(key=by_order(2).key)
    page = press(moderators, "hide_range", said(), last=last).content.decode()
    assert "Hide 3 messages?" in page
    press(moderators, "hide_range", said(), last=last, confirmed="yes", part="both", **WHY)
    assert states() == [HIDDEN, HIDDEN, HIDDEN, SHOWN]
    assert ModerationAction.objects.count() == 1


def test_a_range_ends_in_its_room(moderators: Client, talk: Path) -> None:
    import_day(talk, (PEAR, "另一个群"), room="wine-room")
    other = Message.objects.get(text="另一个群")
    answer = press(moderators, "hide_range", said(), last=other.key)
    assert told(answer) == [("error", "There is no such message in this room.")]


def test_a_range_is_no_action_of_the_list(moderators: Client) -> None:
    assert 'value="hide_range"' not in listed(moderators, Message)
    confirm(moderators, "hide_range", said(), last=night().key, part="both")
    assert states() == [SHOWN] * 4


# Redacting


def test_whole_texts_are_redacted_and_the_quotations_in_replies(moderators: Client) -> None:
    assert choices_of(choose(moderators, "redact_whole", said())) == [str(reply().pk)]
    confirm(moderators, "redact_whole", said(), night(), quoting=[reply().pk])
    assert texts()[0] == texts()[3] == BLOCK
    assert WORD not in texts()[1]
    assert texts()[1].endswith("好的")
    assert ModerationAction.objects.count() == 1


def test_redacted_passages_are_previewed(moderators: Client) -> None:
    page = press(moderators, "redact_passages", said(), words=f"{WORD}\n文件", ranges="").content.decode()
    assert f"请把对账{BLOCK}发给{BLOCK}先生" in page
    assert "Redact 2 passages?" in page


def test_passages_are_also_redacted_where_they_are_quoted(moderators: Client) -> None:
    page = press(moderators, "redact_passages", said(), words=WORD, ranges="1-2")
    assert choices_of(page) == [str(reply().pk)]
    press(moderators, "redact_passages", said(), words=WORD, ranges="1-2", quoting=[reply().pk], confirmed="yes", **WHY)
    assert texts()[0] == f"{BLOCK}对账文件发给{BLOCK}先生"
    assert f"{BLOCK}对账文件发给{BLOCK}先生 」" in texts()[1]


def test_words_that_the_text_does_not_contain_are_refused(moderators: Client) -> None:
    answer = press(moderators, "redact_passages", said(), words="百灵鸟", ranges="")
    assert told(answer) == [("error", "The text does not contain “百灵鸟”.")]


@pytest.mark.parametrize("ranges", ["3", "a-b", "5-", "0-2", "4-99", "5-3"])
def test_character_ranges_outside_the_text_are_refused(moderators: Client, ranges: str) -> None:
    assert levels(press(moderators, "redact_passages", said(), words="", ranges=ranges)) == ["error"]


def test_redaction_without_a_passage_is_refused(moderators: Client) -> None:
    answer = press(moderators, "redact_passages", said(), words=" \n ", ranges=" ")
    assert told(answer) == [("error", "Enter the words to redact.")]


def test_a_moderator_cannot_probe_an_original(moderators: Client) -> None:
    moderation.redact(said(), [(8, 11)], **why())
    assert levels(press(moderators, "redact_passages", said(), words=WORD, ranges="")) == ["error"]


def test_a_moderator_counts_characters_of_the_redacted_text(moderators: Client) -> None:
    """After a block, characters have other positions in the original."""
    moderation.redact(said(), [(0, 5)], **why())
    assert texts()[0] == f"{BLOCK}件发给金丝雀先生"
    press(moderators, "redact_passages", said(), words="先生", ranges="4-4", confirmed="yes", **WHY)
    assert texts()[0] == f"{BLOCK}{BLOCK}发给金丝雀{BLOCK}"


def test_a_superuser_counts_characters_of_the_original(superuser: Client) -> None:
    moderation.redact(said(), [(8, 11)], **why())
    press(superuser, "redact_passages", said(), words="雀先", ranges="", confirmed="yes", **WHY)
    assert texts()[0] == f"请把对账文件发给{BLOCK}生"


# Erasing


def erase(client: Client, *messages: Message, **answers: Any) -> Any:
    return confirm(client, "erase", *messages, understood="on", **answers)


def test_the_erasure_page_warns_twice(superuser: Client) -> None:
    page = choose(superuser, "erase", said()).content.decode()
    assert "This cannot be undone." in page
    assert "I understand that this cannot be undone." in page


def test_nothing_is_erased_without_the_confirmation_box(superuser: Client) -> None:
    page = confirm(superuser, "erase", said()).content.decode()
    assert "This field is required." in page
    assert states()[0] == SHOWN


def test_messages_are_erased_with_the_replies_that_quote_them(superuser: Client) -> None:
    assert choices_of(choose(superuser, "erase", said())) == [str(reply().pk)]
    erase(superuser, said(), night(), quoting=[reply().pk])
    assert states() == [ERASED, ERASED, SHOWN, ERASED]
    assert not any(WORD in text for text in texts())
    assert ModerationAction.objects.count() == 1


def test_an_erasure_is_finished_once_it_is_committed(
    superuser: Client,
    django_capture_on_commit_callbacks: Commits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finished: list[float] = []
    monkeypatch.setattr(moderation, "compact_after_erasure", finished.append)
    with django_capture_on_commit_callbacks(execute=True):
        answer = erase(superuser, said())
        assert finished == []
    if connection.vendor == "sqlite":
        assert finished == [10.0]
        assert levels(answer) == ["success"]
    else:
        assert "manage.py compact_after_erasure" in told(answer)[-1][1]
        assert not Erasure.objects.get().finished_at


def test_an_erasure_says_which_files_are_left_to_delete(
    superuser: Client, django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "compact_after_erasure", lambda seconds: 0)
    Image.objects.create(message=said(), url="", path="2018-03/20180327_090000.png")
    with django_capture_on_commit_callbacks(execute=True):
        answer = erase(superuser, said())
    level, words = told(answer)[-1]
    assert (level, "2018-03/20180327_090000.png" in words) == ("warning", True)


def test_an_erasure_that_waits_for_readers_shows_a_warning(
    superuser: Client,
    django_capture_on_commit_callbacks: Commits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_seconds: float) -> int:
        raise TimeoutError

    monkeypatch.setattr(moderation, "compact_after_erasure", never)
    with django_capture_on_commit_callbacks(execute=True):
        answer = erase(superuser, said())
    assert told(answer)[-1][1].startswith(
        "The erasure is not finished" if connection.vendor == "sqlite" else "To finish the erasure"
    )
    assert states()[0] == ERASED


# Permissions


ACTIONS = {
    "hide": {"part": "both"},
    "restore": {},
    "hide_range": {"part": "both", "last": "{last}"},
    "redact_whole": {},
    "redact_passages": {"words": WORD},
    "erase": {"understood": "on"},
}
FORBIDDEN = [
    *(("curator", perform) for perform in ACTIONS),
    *(("nobody", perform) for perform in ACTIONS),
    ("moderator", "erase"),
]


@pytest.mark.parametrize(("role", "perform"), FORBIDDEN)
def test_actions_need_their_permission(client: Client, talk: Path, role: str, perform: str) -> None:
    sign_in_as(client, role)
    answers = {name: value.format(last=night().key) for name, value in ACTIONS[perform].items()}
    assert press(client, perform, said(), confirmed="yes", **WHY, **answers).status_code == 403
    confirm(client, perform, said(), **answers)
    assert states() == [SHOWN] * 4
    assert not ModerationAction.objects.exists()


def test_staff_without_any_right_sees_no_message(client: Client, talk: Path) -> None:
    sign_in_as(client, "nobody")
    assert client.get(address(Message, "changelist")).status_code == 403
    assert client.get(address(Message, "change", said().pk)).status_code == 403


def test_hiding_needs_the_permission_to_view(client: Client, talk: Path) -> None:
    sign_in(client, "hide_message")
    assert press(client, "hide", said(), confirmed="yes", part="both", **WHY).status_code == 403


def test_a_curator_reads_and_has_no_buttons(client: Client, talk: Path) -> None:
    sign_in_as(client, "curator")
    page = page_of(client, said())
    assert SAID in page
    assert 'name="action"' not in page


def test_the_list_contains_no_original_text(moderators: Client) -> None:
    assert Original.objects.exists()
    assert NUMBER not in listed(moderators, Message)
