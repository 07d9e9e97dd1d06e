"""What runs there are: opened by the clock at a kind's moment, opened or taken up again by people after it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.cases.models import Case
from portal.errors import BadInput, NotAllowed, NotThere, WrongStep
from portal.ledger.actions import CLOCK, append
from portal.orgs.access import holdings, may
from portal.orgs.models import Unit, User, prefixes
from portal.orgs.roles import roles
from portal.orgs.roles import title as role_title

from .kinds import KINDS, MOMENTS, Kind
from .models import Issue, Run, RunItem
from .periods import Opened, Period, opened_on, period_of
from .queries import READY

GRACE = timedelta(days=7)  # how long after its moment the clock still opens a run, and tries again what was refused
AGAIN = timedelta(hours=1)
By = User | str


def running() -> list[Kind]:
    """The kinds that the clock publishes at a moment."""
    return [kind for kind in KINDS.values() if kind.moment is not None]


def run_address(run: Run) -> str:
    """The run's page."""
    return reverse("publishing-run", args=[run.pk])


def runners(kind: Kind) -> tuple[str, ...]:
    """The posts above schools that may open a run of this kind: the office's head, and the officer of its affair."""
    known = roles().items()
    above = [(code, role) for code, role in known if role.at and not set(role.at) - {"bureau", "section", "town"}]
    own = [code for code, role in above if any(read != "*" and kind.code.startswith(read) for read in role.reads)]
    return ("director", *own)


def latest(kind: Kind, at: datetime) -> Period | None:
    """The period whose moment has come last; none where none has."""
    day = at.astimezone(clock.SCHOOL_TIME).date()
    for which in (Opened.COMING, Opened.RUNNING, Opened.OVER):
        period = opened_on(kind.every, day, which)
        if kind.moment is not None and kind.moment(period) <= at:
            return period
    return None


def open_due_runs() -> int:
    """Opens what has come to its moment within the last week and has no run yet: one below each bureau; says how many."""
    at, opened = clock.now(), 0
    for kind in running():
        period = latest(kind, at)
        if period is None or kind.moment is None or kind.moment(period) < at - GRACE:
            continue
        known = set(Run.objects.filter(kind=kind.code, period=period.code).values_list("unit__path", flat=True))
        for root in Unit.objects.open().filter(depth=1).exclude(path__in=known):
            opened += _open(kind, period, root, by=CLOCK) is not None
    return opened


@transaction.atomic
def open_run(*, kind: Kind, period: str, unit: Unit, by: User) -> Run:
    """Opens a run below a bureau, town or school, or takes up what stands still in it.

    Refused: without a post for it, before its moment, for kinds that people publish one by one, and where no school owes it.
    """
    who = (*runners(kind), *kind.posts)
    if not may(by, who, unit.path):
        words = "、".join(role_title(one) for one in runners(kind))
        raise NotAllowed(f"统一公示“{kind.title}”由{words}办理。", who=words)
    if kind.moment is None:
        raise WrongStep(f"“{kind.title}”由学校签发，签发时就公示，不用统一公示。")
    found = period_of(kind.every, period)
    if kind.moment(found) > clock.now():
        raise WrongStep("还没到公示的时间，到时系统会自动开始。")
    run = Run.objects.filter(kind=kind.code, period=found.code, unit=unit).first()
    if run is not None:
        take_up(run, by=by)
        return run
    made = _open(kind, found, unit, by=by)
    if made is None:
        raise BadInput("这个范围里没有学校要公示这一期。", errors={"unit": ["这个范围里没有学校要公示这一期。"]})
    return made


@transaction.atomic
def take_up(run: Run, *, by: User) -> int:
    """再试一次: what was refused or unsigned waits again, at the schools below this person's post; says how many."""
    posts = {*runners(run.about), *run.about.posts}
    mine = [one.path for one in holdings(by) if one.role in posts and may(by, one.role, one.path)]
    if not mine:
        words = "、".join(role_title(one) for one in (*runners(run.about), *run.about.posts))
        raise NotAllowed(f"“再试一次”由{words}办理。", who=words)
    below = Q()
    for path in mine:
        below |= Q(unit__path__startswith=path)
    return _wait_again(run, run.items.filter(below), by=by)


