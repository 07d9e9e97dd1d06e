"""值班签到: one's own posts and a school's list of a day or a month; signing in; correcting."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from portal import clock
from portal.hall.settings.asking import Asking, seen, sent
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, guard, holding, person
from portal.wire.fields import valid
from safety_grid.actions import duty as verbs
from safety_grid.forms.duty import CorrectForm, DutyListForm, SignInForm
from safety_grid.queries import duty as queries

CORRECTING = holding(*queries.CORRECTORS)


@guard(SIGNED_IN)
@require_GET
def duty(request: HttpRequest) -> HttpResponse:
    """One's own posts today; for those who read the school's, everybody's on a day, or by person in a month."""
    by, asked = person(request), valid(DutyListForm(request.GET))
    school, others = queries.school_read(by, asked["school"])
    today, month = clock.today(), asked["month"]
    day: date = asked["day"] or today
    found = queries.duties(school, day, day) if school and not month else None
    own = found if day == today and school and by.home and school.pk == by.home.school_id else None
    context: dict[str, Any] = {"mine": queries.own_duties(by, today, known=own), "form": SignInForm(), "day": day}
    context |= {"before": day - timedelta(days=1), "next": day + timedelta(days=1) if day < today else None}
    context |= {"school": school, "others": others, "month": month}
    if school is not None:
        context |= _of_school(by, school, found, queries.month_of(month or f"{day:%Y-%m}"))
    return render(request, "safety_grid/duty.html", context | {"here": "safety_grid"})


@guard(POST=SIGNED_IN)
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in at the post whose code was scanned or typed."""
    done = verbs.sign_in(request.POST.get("code", "")[:20], by=person(request))
    messages.success(request, f"已签到：{done.holding.cell.unit.place} {done.words}。")
    return HttpResponseRedirect(reverse("safety_grid:duty"))


@guard(GET=CORRECTING, POST=CORRECTING)
def correct(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """How one post of one day really was, with the reason."""
    one = queries.duty_at(person(request), pk, day)
    form = CorrectForm(sent(request), initial={"standing": one.standing})
    back = f"{reverse('safety_grid:duty')}?{urlencode({'day': one.watch.day.isoformat()})}"

    def write() -> str:
        verbs.correct(one, by=person(request), seen=seen(request), **form.cleaned_data)
        return back

    version = one.sign_in.version if one.sign_in else 0
    return Asking(request, form, "safety_grid/form.html", write, "已更正。", version, _about(one, back)).answer()


def _of_school(by: User, school: Unit, found: list[queries.Duty] | None, month: tuple[date, date]) -> dict[str, Any]:
    """The list of a day; where none was asked for, the month's by person; and what leads from one to the other."""
    rows = found or []
    counts = [(words, sum(1 for one in rows if one.standing == code)) for code, words in queries.WORDS.items()]
    people = queries.month_rows(school, *month) if found is None else []
    return {
        "duties": rows, "counts": counts, "first": month[0], "people": people, "corrects": queries.corrects(by, school),
    }  # fmt: skip


def _about(one: queries.Duty, back: str) -> dict[str, Any]:
    person_, cell = one.person, one.watch.cell
    words = f"{person_.name if person_ else '空缺'} · {cell.unit.place} · {one.watch.day} · 现在是{one.words}"
    crumbs = [("值班签到", back), ("更正", "")]
    return {"title": "更正签到", "words": words, "act": "更正", "back": back, "crumbs": crumbs, "here": "safety_grid"}
