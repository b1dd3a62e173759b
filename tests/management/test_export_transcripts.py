from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatlogs.models import Segment
from tests.importing.archives import import_tree
from tests.site_environment import ROOT
from tests.transcripts.making import DAY, make_file, message, write_transcript

SAMPLES = ROOT / "samples"
MORNING = (message("09:00:00", "江月", "早上好"), message("09:00:05", "陆一鸣", "早"))


def run(*arguments: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("export_transcripts", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return tmp_path / "transcripts"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "export"


def test_the_samples_come_out_as_they_went_in(out: Path, db: None) -> None:
    import_tree(SAMPLES)
    assert run(out) == (f"12 files written to {out}\n", "")
    assert files_in(out) == {path: data for path, data in files_in(SAMPLES).items() if path.startswith("payment-")}


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_line_ends_and_byte_order_marks_come_out(
    tree: Path, out: Path, db: None, before: bytes, line_end: bytes
) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    path.write_bytes(before + path.read_bytes().replace(b"\n", line_end))
    import_tree(tree)
    run(out)
    assert files_in(out) == files_in(tree)


def test_what_comes_out_is_the_last_edition(tree: Path, out: Path, db: None) -> None:
    for messages in (MORNING, MORNING[1:], (*MORNING[1:], message("09:01:00", "乔木", "新")), MORNING[::-1]):
        write_transcript(tree, "tea-room", DAY, *messages)
        import_tree(tree)
        run(out)
        assert files_in(out) == files_in(tree)


def test_what_comes_out_can_be_imported_and_changes_nothing(out: Path, db: None) -> None:
    import_tree(SAMPLES)
    run(out)
    files = import_tree(out).as_dict()["files"]
    assert files == {"created": 0, "changed": 0, "unchanged": 12, "rejected": 0}


def test_a_name_without_a_date_gets_one(tree: Path, out: Path, db: None) -> None:
    for date in ("2018-03-27", "2018-03-28"):
        write_transcript(tree, "tea-room", date, *MORNING, name=f"{date[-2:]}/chat.md")
    import_tree(tree)
    run(out)
    assert sorted(files_in(out)) == ["tea-room/2018-03-27-chat.md", "tea-room/2018-03-28-chat.md"]


def test_one_room_can_be_asked_for(out: Path, db: None) -> None:
    import_tree(SAMPLES)
    said, _ = run(out, "--room", "payment-products")
    assert said == f"6 files written to {out}\n"
    assert [path.name for path in out.iterdir()] == ["payment-products"]


def test_an_unknown_room_is_status_2(out: Path, db: None) -> None:
    with pytest.raises(CommandError, match="no such room: attic") as caught:
        run(out, "--room", "attic")
    assert (caught.value.returncode, out.exists()) == (2, False)


def test_a_folder_that_cannot_be_written_is_status_2(tmp_path: Path, db: None) -> None:
    import_tree(SAMPLES)
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Not a directory") as caught:
        run(tmp_path / "file")
    assert caught.value.returncode == 2


def test_an_empty_archive_has_no_files(out: Path, db: None) -> None:
    assert run(out) == (f"0 files written to {out}\n", "")


def test_a_file_that_lost_bytes_is_reported(tree: Path, out: Path, db: None) -> None:
    path = write_transcript(tree, "tea-room", DAY, *MORNING)
    import_tree(tree)
    Segment.objects.filter(number=0).delete()
    _, complaint = run(out)
    assert complaint == f"{path}: written without the parts that were erased\n"
    assert files_in(out) == {f"tea-room/{path.name}": make_file(MORNING[1])}
