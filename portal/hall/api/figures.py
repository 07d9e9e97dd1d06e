"""Figures for programs: which there are, and how one stands at a unit, by school, kind, level of place, day, week or month."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal import clock
from portal.errors import BadInput, NotThere
from portal.hall.figures.board import schools_below
from portal.hall.figures.reach import READERS, found, tops_of
from portal.orgs.models import Unit, User
from portal.orgs.policies import person
from portal.rollups import asking
from portal.rollups.asking import Tallied
from portal.rollups.book import Chapter, Figure
from portal.rollups.periods import Almanac, Period
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.kinds import LARGEST

TAG = "数据"
BY = [("school", "学校"), ("topic", "类别"), ("level", "层级"), ("day", "天"), ("week", "周"), ("month", "月")]
LONGEST = 400  # days
USUAL = timedelta(days=6)


class FigureShape(serializers.Serializer[Any]):
    """A figure there is: `live` ones are asked this moment and need no days."""

    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    formula = serializers.CharField()
    live = serializers.SerializerMethodField()

    def get_live(self, figure: Figure) -> bool:
        """Whether it counts what is open this moment."""
        return figure.live is not None


class FiguresShape(serializers.Serializer[Any]):
    """Every figure this caller may ask for at one of their units, and those units."""

    units = serializers.ListField(child=serializers.IntegerField())
    figures = FigureShape(many=True)


class FigureRowShape(serializers.Serializer[Any]):
    """One value: null where fewer than five cases lie behind it. `n` of `over` cases were counted."""

    key = serializers.CharField()
    title = serializers.CharField()
    value = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    n = serializers.IntegerField()
    over = serializers.IntegerField()


class FigureValueShape(FigureShape):
    """A figure at a unit; sums miss nothing up to `as_of`."""

    place = serializers.IntegerField()
    since = serializers.DateField()
    until = serializers.DateField()
    as_of = serializers.DateTimeField(allow_null=True)
    rows = FigureRowShape(many=True)


class FigureForm(forms.Form):
    """Where, when, and split by what."""

    unit = forms.IntegerField(
        label="单位",
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text="教育局、乡镇或学校；不填为您任职的单位。",
    )
    by = forms.ChoiceField(label="分开", required=False, choices=BY, help_text="不填就是一个总数。")
    since = forms.DateField(label="起", required=False, help_text="不填为最近七天。")
    until = forms.DateField(label="止", required=False, help_text="含这一天，不填为今天。")

    def clean(self) -> dict[str, Any]:
        """Days in order, at most four hundred."""
        said = super().clean() or self.cleaned_data
        until = said.get("until") or clock.today()
        since = said.get("since") or until - min(USUAL, until - date.min)
        if since > until:
            self.add_error("since", "起始日要在截止日之前。")
        elif (until - since).days > LONGEST or since.year < 2000 or until.year > 2200:
            self.add_error("since", f"一次最多问 {LONGEST} 天，请分几次问。")
        return said | {"since": since, "until": until}


class Figures(Endpoint):
    """Which figures there are."""

    policies = {"GET": READERS}
    tag = TAG
    verbs = {"GET": Verb("figures", "有哪些数据", gives=FiguresShape)}

    def get(self, request: Request) -> Response:
        """Those of the affairs this person's roles read."""
        user = person(self.here)
        self.asked()
        units = tops_of(user)
        known = {one.affair: one for unit in units for one in found(user, unit.pk)[1]}
        figures = [one for chapter in known.values() for one in chapter.figures]
        return Response(FiguresShape({"units": [one.pk for one in units], "figures": figures}).data)


class OneFigure(Endpoint):
    """How one figure stands."""

    policies = {"GET": READERS}
    tag = TAG
    verbs = {
        "GET": Verb(
            "figure",
            "一项数据",
            "只给看得到那里数据的岗位；合计截至 as_of。",
            asks=FigureForm,
            gives=FigureValueShape,
            refuses=(404,),
        )
    }

    def get(self, request: Request, name: str) -> Response:
        """At one unit, over days, split or not."""
        user, asked = person(self.here), self.asked()
        unit, chapter, figure = _found(user, asked["unit"], name)
        rows = [
            {"key": key, "title": title, "value": reading.value, "n": reading.n, "over": reading.over}
            for key, title, reading in (
                (key, title, one.read(figure)) for key, title, one in _split(unit, chapter, figure, asked)
            )
        ]
        about = {key: getattr(figure, key) for key in ("name", "title", "unit", "formula", "live")}
        about |= {
            "place": unit.pk,
            "since": asked["since"],
            "until": asked["until"],
            "as_of": asking.as_of(),
            "rows": rows,
        }
        return Response(FigureValueShape(_Value(about)).data)


