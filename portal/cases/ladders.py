"""Who is told: the holders of a post today, nearest first, their substitutes when away, everybody once."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from portal import clock
from portal.orgs.models import Absence, Post, User, prefixes
from portal.orgs.roles import counts_in, roles

from .flow import ASSIGNEE, BY_CLOCK, HOLDER, OPENER, flow_of
from .models import Case, CaseParty


class Whom:
    """Answers "who holds this today?" for many cases at once, in two questions to the database.

    Ask `need` for every case and role first, then `load`, then `of`. For `telling`, those barred from a case are left
    out, in one question more; in none where the asker knows who is `barred` (case, person).
    """

    def __init__(self, *, telling: bool = False, barred: Collection[tuple[int, int]] = ()) -> None:
        self._cases: set[int] | None = set() if telling else None
        self._barred = set(barred)
        self._roles: set[str] = set()
        self._paths: set[str] = set()
        self._people: set[int] = set()
        self._held: dict[tuple[str, str], list[int]] = {}
        self._stand_in: dict[int, int] = {}
        self.names: dict[int, str] = {}

    def need(self, case: Case, codes: Iterable[str]) -> None:
        """Announces a question."""
        if self._cases is not None:
            self._cases.add(case.pk)
        for code in codes:
            code = _turn(case) if code == HOLDER else code
            person = _person(case, code)
            if person is not None:
                self._people.add(person)
            elif code and code != BY_CLOCK:
                self._roles.add(code)
                self._paths.update(prefixes(case.unit_path))

    def load(self) -> "Whom":
        """Asks the database."""
        if self._roles:
            posts = Post.objects.filter(
                permission__codename__in=self._roles, content_object__path__in=self._paths, user__is_active=True
            )
            for row in (
                posts.annotate(instead=_substitute("user")).order_by("id").values("content_object__path", *COLUMNS)
            ):
                self._held.setdefault((row["permission__codename"], row["content_object__path"]), []).append(
                    row["user_id"]
                )
                self._know(row["user_id"], row["user__name"], row["instead"])
        strangers = self._people - set(self.names)
        if strangers:
            people: Any = User.objects.filter(pk__in=strangers).annotate(instead=_substitute("pk"))
            for row in people.values("pk", "name", "instead"):
                self._know(row["pk"], row["name"], row["instead"])
        if self._cases:
            barred = CaseParty.objects.filter(case__in=self._cases, as_what=CaseParty.BARRED)
            self._barred = set(barred.values_list("case_id", "person_id"))
        return self

    def _know(self, person: int, name: str, instead: dict[str, Any] | None) -> None:
        self.names[person] = name
        if instead is not None:
            self._stand_in[person], self.names[instead["pk"]] = instead["pk"], instead["name"]

    def of(self, case: Case, code: str) -> list[int]:
        """Person ids: the one it belongs to, or the holders at the nearest unit that has any; empty when vacant."""
        return self._present(case, self._holders(case, code))

    def away(self, case: Case, code: str, person: int) -> list[str]:
        """The names of those holders for whom this person stands in today."""
        return [self.names[one] for one in self._holders(case, code) if self._stand_in.get(one) == person]

    def _holders(self, case: Case, code: str) -> list[int]:
        code = _turn(case) if code == HOLDER else code
        person = _person(case, code)
        if person is not None:
            return [person]
        if code in roles() and not counts_in(code, case.circle):
            return []  # what a circle keeps is told to the circle only
        found = (self._held.get((code, path)) for path in reversed(prefixes(case.unit_path)))
        return next((people for people in found if people), [])

    def _present(self, case: Case, people: Iterable[int]) -> list[int]:
        """Each of them, or who stands in for them; not those who must stay away from this case."""
        here = dict.fromkeys(self._stand_in.get(one, one) for one in people)
        return [one for one in here if (case.pk, one) not in self._barred]


def told(case: Case, codes: Iterable[str], *, but: User | None = None) -> list[User]:
    """The people behind these roles for one case, without the one who acts."""
    codes = list(codes)
    whom = Whom(telling=True)
    whom.need(case, codes)
    whom.load()
    ids = {person for code in codes for person in whom.of(case, code)} - ({but.pk} if but else set())
    return list(User.objects.filter(pk__in=ids, is_active=True)) if ids else []


COLUMNS = ("permission__codename", "user_id", "user__name", "instead")


def _substitute(person: str) -> Subquery:
    """Who stands in for somebody today, as part of the question about them."""
    today = clock.today()
    away = Absence.objects.filter(
        person=OuterRef(person), since__lte=today, until__gte=today, substitute__is_active=True
    ).order_by("pk")
    return Subquery(away.values(row=JSONObject(pk="substitute", name="substitute__name"))[:1])


def _turn(case: Case) -> str:
    return case.turn or flow_of(case).state(case.state).turn


def _person(case: Case, code: str) -> int | None:
    if code == ASSIGNEE:
        return case.assignee_id
    if code == OPENER:
        return case.opener_id
    return None
