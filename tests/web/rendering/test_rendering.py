from __future__ import annotations

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.search.highlighting import Marker
from chatlogs.search.terms import make_term
from chatlogs.web.rendering import FindSpans, render_markdown, render_plain, render_text
from tests.markup import elements_of

PIECES = st.sampled_from(
    ["<", ">", "&", '"', "'", "[强]", "[", "]", "http://a.example/", "https://b.example/?q=1&x=<", "「", "」", ": ",
     " - " * 15, "? ", "a", "付", " ", "\n", "javascript:alert(1)", "<script>", "onclick=", "\x10", "\u2028"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))

# What the renderer itself may write.
ELEMENTS = {"a": {"href", "rel"}, "span": {"class", "role", "aria-label", "title"}, "blockquote": set(), "cite": set()}


def marking(*terms: str) -> FindSpans:
    return Marker([term for term in map(make_term, terms) if term]).find_spans


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


# What was looked for is marked


def test_a_found_word_is_marked() -> None:
    assert render_text("今天对账了吗", marking("对账")) == "今天<mark>对账</mark>了吗"


def test_a_marked_word_is_escaped() -> None:
    assert render_text("a <b> c", marking("<b>")) == "a <mark>&lt;b&gt;</mark> c"


def test_a_word_is_marked_as_it_was_written() -> None:
    assert render_text("查ＡＰＩ", marking("api")) == "查<mark>ＡＰＩ</mark>"


def test_a_word_within_an_address_is_marked_where_it_is_read() -> None:
    rendered = render_text("看 https://pay.example.org/a", marking("pay"))
    assert 'href="https://pay.example.org/a"' in rendered
    assert "https://<mark>pay</mark>.example.org/a</a>" in rendered


def test_a_found_emoji_is_marked_as_a_whole() -> None:
    assert render_text("好[强]", marking("强")).startswith('好<mark><span class="emoji"')


def test_words_in_a_quotation_are_marked() -> None:
    rendered = render_text("「 江月: 对账了 」 - - - - - - - - - - - - - - - 对账", marking("对账"))
    assert rendered.count("<mark>对账</mark>") == 2


def test_a_title_has_no_links_but_marks() -> None:
    assert render_plain("https://a.example 对账", marking("对账")) == "https://a.example <mark>对账</mark>"


@given(TEXTS, TEXTS)
def test_marks_add_nothing_but_marks(text: str, looked_for: str) -> None:
    rendered = render_text(text, marking(looked_for))
    assert rendered.replace("<mark>", "").replace("</mark>", "") == render_text(text)
