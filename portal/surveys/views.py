"""问卷 on pages: one's own list, issuing, answering, the result, letting remarks through."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import clock
from portal.cases.forms import refusals_in
from portal.cases.keys import once, typed
from portal.errors import NotThere
from portal.orgs.access import holds_anywhere
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.orgs.roles import keepers
from portal.wire.fields import valid

from . import actions, classes, queries
from .access import KEEPS, answers_for, asking, issuing_places, keys_of, the_survey, whom
from .forms import AWEEK, BallotForm, ClassForm, IssueForm, RemarksForm
from .models import Ask, Remark, Survey
from .patterns import PATTERNS


@guard(SIGNED_IN)
@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and what one's own posts have issued."""
    by = person(request)
    keeps = holds_anywhere(by, *keepers(KEEPS))
    after = request.GET.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    kept = queries.kept_by(by, before=before) if keeps else []
    shown = kept[: queries.PAGE]
    page = {"asking": list(asking(by)[:50]), "keeps": keeps, "kept": [(one, queries.standing_of(one)) for one in shown]}
    page |= {"more": shown[-1].pk if len(kept) > queries.PAGE else "", "patterns": PATTERNS.values()}
    page["parts"] = classes.parts_now(by)
    return render(request, "surveys/list.html", page | {"here": "surveys"})


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """A new survey, from a pattern or from nothing."""
    by, more = person(request), "more" in request.POST
    if not issuing_places(by).exists():
        raise NotThere
    form = IssueForm(request.POST if request.method == "POST" else None, by=by, initial=_begun(request))
    done = _issued(request, form) if request.method == "POST" and not more and form.is_valid() else None
    if done is not None:
        return done
    if more:  # one more line was asked for, nothing was sent
        form.not_yet_judged()
    page = {"form": form, "key": secrets.token_urlsafe(18), "back": reverse("surveys"), "here": "surveys"}
    return render(request, "surveys/issue.html", page, status=422 if form.errors else 200)


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """The ballot, for those who have not answered; for everybody else how it stands, and its result when it is over."""
    by = person(request)
    one = the_survey(by, code)
    asked, answered = bool(keys_of(one, by)), queries.has_answered(one, by)
    if not answered and (request.method == "POST" or (asked and queries.standing_of(one).code == "open")):
        return _ballot(request, one)
    return render(request, "surveys/survey.html", _shown(one, by) | {"answered": answered})


@guard(POST=SIGNED_IN)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """作废, by those who answer for it."""
    actions.withdraw(the_survey(person(request), code), by=person(request))
    messages.success(request, "已作废，不再请人答，也不会有结果。")
    return HttpResponseRedirect(reverse("surveys-one", args=[code]))


@guard(POST=SIGNED_IN)
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """A class teacher reminds everybody of the class; who has answered is told to nobody."""
    by = person(request)
    classes.remind(the_survey(by, code), valid(ClassForm(request.POST))["school_class"], by=by)
    messages.success(request, "已提醒全班。谁答过了，系统不告诉任何人，所以答过的也会收到。")
    return HttpResponseRedirect(reverse("surveys-one", args=[code]))


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, code: str) -> HttpResponse:
    """The issuer reads what was written, in an order by chance, and lets through what others may read."""
    by = person(request)
    one = the_survey(by, code)
    if not answers_for(by, one):
        raise NotThere
    form = RemarksForm(request.POST if request.method == "POST" else None, survey=one)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            n = actions.let_through(one, shown=[UUID(pk) for pk in form.cleaned_data["shown"]], by=by)
            messages.success(request, f"公开 {n} 条留言，其余不公开。")
            return HttpResponseRedirect(reverse("surveys-one", args=[code]))
    page = {"survey": one, "form": form, "back": reverse("surveys-one", args=[code]), "here": "surveys"}
    return render(request, "surveys/remarks.html", page, status=422 if form.errors else 200)


def _ballot(request: HttpRequest, one: Survey) -> HttpResponse:
    """The questions; sent a second time it says so kindly, and changes nothing."""
    form = BallotForm(request.POST if request.method == "POST" else None, survey=one)
    if request.method == "POST" and form.is_valid():
        actions.answer(one, by=person(request), answers=form.said())
        messages.success(request, "答卷已收下，谢谢您。没有人能查出您答了什么。")
        return HttpResponseRedirect(reverse("surveys-one", args=[one.code]))
    minutes = f"{len(form.asked)} 题，{'不到一' if len(form.asked) < 12 else '约两'}分钟"
    page = {"survey": one, "form": form, "minutes": minutes, "back": reverse("surveys"), "here": "surveys"}
    return render(request, "surveys/ballot.html", page, status=422 if form.errors else 200)


def _shown(one: Survey, by: User) -> dict[str, Any]:
    """How it stands and what came of it; for those who answer for it, how many remarks nobody has looked at."""
    result, keeps = queries.result_of(one), answers_for(by, one)
    unread = Remark.objects.filter(question__survey=one, state=Remark.NEW).count() if keeps and not result.hidden else 0
    page = {"survey": one, "result": result, "standing": result.standing, "answers_for": keeps, "unread": unread}
    page["parts"] = classes.parts_of(by, one)
    return page | {"whom": whom(one).words, "back": reverse("surveys"), "here": "surveys"}


def _issued(request: HttpRequest, form: IssueForm) -> HttpResponse | None:
    """Issues it, once however often it is sent; nothing where it was refused, which stands in the form then."""
    by = person(request)
    with refusals_in(form):
        key, asked = request.POST.get("key", ""), typed(request.POST)
        done, _ = once(by=by, key=key, asked=asked, effect=lambda: {"code": actions.issue(by=by, **form.said()).code})
        messages.success(request, "问卷已发出，收到的人会在首页看到。")
        return HttpResponseRedirect(reverse("surveys-one", args=[done["code"]]))
    return None


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the pattern and the place asked for fill in beforehand."""
    pattern = PATTERNS.get(request.GET.get("pattern", ""), PATTERNS["blank"])
    lines = [
        {"title": one.title, "kind": Ask(one.kind).value, "choices": "、".join(one.choices)}
        for one in pattern.questions
    ]
    known = {"who": list(pattern.asks), "per": pattern.per, "questions": lines, "least": 5}
    known |= {"title": "" if pattern.code == "blank" else pattern.title, "closes_on": clock.today() + AWEEK}
    unit = request.GET.get("unit", "")
    return known | ({"unit": int(unit)} if unit.isdecimal() and len(unit) < 18 else {})


__all__ = ["issue", "remarks", "remind", "survey", "surveys", "withdraw"]
