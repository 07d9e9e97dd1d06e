"""What the frame around every page needs: the menu a person has doors to, their place, what waits for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse

from portal.apps import Entry, SchoolApp
from portal.cases.queries import CAP, counted, waiting
from portal.notices.models import Notice
from portal.notices.queries import MOST, badge
from portal.orgs.access import holdings, holds_anywhere
from portal.orgs.models import User
from portal.orgs.roles import keepers, roles
from portal.outbound.matters import MATTERS
from portal.publications.access import OUTSIDERS
from portal.wire.phone import fetched_ahead

from .figures.reach import sees_figures
from .health import DEAD_AFTER, clock_lag
from .settings.routines import sets_routines

Who = Callable[[User], bool]


@dataclass(frozen=True)
class Item:
    """One line of the menu; `code` says which page is its own, `counts` that what waits is shown beside it, `ahead` which
    page a phone lays in, so that the line works without network."""

    code: str
    title: str
    icon: str
    url_name: str
    counts: bool = False
    who: Who | None = None
    url: str = ""
    ahead: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of the menu under one heading; the first group has none."""

    title: str
    items: tuple[Item, ...]


def _admin(user: User) -> bool:
    return holds_anywhere(user, "admin")


def _keeps_stickers(user: User) -> bool:
    return holds_anywhere(user, *keepers("stickers"))


def _keeps_outbound(user: User) -> bool:
    return bool(MATTERS) and holds_anywhere(user, *keepers("outbound"))


def writes(user: User) -> bool:
    """Whether they belong to a school's staff, or look after schools."""
    return any(one.role not in OUTSIDERS for one in holdings(user))


HOME = Item("home", "首页", "house", "home")
DESK = Item("desk", "待办", "inbox", "desk", counts=True)
BOARD = Item("board", "公示", "megaphone", "board")
INBOX = Item("notices", "消息", "bell", "notices:inbox")
ME = Item("me", "我的", "user", "me")
OPEN = (
    BOARD,
    Item("publishing", "发公示", "newspaper", "publishing", who=writes),
    Item("surveys", "问卷", "vote", "surveys"),
    Item("figures", "数据", "chart-column", "figures", who=sees_figures),
    Item("stickers", "贴纸", "qr-code", "stickers", who=_keeps_stickers),
    Item("routines", "定期事项", "calendar-sync", "settings-routines", who=sets_routines),
    Item("outbound", "报送", "radio-tower", "outbound", who=_keeps_outbound),
    Item("settings", "设置", "settings", "settings", who=_admin),
)
ADDRESSES = {"inbox": "notices:inbox", "badge": "notices:badge"} | {
    name: name for name in ("home", "desk", "search", "me", "health", "unsent")
}


@dataclass(frozen=True)
class Affair:
    """An affair in the menu, with the doors into it that have an address today."""

    code: str
    title: str
    icon: str
    doors: tuple[tuple[Entry, str], ...]


@cache
def address(name: str, urlconf: str | None = None) -> str:
    """Where a named page is, or nothing when the portal has no such page; asked once per process."""
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


@cache
def affairs(urlconf: str | None = None) -> tuple[Affair, ...]:
    """Every affair that has at least one door with an address, in the order of the settings."""
    found = []
    for app in apps.get_app_configs():
        if isinstance(app, SchoolApp):
            doors = tuple((entry, address(entry.url_name, urlconf)) for entry in app.entries)
            found.append(Affair(app.label, app.title, app.icon, tuple(door for door in doors if door[1])))
    return tuple(affair for affair in found if affair.doors)


