import datetime as dt
import os
from pathlib import Path

import pytest

from chatlogs.importing.files import Candidate, find_candidates
from chatlogs.transcripts import MAX_FILE_BYTES
from tests.importing.privileges import without_privileges


def touch(path: Path, size: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)
    return path


def find_one(root: Path, room: str = "") -> Candidate:
    (candidate,) = find_candidates([root], room)
    return candidate


def code_of(candidate: Candidate) -> str:
    return candidate.problem.code if candidate.problem else ""


@pytest.mark.parametrize(
    ("place", "room"),
    [
        ("tea-room/2018-03-27-chat.markdown", "tea-room"),
        ("tea-room/_posts/2018-03-27-chat.markdown", "tea-room"),
        ("tea-room/2018/03/2018-03-27-chat.md", "tea-room"),
        ("group/tea-room/2018-03-27.txt", "tea-room"),
        ("茶馆/2018-03-27-chat.md", "茶馆"),
    ],
)
def test_the_room_is_the_folders_name(tree: Path, place: str, room: str) -> None:
    touch(tree / place)
    assert find_one(tree).room == room


@pytest.mark.parametrize("root", ["tea-room", "tea-room/_posts", "tea-room/_posts/2018-03-27-chat.md"])
def test_the_root_itself_may_be_the_room_or_in_it(tree: Path, root: str) -> None:
    touch(tree / "tea-room" / "_posts" / "2018-03-27-chat.md")
    candidate = find_one(tree / root)
    assert (candidate.room, code_of(candidate)) == ("tea-room", "")


def test_a_relative_root_belongs_to_the_same_room(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = touch(tree / "tea-room" / "2018-03-27-chat.md")
    monkeypatch.chdir(tree / "tea-room")
    candidate = find_one(Path())
    assert (candidate.room, candidate.location) == ("tea-room", str(path.resolve()))


def test_the_room_asked_for_overrules_the_folder(tree: Path) -> None:
    touch(tree / "tea-room" / "2018-03-27-chat.md")
    assert find_one(tree, "porch").room == "porch"


def test_a_file_beside_rooms_has_no_room(tree: Path) -> None:
    touch(tree / "tea-room" / "2018-03-27-chat.md")
    touch(tree / "2018-03-28-chat.md")
    assert [code_of(candidate) for candidate in find_candidates([tree])] == ["", "no_room"]


def test_a_folder_whose_name_is_no_slug_has_no_room(tree: Path) -> None:
    touch(tree / "tea & cake" / "2018-03-27-chat.md")
    assert code_of(find_one(tree)) == "no_room"


def test_the_room_asked_for_serves_where_folders_name_none(tree: Path) -> None:
    touch(tree / "tea & cake" / "2018-03-27-chat.md")
    assert find_one(tree, "tea").problem is None


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2018-03-27-chat.markdown", dt.date(2018, 3, 27)),
        ("2018-03-27.TXT", dt.date(2018, 3, 27)),
        ("chat.md", None),
        ("2018-02-30-chat.md", None),
    ],
)
def test_the_names_date_is_read(tree: Path, name: str, date: dt.date | None) -> None:
    touch(tree / "tea-room" / name)
    assert find_one(tree).date == date


@pytest.mark.parametrize("name", ["notes.pdf", "README.md", "readme.txt", ".2018-03-27-chat.md", "2018-03-27-chat.md~"])
def test_what_is_no_transcript_by_its_name_is_left_alone(tree: Path, name: str) -> None:
    touch(tree / "tea-room" / name)
    assert find_candidates([tree]) == []


def test_hidden_folders_are_left_alone(tree: Path) -> None:
    touch(tree / ".git" / "2018-03-27-chat.md")
    assert find_candidates([tree]) == []


def test_files_come_by_date_then_by_place(tree: Path) -> None:
    places = ["tea-room/2018-03-27.md", "porch/2018-03-28.md", "tea-room/2018-03-28.md", "porch/notes.md"]
    for place in places:
        touch(tree / place)
    assert [str(candidate.path.relative_to(tree)) for candidate in find_candidates([tree])] == places


def test_a_file_that_several_roots_lead_to_is_found_once(tree: Path) -> None:
    path = touch(tree / "tea-room" / "2018-03-27-chat.md")
    assert find_one(tree).location == str(path.resolve())
    assert len(find_candidates([path, tree, tree / "tea-room"])) == 1


