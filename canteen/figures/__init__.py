"""How the canteens stand: one chapter, each topic with its own tallies and figures."""

from portal.rollups.book import Chapter

from . import accounts, deliveries, duties, publishing, questions, ratings

TOPICS = (deliveries, publishing, accounts, duties, questions, ratings)

CHAPTER = Chapter(
    affair="canteen",
    title="食堂",
    icon="soup",
    kinds={kind: counting for topic in TOPICS for kind, counting in topic.KINDS.items()},
    leading=tuple(name for topic in TOPICS for name in topic.LEADING),
    lit=(
        "published_on_time",
        "published",
        "cost_a_day",
        "satisfaction",
        "answer_rate",
        "duties_rate",
        "camera_uptime",
    ),
    topics=accounts.named,
    by_kind=accounts.BY_KIND,
    drawn=("duties_rate", "answer_rate"),
    ranked=tuple(one for topic in TOPICS for one in topic.RANKED),
    tallies=tuple(one for topic in TOPICS for one in topic.TALLIES),
    version=3,
    figures=tuple(one for topic in TOPICS for one in topic.FIGURES),
)