class Shell:
    """Answers the frame's questions when it asks them, and only then; nothing is asked for a page without a frame."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.urlconf = get_urlconf()

    @cached_property
    def person(self) -> User | None:
        """Who is signed in, if anybody."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def place(self) -> str:
        """The school or office the person belongs to; nothing for those who belong to none."""
        home = self.person.home if self.person else None
        return str(home.school or home) if home else ""

    @cached_property
    def post(self) -> str:
        """The person's posts, at most two: those that see most first, else in the order of the list of roles."""
        held = {one.role for one in holdings(self.person)} if self.person else set()
        found = sorted(
            (role for code, role in roles().items() if code in held), key=lambda one: (not one.figures, not one.reads)
        )
        return "、".join(role.title for role in found[:2])

    @cached_property
    def urls(self) -> dict[str, str]:
        """The pages the frame links to, those that exist."""
        return {key: found for key, name in ADDRESSES.items() if (found := address(name, self.urlconf))}

    @cached_property
    def here(self) -> str:
        """Which line of the menu this page belongs to: its affair's, else the one of its own name."""
        match = self.request.resolver_match
        if match is None:
            return ""
        return match.namespaces[0] if match.namespaces else (match.url_name or "").split("-")[0]

    @cached_property
    def groups(self) -> list[Group]:
        """The sidebar: the person's own pages, the affairs they have a door to, what is open and what is managed."""
        found = [
            Group("", self._shown((HOME, DESK))),
            Group("校务", tuple(item for affair in affairs(self.urlconf) if (item := self._door(affair)))),
            Group("公开与管理", self.open),
        ]
        return [group for group in found if group.items]

    @cached_property
    def open(self) -> tuple[Item, ...]:
        """What is open and what is managed: on a wide screen in the sidebar, on a phone on the person's own page."""
        return self._shown(OPEN)

    @cached_property
    def within(self) -> list[Item]:
        """The pages of the affair one is in, where the person has more than one."""
        doors = [door for affair in affairs(self.urlconf) if affair.code == self.here for door in affair.doors]
        pages = [_item(entry, url, self.urlconf) for entry, url in doors if not entry.plus and self._may(entry)]
        return pages if len(pages) > 1 else []

    @cached_property
    def doors(self) -> list[tuple[Affair, Entry, Item]]:
        """Every door the person may use, in the order of the affairs."""
        return [
            (affair, entry, _item(entry, url, self.urlconf))
            for affair in affairs(self.urlconf)
            for entry, url in affair.doors
            if self._may(entry)
        ]

    @cached_property
    def plus(self) -> list[Item]:
        """What stands behind the ＋ of the phone's bar."""
        return [item for _, entry, item in self.doors if entry.plus]

    @cached_property
    def tabs_before(self) -> tuple[Item, ...]:
        """The phone's bar, left of the ＋."""
        return self._shown((HOME, DESK))

    @cached_property
    def tabs_after(self) -> tuple[Item, ...]:
        """The phone's bar, right of the ＋: the board, or the inbox while there is no board."""
        return (self._shown((BOARD,)) or self._shown((INBOX,))) + self._shown((ME,))

    @cached_property
    def waiting(self) -> int:
        """How many cases wait for the person, counted up to 1,000."""
        return self._counts[0]

    @property
    def ahead(self) -> bool:
        """Whether a phone only lays this page in: messages wait for a page somebody looks at."""
        return fetched_ahead(self.request)

    @property
    def waiting_words(self) -> str:
        """The number beside 待办: nothing for none, 99+ for more."""
        return badge(self.waiting)

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read, counted up to 100."""
        return self._counts[1]

    @property
    def unread_words(self) -> str:
        """The number on the bell."""
        return badge(self.unread)

    @cached_property
    def _counts(self) -> tuple[int, int]:
        """Both numbers in one query."""
        if self.person is None:
            return 0, 0
        unread = Notice.objects.filter(to=self.person, read_at=None)
        wait, news = counted(self.person, waiting(self.person), unread, cap=max(CAP, MOST + 1))
        return wait, min(news, MOST + 1)

    @cached_property
    def clock_stands(self) -> bool:
        """Whether an admin must be told that nothing has swept for two minutes; nobody else is asked to worry."""
        if self.person is None or not _admin(self.person):
            return False
        lag = clock_lag()
        return lag is None or lag >= DEAD_AFTER

    def _shown(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Those whose page exists and which are for this person, with their addresses."""
        return tuple(
            Item(item.code, item.title, item.icon, item.url_name, item.counts, item.who, url, _kept(url, self.urlconf))
            for item in items
            if (url := address(item.url_name, self.urlconf)) and self._wanted(item)
        )

    def _wanted(self, item: Item) -> bool:
        return item.who is None or (self.person is not None and item.who(self.person))

    def _may(self, entry: Entry) -> bool:
        return self.person is not None and (not entry.roles or holds_anywhere(self.person, *entry.roles))

    def _door(self, affair: Affair) -> Item | None:
        """The affair's line: its first page that is no plus form, else its form."""
        mine = sorted((door for door in affair.doors if self._may(door[0])), key=lambda door: door[0].plus)
        if not mine:
            return None
        entry, url = mine[0]
        return Item(affair.code, affair.title, affair.icon, entry.url_name, url=url)


def _item(entry: Entry, url: str, urlconf: str | None) -> Item:
    ahead = _kept(url, urlconf) and (f"{url}?anywhere" if entry.plus else url)
    return Item(entry.url_name, entry.title, entry.icon, entry.url_name, url=url, ahead=ahead)


@cache
def _kept(url: str, urlconf: str | None) -> str:
    """The address, if phones keep the page there (a form behind ＋ they keep as it asks for its place itself)."""
    return url if getattr(resolve(url, urlconf).func, "kept", False) else ""


def shell_of(request: HttpRequest) -> Shell:
    """The one frame of this request, so that a view and its page ask each question once."""
    found: Shell | None = getattr(request, "_shell", None)
    if found is None:
        found = Shell(request)
        request._shell = found  # type: ignore[attr-defined]
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame for templates, as `shell`; costs nothing until a page asks."""
    return {"shell": shell_of(request)}
