"""Small pictures are small, upright and silent, and no file does harm."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatlogs.images.folder import NotUsable
from chatlogs.images.thumbnails import Shrunk, shrink
from tests.images.drawing import draw, draw_lying, draw_moving, make_bomb


def shrunk(data: bytes) -> Shrunk:
    return shrink(io.BytesIO(data), 480)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(shrunk(data).thumbnail))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_size_told_is_the_whole_pictures(kind: str) -> None:
    assert shrunk(draw(1000, 500, kind))[:2] == (1000, 500)


@pytest.mark.parametrize(
    ("size", "small"),
    [((1000, 500), (480, 240)), ((500, 1000), (240, 480)), ((30, 20), (30, 20)), ((9000, 1), (480, 1))],
)
def test_a_thumbnail_is_a_webp_of_at_most_480_pixels(size: tuple[int, int], small: tuple[int, int]) -> None:
    picture = opened(draw(*size))
    assert (picture.format, picture.size) == ("WEBP", small)


def test_what_lies_is_put_upright() -> None:
    data = draw_lying(1000, 500)
    assert (shrunk(data)[:2], opened(data).size) == ((500, 1000), (240, 480))


def test_nothing_that_a_camera_wrote_is_left() -> None:
    data = draw_lying(1000, 500)
    assert dict(Image.open(io.BytesIO(data)).getexif())
    picture = opened(data)
    assert not dict(picture.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment"} & picture.info.keys()


def test_of_an_animation_there_is_the_first_frame() -> None:
    picture = opened(draw_moving("red", "lime"))
    assert not getattr(picture, "is_animated", False)
    red, green, _ = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 200 > green


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colours_will_do(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (30, 20)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(written.getvalue()).size == (30, 20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\nnothing", "broken"),
        (draw(600, 400)[:-60], "broken"),
        (draw(600, 400, "JPEG")[:300], "broken"),
        (b"<svg/>", "broken"),
        (make_bomb(), "over 40 million pixels"),
        (make_bomb(7_000, 7_000), "over 40 million pixels"),
        (make_bomb(20_000, 10_000), "over 40 million pixels"),
    ],
    ids=["no picture", "truncated", "truncated JPEG", "svg", "bomb", "small bomb", "warned of"],
)
def test_a_hostile_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NotUsable, match=reason):
        shrunk(data)


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.integers(8, 400), st.binary(min_size=1, max_size=20))
def test_whatever_is_broken_is_refused_or_shown(kind: str, place: int, noise: bytes) -> None:
    data = draw(40, 40, kind)
    with suppress(NotUsable):
        assert shrunk(data[:place] + noise + data[place + len(noise) :]).thumbnail
