from __future__ import annotations

from pathlib import PurePath

import pytest

from chatlogs.transcripts.paths import find_room_folder


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/srv/tea-room/2018-03-27-chat.markdown", "tea-room"),
        ("/srv/tea-room/_posts/2018-03-27-chat.markdown", "tea-room"),
        ("/srv/tea-room/2018/03/2018-03-27.md", "tea-room"),
        ("/2018-03-27.md", ""),
        ("2018/2018-03-27.md", ""),
    ],
)
def test_the_nearest_folder_that_does_not_group_is_the_rooms(path: str, room: str) -> None:
    assert find_room_folder(PurePath(path)) == room
