"""Whether a school publishes in time: tallies and figures of one kind of publication, for the chapter of its affair."""

from collections.abc import Iterator

from django.db.models import Q

from portal import clock
from portal.cases.flow import Flow
from portal.rollups.book import Figure, How, Part, Past, Tally, day_of


def counted(past: Past) -> Iterator[Part]:
    """What one duty to publish adds: out on that day, before its clock ran out or after."""
    kind = past.case.kind
    for event in past.took("publish")[:1]:
        day = day_of(event.at)
        yield Part(f"{kind}_out", day)
        yield Part(f"{kind}_on_time" if past.kept("publish", event.at) else f"{kind}_late", day)


def tallies(flow: Flow) -> tuple[Tally, ...]:
    """What is counted up of this kind."""
    return tuple(Tally(f"{flow.kind}_{name}", by_topic=False) for name in ("out", "on_time", "late"))


def figures(flow: Flow) -> tuple[Figure, ...]:
    """Missing now, late and in time, of one kind of publication; corrections later change none of them."""
    kind, title = flow.kind, flow.title
    return (
        Figure(f"{kind}_missing", f"{title}未按时公示", "期", f"此刻期限已过、还没有公示的{title}。", How.LIVE, live=missing, kind=kind,
               icon="calendar-clock", high_is_good=False),
        Figure(f"{kind}_on_time", f"{title}按时公示", "%", f"在期限之内首次公示的 ÷ 这段时间里首次公示的{title}。", How.SHARE, of=f"{kind}_on_time",
               over=f"{kind}_out", icon="megaphone", high_is_good=True),
        Figure(f"{kind}_late", f"{title}迟公示", "期", f"这段时间里首次公示、但过了期限的{title}，按公示那天算。", How.COUNT, of=f"{kind}_late",
               icon="hourglass", high_is_good=False),
    )  # fmt: skip


def missing() -> Q:
    """Still owed, and its time is over."""
    return Q(is_open=True, due_at__lt=clock.now())
