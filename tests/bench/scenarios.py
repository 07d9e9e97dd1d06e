"""What is measured: each scenario asks the portal and the limit for the same thing, and their answers are compared."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from portal.cases import queries
from portal.cases.models import Case
from portal.orgs.models import User
from tests.signing import browser_of

from .caller import Answer, Application, ask
from .history import ABSENT, RARE, History
from .limit import Limit

NUMBER = re.compile(r"/repairs/tickets/(BX-[A-Z0-9]+-\d{4}-\d{5})/\"?>")
LISTS = {"waiting": queries.waiting, "opened": queries.opened, "governed": queries.governed, "done": queries.done}
DEEP = 200
Asked = Callable[[], Answer]


@dataclass
class Target:
    """How good it must be (quality.md, "Speed"): at most so many times the limit, queries and bytes."""

    ratio: float = 0
    queries: int = 0
    kilobytes: int = 0


LIST = Target(ratio=3, queries=6, kilobytes=60)
PAGE = Target(ratio=4, queries=8)
WRITE = Target(ratio=4)


@dataclass
class Scenario:
    """One line of the table: what, for whom, and how each side is asked; `same` compares two answers and counts rows."""

    what: str
    who: str
    target: Target
    portal: Asked
    limit: Asked
    same: Callable[[Answer, Answer], int]


@dataclass
class Bench:
    """The portal and its limit side by side, and the people who use them."""

    app: Application
    limit: Limit
    history: History
    _cookies: dict[int, str] = field(default_factory=dict)

    def cookie(self, person: int) -> str:
        """A session the person has signed in with, for both sides."""
        if person not in self._cookies:
            key = browser_of(User.objects.get(pk=person)).cookies["sessionid"].value
            self._cookies[person] = f"sessionid={key}; who={person}"
        return self._cookies[person]

    def reading(
        self, what: str, who: str, person: int, target: Target, address: str, other: dict[str, Any], same: Any
    ) -> Scenario:
        """A page of the portal beside one of the limit."""
        cookie, at = self.cookie(person), f"{other.pop('at')}?{urlencode(other)}"
        return Scenario(
            what, who, target, lambda: ask(self.app, address, cookie), lambda: ask(self.limit, at, cookie), same
        )

    def lists(self) -> Iterator[Scenario]:
        """First and two hundredth page (or the last full one) of every tab, and of the ticket list."""
        district = self.history.district
        large, quiet = district.large.posts, district.quiet.posts
        people = {
            "officer": district.officer,
            "principal": large["principal"][0],
            "dispatcher": large["dispatcher"][0],
            "technician": large["technician"][0],
            "teacher": large["teacher"][0],
            "principal, quiet school": quiet["principal"][0],
        }
        for who, person in people.items():
            user = User.objects.get(pk=person)
            for tab in LISTS:
                if tab != "governed" or queries.governs(user):
                    yield from self._tab(f"desk, {tab}", who, user, f"/desk/?tab={tab}", tab)
            tab = "governed" if queries.governs(user) else "opened"
            yield from self._tab("ticket list", who, user, "/repairs/?", tab)

    def _tab(self, what: str, who: str, user: User, address: str, tab: str) -> Iterator[Scenario]:
        yield self.reading(what, who, user.pk, LIST, address, {"at": "/list/", "tab": tab}, same_rows)
        rows = LISTS[tab](user)
        page = min(DEEP, rows.count() // queries.PAGE)
        if page >= 3:
            mark, other = _mark(rows, tab, queries.PAGE * (page - 1) - 1)
            named = f"{what}, page {page}"
            yield self.reading(
                named, who, user.pk, LIST, f"{address}&after={mark}", {"at": "/list/", "tab": tab, **other}, same_rows
            )

    def searches(self) -> Iterator[Scenario]:
        """A rare word and one that nobody has written."""
        for who, person in (
            ("officer", self.history.district.officer),
            ("principal", self.history.district.large.posts["principal"][0]),
        ):
            for what, words in (("a rare word", RARE), ("an absent word", ABSENT)):
                address = f"/desk/?{urlencode({'tab': 'governed', 'q': words})}"
                yield self.reading(
                    f"search, {what}",
                    who,
                    person,
                    LIST,
                    address,
                    {"at": "/list/", "tab": "found", "q": words},
                    same_rows,
                )

    def case_pages(self, usual: str, long: str) -> Iterator[Scenario]:
        """A case with a few events, and one with a long history."""
        person = self.history.district.large.posts["dispatcher"][0]
        for what, number in (("case page, usual", usual), ("case page, long history", long)):
            events = Case.objects.get(number=number).chain_seq
            yield self.reading(
                f"{what} ({events} events)", "dispatcher", person, PAGE, f"/repairs/tickets/{number}/",
                {"at": "/case/", "number": number}, same_trail,
            )  # fmt: skip

    def accepting(self, numbers: list[str]) -> Scenario:
        """受理 through its form; each measurement takes the next of the cases."""
        cookie = self.cookie(self.history.district.large.posts["dispatcher"][0])
        kept, token = self._token(f"/repairs/tickets/{numbers[0]}/accept/", cookie)

        def portal() -> Answer:
            form = {"reply": "已收到，马上安排。", "version": "0", "key": secrets.token_urlsafe(18)} | token
            return ask(self.app, f"/repairs/tickets/{numbers.pop()}/accept/", kept, form)

        def limit() -> Answer:
            form = {"reply": "已收到，马上安排。", "number": numbers.pop(), "key": secrets.token_urlsafe(18)}
            return ask(self.limit, "/accept/", cookie, form)

        return Scenario("step: accept through its form", "dispatcher", WRITE, portal, limit, both_sent_on)

    def reporting(self) -> Scenario:
        """报修 through its form, without photos."""
        school = self.history.district.large
        cookie, unit = self.cookie(school.posts["teacher"][0]), str(school.areas[3][0])
        kept, token = self._token(f"/repairs/report/?at={unit}", cookie)
        form = {"unit": unit, "topic": self.history.topics[0], "words": "灯不亮", "similar_seen": "*"}

        def portal() -> Answer:
            return ask(self.app, "/repairs/report/", kept, form | token | {"key": secrets.token_urlsafe(18)})

        def limit() -> Answer:
            return ask(self.limit, "/report/", cookie, form | {"key": secrets.token_urlsafe(18)})

        return Scenario("report through its form", "teacher", WRITE, portal, limit, both_sent_on)

    def _token(self, address: str, cookie: str) -> tuple[str, dict[str, str]]:
        """What a browser sends with the page's form against forgery: a cookie and a field."""
        page = ask(self.app, address, cookie)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found is not None, page.text
        return f"{cookie}; {page.cookies}", {"csrfmiddlewaretoken": found.group(1)}


