from io import StringIO
from pathlib import Path

from django.core.management import call_command

from chatlogs.text.quotations import RULE
from tests.people.people import import_day

LU, TANG, JIANG = "陆鸣", "汤圆", "江月-云杉支付-产品-杭州"
WORDS = "明天九点开会"


def report() -> list[str]:
    out = StringIO()
    call_command("mention_report", stdout=out)
    return out.getvalue().splitlines()


def test_it_prints_a_line_per_method_and_the_totals(tmp_path: Path, db: None) -> None:
    quotation = f"「 江月: {WORDS} 」 {RULE} 好的"
    import_day(tmp_path, TANG, (JIANG, WORDS), (LU, quotation), (LU, "@汤圆 @江月 @石榴 @汤圆"))
    assert report() == [
        "method        mentions   share   right   wrong",
        "exact                2   50.0%       0       0",
        "person               1   25.0%       1       0",
        "unknown              1   25.0%       0       0",
        "4 mentions, 75.0% resolved, 50.0% with certainty",
        "1 quotations, 100.0% of their names right",
    ]


def test_without_mentions_there_are_no_shares(db: None) -> None:
    assert report()[1:] == ["0 mentions, - resolved, - with certainty", "0 quotations, - of their names right"]
