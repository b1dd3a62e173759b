"""Reading HTML the way a browser does, to see what a page really holds."""

from __future__ import annotations

from html.parser import HTMLParser

Element = tuple[str, dict[str, str]]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements_of(markup: str) -> list[Element]:
    """Each element's name and attributes, in their order."""
    parser = _Elements()
    parser.feed(markup)
    parser.close()
    return parser.found