class _Value:
    """What a shape reads by attribute."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.__dict__.update(said)


def _found(user: User, pk: int | None, name: str) -> tuple[Unit, Chapter, Figure]:
    """The unit and the figure, as far as this person may ask; otherwise they are not there."""
    if pk is None:
        units = tops_of(user)
        if len(units) != 1:
            raise BadInput("请写明哪个单位。", errors={"unit": ["您在几个地方任职，请写明哪个单位。"]})
        pk = units[0].pk
    unit, chapters, _ = found(user, pk)
    for chapter in chapters:
        if name in chapter.named:
            return unit, chapter, chapter.named[name]
    raise NotThere


def _split(unit: Unit, chapter: Chapter, figure: Figure, asked: dict[str, Any]) -> Iterator[tuple[str, str, Tallied]]:
    """What was counted, in parts: key, title, and the part."""
    by, period = asked["by"], Period("days", asked["since"], asked["until"], "", "")
    if by == "level":
        if figure not in [chapter.figure(one) for one in chapter.by_level]:
            raise BadInput("这项数据不能按层级分开。", errors={"by": ["这项数据不分层级，请换一种分法。"]})
        levels = zip(chapter.levels, asking.by_level(chapter, unit.path, period), strict=True)
        yield from ((str(n), title, part) for n, ((title, _), part) in enumerate(levels, 1))
        return
    if (figure.live is not None or figure.asked is not None) and by not in ("", "school"):
        raise BadInput("此刻的数据只能按学校分开。", errors={"by": ["这项数据说的是此刻，只能按学校分开。"]})
    if by == "topic":
        names = chapter.topics()
        parts = asking.by_topic([figure], unit.path, period, names)
        yield from ((code, names[code], parts[code]) for code in names if code in parts)
    elif by in STRETCHES:
        periods = list(STRETCHES[by](Almanac(unit.path), asked["since"], asked["until"]))
        counted = asking.by_period([figure], unit.path, periods)
        yield from ((one.since.isoformat(), one.title, part) for one, part in zip(periods, counted, strict=True))
    else:
        yield from _schools(unit, chapter, figure, period, whole=not by)


def _schools(
    unit: Unit, chapter: Chapter, figure: Figure, period: Period, *, whole: bool
) -> Iterator[tuple[str, str, Tallied]]:
    (counted,) = asking.by_school([figure], unit.path, period)
    if figure.live is not None:
        for school, counts in asking.live(chapter, unit.path).items():
            counted[school].live = counts
    answers = asking.asked([figure], unit.path, period.since, period.until)
    total = Tallied()
    for path in answers if whole else ():
        total += answers[path]
    for school in schools_below(unit):
        part = counted.get(school.pk, Tallied())
        if not whole and school.path in answers:
            part += answers[school.path]
        if whole:
            total += part
        else:
            yield str(school.pk), school.name, part
    if whole:
        yield "", unit.name, total


def _days(almanac: Almanac, since: date, until: date) -> Iterator[Period]:
    for step in range((until - since).days + 1):
        day = since + timedelta(days=step)
        yield Period("day", day, day, f"{day.month}月{day.day}日", "")


def _stretches(kind: str) -> Callable[[Almanac, date, date], Iterator[Period]]:
    """Weeks or months, the first and last cut to the days asked for."""

    def walk(almanac: Almanac, since: date, until: date) -> Iterator[Period]:
        one = almanac.holding(kind, since)
        while one.since <= until:
            yield Period(kind, max(one.since, since), min(one.until, until), one.title, one.short)
            one = almanac.after(one)

    return walk


STRETCHES = {"day": _days, "week": _stretches("week"), "month": _stretches("month")}
