"""Files become the pictures of messages, again and again with the same result, and are forgotten when they are gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PIL import Image as Pillow

from chatlogs import moderation
from chatlogs.images import matching, thumbnails
from chatlogs.images.matching import PictureReport, find_images
from chatlogs.images.thumbnails import read_source_time
from chatlogs.models import Archive, Day, Image, Message
from tests.images.conftest import folder
from tests.images.drawing import draw, make_bomb, put
from tests.importing.archives import import_tree, row_writes
from tests.moderation.deciding import why
from tests.transcripts.making import DAY, image, message, write_transcript
from tests.worlds import import_once

__all__ = ["folder"]

pytestmark = pytest.mark.django_db

FILE = "20180327_100010.png"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two rooms, of which one has two pictures of one second."""
    tree = tmp_path / "transcripts"
    matching = (image("10:00:10", "石榴"), image("10:00:10", "石榴"), image("10:00:20", "石榴"))
    write_transcript(tree, "tea-room", DAY, *matching, message("10:00:30", "石榴", "好看"))
    write_transcript(tree, "wine-room", DAY, image("10:00:20", "石榴"), image("11:00:00", "石榴"))
    import_once(tree)
    return tree


def find(folder: Path, *paths: str) -> PictureReport:
    for path in paths:
        put(folder, path)
    return find_images(folder)


def paths(room: str = "tea-room") -> list[str]:
    images = Image.objects.filter(message__room__slug=room).order_by("message__position")
    return list(images.values_list("path", flat=True))


def thumbnail_keys(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder.parent / "var").rglob("*.webp"))


def keys_here() -> list[str]:
    return sorted(Image.objects.exclude(path="").values_list("message__key", flat=True))


def test_two_pictures_of_one_second_are_one_file(tree: Path, folder: Path) -> None:
    report = find(folder, FILE)
    assert (paths(), report.found, report.here, report.total) == ([FILE, FILE, ""], 2, 2, 5)


def test_the_size_is_read_and_a_thumbnail_made(tree: Path, folder: Path) -> None:
    put(folder, FILE, draw(960, 300))
    find_images(folder)
    shown = Image.objects.filter(path=FILE)[0]
    assert (shown.width, shown.height, shown.small_size) == (960, 300, (480, 150))
    assert thumbnail_keys(folder) == keys_here()
    (thumbnail, _) = (folder.parent / "var").rglob("*.webp")
    with Pillow.open(thumbnail) as picture:
        assert picture.size == (480, 150)


def test_a_room_finds_its_own_folder_first(tree: Path, folder: Path) -> None:
    find(folder, FILE, f"tea-room/2018-03/{FILE}")
    assert paths() == [f"tea-room/2018-03/{FILE}"] * 2 + [""]


def test_outside_of_the_rooms_folders_a_file_is_neithers_of_two(tree: Path, folder: Path) -> None:
    find(folder, "20180327_100020.png", "201803/20180327_110000.gif")
    assert (paths(), paths("wine-room")) == (["", "", ""], ["", "201803/20180327_110000.gif"])


def test_each_of_two_rooms_finds_its_own(tree: Path, folder: Path) -> None:
    ours, theirs = "tea-room/20180327_100020.png", "wine-room/2018/03/20180327_100020.jpg"
    find(folder, ours, theirs)
    assert (paths(), paths("wine-room")) == (["", "", ours], [theirs, ""])


