"""The report on the coverage and precision of mentions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from chatlogs import mentions
from chatlogs.mentions.report import MentionReport, make_report
from chatlogs.people import merging
from chatlogs.text.quotations import RULE
from tests.importing.archives import hide
from tests.mentions.mentions import the_name
from tests.people.people import Said, alias, days_later, import_day, member

LU, TANG, JIANG = "陆鸣", "汤圆", "江月-云杉支付-产品-杭州"
WORDS = "明天九点开会"


def quote(name: str) -> Said:
    return LU, f"「 {name}: {WORDS} 」 {RULE} 好的"


def test_the_report_of_an_empty_archive_is_empty(db: None) -> None:
    report = make_report()
    assert report == MentionReport()
    assert (report.understood, report.precision) == (0, None)


def test_mentions_are_counted_by_method(tree: Path, db: None) -> None:
    import_day(tree, TANG, JIANG, (LU, "@汤圆 @江月 @石榴 @汤圆 @all"))
    report = make_report()
    assert report.mentions == {"exact": 2, "person": 1, "": 1, "everybody": 1}
    assert (report.understood, report.sure) == (4, 3)


def test_hidden_mentions_are_not_counted(tree: Path, db: None) -> None:
    import_day(tree, TANG, (LU, "@汤圆 早"))
    hide("@汤圆 早")
    assert make_report().mentions == Counter()


def test_a_quoted_name_that_is_read_as_its_words_author_is_right(tree: Path, db: None) -> None:
    import_day(tree, (JIANG, WORDS), quote("江月"))
    report = make_report()
    assert (report.right, report.wrong, report.precision) == ({"person": 1}, {}, 1.0)


def test_a_quoted_name_that_is_read_as_another_is_wrong(tree: Path, db: None) -> None:
    import_day(tree, JIANG, (TANG, WORDS), quote("江月"))
    report = make_report()
    assert (report.right, report.wrong, report.precision) == ({}, {"person": 1}, 0.0)


def test_two_names_of_one_member_are_both_right(tree: Path, db: None) -> None:
    import_day(tree, JIANG, (TANG, WORDS), quote("江月"))
    merging.merge(member(TANG), member(JIANG), by=None, reason="")
    assert make_report().right == {"person": 1}


def test_a_quoted_name_that_is_not_understood_is_not_judged(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("石榴"))
    assert make_report().precision is None


def test_a_quoted_name_that_is_mentioned_is_judged_as_the_mention_is(tree: Path, db: None) -> None:
    import_day(tree, (TANG, WORDS), quote("石榴"), (LU, "@石榴 早"))
    mentions.override_name(the_name("石榴"), alias(TANG))
    assert make_report().right == {"chosen": 1}


def test_quotations_of_all_days_judge(tree: Path, db: None) -> None:
    for number in range(3):
        import_day(tree, (JIANG, WORDS), quote("江月"), date=days_later(number))
    assert make_report().right == {"person": 3}
