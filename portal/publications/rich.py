"""Safe rich text: what an editor may mark, cleaned when it is written and again when it is read."""

import re
from collections.abc import Callable
from typing import NamedTuple

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString

TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "img",
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
SCHEMES = {"https", "http", "mailto", "tel", "picture"}
OURS = re.compile(r"picture:[0-9a-f-]{36}")  # a picture taken in here; no other may stand in a text
NAMED = re.compile(r'<img src="picture:([0-9a-f-]{36})"')


class Drawn(NamedTuple):
    """Where a picture is fetched, and its size in pixels, by which the page keeps its place free."""

    url: str
    width: int
    height: int


def clean(html: str) -> str:
    """The same text with nothing in it but a few marks and pictures of ours; links leave without telling where from."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_fit, url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip


def shown(html: str, picture: Callable[[str], Drawn | None] = lambda _: None) -> SafeString:
    """Rich text for a page, cleaned once more: whatever reached the database, nothing runs.

    `picture` says where one is by its id; one it does not know is left without an address. Their captions are for the eye,
    the same words are read out as what the picture shows.
    """
    safe = clean(html).replace("<figcaption>", '<figcaption aria-hidden="true">')  # tags alone have a bare `<`
    return SafeString(NAMED.sub(lambda found: _drawn(picture(found[1])), safe))  # nh3 writes every tag anew


def _fit(tag: str, name: str, value: str) -> str | None:
    """The attribute's value, or nothing where it may not stand: pictures are ours, and links are none of these."""
    ours = OURS.fullmatch(value) is not None
    if name in ("src", "href"):
        return value if ours == (tag == "img") and (ours or not value.lower().startswith("picture:")) else None
    return value


def _drawn(one: Drawn | None) -> str:
    if one is None:
        return "<img"
    size = f' width="{one.width}" height="{one.height}"'
    return f'<img loading="lazy" decoding="async"{size} src="{escape(one.url)}"'