def test_finding_again_writes_nothing(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    writes = row_writes()
    report = find_images(folder)
    assert (row_writes(), report.found, report.forgotten, report.here) == (writes, 0, 0, 2)


def test_pages_are_made_anew(tree: Path, folder: Path) -> None:
    def revisions() -> list[int]:
        return [Archive.objects.get().revision, Day.objects.get(room__slug="tea-room").revision]

    before = revisions()
    find(folder, FILE)
    assert all(after > first for after, first in zip(revisions(), before, strict=True))


def test_a_file_that_is_gone_is_forgotten(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    (folder / FILE).unlink()
    report = find_images(folder)
    assert (paths(), thumbnail_keys(folder), report.forgotten) == (["", "", ""], [], 2)


def test_a_file_that_was_replaced_is_looked_at_again(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    put(folder, FILE, draw(77, 33))
    find_images(folder)
    assert set(Image.objects.exclude(path="").values_list("width", "height")) == {(77, 33)}


def test_a_lost_thumbnail_is_made_again(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    next((folder.parent / "var").rglob("*.webp")).unlink()
    find_images(folder)
    assert thumbnail_keys(folder) == keys_here()


def test_what_is_no_thumbnail_of_any_message_is_cleared_away(tree: Path, folder: Path) -> None:
    put(folder.parent / "var" / "thumbnails", "201803/20180327-0123456789ab.webp")
    put(folder.parent / "var" / "thumbnails", "201803/20180327-0123456789ab.new")
    find(folder, FILE)
    assert thumbnail_keys(folder) == keys_here()


def test_broken_off_it_goes_on_where_it_was(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BATCH", 1)
    seen: list[int] = []

    def stop(count: int, total: int) -> None:
        seen.append(total)
        raise KeyboardInterrupt

    for path in (FILE, "wine-room/20180327_100020.png", "20180327_110000.png"):
        put(folder, path)
    with pytest.raises(KeyboardInterrupt):
        find_images(folder, stop)
    assert (seen, len(keys_here())) == ([4], 2)
    assert find_images(folder).found == 2


def test_a_folder_that_is_not_there_makes_nothing_be_forgotten(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    folder.rename(folder.with_name("unmounted"))
    with pytest.raises(FileNotFoundError):
        find_images(folder)
    assert len(keys_here()) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"no picture", "neither PNG"), (draw(600, 400)[:90], "broken"), (make_bomb(), "million pixels")],
    ids=["no picture", "truncated", "bomb"],
)
def test_a_hostile_file_is_told_of_and_left_out(data: bytes, reason: str, tree: Path, folder: Path) -> None:
    put(folder, FILE, data)
    report = find_images(folder)
    assert (paths(), thumbnail_keys(folder)) == (["", "", ""], [])
    ((path, told),) = report.problems
    assert path == FILE
    assert reason in told


def test_where_the_first_file_is_broken_the_next_is_taken(tree: Path, folder: Path) -> None:
    put(folder, FILE, b"broken")
    find(folder, "20180327_100010.webp")
    assert paths()[0] == "20180327_100010.webp"


def test_a_picture_survives_a_hidden_author(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    moderation.hide([Message.objects.filter(image__path=FILE)[0]], moderation.Part.AUTHOR, **why())
    assert paths() == [FILE, FILE, ""]


# What moderators took away


def taken() -> Message:
    return Message.objects.filter(room__slug="tea-room", kind="image").order_by("position")[0]


@pytest.mark.parametrize("perform", [moderation.hide, moderation.redact_all, moderation.erase])
def test_a_picture_that_was_taken_away_is_not_shown_by_another_of_its_second(
    perform: object, tree: Path, folder: Path
) -> None:
    find(folder, FILE)
    perform([taken()], **why())  # type: ignore[operator]
    assert not Image.objects.visible().exclude(path="").exists()
    find_images(folder)
    assert not Image.objects.visible().exclude(path="").exists()


@pytest.mark.parametrize("perform", [moderation.hide, moderation.redact_all, moderation.erase])
def test_nor_where_its_file_comes_later(perform: object, tree: Path, folder: Path) -> None:
    perform([taken()], **why())  # type: ignore[operator]
    find(folder, FILE)
    assert not Image.objects.visible().exclude(path="").exists()


@pytest.mark.parametrize("perform", [moderation.hide, moderation.redact_all])
def test_once_it_is_back_both_are_shown_again(perform: object, tree: Path, folder: Path) -> None:
    find(folder, FILE)
    moderation.undo(perform([taken()], **why()), **why())  # type: ignore[operator]
    find_images(folder)
    assert paths() == [FILE, FILE, ""]


def test_what_is_hidden_while_files_are_read_is_seen(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shrink = thumbnails.shrink

    def hide_meanwhile(*arguments: object) -> object:
        moderation.hide([taken()], **why())
        return shrink(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "shrink", hide_meanwhile)
    find(folder, FILE)
    assert not Image.objects.visible().exclude(path="").exists()


def test_doubles_and_withdrawn_messages_have_none(tmp_path: Path, folder: Path) -> None:
    tree = tmp_path / "transcripts"
    twice = [
        image("10:00:10", "石榴"),
        image("10:00:10", "石榴-青禾"),
        image("10:00:20", "石榴"),
        image("10:00:20", "石榴-青禾"),
    ]
    write_transcript(tree, "tea-room", DAY, *twice)
    import_tree(tree)
    report = find(folder, FILE)
    assert (report.here, report.total) == (1, 2)
    assert Image.objects.exclude(path="").get().message.duplicate_of is None


def test_a_thumbnail_has_the_time_of_its_picture(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    assert {read_source_time(key) for key in keys_here()} == {(folder / FILE).stat().st_mtime_ns}


def test_a_picture_stays_when_its_day_is_imported_again(tree: Path, folder: Path) -> None:
    find(folder, FILE)
    write_transcript(tree, "tea-room", DAY + dt.timedelta(1), message("09:00:00", "石榴", "早"))
    import_tree(tree)
    assert paths() == [FILE, FILE, ""]