def _mark(rows: QuerySet[Case], tab: str, nth: int) -> tuple[str, dict[str, Any]]:
    """Where a deep page begins, for either side."""
    if tab == "waiting":
        last = queries.by_clock(rows, n=nth + 1)[nth]  # type: ignore[arg-type]
        due = last.due_at or queries.FAR
        return f"{due.timestamp():.6f}_{last.pk}", {"due": due.isoformat(), "after": last.pk}
    last = rows.order_by("-pk")[nth]
    return str(last.pk), {"before": last.pk}


def same_rows(portal: Answer, limit: Answer) -> int:
    """Both list the same cases in the same order."""
    assert (portal.status, limit.status) == (200, 200), portal.text
    rows = NUMBER.findall(portal.text)
    assert rows == NUMBER.findall(limit.text)
    return len(rows)


def same_trail(portal: Answer, limit: Answer) -> int:
    """Both tell as many events."""
    assert (portal.status, limit.status) == (200, 200), portal.text
    told = [re.search(r"<ol.*?</ol>", page.text[page.text.rindex("<ol") :], re.DOTALL) for page in (portal, limit)]
    counts = [one.group().count("<li") for one in told if one]
    assert len(set(counts)) == 1, counts
    return counts[0]


def both_sent_on(portal: Answer, limit: Answer) -> int:
    """Both wrote, and sent the person on to the case."""
    assert (portal.status, limit.status) == (302, 302), portal.text
    return 1
