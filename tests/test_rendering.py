from __future__ import annotations

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.rendering import render_markdown, render_text
from tests.markup import elements_of

PIECES = st.sampled_from(
    ["<", ">", "&", '"', "'", "[强]", "[", "]", "http://a.example/", "https://b.example/?q=1&x=<", "「", "」", ": ",
     " - " * 15, "? ", "a", "付", " ", "\n", "javascript:alert(1)", "<script>", "onclick=", "\x10", "\u2028"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))

# What the renderer itself may write.
ELEMENTS = {"a": {"href", "rel"}, "span": {"class", "role", "aria-label", "title"}, "blockquote": set(), "cite": set()}


def test_plain_words_stay_as_they_are() -> None:
    assert render_text("今天对账了吗") == "今天对账了吗"


def test_markup_is_escaped() -> None:
    assert render_text("<b>&</b>") == "&lt;b&gt;&amp;&lt;/b&gt;"


@pytest.mark.parametrize("text", ["[2017]", "[青禾银行]", "[一]", "[]", "[强"])
def test_other_words_in_brackets_are_text(text: str) -> None:
    assert render_text(text) == escape(text)


def test_an_emoji_keeps_its_word_for_those_who_cannot_see_it() -> None:
    assert 'aria-label="强"' in render_text("好[强]")


@pytest.mark.parametrize("tail", ["吧", "。", "，好", ")", "）", "\u3000", ".", ",", "!", "?", ""])
def test_an_address_ends_before_what_is_not_its_own(tail: str) -> None:
    assert 'href="http://pay.example.org/a?b=1"' in render_text(f"看http://pay.example.org/a?b=1{tail}")


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "http:", "https://"])
def test_only_web_addresses_become_links(text: str) -> None:
    assert "<a" not in render_text(text)


@given(TEXTS)
def test_no_text_makes_an_element_that_the_renderer_did_not_write(text: str) -> None:
    for name, attributes in elements_of(render_text(text)):
        assert attributes.keys() <= ELEMENTS[name]
        assert attributes.get("href", "https:").lower().startswith(("http:", "https:"))


@given(TEXTS)
def test_markdown_makes_nothing_active(text: str) -> None:
    for name, attributes in elements_of(render_markdown(text)):
        assert name not in {"script", "style", "iframe", "object", "embed", "form", "input"}
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
        assert not attributes.get("href", "").lower().startswith("javascript:")
