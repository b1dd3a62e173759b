"""Undoing the HTML escaping that older exports applied up to three times."""

from __future__ import annotations

import re

NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

# `&amp;amp;lt;` in one step: the levels of escaping pile up in front of the reference itself.
REFERENCE = re.compile(r"&(?:amp;|#0*38;)*(?:(amp|lt|gt|quot|apos)|#0*([0-9]{1,7}));")

# References spelled with references (`&#5&#50;;`) need further rounds. Real exports need three;
# the bound keeps a hostile one from asking for as many rounds as it has characters.
MAX_ROUNDS = 64


def unescape(text: str) -> str:
    """Decode `&amp; &lt; &gt; &quot; &apos; &#N;`, again and again until nothing changes.

    HTML5's own rules would turn `&timestamp=` in an address into `×tamp=`: only references that end
    in a semicolon count, and only these. Those of NUL, of surrogates and beyond Unicode stay as they
    are.
    """
    if "&" not in text:
        return text
    for _ in range(MAX_ROUNDS):
        decoded = REFERENCE.sub(_character, text)
        if decoded == text:
            break
        text = decoded
    return text


def _character(match: re.Match[str]) -> str:
    name, number = match.groups()
    if name is not None:
        return NAMED[name]
    code = int(number)
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return match[0]
    return chr(code)
