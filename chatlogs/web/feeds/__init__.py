"""Atom feeds: of days, messages and highlights."""

from chatlogs.web.feeds.days import RoomFeed, SiteFeed
from chatlogs.web.feeds.highlights import TagFeed
from chatlogs.web.feeds.messages import MemberFeed, MessagesFeed, SearchFeed, SearchHits

__all__ = ["MemberFeed", "MessagesFeed", "RoomFeed", "SearchFeed", "SearchHits", "SiteFeed", "TagFeed"]
