"""Home and desk: what waits for a person over every affair, late first, and the way to everything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from portal import clock
from portal.cases import queries
from portal.cases.faces import CaseRow, rows_of
from portal.cases.flow import FLOWS, HOLDER
from portal.cases.many import offers_for
from portal.cases.models import CaseQuerySet, Escalation
from portal.cases.queries import PAGE, Filters
from portal.orgs.access import holds_anywhere
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications import receipts
from portal.publications.access import reader_of
from portal.publications.queries import page_of
from portal.rollups.lists import Behind
from portal.stickers.queries import sticker_at
from portal.surveys.access import asking
from portal.wire.phone import kept

from .published import lately
from .shell import shell_of, writes
from .tiles import Tiles

LENSES = {
    "waiting": queries.waiting,
    "opened": queries.opened,
    "governed": queries.governed,
    "done": queries.done,
}
TO_READ = 5  # on the home page
TABS = {"waiting": "待我办", "opened": "我发起", "governed": "我管辖", "done": "已办"}
STATES = {"": "全部状态", "open": "在办", "late": "已超时", "over": "已了结"}
EMPTY = {
    "waiting": ("都办完了", "没有等您办的事。"),
    "opened": ("还没有发起过", "看到哪里坏了，点“报修”就行。"),
    "governed": ("这里还没有事项", "您管辖的单位有了新事项，会出现在这里。"),
    "done": ("还没有办过", "您办过的事项会留在这里。"),
}


@dataclass
class Desk:
    """One page of one tab, narrowed by what stands in the address."""

    user: User
    tab: str
    filters: Filters
    after: str
    request: HttpRequest
    path: str
    behind: Behind | None = None
    governs: bool = False

    @classmethod
    def of(cls, request: HttpRequest, user: User, *, affair: str = "", kind: str = "") -> "Desk":
        """From the address; anything it does not know counts as not said. An affair's own list begins with what one governs;
        it may hold one `kind` of its cases alone."""
        asked = {name: str(value).replace("\x00", "")[:60] for name, value in request.GET.items()}
        governs = queries.governs(user, kind or (f"{affair}." if affair else ""))
        first = ("governed" if governs else "opened") if affair else "waiting"
        tab = asked.get("tab", first)
        tab = tab if tab in TABS and (tab != "governed" or governs) else first
        affairs = {label for label, _, _ in queries.kinds()}
        affair = affair or (asked.get("affair", "") if asked.get("affair", "") in affairs else "")
        state = asked.get("state", "") if asked.get("state", "") in STATES else ""
        filters = Filters(affair, state, _place_path(asked.get("place", "")), asked.get("q", "").strip(), kind=kind)
        behind = Behind.of(asked, clock.today()) if governs else None
        return cls(user, tab, filters, asked.get("after", ""), request, request.path, behind, governs)

    @property
    def is_by_clock(self) -> bool:
        """Open work is ordered by its clocks; what is over, and long histories, newest first."""
        return self.tab == "waiting" or (self.tab == "governed" and self.filters.state in ("open", "late"))

    def cases(self) -> CaseQuerySet:
        """Everything on the list, whatever the page."""
        found = queries.narrowed(LENSES[self.tab](self.user), self.filters)
        return self.behind.narrow(found) if self.behind else found

    def rows(self) -> tuple[list[CaseRow], str]:
        """The rows of this page, and where the next one begins."""
        cases = self.cases()
        if self.is_by_clock:
            narrow = self.tab == "waiting" or queries.is_narrow(self.user)
            asked = queries.by_clock(cases, after=queries.clock_mark(self.after), narrow=narrow)
        else:
            before = int(self.after) if self.after.isdecimal() and len(self.after) < 19 else None
            found = bool(self.filters.q or self.behind)
            asked = queries.newest(cases, self.tab, self.user, before=before, found=found)
        page = list(FLOWS[self.filters.kind].lists(asked) if self.filters.kind else asked)
        shown, more = page[:PAGE], len(page) > PAGE
        last = shown[-1] if more else None
        mark = "" if last is None else queries.mark_of(last) if self.is_by_clock else str(last.pk)
        return rows_of(shown, schools=wide(self.user)), mark

    def link(self, **changes: str) -> str:
        """This page's address with some filters changed."""
        kept = {name: value for name, value in self.request.GET.items() if name != "after"}
        asked = {name: value for name, value in (kept | changes).items() if value}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path

    @property
    def export_url(self) -> str:
        """Where this list is to be had as Excel, with its tab and filters."""
        asked = {name: value for name, value in self.request.GET.items() if name not in ("after", "kind", "affair")}
        asked |= {"tab": self.tab, "affair": self.filters.affair, "kind": self.filters.kind}
        return f"{reverse('desk-export')}?{urlencode({name: value for name, value in asked.items() if value})}"


