"""What a school has published, for feed readers."""

import json

from django.urls import reverse

from portal.orgs.models import Unit
from portal.wire.atom import Feed

from .access import NOBODY
from .models import Publication
from .queries import newest, school_code

COUNT = 40


def address_of(made: Publication) -> str:
    """The page of one version, for good."""
    issue = made.issue
    return reverse("board-version", args=[school_code(issue.unit), issue.kind, issue.period, made.version])


def atom(school: Unit, *, site: str, page: str, feed: str) -> str:
    """The school's latest public publications and corrections; addresses absolute, `site` in front of ours."""
    about = "公示过的和更正过的，最新的在前。"
    made = Feed(f"{school.name} 公示", about, author=school.name, page=page, feed=feed)
    for one in newest(NOBODY, unit=school, audience="public").order_by("-pk")[:COUNT]:
        again = f"（第 {one.version} 版）" if one.version > 1 else ""
        made.add(
            f"{one.title}{again}",
            link=f"{site}{address_of(one)}",
            id=f"urn:sunlit:publication:{one.digest}",
            at=one.at,
            words=_said(one),
        )
    return made.text()


def _said(made: Publication) -> str:
    """Why it was corrected, and what it says in one line."""
    line = json.loads(made.payload).get("content", {}).get("summary", "")
    return " ".join(one for one in (made.reason and f"更正：{made.reason}", line) if one)
