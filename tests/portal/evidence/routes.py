"""The portal's own addresses, with a form that asks for photos."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from portal.evidence.fields import EvidenceField, add_errors, collect
from portal.orgs.policies import SIGNED_IN, guard

PAGE = engines["django"].from_string(
    "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>报修</title>"
    "<link rel=stylesheet href='{% static 'sunlit.css' %}'><script defer src='{% static 'photos.js' %}'></script></head>"
    "<body><main><h1>报修</h1><form method=post{% if form.is_multipart %} enctype=multipart/form-data{% endif %}>{% csrf_token %}"
    "{% for field in form %}{% include 'components/field.html' %}{% endfor %}"
    "<button name=step value=send>提交</button></form></main></body></html>"
)


class Report(forms.Form):
    words = forms.CharField(max_length=20)
    photos = EvidenceField(label="照片", min_count=1, max_count=3)
    papers = EvidenceField(label="材料", required=False, kinds=("document",), max_count=2)


@guard(SIGNED_IN)
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, bound(None, by=request.user))
    data, errors = collect(request, by=request.user, fields=Report.base_fields)
    form = bound(data, by=request.user)
    add_errors(form, errors)
    if not form.is_valid():
        return _page(request, form)
    return HttpResponse(",".join(str(piece.pk) for piece in form.cleaned_data["photos"]))


def bound(data: object, *, by: object) -> Report:
    form = Report(data)
    for field in form.fields.values():
        if isinstance(field, EvidenceField):
            field.bind(by)
    return form


def _page(request: HttpRequest, form: forms.Form) -> HttpResponse:
    return HttpResponse(PAGE.render({"form": form}, request))


urlpatterns = [path("report", report, name="report"), path("", include("portal.urls"))]