@guard(SIGNED_IN)
@kept
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what I reported, what rose to me, and the services."""
    return render(request, "portal/home.html", _home(request, person(request)))


def _home(request: HttpRequest, user: User) -> dict[str, Any]:
    """All that the home page shows; parents and pupils read first what their school has published."""
    who = reader_of(user)
    return {
        "greeting": _greeting(user),
        "today": _today(),
        "waiting": rows_of(queries.by_clock(queries.waiting(user), n=5)),
        "mine": rows_of(queries.opened(user).newest(5, narrow=False)),
        "mine_url": f"{reverse('desk')}?tab=opened",
        "risen": risen(user),
        "heeds": heeded(user),
        "asking": list(asking(user)[:5]),
        "stats": stats(user),
        "published": lately(who),
        "to_read": [(one, page_of(one)) for one in receipts.asking(user, which="unread", who=who)[:TO_READ]],
        "reads_first": not writes(user),
        "tiles": Tiles.of(shell_of(request), user),
    }


@guard(SIGNED_IN)
@kept
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """待办 over all affairs, in four tabs."""
    return list_page(request, Desk.of(request, person(request)), heading="待办")


def list_page(request: HttpRequest, page: Desk, *, heading: str, **more: Any) -> HttpResponse:
    """A list of cases with tabs and filters, for the desk and for each affair's own page."""
    rows, mark = page.rows()
    title, words = EMPTY[page.tab]
    context: dict[str, Any] = {
        "heading": heading,
        "tabs": _tabs(page),
        "tab": page.tab,
        "filters": _filters(page),
        "q": page.filters.q,
        "kept": [pair for pair in request.GET.items() if pair[0] not in ("q", "after")],
    }
    context |= {"groups": grouped(rows, page), "next_url": page.link(after=mark) if mark else ""}
    context |= {
        "prev_url": page.link() if page.after else "",
        "shown": len(rows),
        "order": "按剩余时间排序" if page.is_by_clock else "新的在前",
        "empty_title": title,
        "empty_words": words,
    }
    context["many"], context["pickable"] = offers_for([row.case for row in rows if row.case], by=page.user)
    context |= {
        "filtered": bool(page.behind) or page.filters != Filters(page.filters.affair, kind=page.filters.kind),
        **more,
    }
    context["export_url"] = page.export_url if rows else ""
    context |= {"behind": page.behind, "behind_place": _place_name(page) if page.behind else ""}
    return render(request, "portal/desk.html", context)


