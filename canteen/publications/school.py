"""食堂: the page beside a school's boards where everybody finds the canteen, and what it was asked."""

from canteen.queries.school import has_canteen
from portal.publications.sites import SitePage

PAGE = SitePage(
    "食堂", "本周吃什么、上周的账、大家打的分、谁负责、摄像头什么时候能看", "soup", "canteen:school", there=has_canteen,
    more=(("食堂问答", "canteen:answered"),),
)  # fmt: skip