def _wait_again(run: Run, items: QuerySet[RunItem], *, by: By) -> int:
    """These items that stand still wait again; said in the run's chain."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    stuck = items.filter(state__in=[RunItem.State.REFUSED, RunItem.State.UNSIGNED])
    keys = list(stuck.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    if keys:
        RunItem.objects.filter(pk__in=keys).update(state=RunItem.State.WAITING)
        append(run, "taken_up", by=by, at=clock.now(), facts={"schools": len(keys)})
        run.finished_at = None
        run.save(update_fields=["finished_at"])
    return len(keys)


def try_again() -> int:
    """What was refused an hour ago or longer is tried again by the clock, for a week."""
    at, done = clock.now(), 0
    stuck = RunItem.objects.filter(state=RunItem.State.REFUSED, at__lte=at - AGAIN, run__moment__gt=at - GRACE)
    for pk in list(stuck.values_list("run", flat=True).distinct()):
        with transaction.atomic():
            run = Run.objects.get(pk=pk)
            done += _wait_again(run, run.items.filter(state=RunItem.State.REFUSED, at__lte=at - AGAIN), by=CLOCK)
    return done


def due() -> QuerySet[Case]:
    """Duties that are signed, or need no signature, whose moment has come."""
    at = clock.now()
    rows = Case.objects.filter(kind__in=list(MOMENTS), state__in=READY, is_open=True, issue__isnull=False)
    come = Q(pk__in=[])
    for code, period in rows.order_by().values_list("kind", "issue__period").distinct():
        if MOMENTS[code](period_of(KINDS[code].every, period)) <= at:
            come |= Q(kind=code, issue__period=period)
    return rows.filter(come).order_by("issue__until", "pk")


def adopt() -> int:
    """Duties that are ready and no run knows as waiting or refused (signed while their run went by, or opened after it) wait in one."""
    known = RunItem.objects.filter(
        unit=OuterRef("issue__unit"), run__kind=OuterRef("kind"), run__period=OuterRef("issue__period"),
        state__in=[RunItem.State.WAITING, RunItem.State.REFUSED],
    )  # fmt: skip
    loose = due().filter(~Exists(known)).select_related("issue__unit")
    rows = [(one.kind, one.issue.period, one.issue.unit) for one in loose[:500]]
    for code, period, school in rows:
        kind = KINDS[code]
        root = Unit.objects.get(path=prefixes(school.path)[0])
        with transaction.atomic():
            run = _row(kind, period_of(kind.every, period), root, by=CLOCK)[0]
            item, fresh = RunItem.objects.get_or_create(run=run, unit=school)
            if not fresh:
                _wait_again(run, run.items.filter(pk=item.pk), by=CLOCK)
    return len(rows)


@transaction.atomic
def _open(kind: Kind, period: Period, unit: Unit, *, by: By) -> Run | None:
    """The run with an item for each school that owes this; none where no school does."""
    schools = _schools(kind, period, unit)
    if not schools:
        return None
    run, fresh = _row(kind, period, unit, by=by)
    if fresh:
        RunItem.objects.bulk_create([RunItem(run=run, unit_id=one) for one in schools], batch_size=1000)
    return run


def _row(kind: Kind, period: Period, unit: Unit, *, by: By) -> tuple[Run, bool]:
    at = clock.now()
    given = {
        "title": kind.heading(period), "moment": kind.moment(period) if kind.moment else at, "opened_at": at,
        "opened_by": by if isinstance(by, User) else None,
    }  # fmt: skip
    run, fresh = Run.objects.get_or_create(kind=kind.code, period=period.code, unit=unit, defaults=given)
    if fresh:
        append(run, "opened", by=by, at=at, facts={"kind": kind.code, "period": period.code, "unit": unit})
    return run, fresh


def _schools(kind: Kind, period: Period, unit: Unit) -> list[int]:
    """Who owes it: the schools whose duty was opened."""
    rows = Issue.objects.filter(kind=kind.code, period=period.code, unit__path__startswith=unit.path)
    return list(rows.order_by("unit__path").values_list("unit", flat=True))


def tally(items: QuerySet[RunItem]) -> dict[str, int]:
    """How many schools stand how; one that has come out since is counted as out, whatever its item says."""
    counts = dict.fromkeys(RunItem.State.values, 0)
    rows: Any = with_issues(items).order_by()
    for state, is_out, n in rows.values_list("state", "is_out").annotate(n=Count("pk")):
        counts[RunItem.State.PUBLISHED if is_out else state] += n
    return counts


def with_issues(items: QuerySet[RunItem]) -> QuerySet[RunItem]:
    """Items with whether their school's issue is out."""
    out = Issue.objects.filter(
        kind=OuterRef("run__kind"), period=OuterRef("run__period"), unit=OuterRef("unit"), current__gt=0
    )
    return items.annotate(is_out=Exists(out))


def seen_by(who: User, kinds: Iterable[str]) -> QuerySet[RunItem]:
    """The items of schools below a post of theirs that reads the kind: an officer's all, a principal's own."""
    found = Q(pk__in=[])
    for one in holdings(who):
        role = roles().get(one.role)
        for read in role.reads if role else ():
            mine = [kind for kind in kinds if read == "*" or kind.startswith(read)]
            found |= Q(unit__path__startswith=one.path, run__kind__in=mine)
    return RunItem.objects.filter(found)


def runs_of(who: User) -> QuerySet[Run]:
    """The runs in which there is a school this person answers for or looks after, newest first."""
    mine = seen_by(who, list(KINDS)).filter(run=OuterRef("pk"))
    return Run.objects.filter(Exists(mine)).select_related("unit", "opened_by").order_by("-moment", "-pk")


def run_for(by: User, pk: int) -> tuple[Run, QuerySet[RunItem]]:
    """A run and the part of it this person may see; not there for those who see no school of it."""
    one = runs_of(by).filter(pk=pk).first() if pk < 2**62 else None
    if one is None:
        raise NotThere
    return one, seen_by(by, list(KINDS)).filter(run=one)


def narrowed(items: QuerySet[RunItem], show: str) -> QuerySet[RunItem]:
    """Items that are `stuck`, `published`, `waiting`, or all of them (blank), in the order of the schools."""
    narrow = {
        "stuck": Q(state__in=["refused", "unsigned"], is_out=False),
        "published": Q(state="published") | Q(is_out=True),
        "waiting": Q(state="waiting"),
        "": Q(),
    }
    return with_issues(items).select_related("unit", "run").filter(narrow[show]).order_by("pk")
