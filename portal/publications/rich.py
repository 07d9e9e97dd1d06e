"""Safe rich text: what an editor may mark, cleaned when it is written and again when it is read."""

import nh3
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
}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"https", "http", "mailto", "tel"}


def clean(html: str) -> str:
    """The same text with nothing in it but a few marks; links leave without telling where from."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )


def shown(html: str) -> SafeString:
    """Rich text for a page, cleaned once more: whatever reached the database, nothing runs."""
    return SafeString(clean(html))  # nh3 writes every tag anew from the list above
