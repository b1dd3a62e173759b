import json
import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command

from chatlogs.models import Archive, ImportProblem, ImportRun, Message, Room, SourceFile
from chatlogs.text.accounts import UNKNOWN_MEMBER
from chatlogs.transcripts import MAX_FILE_BYTES
from tests.importing.archives import exported, live_texts
from tests.importing.dumps import dump_tables, dump_text_columns
from tests.importing.own_databases import manage
from tests.importing.privileges import without_privileges
from tests.site_environment import ROOT
from tests.transcripts.making import DAY, link_c, make_file, message, write_transcript

SAMPLES = ROOT / "samples"
MORNING = (message("09:00:00", "江月", "早上好"), message("09:00:05", "陆一鸣", "早"))
BAD_DAY = "2018-03-28"
BAD_NAME = f"{BAD_DAY}-chat.markdown"


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


def run(*arguments: object, command: str = "import_transcripts") -> Outcome:
    """Run the command as from a shell, but in this process."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        status = error.returncode
        err.write(str(error))
    except SystemExit as error:
        status = int(error.code or 0)
    return Outcome(status, out.getvalue(), err.getvalue())


def run_with_report(folder: Path, *arguments: object) -> dict[str, Any]:
    with NamedTemporaryFile("r", encoding="utf-8") as file:
        run(folder, "--report", file.name, *arguments)
        report: dict[str, Any] = json.load(file)
    return report


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Valid transcripts of one day."""
    folder = tmp_path / "transcripts"
    write_transcript(folder, "tea-room", DAY, *MORNING)
    return folder


# Output


def test_it_prints_what_became_of_files_and_messages(tree: Path, db: None) -> None:
    outcome = run(tree)
    assert outcome.status == 0
    assert outcome.err == ""
    lines = [line.split() for line in outcome.out.splitlines()]
    assert lines[0] == ["created", f"{tree}/tea-room/{DAY}-chat.markdown:", "2", "messages"]
    assert lines[1:4] == [
        ["created", "changed", "unchanged", "withdrawn", "rejected"],
        ["files", "1", "0", "0", "-", "0"],
        ["messages", "2", "0", "0", "0", "-"],
    ]
    assert re.fullmatch(r"done in \d+\.\d\d s", outcome.out.splitlines()[4])


def test_it_does_not_name_unchanged_files(tree: Path, db: None) -> None:
    run(tree)
    assert "tea-room" not in run(tree).out


def test_without_progress_it_only_prints_totals(tree: Path, db: None) -> None:
    assert len(run(tree, "--no-progress").out.splitlines()) == 4


def test_it_reports_that_there_are_no_transcripts(tmp_path: Path, db: None) -> None:
    outcome = run(tmp_path)
    assert (outcome.status, outcome.out.splitlines()[0]) == (0, "no transcripts found")


def test_without_a_path_it_imports_the_folder_of_the_settings(tree: Path, db: None, settings: Any) -> None:
    settings.TRANSCRIPTS = tree
    assert run().status == 0
    assert live_texts() == ["早上好", "早"]


def test_it_imports_several_paths(tree: Path, tmp_path: Path, db: None) -> None:
    path = write_transcript(tmp_path / "other", "porch", DAY, *MORNING)
    assert run(tree, path).status == 0
    assert Room.objects.count() == 2


def test_a_note_is_printed_and_rejects_nothing(tree: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING, lines=7)
    outcome = run(tree)
    assert (outcome.status, outcome.err) == (
        0,
        f"{path}:1: note: front matter counts 7 items, 2 found [count_differs]\n",
    )


def test_a_note_is_not_printed_every_night(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", DAY, *MORNING, lines=7)
    run(tree)
    assert run(tree).err == ""


def test_a_missing_file_is_printed_and_is_no_failure(tree: Path, db: None) -> None:
    path = write_transcript(tree, "porch", DAY, *MORNING)
    run(tree)
    path.unlink()
    outcome = run(tree)
    assert (outcome.status, outcome.err) == (0, f"{path}: note: the file is gone; its messages stay [missing_file]\n")
    assert run_with_report(tree)["missing"] == [str(path)]


# Usage errors


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["no/such/folder"], "no such file or folder: no/such/folder"),
        ([SAMPLES, "--room", "tea room"], "letters, digits, - and _ only"),
        ([SAMPLES, "--room", "../tea"], "letters, digits, - and _ only"),
    ],
)
def test_wrong_use_is_status_2_and_writes_nothing(db: None, arguments: list[object], complaint: str) -> None:
    before = dump_tables()
    outcome = run(*arguments)
    assert (outcome.status, complaint in outcome.err) == (2, True)
    assert (dump_tables(), ImportRun.objects.count()) == (before, 0)


