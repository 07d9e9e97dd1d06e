"""发通知和信息公开: one's list, writing with a preview, and one announcement with what can be done to it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.errors import NotThere
from portal.evidence.fields import add_errors, collect, own_waiting
from portal.evidence.models import Piece
from portal.hall.settings.asking import Asking, SureForm, seen, sent
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications import announcing, pictures, receipts
from portal.publications.announce_forms import AnnouncementForm, ReturnForm
from portal.publications.models import Announcement
from portal.publications.notices import categories

PAGE = 25
State = Announcement.State
CRUMB = "通知和信息公开"
# What may be done to one: the words on the button, what follows, what the page says after it.
VERBS: dict[str, tuple[str, str, str]] = {
    "hand_in": ("交签发", "交给校长、副校长，由他们发布或退回。", "已交签发。"),
    "issue": ("发布", "发布后不能改，只能更正并写明原因。", "已发布。"),
    "send_back": ("退回修改", "退给起草的人，写明哪里要改。", "已退回。"),
    "discard": ("不发了", "这一篇不再出现在列表里。", "已放到一边。"),
    "remind": ("提醒没看的", "再通知还没点“已阅”的人，一天最多一次。", "已提醒。"),
}


@guard(GET=SIGNED_IN)
def announcements(request: HttpRequest) -> HttpResponse:
    """One's own, and those handed in where one's post issues; newest first."""
    by, before = person(request), request.GET.get("before", "")
    rows = announcing.seen_by(by)
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    page: dict[str, Any] = {
        "rows": [(one, categories()[one.category].title) for one in found[:PAGE]],
        "tab": "announcements",
    }
    page |= {"more": found[PAGE - 1].pk if len(found) > PAGE else None, "writes": announcing.places_of(by).exists()}
    return render(request, "publishing/list.html", page)


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def add(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    return _writing(request, None)


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording of a draft; of what is out, the next version with its reason."""
    return _writing(request, announcing.find(pk, by=person(request)))


@guard(GET=SIGNED_IN)
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """One announcement as it would be seen, with what can be done to it and who has read it."""
    by = person(request)
    one = announcing.find(pk, by=by)
    files = [piece for piece in Piece.objects.filter(address=one.address) if str(piece.pk) in one.files]
    page = {
        "one": one,
        "html": pictures.previewed(one.text, pictures.of(one)),
        "files": files,
        "category": categories()[one.category].title,
    }
    page |= {"acts": [(verb, VERBS[verb][0]) for verb in _open(one, by)], "crumbs": crumbs((one.title, ""))}
    page |= {"url": announcing.page_of(one), "may_edit": _may_edit(one, by)} | _receipts(one, by)
    page["retract"] = f"{page['url']}correct/" if one.state == State.ISSUED and page["may_edit"] else ""
    return render(request, "publishing/one.html", page)


