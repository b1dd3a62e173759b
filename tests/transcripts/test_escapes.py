"""Only the escapes the exporter made are undone, however often it made them."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.transcripts.escapes import unescape

FRAGMENTS = [
    "&", ";", "#", "amp", "lt", "gt", "quot", "apos", "nbsp", "38", "39", "60", "x3c", "0", "5", "timestamp=", "<",
]  # fmt: skip


def escape(text: str) -> str:
    """As the exporter did: in decimal."""
    return html.escape(text).replace("&#x27;", "&#39;")


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&#22909;", "好"),
    ],
)
def test_each_escape_is_decoded(escaped: str, text: str) -> None:
    assert unescape(escaped) == text


@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_text_escaped_up_to_three_times_is_decoded(times: int) -> None:
    text = escaped = """费率 < 0.6% & "到账" > 'T+1'"""
    for _ in range(times):
        escaped = escape(escaped)
    assert unescape(escaped) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/notify?appid=1&timestamp=2&currency=CNY&notify_url=x&copy=1&region=cn&lt=3&amp",
        "&nbsp; &times; &yen; &copy;",
        "&#x27;",
        "&AMP; &LT;",
        "R&D; A & B; &;",
        "&# 39; &#39",
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert unescape(text) == text


@pytest.mark.parametrize("text", ["&#0;", "&#00;", "&#55296;", "&#57343;", "&#1114112;", "&#9999999;", "&#99999999;"])
def test_references_to_what_is_no_character_stay_as_they_are(text: str) -> None:
    assert unescape(text) == text


def test_raw_angle_brackets_are_text() -> None:
    assert unescape("a<b> & &lt;c&gt;") == "a<b> & <c>"


def test_escapes_of_escapes_are_decoded_until_nothing_changes() -> None:
    assert unescape("&amp;amp;#38;lt;&#5&#50;;") == "<4"


def test_leading_zeros_do_not_count() -> None:
    assert unescape("&#" + "0" * 10_000 + "39;&#0038;lt;") == "'<"


def test_a_hostile_chain_of_escapes_ends() -> None:
    assert unescape("&amp;" + "amp;" * 100_000) == "&"
    assert unescape("&#5" * 1_000 + "&#50;" + ";" * 1_000).startswith("&#5")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_decoding_twice_changes_nothing(text: str) -> None:
    decoded = unescape(text)
    assert unescape(decoded) == decoded


@given(st.text())
def test_what_was_escaped_comes_back(text: str) -> None:
    assert unescape(escape(text)) == unescape(text)


@given(st.text() | st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_decoding_never_lengthens_a_text_nor_adds_a_nul(text: str) -> None:
    decoded = unescape(text)
    assert len(decoded) <= len(text)
    assert "\0" not in decoded or "\0" in text
    decoded.encode("utf-8", "strict" if text.isprintable() else "surrogatepass")
