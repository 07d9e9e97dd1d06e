"""Kinds of publications: what an affair declares in its `publications.py`, checked when the portal starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.cases.flow import FLOWS, Flow
from portal.errors import NotThere
from portal.orgs.models import Unit, UnitKind
from portal.worktime.spans import Span

from .content import Content
from .periods import Every, Opened, Period

Build = Callable[[Unit, Period], Content]
Moment = Callable[[Period], datetime]


class Audience(StrEnum):
    """Who may read it."""

    PUBLIC, PARENTS, STAFF = "public", "parents", "staff"

    @property
    def words(self) -> str:
        """In words."""
        return {"public": "向社会公开", "parents": "向本校家长和教职工公开", "staff": "向本校教职工公开"}[self.value]


@dataclass(frozen=True)
class Kind:
    """One kind of publication, under a stable code such as `affair.monthly`; writing one registers it.

    `build` answers the content for a school and a period, or refuses and says what is missing. `posts` may publish and
    correct, the first one answers when it is late; what several sign is corrected by `corrected_by` alone. A kind with a flow of the same code is signed there, and due by that
    flow's clock `publish`; one without is due `within` the period's end and needs no signature. `opens` says which
    period the clock opens. `template` renders it.
    `asks` (words, more words, name of the address) is where readers ask about it; `named` is what an issue is called
    where that is not its period and its title. `of` are the kinds of unit that publish it, `for_whom` its readers in words where
    those of the audience do not fit.
    """

    code: str
    title: str
    about: str
    icon: str
    audience: Audience
    every: Every
    posts: tuple[str, ...]
    build: Build | None = None
    within: Span | None = None
    opens: Opened = Opened.OVER
    template: str = "publications/content.html"
    asks: tuple[str, str, str] | tuple[()] = ()
    named: Callable[[Period], str] | None = None
    of: tuple[str, ...] = (UnitKind.SCHOOL,)
    for_whom: str = ""
    corrected_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if KINDS.setdefault(self.code, self) is not self:
            raise RuntimeError(f"two kinds of publication are called {self.code}")

    @property
    def readers(self) -> str:
        """For whom it is, in words."""
        return self.for_whom or self.audience.words

    @property
    def correctors(self) -> tuple[str, ...]:
        """Whose post corrects it or takes it back."""
        return self.corrected_by or self.posts

    @property
    def flow(self) -> Flow | None:
        """The flow in which it is signed; none where it needs no signature."""
        return FLOWS.get(self.code)

    @property
    def needs_signature(self) -> bool:
        """Whether people sign it before it is out."""
        return self.flow is not None and self.code not in UNSIGNED

    @property
    def moment(self) -> Moment | None:
        """When the clock publishes it: what is signed, or what needs no signature; none: people do."""
        return MOMENTS.get(self.code)

    def heading(self, period: Period) -> str:
        """What one issue is called: 2026 年 10 月维修月报."""
        return self.named(period) if self.named else f"{period.title}{self.title}"


KINDS: dict[str, Kind] = {}
MOMENTS: dict[str, Moment] = {}  # of kinds whose flow lets the clock publish what is signed, or needs no signature
UNSIGNED: set[str] = set()  # those of them that need none


def kind_of(code: str) -> Kind:
    """The kind of that code; not there when nobody has declared it."""
    if code not in KINDS:
        raise NotThere
    return KINDS[code]