@guard(SIGNED_IN)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Finds cases the person may see by number or words, in the widest of their lists that has any; a sticker's code opens
    its place."""
    user = person(request)
    sticker = sticker_at(request.GET.get("q", ""))
    if sticker is not None:
        return HttpResponseRedirect(reverse("stickers:scan", args=[sticker.code]))
    said = request.GET.get("q", "").replace("\x00", "")[:60]
    tabs = ["governed"] * queries.governs(user) + ["opened", "done"]
    wanted = Filters(q=said.strip())
    tab = next((tab for tab in tabs if queries.narrowed(LENSES[tab](user), wanted).exists()), tabs[0])
    return HttpResponseRedirect(f"{reverse('desk')}?{urlencode({'tab': tab, 'q': said})}")


def risen(user: User) -> list[tuple[CaseRow, list[Any], str]]:
    """What was escalated to this person, is late still, and waits for their word."""
    told = Escalation.objects.filter(
        case=OuterRef("pk"), told__contains=[user.pk], acknowledged_at=None, round=F("deadline__round")
    ).exclude(role=HOLDER)
    running = told.filter(deadline__done_at=None, deadline__paused_at=None)
    cases = queries.cases().filter(Exists(running), is_open=True).visible_to(user).order_by("due_at")[:5]
    return [(row, [], f"{row.holder_name}没有按时办完") for row in rows_of(cases, schools=wide(user))]


def heeded(user: User) -> list[tuple[str, str, list[CaseRow]]]:
    """What a head should look at though it is not their turn, such as poor ratings: (title, icon, the newest five)."""
    asked = [(flow, heed) for flow in FLOWS.values() for heed in flow.heeds if holds_anywhere(user, *heed.roles)]
    found = [
        (heed, rows_of(queries.governed(user).filter(heed.which(), kind=flow.kind).order_by("-closed_at", "-pk")[:5]))
        for flow, heed in asked
    ]
    return [(heed.title, heed.icon, rows) for heed, rows in found if rows]


def wide(user: User) -> bool:
    """Whether the person reads more than one school, so that rows must name theirs."""
    return not queries.is_narrow(user)


def stats(user: User) -> list[dict[str, Any]]:
    """For those who govern: late, due today, open; counted live, up to 1,000."""
    if not queries.governs(user):
        return []
    at = clock.now()
    midnight = at.astimezone(clock.SCHOOL_TIME).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = queries.governed(user).filter(is_open=True)
    late, today, total = queries.counted(
        user, rows.filter(due_at__lt=at), rows.filter(due_at__gte=at, due_at__lt=midnight), rows
    )
    url = f"{reverse('desk')}?tab=governed&state="
    return [
        {
            "title": "已超时",
            "icon": "octagon-alert",
            "value": late,
            "unit": "件",
            "tone": "late" if late else "",
            "url": url + "late",
        },
        {
            "title": "今天到期",
            "icon": "clock",
            "value": today,
            "unit": "件",
            "tone": "soon" if today else "",
            "url": url + "open",
        },
        {"title": "在办", "icon": "circle-dot", "value": total, "unit": "件", "tone": "", "url": url + "open"},
    ]


def grouped(rows: list[CaseRow], page: Desk) -> list[tuple[str, str, list[CaseRow]]]:
    """Late, due today, later, standing still; one group where the order is another."""
    if not rows:
        return []
    if not page.is_by_clock:
        return [(TABS[page.tab], "list", rows)]
    groups: dict[tuple[str, str], list[CaseRow]] = {}
    for row in rows:
        groups.setdefault(_group(row, clock.now()), []).append(row)
    return [(title, icon, many) for (title, icon), many in groups.items()]


def _group(row: CaseRow, at: datetime) -> tuple[str, str]:
    due = row.case.due_at if row.case else None
    if due is None:
        return "没有时限或已停表", "pause"
    if due <= at:
        return "已超时", "octagon-alert"
    if due.astimezone(clock.SCHOOL_TIME).date() == at.astimezone(clock.SCHOOL_TIME).date():
        return "今天到期", "clock"
    return "以后到期", "calendar"


def _tabs(page: Desk) -> list[tuple[str, str, int | None, str]]:
    """Codes, words, counts and links; only what waits is counted."""
    found = []
    for code, words in TABS.items():
        if code == "governed" and not page.governs:
            continue
        count = shell_of(page.request).waiting if code == "waiting" else None
        found.append((code, words, count, f"{page.path}?tab={code}"))
    return found


def _filters(page: Desk) -> list[tuple[str, str, bool, str | None]]:
    """Affairs and states as links."""
    affairs = queries.kinds()
    found: list[tuple[str, str, bool, str | None]] = []
    if len(affairs) > 1 and page.path == reverse("desk"):
        found.append(("全部事务", page.link(affair=""), not page.filters.affair, None))
        found += [
            (title, page.link(affair=label), page.filters.affair == label, icon) for label, title, icon in affairs
        ]
    if page.tab != "waiting":
        found += [(words, page.link(state=code), page.filters.state == code, None) for code, words in STATES.items()]
    return found


def _place_path(text: str) -> str:
    if not text.isdecimal() or len(text) > 18:
        return ""
    unit = Unit.objects.filter(pk=int(text)).first()
    return str(unit.path) if unit else ""


def _place_name(page: Desk) -> str:
    """The place a figure's list is narrowed to, if any."""
    if not page.filters.place:
        return ""
    unit = Unit.objects.select_related("school").filter(path=page.filters.place).first()
    if unit is None:
        return ""
    return f"{unit.school.name} {unit.label}".strip() if unit.school else unit.name


def _greeting(user: User) -> str:
    hour = clock.now().astimezone(clock.SCHOOL_TIME).hour
    part = (
        "早上好"
        if hour < 9
        else "上午好"
        if hour < 12
        else "中午好"
        if hour < 14
        else "下午好"
        if hour < 18
        else "晚上好"
    )
    return f"{user.name}，{part}"


def _today() -> str:
    day = clock.today()
    return f"{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