@pytest.mark.parametrize("place", ["no/such/folder/report.json", "."])
def test_a_report_that_cannot_be_written_is_status_2(tree: Path, db: None, place: str) -> None:
    outcome = run(tree, "--report", tree / place)
    assert outcome.status == 2
    assert f"--report {tree / place}: " in outcome.err


def test_an_unreadable_root_is_status_2(db: None) -> None:
    with without_privileges() as folder:
        (folder / "closed" / "tea-room").mkdir(parents=True)
        (folder / "closed").chmod(0)
        outcome = run(folder / "closed" / "tea-room")
        (folder / "closed").chmod(0o700)
    assert outcome.status == 2


# Rejected files


def rewritten(*replacements: tuple[bytes, bytes]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        data = path.read_bytes()
        for old, new in replacements:
            assert old in data
            data = data.replace(old, new)
        path.write_bytes(data)

    return rewrite


def of_bytes(data: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(data)

    return write


def sparse(path: Path) -> None:
    os.truncate(path, MAX_FILE_BYTES + 1)


def in_gb18030(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def out_of_the_tree(path: Path) -> None:
    outside = path.parent.parent.parent / "outside.md"
    path.rename(outside)
    path.symlink_to(outside)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BOMB = b"---\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d," % (n - 1) * 9) for n in range(1, 9)) + b"---\n"
BAD_FILES: list[tuple[str, Callable[[Path], None], int, str, str]] = [
    ("GB18030", in_gb18030, 7, "not_decodable", "not utf-8; looks like gb18030: pass --encoding gb18030"),
    ("Latin-1", of_bytes(make_file(date=BAD_DAY) + b"> 09:00:00  Andr\xe9  \n"), 7, "not_decodable", "no encoding"),
    ("NUL", rewritten((b"09:00:05", b"09:\0:05")), 11, "nul_character", "a NUL character"),
    ("surrogate", rewritten((b"09:00:05", b"\xed\xa0\x80")), 11, "lone_surrogate", "half of a surrogate pair"),
    ("gzip", of_bytes(b"\x1f\x8b\x08" + bytes(99)), 0, "looks_like_gzip", "unpack it first"),
    ("PNG", of_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), 0, "looks_like_png", "a PNG image"),
    ("UTF-16", of_bytes("---\n".encode("utf-16")), 0, "looks_like_utf_16", "save it as UTF-8"),
    ("binary", of_bytes(bytes(range(256))), 1, "nul_character", "binary data?"),
    ("empty", of_bytes(b""), 0, "empty_file", "the file is empty"),
    ("too large", sparse, 0, "file_too_large", "over 16 MiB"),
    ("no front matter", of_bytes(b"> 09:00:00  Mia  \n   \n"), 1, "no_front_matter", "front matter"),
    ("open front matter", of_bytes(b"---\ntitle: chat\n"), 1, "no_front_matter", "front matter"),
    ("large front matter", of_bytes(b"---\n# " + b"x" * 9000 + b"\n---\n"), 1, "front_matter_too_large", "8192 bytes"),
    ("no YAML", of_bytes(b"---\na: [\nb\n---\n"), 4, "front_matter_not_yaml", "front matter: "),
    ("YAML bomb", of_bytes(BOMB), 2, "front_matter_alias", "a YAML alias"),
    ("deep YAML", of_bytes(b"---\na: " + b"[" * 4000 + b"\n---\n"), 2, "front_matter_nested", "not a flat list"),
    ("25:61", rewritten((b"09:00:05", b"25:61:00")), 11, "bad_time", "no such time: 25:61:00"),
    ("another date", rewritten((BAD_DAY.encode(), b"2018-03-29")), 1, "date_differs", "2018-03-29"),
    ("link out", out_of_the_tree, 0, "symlink_out_of_tree", "leads out of the folder"),
    ("pipe", pipe, 0, "not_a_file", "not a regular file"),
    ("long name", rewritten(("陆一鸣".encode(), b"x" * 501)), 11, "sender_too_long", "over 500 characters"),
]
bad_files = pytest.mark.parametrize(
    ("spoil", "line", "code", "reason"), [one[1:] for one in BAD_FILES], ids=[one[0] for one in BAD_FILES]
)


