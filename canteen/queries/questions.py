"""Questions asked of canteens: whom one may ask, and the public list of a school."""

from django.db.models import Q, QuerySet

from canteen.models import Canteen, Question
from portal.cases.models import Words
from portal.orgs.access import report_scope
from portal.orgs.models import Unit, User

PAGE = 20


def canteens_to_ask(user: User) -> QuerySet[Canteen]:
    """The canteens of the schools one belongs to, by home, post or child."""
    there = Q(pk__in=[])
    for path in report_scope(user):
        there |= Q(school__path__startswith=path)
    return (
        Canteen.objects.filter(there, closed_on=None).select_related("school", "place").order_by("school__path", "pk")
    )


def listed(school: Unit, *, before: int | None = None) -> list[Question]:
    """Answered public questions of a school, newest first, one more than a page."""
    rows = Question.objects.filter(listed=True, canteen__school=school).select_related("canteen")
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def first_words(case: Question) -> str:
    """What was asked, as it was asked."""
    return Words.objects.filter(case=case, name="words").order_by("seq").values_list("text", flat=True).first() or ""


def facts_of(case: Question) -> list[tuple[str, str]]:
    """What the case's page says beside what every case shows."""
    way = "私下问，只有食堂管理员、食品安全总监和局里看得到" if case.circle else "公开问，答复后不写姓名地公开"
    found = [("食堂", case.canteen.name), ("怎么问的", way)]
    return [*found, ("公开列表", "在列表上")] if case.listed else found