@guard(GET=SIGNED_IN, POST=SIGNED_IN)
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the verbs, after a question."""
    by = person(request)
    one = announcing.find(pk, by=by)
    if verb not in VERBS:
        raise NotThere
    form = ReturnForm(sent(request)) if verb == "send_back" else SureForm(sent(request))

    def write() -> str:
        _do(verb, one, by=by, version=seen(request), **form.cleaned_data)
        return reverse("publishing") if verb == "discard" else address(one)

    return _asked(request, form, one, verb, write)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [(CRUMB, reverse("publishing") if more else ""), *more]


def address(one: Announcement) -> str:
    """Its page for those who write and issue."""
    return reverse("publishing-one", args=[one.pk])


def _asked(
    request: HttpRequest, form: forms.Form, one: Announcement, verb: str, write: Callable[[], str]
) -> HttpResponse:
    words, follows, done = VERBS[verb]
    page = {"title": f"{words}：{one.title}", "act": words, "words": follows, "back": address(one)}
    page["crumbs"] = crumbs((one.title, address(one)), (words, ""))  # type: ignore[assignment]
    return Asking(request, form, "settings/form.html", write, done, version=one.version, context=page).answer()


def _do(verb: str, one: Announcement, *, by: User, version: int | None, **said: Any) -> None:
    if verb == "remind":
        receipts.remind(one, by=by)
        return
    acts: dict[str, Callable[..., Any]] = {
        "hand_in": announcing.hand_in, "issue": announcing.issue, "send_back": announcing.send_back,
        "discard": announcing.discard,
    }  # fmt: skip
    acts[verb](one, by=by, seen=version, **said)


def _writing(request: HttpRequest, one: Announcement | None) -> HttpResponse:
    """The form, its preview, and saving: a draft, or the correction of what is out."""
    by = person(request)
    form = _form(request, one, by)

    def write() -> str:
        said = form.said()
        if one is not None and one.state == State.ISSUED:
            announcing.amend(one, by=by, seen=seen(request) or 0, **said)
            return address(one)
        unit = one.unit if one is not None else said.pop("unit")
        return address(announcing.write(one, unit=unit, by=by, seen=seen(request) if one else None, **said))

    out = one is not None and one.state == State.ISSUED
    title = "更正" if out else "修改" if one else "写一篇"
    page: dict[str, Any] = {
        "title": title,
        "act": "公示更正的一版" if out else "保存草稿",
        "crumbs": crumbs((title, "")),
    }
    text = str(form["text"].value() or "")[:20_000]
    page |= {"back": address(one) if one else reverse("publishing")}
    page["drawn"] = pictures.previewed(text, _pictures(form, one, by))
    page["preview"] = page["drawn"] if "preview" in request.POST else None
    done = "已更正。" if out else "已保存，还没有发布。"
    asking = Asking(request, form, "publishing/edit.html", write, done, one.version if one else None, page)
    return asking.show() if page["preview"] is not None else asking.answer()


def _form(request: HttpRequest, one: Announcement | None, by: User) -> AnnouncementForm:
    """The form as typed, with files sent along taken in; else as the announcement is."""
    if request.method != "POST":
        school = announcing.places_of(by).first()
        said = {name: getattr(one, name) for name in announcing.SAID} if one else {"unit": school, "audience": "public"}
        return AnnouncementForm(None, by=by, one=one, initial=said | {"kept": one.files if one else []})
    data, spoiled = collect(request, by=by, fields=AnnouncementForm.base_fields)
    data["text"] = pictures.placed(data.get("text", ""), own_waiting(data.getlist("pictures"), by=by)[0])
    form = AnnouncementForm(data, by=by, one=one)
    add_errors(form, spoiled)
    return form


def _pictures(form: AnnouncementForm, one: Announcement | None, by: User) -> dict[str, Piece]:
    """Those the text may show: the ones it has, and the ones sent along."""
    fresh = own_waiting(form["pictures"].value() or [], by=by)[0]
    return (pictures.of(one) if one else {}) | {pictures.name_of(piece): piece for piece in fresh}


def _open(one: Announcement, by: User) -> list[str]:
    """What this person may do to it now."""
    heads, mine = announcing.issues_at(by, one.unit), one.author_id == by.pk
    if one.state == State.ISSUED:
        live = one.issue is not None and not one.issue.withdrawn
        return ["remind"] if one.asks_receipt and heads and live else []
    if one.state == State.HANDED_IN:
        return [*(["issue", "send_back"] if heads else []), "discard"]
    return [*(["issue"] if heads else ["hand_in"]), *(["discard"] if mine else [])]


def _may_edit(one: Announcement, by: User) -> bool:
    if one.issue is not None and one.issue.withdrawn:
        return False
    return one.state != State.ISSUED or announcing.issues_at(by, one.unit)


def _receipts(one: Announcement, by: User) -> dict[str, Any]:
    """How many have read, and for whom it is to know, that they may see who has not."""
    if one.issue is None or not one.asks_receipt or one.issue.withdrawn:
        return {}
    return {"count": receipts.count(one.issue), "knows": receipts.knows(by, one.issue)}
