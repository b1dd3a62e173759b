"""Atom feeds (RFC 4287), based on Django's, for texts with any characters."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

MOST_ENTRIES = 30

# Characters that XML 1.0 cannot contain. Transcripts have U+0010 and the like.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# `updated` of a feed without entries.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class ForgivingXML(SimplerXMLGenerator):
    """Drops characters that XML cannot contain; Django's generator raises an error."""

    def characters(self, content: str) -> None:
        super().characters(NOT_IN_XML.sub("", content))

    def startElement(self, name: str, attrs: Any) -> None:
        kept: Any = {key: NOT_IN_XML.sub("", value) for key, value in attrs.items()}
        super().startElement(name, kept)


class Atom(Atom1Feed):
    """Entries have `content` instead of `summary`, with links relative to the site."""

    def write(self, outfile: Any, encoding: str) -> None:
        handler = ForgivingXML(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": self.feed["link"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["description"].strip(), {"type": "html"})

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


class ArchiveFeed(Feed):  # type: ignore[type-arg]
    feed_type = Atom

    def author_name(self) -> str:
        return str(settings.SITE_TITLE)


def title_of(*parts: str) -> str:
    """Return a title like those of pages, ending in the site's."""
    return " · ".join([*parts, str(settings.SITE_TITLE)])