@pytest.fixture
def bad(tree: Path) -> Path:
    """Write a file that a test makes invalid, with valid ones before and after it."""
    write_transcript(tree, "tea-room", "2018-03-29", *MORNING)
    return write_transcript(tree, "tea-room", BAD_DAY, *MORNING)


@bad_files
def test_a_bad_file_is_rejected_with_path_line_and_reason(
    tree: Path, bad: Path, db: None, spoil: Callable[[Path], None], line: int, code: str, reason: str
) -> None:
    spoil(bad)
    report_path = tree.parent / "report.json"
    outcome = run(tree, "--report", report_path)
    assert outcome.status == 1
    first_line = outcome.err.splitlines()[0]
    assert first_line.startswith(f"{bad}:{line}: rejected: ")
    assert first_line.endswith(f" [{code}]")
    assert reason in first_line
    problem = ImportProblem.objects.get(is_error=True)
    assert (problem.path, problem.line, problem.code, reason in problem.message) == (str(bad), line, code, True)
    report = json.loads(report_path.read_text(encoding="utf-8"))
    of_bad = next(file for file in report["per_file"] if file["path"] == str(bad))
    assert (of_bad["status"], of_bad["problems"][0]["code"], of_bad["problems"][0]["line"]) == ("rejected", code, line)
    assert report["files"] == {"created": 2, "changed": 0, "unchanged": 0, "rejected": 1}
    assert SourceFile.objects.count() == 2


@bad_files
def test_a_repaired_file_is_imported_and_has_no_problem(
    tree: Path, bad: Path, db: None, spoil: Callable[[Path], None], line: int, code: str, reason: str
) -> None:
    spoil(bad)
    run(tree)
    bad.unlink()
    write_transcript(tree, "tea-room", BAD_DAY, *MORNING)
    assert run(tree).status == 0
    assert not ImportProblem.objects.exists()
    assert SourceFile.objects.count() == 3


def test_a_bad_file_that_is_deleted_has_no_problem(tree: Path, bad: Path, db: None) -> None:
    write_transcript(tree, "tea-room", BAD_DAY, message("25:61:00", "江月", "早"), lines=7)
    run(tree)
    assert {*ImportProblem.objects.values_list("is_error", flat=True)} == {True, False}
    bad.unlink()
    assert run(tree).status == 0
    assert not ImportProblem.objects.exists()


def test_an_invalid_edit_keeps_what_was_imported(tree: Path, bad: Path, db: None) -> None:
    whole = bad.read_bytes()
    run(tree)
    bad.write_bytes(b"nothing")
    assert run(tree).status == 1
    assert exported()[str(bad)] == whole
    assert run_with_report(tree)["missing"] == []


