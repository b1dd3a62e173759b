"""Atom (RFC 4287) as Django writes it, made fit for texts with any characters."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

# An entry each.
MOST_ENTRIES = 30

# What XML 1.0 has no way to write. Transcripts have U+0010 and the like.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# When a feed without entries was changed.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class ForgivingXML(SimplerXMLGenerator):
    """Leaves out what XML cannot say, where Django's refuses to say anything."""

    def characters(self, content: str) -> None:
        super().characters(NOT_IN_XML.sub("", content))

    def startElement(self, name: str, attrs: Any) -> None:
        kept: Any = {key: NOT_IN_XML.sub("", value) for key, value in attrs.items()}
        super().startElement(name, kept)


class Atom(Atom1Feed):
    """Entries have a content and no summary; addresses in it are the site's."""

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
    """Entries are known by their permanent addresses, and as new as what they tell of."""

    feed_type = Atom

    def author_name(self) -> str:
        return str(settings.SITE_TITLE)


def title_of(*parts: str) -> str:
    """As pages are titled."""
    return " · ".join([*parts, str(settings.SITE_TITLE)])
