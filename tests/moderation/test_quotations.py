"""What is covered in a message is covered where it is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.models import Message
from chatlogs.text.masks import BLOCK
from chatlogs.text.quotations import RULE
from tests.importing.archives import import_tree
from tests.moderation.deciding import shown, why
from tests.moderation.snapshots import check_everything, differences, snapshot
from tests.people.people import days_later, import_day, write_day

pytestmark = pytest.mark.django_db

WORDS = "电话是 金丝雀一号，暗号是 麻雀二号，别说出去"
FIRST, SECOND = (4, 9), (14, 18)


def quoting(words: str, *, reply: str = "知道了", begin: str = "「 陈江月：", end: str = " 」") -> str:
    return f"{begin}{words}{end}\n{RULE}\n{reply}"


QUOTED = {
    "in full": quoting(WORDS),
    "shortened": quoting(WORDS[:12]),
    "shortened with dots": quoting(f"{WORDS[:12]}…"),
    "with other spaces": quoting(WORDS.replace(" ", "  ")),
    "without spaces": quoting(WORDS.replace(" ", "")),
    "damaged": quoting(WORDS, begin="? 陈江月：", end=" ?"),
    "and said again": quoting(WORDS, reply=f"你说 {WORDS}"),
}


def prepare(tree: Path, reply: str) -> tuple[Message, list[Message]]:
    import_day(tree, ("陈江月", WORDS), ("石榴", reply), ("云", "别的"))
    message = Message.objects.earliest("position")
    return message, moderation.find_quoting([message])


@pytest.mark.parametrize("how", QUOTED)
def test_a_reply_that_quotes_it_is_found(tree: Path, how: str) -> None:
    _, found = prepare(tree, QUOTED[how])
    assert [reply.text for reply in found] == [QUOTED[how]]


@pytest.mark.parametrize(
    "text",
    [
        "金丝雀一号",
        quoting("别的话，不是这句"),
        quoting("电话"),
        f"「 陈江月：{WORDS} 」 没有线",
    ],
    ids=["no quotation", "of other words", "too short", "without its rule"],
)
def test_another_reply_is_not(tree: Path, text: str) -> None:
    assert prepare(tree, text)[1] == []


def test_replies_are_looked_for_some_days(tree: Path) -> None:
    import_day(tree, ("陈江月", WORDS))
    for day in (1, 2, 5):
        write_day(tree, days_later(day), ("石榴", quoting(WORDS, reply=f"第{day}天")))
    write_day(tree, days_later(1), ("石榴", quoting(WORDS)), room="wine-room")
    import_tree(tree)
    found = moderation.find_quoting([Message.objects.earliest("position")])
    assert [reply.text[-3:] for reply in found] == ["第1天", "第2天"]


@pytest.mark.parametrize("how", QUOTED)
@pytest.mark.parametrize("spans", [[FIRST], [SECOND], [FIRST, SECOND], None], ids=["first", "second", "both", "all"])
def test_what_is_covered_is_covered_in_the_quotation(tree: Path, how: str, spans: list[tuple[int, int]] | None) -> None:
    message, found = prepare(tree, QUOTED[how])
    moderation.redact(message, spans, found, **why())
    covered = [WORDS] if spans is None else [WORDS[start:stop] for start, stop in spans]
    assert not any(piece in text.replace(" ", "") for piece in covered for text in shown())
    check_everything()


@pytest.mark.parametrize("length", range(5, len(WORDS)))
def test_no_part_of_a_piece_is_left_where_the_quotation_ends_in_it(tree: Path, length: int) -> None:
    message, found = prepare(tree, quoting(WORDS[:length]))
    moderation.redact(message, [FIRST, SECOND], found, **why())
    assert not any(sign in text for sign in "金丝雀麻二" for text in shown())


def test_what_is_not_covered_is_left(tree: Path) -> None:
    message, found = prepare(tree, QUOTED["in full"])
    moderation.redact(message, [FIRST], found, **why())
    assert shown()[1] == quoting(f"电话是 {BLOCK}，暗号是 麻雀二号，别说出去")


def test_a_piece_that_the_quotation_does_not_reach_covers_nothing(tree: Path) -> None:
    message, found = prepare(tree, QUOTED["shortened"])
    moderation.redact(message, [SECOND], found, **why())
    assert shown()[1] == QUOTED["shortened"]


@pytest.mark.parametrize("spans", [[FIRST], None])
def test_undone_everything_is_as_before(tree: Path, spans: list[tuple[int, int]] | None) -> None:
    message, found = prepare(tree, QUOTED["in full"])
    before = snapshot()
    moderation.undo(moderation.redact(message, spans, found, **why()), **why())
    assert differences(before, snapshot()) == {}


def test_a_reply_that_changed_since_it_was_redacted_stays_covered_whole(tree: Path) -> None:
    reply = quoting(WORDS, reply="秘密在树下")
    message, found = prepare(tree, reply)
    start = reply.index("秘密")
    moderation.redact(found[0], [(start, start + 5)], **why())
    import_day(tree, ("陈江月", WORDS), ("石榴", quoting(WORDS, reply="真的秘密在树下")), ("云", "别的"))
    moderation.redact(message, [FIRST], moderation.find_quoting([message]), **why())
    assert shown()[1] == BLOCK


def test_several_are_covered_with_all_that_quotes_them(tree: Path) -> None:
    message, found = prepare(tree, QUOTED["in full"])
    moderation.redact_all([message], found, **why())
    assert shown() == [BLOCK, quoting(BLOCK), "别的"]


def test_what_quotes_a_hidden_message_is_found_by_what_was_said(tree: Path) -> None:
    message, _ = prepare(tree, QUOTED["in full"])
    moderation.redact(message, **why())
    assert len(moderation.find_quoting([message])) == 1
