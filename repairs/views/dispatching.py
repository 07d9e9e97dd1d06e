"""派工规则: who repairs what where, for the desk and the logistics head."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.cases.forms import refusals_in
from portal.orgs.access import scope
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from repairs.actions.dispatching import SETTERS, set_rule
from repairs.forms.dispatching import RuleForm
from repairs.models import DispatchRule
from repairs.queries import topics
from repairs.queries.dispatching import rules_at


@guard(GET=holding(*SETTERS), POST=holding(*SETTERS))
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force at one's schools, and a form to set one; with `?rule=` it begins with that rule."""
    by = person(request)
    paths = scope(by, *SETTERS)
    found = rules_at(paths)
    asked = next((one for one in found if str(one.pk) == request.GET.get("rule")), None)
    form = RuleForm(request.POST or None, paths=paths, initial=_initial(asked))
    if form.is_valid() and _set(form, by):
        messages.success(request, "规则已保存，以后派工按它来。")
        return HttpResponseRedirect(reverse("repairs:dispatching"))
    context = {"rows": _rows(found), "form": form, "asked": asked, "here": "repairs"}
    return render(request, "repairs/dispatching.html", context, status=422 if form.errors else 200)


def _set(form: RuleForm, by: User) -> bool:
    """Sets the rule; a refusal is said in the form."""
    with refusals_in(form):
        set_rule(**form.cleaned_data, by=by)
    return not form.errors


def _rows(found: list[DispatchRule]) -> list[tuple[DispatchRule, str, str]]:
    """Each rule with its kind and its team in words."""
    names = dict(User.objects.filter(pk__in=[pk for one in found for pk in one.people]).values_list("pk", "name"))
    return [(one, _topic(one), "、".join(names.get(pk, "已离开的人") for pk in one.people)) for one in found]


def _initial(rule: DispatchRule | None) -> dict[str, object]:
    if rule is None:
        return {}
    said = {"unit": rule.unit_id, "topic": rule.topic, "people": rule.people, "by_itself": rule.by_itself}
    return said | {"seen": rule.version}


def _topic(rule: DispatchRule) -> str:
    return topics()[rule.topic].name if rule.topic in topics() else "全部类别"
