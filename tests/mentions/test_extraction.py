"""Authors of quotations, and the evidence that they give."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs.mentions.extraction import find_authors
from chatlogs.models import Alias, Day, NameEvidence
from chatlogs.text.quotations import RULE
from tests.importing.archives import hide, import_tree
from tests.people.people import Said, days_later, import_day, member
from tests.transcripts.making import DAY

LU, TANG, JIANG = "陆鸣", "汤圆", "江月"
WORDS = "明天九点开会"


def quote(name: str, words: str = WORDS) -> Said:
    return LU, f"「 {name}: {words} 」 {RULE} 好的"


def authors() -> list[tuple[str, str]]:
    """Return pairs of the quoted name and the name of the original message."""
    names = dict(Alias.objects.values_list("pk", "name"))
    found = find_authors(list(Day.objects.values_list("pk", flat=True)))
    return [(author.name, names[author.alias_id]) for author in found]


def name_evidence() -> list[tuple[str | None, str | None, int]]:
    """Return triples of the quoted name, the author's name and the count."""
    rows = NameEvidence.objects.filter(kind=NameEvidence.Kind.QUOTATION)
    return list(rows.values_list("alias__name", "other__name", "count"))


def test_words_that_one_name_said_before_are_its(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤"))
    assert authors() == [("小汤", TANG)]


@pytest.mark.parametrize("words", ["明天 九点  开会", f"{WORDS}?", f"{WORDS}??", f" {WORDS}"])
def test_spaces_and_lost_signs_make_no_difference(words: str, tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤", words))
    assert authors() == [("小汤", TANG)]


def test_words_that_were_said_later_are_not_quoted(tree: Path, db: None) -> None:
    import_day(tree, quote("小汤"), (TANG, WORDS))
    assert authors() == []


def test_words_of_another_day_are_not_looked_for(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS))
    import_day(tree, quote("小汤"), date=days_later(1))
    assert authors() == []


def test_words_of_another_room_are_not_looked_for(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), room="wine-room")
    import_day(tree, quote("小汤"))
    assert authors() == []


def test_words_that_two_said_are_nobodys(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, WORDS), quote("小汤"))
    assert authors() == []


def test_words_that_another_said_later_are_still_the_firsts(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤"), (JIANG, WORDS))
    assert authors() == [("小汤", TANG)]


def test_short_quotations_have_no_author(tree: Path, db: None) -> None:
    import_day(tree, (TANG, "好的呀"), quote("小汤", "好的呀"))
    assert authors() == []


@pytest.mark.parametrize("name", ["我", ""])
def test_who_quotes_themselves_or_nobody_tells_nothing(name: str, tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote(name))
    assert authors() == []


def test_hidden_words_are_not_looked_for(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤"))
    hide(WORDS)
    assert authors() == []


def test_a_hidden_quotation_tells_nothing(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤"))
    hide(quote("小汤")[1])
    assert authors() == []


# Evidence stored by imports


def test_two_names_of_the_same_words_are_noted(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote(JIANG))
    assert name_evidence() == [(JIANG, TANG, 1)]


def test_how_often_is_counted(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote(JIANG), (TANG, "后天十点开会"), quote(JIANG, "后天十点开会"))
    assert name_evidence() == [(JIANG, TANG, 2)]


def test_a_name_that_differs_in_signs_alone_is_the_name(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote("江-月"))
    assert name_evidence() == [(JIANG, TANG, 1)]


def test_the_authors_own_name_is_no_news(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote(TANG))
    assert name_evidence() == []


def test_a_name_that_nobody_speaks_under_is_not_noted(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("小汤"))
    assert name_evidence() == []


def test_what_was_noted_goes_with_the_quotation(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote(JIANG))
    import_day(tree, (TANG, WORDS), (JIANG, "早"), (LU, "好的"))
    assert name_evidence() == []


def test_importing_again_notes_nothing_twice(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote(JIANG))
    Day.objects.filter(date=DAY).update(has_mentions_resolved=False)
    import_tree(tree)
    assert name_evidence() == [(JIANG, TANG, 1)]


def test_a_quotation_joins_nobody(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), (JIANG, "早"), quote(JIANG))
    assert member(TANG) != member(JIANG)
