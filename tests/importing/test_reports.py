import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chatlogs.importing.reports import FileReport, Report, Status
from chatlogs.models import ImportRun
from chatlogs.transcripts import Problem
from tests.importing.archives import import_tree
from tests.site_environment import ROOT
from tests.transcripts.making import DAY, message, write_transcript

SAMPLES = ROOT / "samples"
ROW = re.compile(r"^\| (payment-\S+) \| (\d+) \|", re.MULTILINE)


@pytest.fixture
def of_samples(db: None) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(json.dumps(import_tree(SAMPLES).as_dict()))
    return report


def test_a_report_has_the_documented_keys(of_samples: dict[str, Any]) -> None:
    assert list(of_samples) == ["files", "messages", "totals", "missing", "seconds", "per_file"]
    assert list(of_samples["files"]) == ["created", "changed", "unchanged", "rejected"]
    assert list(of_samples["messages"]) == ["created", "changed", "unchanged", "withdrawn"]
    assert sorted(of_samples["totals"]) == sorted(
        "rooms days aliases messages images links empty_sender empty_body".split()
    )


def test_a_file_has_the_documented_keys(of_samples: dict[str, Any]) -> None:
    keys = "path sha256 room date status messages shown images links empty_sender empty_body problems".split()
    assert {tuple(file) for file in of_samples["per_file"]} == {tuple(keys)}


def test_a_problem_has_the_documented_keys(of_samples: dict[str, Any]) -> None:
    problems = [problem for file in of_samples["per_file"] for problem in file["problems"]]
    assert {tuple(problem) for problem in problems} == {("line", "code", "message")}


def test_the_samples_are_counted_as_their_readme_does(of_samples: dict[str, Any]) -> None:
    said = {path: int(count) for path, count in ROW.findall((SAMPLES / "README.md").read_text(encoding="utf-8"))}
    counted = {str(Path(file["path"]).relative_to(SAMPLES)): file["messages"] for file in of_samples["per_file"]}
    assert counted == said


def test_the_samples_add_up(of_samples: dict[str, Any]) -> None:
    expected = {"rooms": 2, "days": 12, "messages": 538, "images": 21, "links": 16, "empty_sender": 4, "empty_body": 12}
    assert {key: of_samples["totals"][key] for key in expected} == expected
    assert of_samples["files"] == {"created": 12, "changed": 0, "unchanged": 0, "rejected": 0}
    assert of_samples["messages"] == {"created": 538, "changed": 0, "unchanged": 0, "withdrawn": 0}
    for key in ("messages", "images", "links", "empty_sender", "empty_body"):
        assert sum(file[key] for file in of_samples["per_file"]) == of_samples["totals"][key]


def test_an_unchanged_tree_is_counted_alike(of_samples: dict[str, Any]) -> None:
    again = import_tree(SAMPLES).as_dict()
    assert again["files"] == {"created": 0, "changed": 0, "unchanged": 12, "rejected": 0}
    assert again["messages"] == {"created": 0, "changed": 0, "unchanged": 538, "withdrawn": 0}
    assert again["totals"] == of_samples["totals"]
    as_unchanged = [{**file, "status": "unchanged"} for file in of_samples["per_file"]]
    assert again["per_file"] == as_unchanged


def test_a_doubled_day_tells_what_is_shown_beside_what_is_there(of_samples: dict[str, Any]) -> None:
    differing = [(file["date"], file["messages"], file["shown"]) for file in of_samples["per_file"] if doubled(file)]
    assert differing == [("2017-12-20", 91, 51)]


def doubled(file: dict[str, Any]) -> bool:
    return bool(file["messages"] != file["shown"])


def test_the_run_is_recorded_as_it_is_reported(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"), message("09:00:05", "江月", "早"))
    write_transcript(tree, "tea-room", "2018-03-28", message("25:61:00", "江月", "早"))
    import_tree(tree)
    run = ImportRun.objects.get()
    assert (run.files_created, run.files_rejected, run.messages_created) == (1, 1, 2)
    assert run.finished_at is not None


def test_totals_do_not_count_what_was_withdrawn(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"), message("09:00:05", "乔木", "早"))
    import_tree(tree)
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", "早"))
    totals = import_tree(tree).totals
    assert (totals["messages"], totals["aliases"]) == (1, 1)


def test_what_is_not_known_of_a_rejected_file_is_null() -> None:
    problem = Problem(3, "bad_time", "no such time", is_error=True)
    file = FileReport("a.md", "", None, Status.REJECTED, problems=[problem]).as_dict()
    assert (file["sha256"], file["room"], file["date"], file["messages"]) == (None, None, None, 0)
    assert file["problems"] == [{"line": 3, "code": "bad_time", "message": "no such time"}]


def test_a_report_adds_up_its_files() -> None:
    report = Report()
    for status in (Status.CREATED, Status.CHANGED, Status.CHANGED):
        report.add(FileReport("a.md", "tea-room", DAY, status, messages=Counter(created=2, withdrawn=1)))
    assert report.as_dict()["files"] == {"created": 1, "changed": 2, "unchanged": 0, "rejected": 0}
    assert report.as_dict()["messages"] == {"created": 6, "changed": 0, "unchanged": 0, "withdrawn": 3}
