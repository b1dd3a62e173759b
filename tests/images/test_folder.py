"""What of a folder is a picture, and that nothing outside of it is ever opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatlogs.images.folder import MAX_BYTES, NotUsable, list_pictures, open_picture
from tests.images.drawing import draw, make_bomb, put

SECOND = "20180327_100010"


def places(folder: Path, room: str = "tea-room") -> dict[tuple[str, str], list[str]]:
    return dict(list_pictures(folder, {room}).files)


def problems(folder: Path) -> dict[str, str]:
    return dict(list_pictures(folder, {"tea-room"}).problems)


@pytest.mark.parametrize("month", ["", "2018-03/", "201803/", "2018/03/"])
@pytest.mark.parametrize("room", ["", "tea-room"])
def test_a_picture_is_found_by_its_second(room: str, month: str, folder: Path) -> None:
    path = f"{room}/{month}{SECOND}.png".lstrip("/")
    put(folder, path)
    assert places(folder) == {(room, SECOND): [path]}


@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg", "gif", "webp", "JPG"])
def test_a_picture_may_end_so(ending: str, folder: Path) -> None:
    put(folder, f"{SECOND}.{ending}")
    assert places(folder) == {("", SECOND): [f"{SECOND}.{ending}"]}


@pytest.mark.parametrize(
    "path",
    [
        f"{SECOND}.svg",
        f"{SECOND}.html",
        f"{SECOND}.png.exe",
        f"x{SECOND}.png",
        "20180327.png",
        f"2018-04/{SECOND}.png",
        f"wine-room/{SECOND}.png",
        f"tea-room/2018/03/27/{SECOND}.png",
        f"2018/{SECOND}.png",
    ],
)
def test_anything_else_is_none(path: str, folder: Path) -> None:
    put(folder, path)
    assert places(folder) == {}


def test_a_folder_of_a_room_is_the_rooms_whatever_it_is_called(folder: Path) -> None:
    put(folder, f"2018-03/{SECOND}.png")
    assert list(places(folder, "2018-03")) == [("2018-03", SECOND)]


def test_of_several_files_the_first_format_is_preferred(folder: Path) -> None:
    for ending in ("webp", "gif", "jpg", "png"):
        put(folder, f"{SECOND}.{ending}")
    assert [path.rpartition(".")[2] for path in places(folder)["", SECOND]] == ["png", "jpg", "gif", "webp"]


def test_a_folder_that_is_not_there_is_not_one_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_pictures(tmp_path / "nowhere", ())


def test_a_symbolic_link_is_told_of_and_left_out(folder: Path, tmp_path: Path) -> None:
    (folder / f"{SECOND}.png").symlink_to(put(tmp_path, "outside.png"))
    assert (places(folder), problems(folder)) == ({}, {f"{SECOND}.png": "a symbolic link is not followed"})


def test_a_link_to_a_folder_is_not_entered(folder: Path, tmp_path: Path) -> None:
    put(tmp_path, f"outside/{SECOND}.png")
    (folder / "tea-room").symlink_to(tmp_path / "outside")
    assert places(folder) == {}


# Opening


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_what_it_is_is_read_from_the_file(kind: str, content_type: str, folder: Path) -> None:
    data = draw(kind=kind)
    put(folder, f"{SECOND}.png", data)
    opened = open_picture(folder, f"{SECOND}.png")
    with opened.file as file:
        assert (opened.content_type, opened.size, file.read()) == (content_type, len(data), data)


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!DOCTYPE html><script>", b"GIF88a", b"BM", b"RIFF1234WAVE"],
)
def test_what_is_none_is_not_opened(data: bytes, folder: Path) -> None:
    put(folder, f"{SECOND}.png", data)
    with pytest.raises(NotUsable):
        open_picture(folder, f"{SECOND}.png")


@pytest.mark.parametrize("path", ["../outside.png", "a/../../outside.png", "/etc/passwd", "", ".", "a//b", "a\0b"])
def test_no_path_leads_out(path: str, folder: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside.png")
    (folder / "a").mkdir()
    with pytest.raises(NotUsable):
        open_picture(folder, path)


def test_no_link_leads_out(folder: Path, tmp_path: Path) -> None:
    put(tmp_path, f"outside/{SECOND}.png")
    (folder / "tea-room").symlink_to(tmp_path / "outside")
    (folder / f"{SECOND}.png").symlink_to(tmp_path / "outside" / f"{SECOND}.png")
    for path in (f"{SECOND}.png", f"tea-room/{SECOND}.png"):
        with pytest.raises(NotUsable):
            open_picture(folder, path)


def test_a_pipe_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / f"{SECOND}.png")
    with pytest.raises(NotUsable, match="regular"):
        open_picture(folder, f"{SECOND}.png")


def test_a_huge_file_is_not_read(folder: Path) -> None:
    with put(folder, f"{SECOND}.png", make_bomb()).open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(NotUsable, match="over 20 MiB"):
        open_picture(folder, f"{SECOND}.png")


def test_what_is_gone_is_told_apart(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_picture(folder, f"2018/03/{SECOND}.png")