def test_a_file_that_went_bad_and_is_restored_has_its_notes_again(tree: Path, bad: Path, db: None) -> None:
    write_transcript(tree, "tea-room", BAD_DAY, *MORNING, lines=7)
    whole, status = bad.read_bytes(), bad.stat()
    run(tree)
    bad.write_bytes(b"nothing")
    run(tree)
    bad.write_bytes(whole)
    os.utime(bad, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert run(tree).status == 0
    assert list(ImportProblem.objects.values_list("code", flat=True)) == ["count_differs"]


def test_every_error_of_a_file_is_reported(tree: Path, bad: Path, db: None) -> None:
    rewritten((b"09:00:00", b"24:00:00"), (b"09:00:05", b"25:61:00"))(bad)
    assert [line.split(":")[1] for line in run(tree).err.splitlines()] == ["7", "11"]


def test_a_file_of_no_room_is_rejected(tree: Path, db: None) -> None:
    path = write_transcript(tree, ".", DAY, *MORNING)
    outcome = run(tree)
    assert (outcome.status, "[no_room]" in outcome.err) == (1, True)
    assert f"{path}:0: rejected: no folder says which room this is: pass --room" in outcome.err


def test_a_file_of_no_date_is_rejected(tree: Path, db: None) -> None:
    write_transcript(tree, "tea-room", BAD_DAY, *MORNING, name="chat.md").write_bytes(b"---\ntitle: chat\n---\n")
    assert "[no_date]" in run(tree).err


def test_a_second_file_of_a_day_is_rejected(tree: Path, db: None) -> None:
    first = tree / "tea-room" / f"{DAY}-chat.markdown"
    second = write_transcript(tree, "tea-room", DAY, *MORNING, name="other.md")
    assert run(tree).err == f"{second}:0: rejected: {first} is of the same room and day [day_taken]\n"


def test_a_folder_behind_a_link_is_rejected(tree: Path, tmp_path: Path, db: None) -> None:
    write_transcript(tmp_path / "elsewhere", "porch", DAY, *MORNING)
    (tree / "porch").symlink_to(tmp_path / "elsewhere" / "porch")
    outcome = run(tree)
    assert (outcome.status, "[symlink_to_folder]" in outcome.err) == (1, True)
    assert not Room.objects.filter(slug="porch").exists()


def test_an_unreadable_file_is_rejected(db: None) -> None:
    with without_privileges() as folder:
        write_transcript(folder, "tea-room", DAY, *MORNING)
        closed = write_transcript(folder, "tea-room", BAD_DAY, *MORNING)
        closed.chmod(0)
        outcome = run(folder)
    assert outcome.err == f"{closed}:0: rejected: Permission denied [not_readable]\n"
    assert (outcome.status, live_texts()) == (1, ["早上好", "早"])


def test_a_file_name_that_is_not_utf_8_is_rejected(tree: Path, db: None) -> None:
    write_transcript(tree, "porch", DAY, *MORNING, name=os.fsdecode("茶馆.md".encode("gb18030")))
    report = run_with_report(tree)
    assert [problem["code"] for file in report["per_file"] for problem in file["problems"]] == ["name_not_utf_8"]
    assert live_texts() == ["早上好", "早"]


# Options


def test_room_overrules_the_folders(tree: Path, db: None) -> None:
    run(tree, "--room", "茶馆")
    assert Room.objects.get().slug == "茶馆"


def test_encoding_imports_what_is_not_utf_8(tree: Path, bad: Path, db: None) -> None:
    in_gb18030(bad)
    assert run(tree).status == 1
    assert run(bad, "--encoding", "gb18030").status == 0
    assert exported()[str(bad)] == bad.read_bytes()
    assert run(tree).status == 0
    assert SourceFile.objects.get(path=bad).encoding == "gb18030"


def test_withdrawals_must_be_allowed(tree: Path, db: None) -> None:
    many = [message(f"10:{index:02}:00", "江月", f"第{index}句") for index in range(30)]
    write_transcript(tree, "tea-room", DAY, *many)
    run(tree)
    write_transcript(tree, "tea-room", DAY, *many[:5])
    outcome = run(tree)
    assert (outcome.status, "would withdraw 25 of the day's 30 messages" in outcome.err) == (1, True)
    assert "pass --allow-withdrawals" in outcome.err
    assert run(tree, "--allow-withdrawals").status == 0
    assert len(live_texts()) == 5


def test_a_dry_run_writes_nothing_into_an_empty_database(tree: Path, bad: Path, db: None) -> None:
    bad.write_bytes(b"nothing")
    before = dump_tables()
    assert run(tree, "--dry-run").status == 1
    assert (dump_tables(), ImportRun.objects.count(), Archive.objects.count()) == (before, 0, 0)


def test_a_dry_run_writes_nothing_into_a_full_one(tree: Path, bad: Path, db: None) -> None:
    gone = write_transcript(tree, "porch", DAY, *MORNING, lines=7)
    run(tree)
    write_transcript(tree, "tea-room", DAY, *MORNING[:1], message("09:00:09", "乔木", "来了"))
    bad.write_bytes(b"nothing")
    gone.unlink()
    before = dump_tables()
    for options in ([], ["--reparse"], ["--allow-withdrawals"]):
        report = run_with_report(tree, "--dry-run", *options)
        assert report["files"] == {"created": 0, "changed": 1, "unchanged": 1, "rejected": 1}
        assert report["messages"] == {"created": 1, "changed": 0, "unchanged": 3, "withdrawn": 1}
        assert report["missing"] == [str(gone)]
    assert (dump_tables(), ImportRun.objects.count()) == (before, 1)


def test_a_dry_run_prints_the_difference(tree: Path, db: None) -> None:
    run(tree)
    texts = ["早上好！", "新" * 99]
    new = message("09:00:09", "乔木", texts[1])
    write_transcript(tree, "tea-room", DAY, message("09:00:00", "江月", texts[0]), new)
    outcome = run(tree, "--dry-run")
    assert [line for line in outcome.out.splitlines() if line.startswith("  ") and ": " in line] == [
        "  ~ 09:00:00 江月: 早上好！",
        "  - 09:00:05 陆一鸣: 早",
        "  + 09:00:09 乔木: " + "新" * 60,
    ]
    assert "nothing was written in" in outcome.out


def test_a_dry_run_says_what_the_run_then_does(tree: Path, db: None) -> None:
    dry, wet = run_with_report(SAMPLES, "--dry-run"), run_with_report(SAMPLES)
    assert (dry["files"], dry["messages"], dry["per_file"]) == (wet["files"], wet["messages"], wet["per_file"])


# Private account IDs

ACCOUNT = re.compile(r"wxid_\w+|gh_[0-9a-f]{12}|\d{5,}@chatroom")


def accounts_in(folder: Path) -> set[str]:
    """Return account IDs: by their shape, or because they end a link."""
    data = b"".join(path.read_bytes() for path in folder.rglob("*-chat.*"))
    text = data.decode()
    return {*ACCOUNT.findall(text), *re.findall(r"x:str&gt;([^)\]&]+)[^)]*\)", text)}


def test_the_samples_have_accounts_of_both_kinds() -> None:
    accounts = accounts_in(SAMPLES)
    assert {account.startswith("wxid_") for account in accounts} == {True, False}


def test_no_account_is_stored_but_in_the_bytes_of_the_transcripts(db: None) -> None:
    run(SAMPLES)
    accounts = accounts_in(SAMPLES)
    leaks = [place for place, value in dump_text_columns() if any(account in value for account in accounts)]
    assert leaks == []
    assert Message.objects.filter(text__contains=UNKNOWN_MEMBER).exists()


def test_no_account_is_printed_or_reported(tmp_path: Path, db: None) -> None:
    report = tmp_path / "report.json"
    printed = [run(SAMPLES, *options, "--report", report) for options in (["--dry-run"], [], ["--reparse"])]
    said = "".join(outcome.out + outcome.err for outcome in printed) + report.read_text(encoding="utf-8")
    assert [account for account in accounts_in(SAMPLES) if account in said] == []


def test_no_account_is_printed_when_its_file_is_rejected(tree: Path, db: None) -> None:
    lines = [message("09:00:00", "江月", link_c("早报", "riverside77")), message("25:61:00", "wxid_a1b2c3", "早")]
    write_transcript(tree, "tea-room", DAY, *lines, author="wxid_a1b2c3")
    outcome = run(tree)
    stored = "".join(value for _, value in dump_text_columns())
    assert not [account for account in ("riverside77", "wxid_a1b2c3") if account in outcome.out + outcome.err + stored]


# In a separate process


@pytest.mark.both_databases
def test_the_process_ends_with_the_status(site: dict[str, str], tree: Path) -> None:
    wrong = manage(site, "import_transcripts", "--no-such-option")
    assert (wrong.returncode, "unrecognized arguments" in wrong.stderr) == (2, True)
    assert manage(site, "import_transcripts", tree).returncode == 0
    write_transcript(tree, "tea-room", BAD_DAY, message("25:61:00", "江月", "早"))
    rejected = manage(site, "import_transcripts", tree, "--no-progress")
    assert (rejected.returncode, "Traceback" in rejected.stderr) == (1, False)


@pytest.mark.both_databases
def test_a_database_that_was_not_migrated_is_status_2(site: dict[str, str], tree: Path) -> None:
    assert manage(site, "migrate", "chatlogs", "zero", "--verbosity=0").returncode == 0
    outcome = manage(site, "import_transcripts", tree)
    assert (outcome.returncode, "was `manage.py migrate` run?" in outcome.stderr) == (2, True)
    assert "Traceback" not in outcome.stderr
