"""What was asked of the canteen, and whether it was answered in time; what is asked privately is counted by nobody."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q

from canteen.flow.questions import QUESTIONS
from portal import clock
from portal.rollups.book import Figure, How, Light, Part, Past, Tally, day_of


def counted(past: Past) -> Iterator[Part]:
    """One question: asked on its day; answered, and in time, counted for the day it was asked. Recalled ones are none."""
    if past.case.state == "recalled":
        return
    day = day_of(past.case.opened_at)
    yield Part("canteen.asked", day)
    first = next(iter(past.took("answer")), None)
    if first is not None:
        yield Part("canteen.answered", day)
        if past.kept("answer", first.at):
            yield Part("canteen.answered_in_time", day)


def unanswered() -> Q:
    """Waits for its answer this moment."""
    return Q(is_open=True, state="asked")


def overdue() -> Q:
    """Waits, and its time is over."""
    return Q(is_open=True, state="asked", due_at__lt=clock.now())


KINDS = {QUESTIONS.kind: counted}
TALLIES = tuple(Tally(f"canteen.{name}", by_topic=False) for name in ("asked", "answered", "answered_in_time"))
LEADING = ("unanswered_late", "answer_rate")
RANKED: tuple[tuple[str, int], ...] = ()
KIND = QUESTIONS.kind
FIGURES = (
    Figure("canteen.unanswered_late", "提问超时未答", "个", "此刻还没有答复、时限已过的公开提问。", How.LIVE, live=overdue, kind=KIND, icon="octagon-alert",
           word="个", high_is_good=False, light=Light(Decimal(1), Decimal(1), high_is_good=False, word="未答")),
    Figure("canteen.unanswered", "提问待答复", "个", "此刻还没有答复的公开提问。", How.LIVE, live=unanswered, kind=KIND, icon="message-circle-question-mark", word="个"),
    Figure("canteen.asked", "提问", "个", "这段时间里公开问食堂的，按提问那天算；撤回的不算，私下问的不计。", How.COUNT, of="canteen.asked",
           icon="message-circle-question-mark", word="个"),
    Figure("canteen.answer_rate", "提问按时答复", "%", "这段时间里公开问食堂的，时限内答复的 ÷ 全部提问；撤回的不算，私下问的不计。", How.SHARE,
           of="canteen.answered_in_time", over="canteen.asked", icon="messages-square", word="个", high_is_good=True, light=Light(Decimal(90), Decimal(100), word="答复")),
)  # fmt: skip
