"""What a school has published, for feed readers."""

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from portal.orgs.models import Unit

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
    made = Atom1Feed(
        title=f"{school.name} 公示",
        link=page,
        description="公示过的和更正过的，最新的在前。",
        feed_url=feed,
        language="zh-hans",
    )
    for one in newest(NOBODY, unit=school, audience="public").order_by("-pk")[:COUNT]:
        again = f"（第 {one.version} 版）" if one.version > 1 else ""
        made.add_item(
            title=f"{one.title}{again}",
            link=f"{site}{address_of(one)}",
            description=one.reason and f"更正：{one.reason}",
            unique_id=f"urn:sunlit:publication:{one.digest}",
            pubdate=one.at,
            updateddate=one.at,
        )
    return str(made.writeString("utf-8"))
