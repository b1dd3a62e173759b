"""Atom feeds: of days, and of messages."""

from chatlogs.feeds.days import RoomFeed, SiteFeed
from chatlogs.feeds.messages import MemberFeed, MessagesFeed, SearchFeed, SearchHits

__all__ = ["MemberFeed", "MessagesFeed", "RoomFeed", "SearchFeed", "SearchHits", "SiteFeed"]
