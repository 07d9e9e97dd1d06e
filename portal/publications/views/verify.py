"""验证: scan or type a code, or hand in the downloaded file, and see whether it is what was published."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.forms import refusals_in
from portal.errors import BadInput
from portal.orgs.policies import PUBLIC, guard
from portal.publications.content import typed_code
from portal.publications.feeds import address_of
from portal.publications.queries import page_of
from portal.publications.verifying import Verdict, by_code, by_file


class VerifyForm(forms.Form):
    """A code, or a file; the file counts when both are there."""

    code = forms.CharField(
        label="验证码",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="印在公示下方的 16 位，如 7F3A-91C2-04BE-88D1；扫出来的网址也可以贴进来。",
    )
    file = forms.FileField(
        label="或者交回下载的文件",
        required=False,
        allow_empty_file=True,
        help_text="从这里下载的 JSON 或 Excel，点一下选，或拖到框里；最多 5 MB。只比对，不保存。",
    )

    def clean(self) -> None:
        """One of the two is needed."""
        super().clean()
        if not self.errors and not self.cleaned_data.get("code") and not self.cleaned_data.get("file"):
            self.add_error("code", "请填验证码，或选择下载的文件。")


@guard(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; a code leads to its own page, a file is judged at once."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    verdict = None
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            file = form.cleaned_data["file"]
            if not file:
                by_code(form.cleaned_data["code"])  # refused here, beside what was typed
                return HttpResponseRedirect(reverse("verify-code", args=[_plain(form.cleaned_data["code"])]))
            verdict = by_file(file.read())
    page = {"form": form, "verdict": verdict} | _links(verdict)
    answer = render(request, "publications/verify.html", page, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@guard(PUBLIC)
@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """What a scanned code stands for, as things are now."""
    status, refused = 200, ""
    try:
        verdict = by_code(code)
    except BadInput as no:  # a mistyped address is answered like an unknown code, with what a code looks like
        verdict, status, refused = None, 404, no.sentence
    page = {"form": VerifyForm(), "verdict": verdict, "refused": refused} | _links(verdict)
    answer = render(request, "publications/verify.html", page, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _plain(typed: str) -> str:
    """A code as it stands in an address."""
    return typed_code(typed) or typed.strip().lower()


def _links(verdict: Verdict | None) -> dict[str, str]:
    """The page of what was found and, where another version stands now, of that; where everybody may open them."""
    made = verdict.made if verdict else None
    if made is None or made.issue.audience != "public":
        return {"link": ""}
    newest = page_of(made.issue) if made.version != made.issue.current else ""
    return {"link": address_of(made), "newest": newest}
