"""Questions about the day's duties: the reference's lists and times, what is still to be kept, what one page shows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from canteen.apps import READERS
from canteen.models import (
    Accompany,
    Canteen,
    Control,
    Dish,
    HealthCard,
    Meal,
    MealCount,
    ParentMeal,
    Sample,
    Sampling,
    Serving,
)
from portal import clock
from portal.cases.faces import CaseRow, rows_of
from portal.cases.models import Case
from portal.errors import NotThere
from portal.orgs.access import children_paths, scope
from portal.orgs.models import Unit, User
from portal.templatetags.sunlit import full_day, when
from portal.worktime.calendars import calendar_for

from .meals import ATE

SAMPLES = "shown_samples"
AHEAD = (30, 7, 1, 0)  # days before a health certificate ends at which it is told: a month, a week, a day, the last day
TO_SAMPLE = timedelta(hours=2)  # after the meal is served
MISSED = timedelta(hours=8)  # after the meal is served nothing can be sampled any more
COLLECTED = timedelta(hours=24)  # after its hours are over a sample is to be gone


@cache
def reference() -> dict[str, Any]:
    """The reference's lists and times (canteen/data/controls.json)."""
    path = Path(__file__).parent.parent / "data" / "controls.json"
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return said


def control_of(code: str) -> dict[str, Any]:
    """One kind of control of the reference."""
    found: dict[str, Any] = next(one for one in reference()["controls"] if one["code"] == code)
    return found


def moment(day: date, at: str) -> datetime:
    """A time of a day in China."""
    return datetime.combine(day, time.fromisoformat(at), clock.SCHOOL_TIME)


def served_at(case: Any) -> datetime:
    """When the meal of a case is served."""
    return moment(case.day, reference()["served"][case.meal])


def sample_due(case: Any) -> datetime | None:
    """Samples are in the cabinet two hours after the meal."""
    return served_at(case) + TO_SAMPLE if case.day else None


def sample_missed(case: Any) -> datetime | None:
    """After this nothing can be sampled any more."""
    return served_at(case) + MISSED if case.day else None


def discard_due(case: Any) -> datetime | None:
    """A day after the last sample's hours are over, all are gone."""
    last = Sample.objects.filter(sampling_id=case.pk).order_by("-until").first() if case.pk else None
    return last.until + COLLECTED if last else None


def accompany_due(case: Any) -> datetime | None:
    """CR-02: the record is there before noon of the next day."""
    return moment(case.day + timedelta(days=1), "12:00") if case.day else None


def accompany_missed(case: Any) -> datetime | None:
    """A day later it counts as missed."""
    return moment(case.day + timedelta(days=2), "12:00") if case.day else None


def control_due(case: Any) -> datetime | None:
    """As the reference says for this kind."""
    return _after(case, "due")


def control_missed(case: Any) -> datetime | None:
    """From then on it counts as missed."""
    return _after(case, "missed")


def _after(case: Any, which: str) -> datetime | None:
    if not case.day or not case.topic_of:
        return None
    said = control_of(case.topic_of)[which]
    return moment(case.day + timedelta(days=said["days"]), said["time"])


def come_missed(case: Any) -> datetime | None:
    """Two days after the meal a booked place nobody said anything of is closed."""
    return moment(case.day + timedelta(days=3), "00:00") if case.day else None


def unsampled(case: Sampling) -> list[Dish]:
    """Dishes on the menu of that meal that no sample was kept of, in the order of the menu."""
    kept = Sample.objects.filter(sampling_id=case.pk).values("dish")
    rows = Serving.objects.filter(canteen=case.canteen_id, day=case.day, meal=case.meal).exclude(dish__in=kept)
    return [one.dish for one in rows.select_related("dish").order_by("pk")]


def with_samples(rows: QuerySet[Sampling]) -> QuerySet[Sampling]:
    """Samplings with what was kept, as their page shows it."""
    samples = Sample.objects.select_related("dish", "kept_by", "discarded_by").order_by("pk")
    return rows.select_related("canteen").prefetch_related(Prefetch("samples", samples, to_attr=SAMPLES))


def samples_of(case: Sampling) -> list[Sample]:
    """What was kept, as the page's question brought it along."""
    known: list[Sample] | None = getattr(case, SAMPLES, None)
    return list(case.samples.select_related("dish").order_by("pk")) if known is None else known


def facts_of_sampling(case: Sampling) -> list[tuple[str, str]]:
    """What the page says of a meal's samples: each with its grams and until when, dishes without one by name."""
    rows = [("哪一餐", f"{full_day(case.day)} {Meal(case.meal).label}")]
    for one in samples_of(case):
        until = f"{when(one.discarded_at)}销毁" if one.discarded_at else f"留到 {when(one.until)}"
        rows.append((one.dish.name, f"{one.grams} 克 · {until}"))
    missing = unsampled(case)
    return rows + ([("还没留样", "、".join(one.name for one in missing))] if missing else [])


def papers_of_sampling(case: Sampling) -> list[tuple[str, str]]:
    """The labels, once there is a sample."""
    return [("打印留样标签", reverse("canteen:labels", args=[case.number]))] if samples_of(case) else []


def facts_of_meal(case: Any) -> list[tuple[str, str]]:
    """What the page says of somebody who eats along."""
    rows = [("哪一餐", f"{full_day(case.day)} {Meal(case.meal).label}")]
    if getattr(case, "eater", None):
        rows.append(("陪餐人", case.eater.name))
    return rows + ([("评价", f"{case.score} 分（满分 5 分）")] if case.score else [])


