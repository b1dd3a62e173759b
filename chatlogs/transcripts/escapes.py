"""Undoes the HTML escaping that older exports applied up to three times."""

from __future__ import annotations

import re

NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

# Decodes `&amp;amp;lt;` in one step: levels of escaping precede the reference itself.
REFERENCE = re.compile(r"&(?:amp;|#0*38;)*(?:(amp|lt|gt|quot|apos)|#0*([0-9]{1,7}));")

# References spelled with references (`&#5&#50;;`) need further rounds. Real exports need three; a hostile one could
# need as many as it has characters.
MAX_ROUNDS = 64


def unescape(text: str) -> str:
    """Decode `&amp; &lt; &gt; &quot; &apos; &#N;` repeatedly until nothing changes.

    Only these references count, and only with a semicolon: HTML5's own rules would turn `&timestamp=` in an address
    into `×tamp=`. References to NUL, to surrogates and beyond Unicode stay.
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
