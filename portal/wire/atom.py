"""Feeds as RFC 4287 asks for: with an author, and words that are words, whatever signs stand in them."""

import re
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was last updated
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # signs XML has no spelling for


class Feed(Atom1Feed):
    """One feed: `page` is what it is about, `feed` its own address, both absolute; `author` answers for all entries."""

    def __init__(self, title: str, about: str, *, author: str, page: str, feed: str) -> None:
        super().__init__(title, page, about, language="zh-CN", author_name=author, subtitle=about, feed_url=feed)

    def add(self, title: str, *, link: str, id: str, at: datetime, words: str = "") -> None:
        """One entry, which never changes: readers show `words` as they are written, never as HTML."""
        said: Any = escape(UNWRITABLE.sub("", words)) if words else None  # nothing to say: no summary at all
        self.add_item(UNWRITABLE.sub("", title), link, said, unique_id=id, pubdate=at, updateddate=at)

    def latest_post_date(self) -> datetime:
        """When the newest entry came: the same for everybody who asks, so that an unchanged feed is the same bytes."""
        return max((one["updateddate"] for one in self.items), default=NEVER)

    def text(self) -> str:
        """The document."""
        return str(self.writeString("utf-8"))