def test_a_root_that_is_not_there_is_an_error(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        find_candidates([tree / "nowhere"])


def test_a_file_over_the_limit_is_not_opened(tree: Path) -> None:
    touch(tree / "tea-room" / "2018-03-27-chat.md", MAX_FILE_BYTES + 1)
    assert code_of(find_one(tree)) == "file_too_large"


def test_a_file_at_the_limit_is(tree: Path) -> None:
    touch(tree / "tea-room" / "2018-03-27-chat.md", MAX_FILE_BYTES)
    assert find_one(tree).problem is None


def test_a_link_out_of_the_tree_is_refused(tree: Path, tmp_path: Path) -> None:
    outside = touch(tmp_path / "secret.txt")
    (tree / "tea-room").mkdir()
    (tree / "tea-room" / "2018-03-27-chat.md").symlink_to(outside)
    assert code_of(find_one(tree)) == "symlink_out_of_tree"


def test_a_link_within_the_tree_is_followed(tree: Path) -> None:
    target = touch(tree / "store" / "2018-03-27-chat.md")
    (tree / "tea-room").mkdir()
    (tree / "tea-room" / "2018-03-27-chat.md").symlink_to(target)
    assert [(one.room, code_of(one)) for one in find_candidates([tree])] == [("store", ""), ("tea-room", "")]


def test_a_link_to_a_folder_is_refused_and_not_followed(tree: Path, tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere" / "2018-03-27-chat.md")
    (tree / "tea-room").symlink_to(tmp_path / "elsewhere")
    candidate = find_one(tree)
    assert (code_of(candidate), candidate.path) == ("symlink_to_folder", tree / "tea-room")


def test_a_link_that_leads_to_itself_is_refused(tree: Path) -> None:
    (tree / "tea-room").mkdir()
    (tree / "tea-room" / "2018-03-27-chat.md").symlink_to("2018-03-27-chat.md")
    assert code_of(find_one(tree)) == "not_readable"


def test_a_link_that_leads_to_itself_is_no_room(tree: Path) -> None:
    (tree / "porch").symlink_to("porch")
    touch(tree / "2018-03-27-chat.md")
    assert find_one(tree).room == "transcripts"


def test_a_link_to_nowhere_is_refused(tree: Path) -> None:
    (tree / "tea-room").mkdir()
    (tree / "tea-room" / "2018-03-27-chat.md").symlink_to("gone.md")
    assert code_of(find_one(tree)) == "not_readable"


def test_a_pipe_is_refused_without_being_opened(tree: Path) -> None:
    (tree / "tea-room").mkdir()
    os.mkfifo(tree / "tea-room" / "2018-03-27-chat.md")
    assert code_of(find_one(tree)) == "not_a_file"


@pytest.mark.parametrize("place", [b"tea-room/2018-03-27-\xff.md", b"\xb2\xe8/2018-03-27-chat.md"])
def test_a_name_that_is_not_utf_8_is_refused_and_can_be_printed(tree: Path, place: bytes) -> None:
    path = touch(tree / os.fsdecode(place))
    candidate = find_one(path.parent)
    assert code_of(candidate) == "name_not_utf_8"
    assert f"{candidate.path}{candidate.location}{candidate.room}".encode()


def test_a_folder_that_may_not_be_read_is_told(tree: Path) -> None:
    with without_privileges() as folder:
        touch(folder / "porch" / "2018-03-27-chat.md")
        touch(folder / "tea-room" / "2018-03-27-chat.md")
        (folder / "tea-room").chmod(0)
        assert [code_of(candidate) for candidate in find_candidates([folder])] == ["", "not_readable"]
        (folder / "tea-room").chmod(0o700)


def test_a_folder_of_pictures_beside_posts_does_not_make_a_tree_of_rooms(tmp_path: Path) -> None:
    room = tmp_path / "tea-room"
    for folder in ("_posts", "img"):
        (room / folder).mkdir(parents=True)
    (room / "_posts" / "2018-03-01-chat.markdown").write_bytes(b"x")
    (room / "img" / "1.png").write_bytes(b"x")
    (candidate,) = find_candidates([room])
    assert (candidate.room, candidate.problem) == ("tea-room", None)


def test_the_date_may_stand_anywhere_in_a_files_name(tmp_path: Path) -> None:
    (tmp_path / "tea-room").mkdir()
    (tmp_path / "tea-room" / "WeChat-2019-03-15.md").write_bytes(b"x")
    (candidate,) = find_candidates([tmp_path])
    assert str(candidate.date) == "2019-03-15"