def facts_of_control(case: Control) -> list[tuple[str, str]]:
    """What was looked at, and what was found."""
    said = {"ok": "合格", "failed": "有问题", "na": "不涉及"}
    rows = [("日期", full_day(case.day))]
    return rows + [
        (one["title"], said[case.outcomes[one["code"]]]) for one in case.items if one["code"] in case.outcomes
    ]


def with_eater(rows: QuerySet[Accompany]) -> QuerySet[Accompany]:
    """With the person who ate along."""
    return rows.select_related("eater")


def item_titles(case: object) -> dict[str, str]:
    """The words of a control's items by code."""
    return {one["code"]: one["title"] for one in case.items} if isinstance(case, Control) else {}


def sample_at(code: str, by: User) -> Sample:
    """The sample of a label, for whoever may see its meal."""
    found = Sample.objects.filter(code=code.upper()).select_related("sampling__canteen").first()
    if found is None or not Case.objects.visible_to(by).filter(pk=found.sampling_id).exists():
        raise NotThere
    return found


@dataclass(frozen=True)
class Health:
    """One health certificate, and how many days it still holds (below zero: over)."""

    card: HealthCard
    days: int

    @property
    def tone(self) -> str:
        """late once over, soon within a month."""
        return "late" if self.days < 0 else "soon" if self.days <= AHEAD[0] else "done"

    @property
    def words(self) -> str:
        """In words."""
        if self.days < 0:
            return f"已过期 {-self.days} 天"
        return f"还有 {self.days} 天到期" if self.days <= AHEAD[0] else "有效"


def health_of(canteen: Canteen) -> list[Health]:
    """The certificates of those who work there, the first to end on top."""
    rows = HealthCard.objects.filter(canteen=canteen, left_on=None).order_by("until", "pk")[:200]
    return [Health(one, (one.until - clock.today()).days) for one in rows]


@dataclass(frozen=True)
class Group:
    """The day's cases of one kind."""

    title: str
    icon: str
    rows: list[CaseRow]


def is_planned(canteen: Canteen, day: date, meal: str) -> bool:
    """Whether the menu has something for this meal."""
    return Serving.objects.filter(canteen=canteen, day=day, meal=meal).exists()


def next_meal_day(canteen: Canteen) -> date:
    """The next day with a meal after today: a school day."""
    morning = clock.midnight(clock.today() + timedelta(days=1))
    return calendar_for(canteen.school.path).next_opening(morning).astimezone(clock.SCHOOL_TIME).date()


def day_of(user: User, canteen: Canteen, day: date) -> list[Group]:
    """The duties of a day at a canteen that the person may see, kind by kind; controls that still run from before too."""
    found = []
    for model, title, icon in (
        (Sampling, "留样", "flask-conical"), (Accompany, "陪餐", "utensils"), (Control, "管控和自查", "clipboard-check"),
        (ParentMeal, "家长陪餐", "users"),
    ):  # fmt: skip
        rows = cast(Any, model.objects.visible_to(user)).filter(canteen=canteen)
        still = Q(is_open=True, day__lte=day) if model in (Control, Sampling) and day == clock.today() else Q(pk__in=[])
        rows = rows.filter(Q(day=day) | still).select_related("unit__school", "assignee", "opener")
        found.append(Group(title, icon, rows_of(list(rows.order_by("day", "pk")[:60]))))
    return found


def bookable(user: User) -> QuerySet[Canteen]:
    """Canteens where the person's children eat, or whose committee they are on."""
    there = Q(pk__in=[])
    for path in scope(user, "parent", "meal_committee"):
        there |= Q(school__path__startswith=path)
    schools = Unit.objects.filter(path__in=children_paths(user)).values("school")
    return (
        Canteen.objects.filter(there | Q(school__in=schools), closed_on=None)
        .select_related("school", "place")
        .order_by("pk")
    )


def seats_left(canteen: Canteen, day: date, meal: str) -> int:
    """How many places for parents are free at a meal."""
    taken = ParentMeal.objects.filter(canteen=canteen, day=day, meal=meal).exclude(state="cancelled")
    return max(0, canteen.seats - taken.count())


def accompanied(school: Unit, first: date, last: date) -> Iterator[tuple[Accompany, list[ParentMeal]]]:
    """The meals served on some days with who ate along and the parents who came and said how it was, oldest first. What was
    called unserved is there all the same where somebody was counted at it."""
    counted = MealCount.objects.filter(ATE, canteen=OuterRef("canteen"), day=OuterRef("day"), meal=OuterRef("meal"))
    rows = Accompany.objects.filter(canteen__school=school, day__gte=first, day__lte=last)
    rows = rows.filter(~Q(state="unserved") | Exists(counted))
    parents: dict[tuple[int, date, str], list[ParentMeal]] = {}
    for one in ParentMeal.objects.filter(canteen__school=school, day__gte=first, day__lte=last, score__isnull=False):
        parents.setdefault((one.canteen_id, one.day, one.meal), []).append(one)
    for case in rows.select_related("canteen", "eater").order_by("day", "canteen", "meal"):
        yield case, parents.get((case.canteen_id, case.day, case.meal), [])


def health_for(user: User, pk: int) -> HealthCard:
    """A certificate of a canteen of the person's posts."""
    found = HealthCard.objects.filter(pk=pk).select_related("canteen__school").first()
    if found is None or not any(found.canteen.school.path.startswith(path) for path in scope(user, *READERS)):
        raise NotThere
    return found


def sees_health(by: Any, address: str) -> bool:
    """Whoever reads the canteen may see a certificate's photo."""
    if not isinstance(by, User):
        return False
    try:
        health_for(by, int(address.partition(":")[2]))
    except NotThere:
        return False
    return True
