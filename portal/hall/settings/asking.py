"""A form of the settings: shown, refused with everything typed still there, or done once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from portal.cases.keys import once, typed
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.hall.account.forms import refuse
from portal.orgs.policies import person

Effect = Callable[[], str]


class Mistaken(BadInput):
    """The form itself says what is wrong, field by field."""


@dataclass
class Asking:
    """One form on one page. `effect` writes and says where to go on; `version` is that of the row the page shows."""

    request: HttpRequest
    form: Form
    page: str
    effect: Effect
    done: str = "已保存。"
    version: int | None = None
    context: dict[str, Any] = field(default_factory=dict)
    refused: Refused | None = None

    def answer(self) -> HttpResponse:
        """Does it once however often it is sent; a refusal shows the form again as it was typed."""
        if self.request.method == "POST":
            try:
                to = self._do()
            except (NotAllowed, NotThere):
                raise
            except Mistaken:
                return self.show()
            except Refused as refused:
                self.refused = refused
                refuse(self.form, refused)
            else:
                if self.done:
                    messages.success(self.request, self.done)
                return redirect(to)
        return self.show()

    def show(self) -> HttpResponse:
        """The page with the form; its key is a fresh one, because a refused submission kept none."""
        context = self.context | {"form": self.form, "key": secrets.token_urlsafe(18), "version": self.version}
        context |= {"refused": self.refused, "overtaken": overtaken(self.form, self.refused)}
        return render(self.request, self.page, context, status=self._status())

    def _do(self) -> str:
        asked = [self.request.get_full_path(), typed(self.request.POST)]
        try:
            answer, _ = once(
                by=person(self.request),
                key=self.request.POST.get("key", ""),
                asked=asked,
                effect=self._write,
            )
        except IntegrityError as twice:  # two people wrote the same at the same moment; the second is told
            raise Refused("刚刚有人写入了同样的内容，这次没有写入。", instead="请看过最新内容再提交。") from twice
        return str(answer["to"])

    def _write(self) -> dict[str, Any]:
        """Looks at what was typed only now: what was answered before is answered again, though it would not fit today."""
        if not self.form.is_valid():
            raise Mistaken("有几处需要改一下。")
        return {"to": self.effect()}

    def _status(self) -> int:
        if self.refused is not None:
            return self.refused.status
        return 422 if self.form.is_bound and self.form.errors else 200


def sent(request: HttpRequest) -> QueryDict | None:
    """What was typed, or nothing when the page is first opened."""
    return request.POST if request.method == "POST" else None


class SureForm(Form):
    """Nothing to type: the page says what follows, and the button is the answer."""


def seen(request: HttpRequest) -> int | None:
    """The version the page showed; none when the form carries none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def overtaken(form: Form, refused: Refused | None) -> list[tuple[str, str, str]]:
    """Where somebody was first: what each field says now and what this person wants, for fields that differ."""
    if not isinstance(refused, Stale):
        return []
    return [
        (str(form[name].label), _shown(form, name, form[name].initial), _shown(form, name, form.cleaned_data.get(name)))
        for name in form.changed_data
    ]


def _shown(form: Form, name: str, value: Any) -> str:
    """A value as people read it: the words of a choice, or the value itself."""
    choices = dict(getattr(form.fields[name], "choices", ()) or ())
    plain = getattr(value, "pk", value)
    return str(choices.get(plain) or (value if value is not None else ""))
