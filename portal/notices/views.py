"""The inbox, the way from a notice to its page, the bell, channels, and what did not arrive."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.errors import BadInput
from portal.orgs.policies import ADMIN, SIGNED_IN, guard, person

from . import actions, queries
from .channels.registry import KNOWN
from .forms import ChannelsForm, ReadForm
from .models import Notice


@guard(SIGNED_IN)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the person has been told: unread first while there is any, else everything."""
    by, before, lens = person(request), _before(request), request.GET.get("show", "")
    rows = queries.inbox(by, before=before, limit=queries.PAGE + 1, unread=True) if lens != "all" else []
    if rows or lens == "unread":
        lens = "unread"
    else:
        lens, rows = "all", queries.inbox(by, before=before, limit=queries.PAGE + 1)
    page = {"notices": rows[: queries.PAGE], "lens": lens, "older": _older(rows, lens)}
    return render(request, "portal/inbox.html", page)


@guard(SIGNED_IN)
@require_safe
def badge(request: HttpRequest) -> HttpResponse:
    """The number on the bell, asked again now and then."""
    unread = queries.badge(queries.unread_count(person(request)))
    return render(request, "portal/inbox_badge.html", {"unread": unread})


@guard(SIGNED_IN)
@require_safe
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a notice as read and leads to what it is about; somebody else's is not there."""
    by = person(request)
    notice = queries.own(by, pk)
    actions.mark_read(by=by, ids=[notice.pk])
    return redirect(notice.url)


@guard(SIGNED_IN)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks one notice, or all that were on the page and before, as read."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        errors = {name: [str(line) for line in lines] for name, lines in form.errors.items()}
        raise BadInput("没有标记：请回到消息页，选择要标为已读的消息。", errors=errors)
    one, upto = form.cleaned_data["one"], form.cleaned_data["upto"]
    actions.mark_read(by=person(request), ids=[one] if one else [], upto=upto)
    return redirect("notices:inbox")


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Which channels carry notices further than the inbox, for oneself."""
    by = person(request)
    typed = request.POST if request.method == "POST" else None
    form = ChannelsForm(typed, person=by, chosen=queries.choices_of(by))
    if form.is_valid():
        actions.choose_channels(form.cleaned_data, by=by)
        messages.success(request, "接收方式已保存。")
        return redirect("notices:channels")
    return render(request, "portal/channels.html", {"form": form})


@guard(ADMIN)
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """Messages given up, to the people this admin looks after: to whom, how and why, never what they say."""
    rows = queries.dead_letters(person(request), before=_before(request), limit=queries.PAGE + 1)
    letters = [(one, KNOWN[one.channel].title if one.channel in KNOWN else one.channel) for one in rows[: queries.PAGE]]
    page = {"letters": letters, "older": letters[-1][0].pk if len(rows) > queries.PAGE else None}
    return render(request, "portal/undelivered.html", page)


@guard(ADMIN)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a message given up on its way again."""
    by = person(request)
    actions.retry(queries.letter(by, pk), by=by)
    messages.success(request, "已重新排队发送。")
    return redirect("notices:undelivered")


def _before(request: HttpRequest) -> int | None:
    """The id below which the page begins; what is no such id begins at the top."""
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _older(rows: list[Notice], lens: str) -> str:
    if len(rows) <= queries.PAGE:
        return ""
    return f"{reverse('notices:inbox')}?{urlencode({'show': lens, 'before': rows[queries.PAGE - 1].pk})}"
