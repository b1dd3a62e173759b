"""The Chinese interface is complete: each string the code marks has its translation, compiled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "chatlogs" / "locale" / "zh_Hans" / "LC_MESSAGES"

# Where a call's msgid stands among its arguments, after the context if there is one.
MSGID_AT = {
    "_": 0,
    "gettext": 0,
    "gettext_lazy": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "pgettext_lazy": 1,
    "npgettext": 1,
    "npgettext_lazy": 1,
}

# The calls that Django's own extraction makes of a template's tags; what is around them is noise.
STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(\bn?p?gettext|\b_)\(u?({STRING})(?:, u?({STRING}))?")


@pytest.fixture(scope="module")
def po() -> polib.POFile:
    return polib.pofile(CATALOGUE / "django.po")


def test_nothing_is_untranslated_or_fuzzy(po: polib.POFile) -> None:
    unfinished = [*po.untranslated_entries(), *po.fuzzy_entries()]
    assert [entry.msgid for entry in unfinished] == []


def test_nothing_is_obsolete(po: polib.POFile) -> None:
    assert [entry.msgid for entry in po.obsolete_entries()] == []


def test_the_compiled_file_holds_what_the_source_says(po: polib.POFile) -> None:
    mo = polib.mofile(CATALOGUE / "django.mo")
    assert {content_of(entry) for entry in mo} == {content_of(entry) for entry in po}


def test_translations_keep_the_placeholders(po: polib.POFile) -> None:
    placeholder = re.compile(r"%\(\w+\)s")
    for entry in po:
        for translated in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(placeholder.findall(translated)) == sorted(
                placeholder.findall(entry.msgid_plural or entry.msgid)
            )


def test_each_string_of_the_templates_is_in_the_catalogue(po: polib.POFile) -> None:
    known = {(entry.msgctxt or "", entry.msgid) for entry in po}
    marked = {
        (path.name, *string)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for string in strings_of_template(path)
    }
    assert len(marked) > 50
    assert [one for one in sorted(marked) if one[1:] not in known] == []


def test_each_string_of_the_code_is_in_the_catalogue(po: polib.POFile) -> None:
    known = {(entry.msgctxt or "", entry.msgid) for entry in po}
    marked = {
        (path.name, *string)
        for path in (settings.BASE_DIR / "chatlogs").rglob("*.py")
        if "migrations" not in path.parts
        for string in strings_of_code(path)
    }
    assert len(marked) > 50
    assert [one for one in sorted(marked) if one[1:] not in known] == []


def content_of(entry: polib.POEntry | polib.MOEntry) -> tuple[str, ...]:
    translated = [entry.msgstr_plural[key] for key in sorted(entry.msgstr_plural)] or [entry.msgstr]
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "", *translated)


def strings_of_template(path: Path) -> Iterator[tuple[str, str]]:
    """Context and msgid of each string that the template marks."""
    for call in CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        first, second = (ast.literal_eval(one) if one else "" for one in call.group(2, 3))
        yield (first, second) if call[1] in {"pgettext", "npgettext"} else ("", first)


def strings_of_code(path: Path) -> Iterator[tuple[str, str]]:
    """Context and msgid of each string that the module marks."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MSGID_AT:
            *context, msgid = node.args[: MSGID_AT[node.func.id] + 1]
            yield ast.literal_eval(context[0]) if context else "", ast.literal_eval(msgid)
