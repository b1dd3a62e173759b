"""The log of actions: descriptions of changes, and undo with the permission of the action."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs import moderation
from chatlogs.models import Alias, Day, Member, Message, ModerationAction, Room, Tombstone
from chatlogs.people import merging
from tests.admin.moderating import address, choose, confirm, last_action, listed, page_of, save, sign_in, sign_in_as
from tests.admin.moderating import said as told
from tests.admin.talking import CHEN, NIGHT, NUMBER, PEAR, SAID, WORD, State, match, night, reply, said
from tests.moderation.deciding import why
from tests.moderation.requests.making import make_case
from tests.people.people import alias, member

Actions = Callable[[], ModerationAction]


def day() -> Day:
    return Day.objects.select_related("room").get()


def make_pending() -> Tombstone:
    """Make a tombstone with a message pending review, like an import that finds another text at its place."""
    moderation.erase([night()], **why())
    tombstone = Tombstone.objects.get()
    tombstone.messages[0]["outcome"] = "held"
    tombstone.is_holding = True
    tombstone.save()
    return tombstone


ACTIONS: dict[str, tuple[Actions, str]] = {
    "hide": (lambda: moderation.hide([night()], moderation.Part.TEXT, **why()), "shown → hidden"),
    "hide author": (lambda: moderation.hide([night()], moderation.Part.AUTHOR, **why()), "author hidden"),
    "hide day": (lambda: moderation.hide_day(day(), **why()), ": hidden"),
    "hide room": (lambda: moderation.set_visibility(Room.objects.get(), "hidden", **why()), "public → hidden from"),
    "redact": (lambda: moderation.redact(said(), [(0, 2), (8, 11)], **why()), "2 passages redacted"),
    "redact all": (lambda: moderation.redact_all([said()], **why()), "whole text redacted"),
    "review": (lambda: moderation.decide_on_matches([match()], "released", **why()), "number: open → released"),
    "mask": (lambda: moderation.set_masked_kinds(Room.objects.get(), ["qq"], **why()), "→ QQ number"),
    "approve": (lambda: moderation.approve(make_pending(), **why()), "1 × approved"),
    "erase": (lambda: moderation.erase([night()], **why()), "shown → erased"),
    "opt out": (lambda: moderation.opt_out(member(CHEN), "name", **why()), "- → a neutral name"),
    "exempt": (lambda: moderation.exempt(alias(CHEN), **why()), "not the person who opted out"),
    "merge": (lambda: merging.merge(member(CHEN), member(PEAR), by=None, reason="一个人"), f">{PEAR}</a>"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_the_log_describes_what_an_action_changed(moderators: Client, name: str) -> None:
    do, words = ACTIONS[name]
    page = page_of(moderators, do())
    assert words in page


@pytest.mark.parametrize("name", [name for name in ACTIONS if name not in ("approve", "erase")])
def test_the_log_describes_an_undo(superuser: Client, name: str) -> None:
    do, _ = ACTIONS[name]
    action = do()
    confirm(superuser, "undo", action)
    undone = last_action()
    assert undone.undoes == action
    assert "?: {" not in page_of(superuser, undone)


@pytest.mark.parametrize(
    ("name", "model", "row"),
    [("hide", Message, night), ("hide day", Day, day), ("hide room", Room, lambda: Room.objects.get())],
)
def test_what_was_changed_is_linked(
    moderators: Client, name: str, model: type[Message], row: Callable[[], Message]
) -> None:
    do, _ = ACTIONS[name]
    assert address(model, "change", row().pk) in page_of(moderators, do())


def test_members_and_names_are_linked(moderators: Client) -> None:
    action = moderation.opt_out(member(CHEN), "name", **why())
    assert address(Member, "change", Alias.objects.get(is_opted_out=True).member_id) in page_of(moderators, action)


def test_the_log_shows_category_and_removal_request(moderators: Client) -> None:
    removal_request = make_case()
    page = page_of(
        moderators,
        moderation.hide([night()], by=None, category="request", reason="她来信了", removal_request=removal_request),
    )
    assert "request by the person concerned" in page
    assert removal_request.reference in page


def test_an_action_is_found_by_its_number(moderators: Client) -> None:
    one, other = moderation.hide([night()], **why()), moderation.hide([said()], **why())
    page = listed(moderators, ModerationAction, q=str(one.pk))
    assert f'value="{one.pk}"' in page
    assert f'value="{other.pk}"' not in page


def test_the_actions_for_a_request_are_found_by_its_reference(moderators: Client) -> None:
    removal_request = make_case()
    one, other = (
        moderation.hide([night()], by=None, category="request", reason="她来信了", removal_request=removal_request),
        moderation.hide([said()], **why()),
    )
    page = listed(moderators, ModerationAction, q=removal_request.reference)
    assert f'value="{one.pk}"' in page
    assert f'value="{other.pk}"' not in page


def test_the_list_reads_no_changes(moderators: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for message in (said(), reply(), night()):
        moderation.hide([message], **why())
    with django_assert_max_num_queries(8) as queries:
        listed(moderators, ModerationAction)
    assert not any('"changes",' in query["sql"] for query in queries.captured_queries)


def test_a_long_list_of_changes_is_cut(moderators: Client, talk: Path) -> None:
    changes = [{"message": said().key, "state": ["shown", "hidden"]}] * 150
    action = ModerationAction.objects.create(kind="hide", made_at=day().source_file.imported_at, changes=changes)
    page = page_of(moderators, action)
    assert page.count("shown → hidden") == 100
    assert "and 50 more" in page


# Undo


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("hide", "hide_message"),
        ("hide day", "hide_message"),
        ("hide room", "hide_message"),
        ("mask", "hide_message"),
        ("redact", "redact_message"),
        ("review", "change_personaldatamatch"),
        ("opt out", "opt_out_member"),
        ("exempt", "opt_out_member"),
        ("merge", "change_alias"),
        ("merge", "change_member"),
    ],
)
def test_undoing_takes_the_right_to_do_it(client: Client, talk: Path, name: str, right: str) -> None:
    do, _ = ACTIONS[name]
    action = do()
    others = {
        "hide_message",
        "redact_message",
        "change_personaldatamatch",
        "opt_out_member",
        "change_alias",
        "change_member",
    }
    others -= {"change_alias", "change_member"} if name == "merge" else {right}
    sign_in(client, "view_moderationaction", "undo_moderationaction", *others)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert told(confirm(client, "undo", action)) == [
        ("error", f"You do not have permission to undo action {action.pk}.")
    ]
    sign_in(client, "view_moderationaction", "undo_moderationaction", right)
    confirm(client, "undo", action)
    assert ModerationAction.objects.filter(undoes=action).exists()


def test_the_right_to_do_it_is_not_the_right_to_undo_it(client: Client, talk: Path) -> None:
    action = moderation.hide([night()], **why())
    sign_in(client, "view_moderationaction", "hide_message")
    confirm(client, "undo", action)
    assert not ModerationAction.objects.filter(undoes=action).exists()


def test_an_undo_can_be_undone_with_the_permission_of_the_action(client: Client, talk: Path) -> None:
    action = moderation.undo(moderation.hide([night()], **why()), **why())
    sign_in_as(client, "curator")
    confirm(client, "undo", action)
    assert night().state == State.SHOWN
    sign_in_as(client, "moderator")
    confirm(client, "undo", action)
    assert night().state == State.HIDDEN


def test_an_erasure_cannot_be_undone_and_says_so(superuser: Client) -> None:
    action = moderation.erase([night()], **why())
    assert told(confirm(superuser, "undo", action)) == [("error", "Erased messages cannot be restored.")]


def test_the_page_of_an_erasure_shows_whether_it_is_finished(superuser: Client) -> None:
    assert "not cleared" in page_of(superuser, moderation.erase([night()], **why()))


def test_an_undoing_has_a_ground_and_a_reason(moderators: Client) -> None:
    action = moderation.hide([night()], **why())
    assert 'name="category"' in choose(moderators, "undo", action).content.decode()
    confirm(moderators, "undo", action, category="mistake", reason="看错了")
    assert (last_action().category, last_action().reason) == ("mistake", "看错了")


def test_nobody_writes_into_the_log(superuser: Client) -> None:
    action = moderation.hide([night()], **why())
    assert save(superuser, action, reason="别的").status_code == 403
    assert superuser.post(address(ModerationAction, "delete", action.pk), {"post": "yes"}).status_code == 403
    assert superuser.get(address(ModerationAction, "add")).status_code == 403


# What the log never contains


def test_the_log_never_contains_message_text(superuser: Client) -> None:
    confirm(superuser, "redact_whole", said(), quoting=[reply().pk])
    confirm(superuser, "release", match())
    confirm(superuser, "hide", night(), part="both")
    confirm(superuser, "opt_out", member(PEAR), extent="messages")
    confirm(superuser, "erase", said(), understood="on")
    written = str(list(ModerationAction.objects.values()))
    assert ModerationAction.objects.count() == 5
    assert not [text for text in (SAID, WORD, NUMBER, NIGHT, CHEN, PEAR, "Mia") if text in written]


def test_djangos_own_log_names_nobody(superuser: Client) -> None:
    person = member(CHEN)
    save(superuser, alias(CHEN), member=member(PEAR).pk, reason="一个人")
    save(superuser, person, name="江月", company="", role="", city="", **{
        "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
    })  # fmt: skip
    save(superuser, Room.objects.get(), title="茶室", description="")
    entries = list(LogEntry.objects.values_list("object_repr", "change_message"))
    assert len(entries) == 3
    assert all(object_repr.isdigit() for object_repr, _ in entries)
    assert not [name for name in (CHEN, PEAR, "江月", "茶室") if name in str(entries)]


def test_djangos_own_log_leads_to_what_was_edited(superuser: Client) -> None:
    save(superuser, Room.objects.get(), title="茶室", description="")
    assert LogEntry.objects.get().get_edited_object() == Room.objects.get()
