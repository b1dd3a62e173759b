from __future__ import annotations

import pytest
from django.utils.translation import gettext

from chatlogs.models import Message
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.backends.sqlite import ALIAS, ROOM
from chatlogs.search.lookups import LINK, MENTION
from chatlogs.search.syntax import Operator
from chatlogs.search.tokens import BEGINNING


def test_no_two_kinds_of_tokens_begin_with_the_same_character() -> None:
    prefixes = [ALIAS, ROOM, LINK, MENTION, BEGINNING, *(attribute.prefix for attribute in ATTRIBUTES.values())]
    assert len({*prefixes}) == len(prefixes)


def test_no_attribute_has_the_name_of_an_operator() -> None:
    assert not {*Operator} & ATTRIBUTES.keys()


def test_the_kinds_and_their_labels_are_those_of_the_model() -> None:
    kinds = {kind.value: str(kind.label) for kind in Message.Kind}
    assert {value: gettext(label) for value, label in ATTRIBUTES["kind"].choices.items()} == kinds


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_the_examples_of_the_help_text_are_understood(name: str) -> None:
    for example in ATTRIBUTES[name].examples:
        operator, value = example.split(":")
        assert operator in ATTRIBUTES[name].operators
        assert ATTRIBUTES[name].parse(value)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_value_in_either_form_is_one_token(name: str) -> None:
    token = ATTRIBUTES[name].token
    assert token("Ａ-b") == token("a-B")
    assert not {*" &|':*()!<>"} & {*token("a b & c | 'd':*()!<>").text}
