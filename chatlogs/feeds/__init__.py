"""Atom feeds: of days, messages and highlights."""

from chatlogs.feeds.days import RoomFeed, SiteFeed
from chatlogs.feeds.highlights import TagFeed
from chatlogs.feeds.messages import MemberFeed, MessagesFeed, SearchFeed, SearchHits

__all__ = ["MemberFeed", "MessagesFeed", "RoomFeed", "SearchFeed", "SearchHits", "SiteFeed", "TagFeed"]
