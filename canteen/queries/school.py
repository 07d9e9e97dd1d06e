"""One school's canteens as everybody reads them: this week's menu, the last account, what diners gave, questions, posts, cameras."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from canteen.apps import STAFF
from canteen.models import Canteen, KitchenView, Question
from portal import clock
from portal.orgs.models import Post, Unit
from portal.orgs.roles import roles
from portal.publications.access import NOBODY
from portal.publications.content import code_of
from portal.publications.faces import FigureFace, face_from
from portal.publications.models import Issue, Publication
from portal.publications.queries import Board, boards, state_of
from portal.rollups.periods import Almanac

from . import kitchen, menus
from .places import canteens_of
from .ratings import Score, last_score

WEEKLY, MENU, SAID = "canteen.weeklyaccount", "canteen.weekmenu", "canteen.satisfaction"
HEAD, COMMITTEE = "principal", "meal_committee"


@dataclass(frozen=True)
class Asked:
    """Public questions of this term: how many, how many answered, how many wait within their time, how many past it."""

    asked: int
    answered: int
    waiting: int
    late: int

    @property
    def percent(self) -> int | None:
        """Answered of those whose answer is due, 100 only where all are; none while none is."""
        due = self.answered + self.late
        return 100 * self.answered // due if due else None


@dataclass(frozen=True)
class Kitchen:
    """One canteen with this week's menu, and how its open kitchen stands."""

    canteen: Canteen
    today: list[menus.MealOf]
    week: list[menus.DayOf]
    view: KitchenView
    needed: int
    covered: int
    online: int
    eyes: int


@dataclass(frozen=True)
class Account:
    """The newest weekly account that is out, with its figures and its code."""

    issue: Issue
    figures: list[FigureFace]
    code: str


@dataclass(frozen=True)
class SchoolPage:
    """All that the page of one school shows."""

    school: Unit
    kitchens: list[Kitchen]
    menu_is_out: bool
    boards: dict[str, Board]
    account: Account | None
    score: Score | None
    asked: Asked
    posts: list[tuple[str, str]]

    @property
    def weekly(self) -> Board | None:
        """How the weekly account stands: the last, the one that is owed, and how many came in time."""
        return self.boards.get(WEEKLY)

    @property
    def said(self) -> Board | None:
        """The results of ratings and surveys."""
        return self.boards.get(SAID)

    @property
    def menu(self) -> Board | None:
        """The weekly menus."""
        return self.boards.get(MENU)

    @property
    def menu_said(self) -> str:
        """Who holds the menu that is owed, if one is."""
        return state_of(self.menu.owed).said if self.menu and self.menu.owed else ""


def has_canteen(school: Unit) -> bool:
    """Whether the school runs a canteen today."""
    return canteens_of(school).exists()


def page_of(school: Unit) -> SchoolPage:
    """The page; what is not published yet (a menu, an account) is not on it."""
    canteens = list(canteens_of(school))
    known = {one.kind.code: one for one in boards(school, NOBODY) if one.kind.code.startswith("canteen.")}
    year, week, _ = clock.today().isocalendar()
    menu = known.get(MENU)
    is_out = bool(menu and menu.latest and menu.latest.period == f"{year}-W{week:02d}")
    return SchoolPage(
        school, [_kitchen(one, shown=is_out) for one in canteens], is_out, known, _account(known.get(WEEKLY)),
        last_score(canteens, clock.now()), _asked(school), _posts(school),
    )  # fmt: skip


def _kitchen(canteen: Canteen, *, shown: bool) -> Kitchen:
    today = clock.today()
    week = menus.plan_of(canteen, menus.monday_of(today)) if shown else []
    eyes = kitchen.eyes_of(canteen)
    needed = [one for one in kitchen.spots_of(eyes) if one.needed]
    now = [meal for day in week if day.day == today for meal in day.meals if meal.servings]
    return Kitchen(
        canteen, now, week, kitchen.view_of(canteen), len(needed), sum(one.covered for one in needed),
        sum(one.online for one in eyes), len(eyes),
    )  # fmt: skip


def _account(board: Board | None) -> Account | None:
    """The newest account that is out and has not been taken back."""
    if board is None or board.latest is None or board.latest.withdrawn:
        return None
    made = Publication.objects.get(issue=board.latest, version=board.latest.current)
    return Account(board.latest, face_from(json.loads(made.payload), {}).figures, code_of(made.digest))


def _asked(school: Unit) -> Asked:
    """Questions anybody may read of, asked since the term began."""
    since = clock.midnight(_term(school))
    mine = Question.objects.filter(canteen__school=school, circle="", opened_at__gte=since).exclude(state="recalled")
    waits = Q(state="asked")
    found = mine.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=~waits),
        late=Count("pk", filter=waits & Q(due_at__lt=clock.now())),
    )
    return Asked(found["asked"], found["answered"], found["asked"] - found["answered"] - found["late"], found["late"])


def _term(school: Unit) -> date:
    """The day the term began."""
    return Almanac(school.path).holding("term", clock.today()).since


def _posts(school: Unit) -> list[tuple[str, str]]:
    """Who holds which post of the canteen; parents on the committee are counted, not named."""
    asked = (HEAD, *STAFF, COMMITTEE)
    rows = Post.objects.filter(
        content_object__path__startswith=school.path, permission__codename__in=asked, user__is_active=True
    ).values_list("permission__codename", "user__name", "user_id")
    return list(_named(sorted(set(rows), key=lambda row: (asked.index(row[0]), row[2]))))


def _named(rows: Iterable[tuple[str, str, int]]) -> Iterable[tuple[str, str]]:
    held: dict[str, list[str]] = {}
    for role, name, _ in rows:
        held.setdefault(role, []).append(name)
    for role, names in held.items():
        yield roles()[role].title, f"{len(names)} 位家长" if role == COMMITTEE else "、".join(names)
