from pathlib import Path

import pytest
from django.test import Client

from tests.admin.moderating import sign_in, sign_in_as
from tests.admin.talking import CHEN, NIGHT, PEAR, PHONE, REPLY, SAID
from tests.people.people import days_later, import_day_once, write_day

CHANGES = ("alias", "member", "mention", "mentionedname", "room", "suggestion")
OTHERS = ("view_moderationaction", "undo_moderationaction")


@pytest.fixture
def people(tmp_path: Path, db: None) -> Path:
    """Import five members: two with the same name one after the other, two whom a third mentions."""
    write_day(tmp_path, days_later(-100), "陈江月-云杉支付-产品-杭州", ("石榴", "早上好"))
    import_day_once(
        tmp_path,
        "陈江月-青禾银行-风控-苏州",
        "陈江月-青禾银行-风控-苏州",
        "陆鸣",
        ("Mia", "@陆鸣 在吗"),
        ("Mia", "@老陆 来"),
    )
    return tmp_path


@pytest.fixture
def talk(tmp_path: Path, db: None) -> Path:
    """Import a message, a reply that quotes it, and a telephone number."""
    import_day_once(tmp_path, (CHEN, SAID), (PEAR, REPLY), (PEAR, PHONE), ("Mia", NIGHT))
    return tmp_path


@pytest.fixture
def moderators(client: Client, talk: Path) -> Client:
    """Sign in a member of the group of moderators."""
    sign_in_as(client, "moderator")
    return client


@pytest.fixture
def superuser(client: Client, talk: Path) -> Client:
    sign_in_as(client, "superuser")
    return client


@pytest.fixture
def moderator(client: Client, people: Path) -> Client:
    """Sign in a user with change permissions, in English."""
    sign_in(client, *(f"change_{model}" for model in CHANGES), *(f"view_{model}" for model in CHANGES), *OTHERS)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def onlooker(client: Client, people: Path) -> Client:
    """Sign in a user with view permissions only."""
    sign_in(client, *(f"view_{model}" for model in CHANGES), "view_moderationaction")
    return client
