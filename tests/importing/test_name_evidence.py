"""What transcripts tell of private accounts is kept as hashes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from chatlogs.models import Archive, NameEvidence, SourceFile
from chatlogs.people import hash_account
from tests.importing.archives import import_tree
from tests.importing.dumps import dump_text_columns
from tests.transcripts.making import link_b, link_c, message, write_transcript

DAY = "2018-12-01"
ACCOUNT, CHOSEN = "wxid_tail0000000000", "tearoom1987"
MESSAGES = [
    message("09:00:00", "陆一鸣", link_b("文章", "https://a.example/x", ACCOUNT)),
    message("09:00:05", "江月", "看过了"),
    message("09:00:09", "陆一鸣", link_c("又一篇", CHOSEN)),
    message("09:00:30", "汤圆", "谢谢"),
    message("09:01:00", "乔木", link_b("最后一篇", "https://a.example/y", "wxid_last000000")),
]


def import_day(folder: Path, *messages: bytes) -> None:
    write_transcript(folder, "tea-room", DAY, *messages)
    import_tree(folder)


def name_evidence() -> dict[str, str]:
    """Account hash -> name."""
    return dict(NameEvidence.objects.filter(kind="account").values_list("account_hash", "alias__name"))


def hashed(account: str) -> str:
    return hash_account(bytes(Archive.objects.get().account_key), account)


def test_an_account_is_of_who_sends_the_next_message(tree: Path, db: None) -> None:
    import_day(tree, *MESSAGES)
    assert name_evidence() == {hashed(ACCOUNT): "江月", hashed(CHOSEN): "汤圆"}


def test_the_last_message_of_a_file_says_nothing(tree: Path, db: None) -> None:
    import_day(tree, *MESSAGES)
    assert hashed("wxid_last000000") not in name_evidence()


def test_a_message_of_nobody_has_no_account(tree: Path, db: None) -> None:
    import_day(tree, MESSAGES[0], message("09:00:05", "", "谁"))
    assert name_evidence() == {}


def test_a_merged_export_says_nothing(tree: Path, db: None) -> None:
    doubled = [message("10:00:00", name, "早") for name in ("江月", "江小月")]
    import_day(tree, *doubled, MESSAGES[0].replace(b"09:00:00", b"10:00:01"), message("10:00:02", "汤圆", "好"))
    assert name_evidence() == {}


def test_an_edited_file_is_believed_anew(tree: Path, db: None) -> None:
    import_day(tree, *MESSAGES)
    import_day(tree, MESSAGES[0], message("09:00:05", "江月-云杉支付", "看过了"), *MESSAGES[2:])
    assert name_evidence()[hashed(ACCOUNT)] == "江月-云杉支付"


def test_a_newer_parser_sees_what_an_older_one_did_not(tree: Path, db: None) -> None:
    import_day(tree, *MESSAGES)
    NameEvidence.objects.all().delete()
    SourceFile.objects.update(parser_version=1)
    import_tree(tree)
    assert len(name_evidence()) == 2


def test_no_account_is_in_any_column_but_the_files_own_bytes(tree: Path, db: None) -> None:
    import_day(tree, *MESSAGES)
    accounts = (ACCOUNT, CHOSEN, "wxid_last000000")
    assert not [column for column, value in dump_text_columns() if any(account in value for account in accounts)]


@pytest.mark.django_db(transaction=True)
def test_no_account_is_in_the_database_file_once_the_files_bytes_are_gone(tree: Path) -> None:
    """The search index and all else that no column shows is in the file, too."""
    if connection.vendor != "sqlite":
        pytest.skip("a database of PostgreSQL is no file")
    import_day(tree, *MESSAGES)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM chatlogs_segment")
        cursor.execute("VACUUM")
        data = connection.connection.serialize()
    assert "看过了".encode() in data
    assert not [account for account in (ACCOUNT, CHOSEN, "wxid_last000000") if account.encode() in data]
