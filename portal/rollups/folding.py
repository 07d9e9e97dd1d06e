"""Folding the ledger into roll-ups, after the fact: restartable anywhere, done twice without harm.

A case is counted as a whole (`counting`), in the transaction that moves the cursor: a pass killed anywhere has written
a batch or nothing. Whoever appends to a chain has locked its holder first, and so has a transaction id before the
event has its own: that makes the cursor in `Fold` safe (docs/adr/0009).
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F, Q

from portal import clock
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.orgs.actions.units import TREE_LOCK

from .book import counting, law
from .counting import count_again
from .models import Again, Fold

BATCH = 500  # cases
WINDOW = 4000  # events looked at in one transaction
ONE_AT_A_TIME = 0xF01D  # the advisory lock


def fold(*, batches: int = 0) -> int:
    """One pass over everything that has happened since the last; any number may run at once, one of them works.

    Returns how many cases were counted. `batches` ends the pass early (0: not).
    """
    counted, at, began = 0, -1, None
    while True:
        with transaction.atomic():
            if not _is_mine():
                return counted
            state = _state()
            if began is None:
                began = clock.now()
                settled = _settle(state)
                at = state.floor
            at, n, more = _next(state, at, settled)
            counted += n
            if not more:
                state.as_of = began
            state.save()
        batches -= 1
        if not more or batches == 0:
            return counted


def _is_mine() -> bool:
    """Whether nobody else folds now; the tree stands still meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        mine = bool(cursor.fetchone()[0])
        if mine:
            cursor.execute("select pg_advisory_xact_lock_shared(%s)", [TREE_LOCK])
        return mine


def _state() -> Fold:
    state = Fold.objects.get_or_create(pk=1, defaults={"law": law()})[0]
    if state.law != law():
        Again.objects.all().delete()
        Again.objects.create()
        state.law = law()
    return state


def _settle(state: Fold) -> int:
    """The event up to which nothing can come late any more; sets a new mark when the old one has done its work."""
    with connection.cursor() as cursor:
        cursor.execute("select last_value from ledger_event_id_seq")  # first the id, then the snapshot, never otherwise
        (upto,) = cursor.fetchone()
        cursor.execute(
            "select pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint from pg_current_snapshot() s"
        )
        oldest, following = cursor.fetchone()
    settled = state.floor
    if state.mark_upto is not None and state.mark_xid is not None and oldest >= state.mark_xid:
        settled = max(settled, state.mark_upto)
        state.mark_upto = None
    if state.mark_upto is None or (state.mark_xid or 0) > following:  # later than all: from before a restore
        state.mark_upto, state.mark_xid = upto, following
    return settled


def _next(state: Fold, at: int, settled: int) -> tuple[int, int, bool]:
    """One batch: of new events while there are any, then of what is to be counted again."""
    events = list(Event.objects.filter(pk__gt=at).order_by("pk").values_list("pk", "address")[:WINDOW])
    if events:
        at = events[-1][0]
        ids = {int(address[5:]) for _, address in events if address.startswith("case:")}
        n = 0
        stale = _stale(ids)
        for start in range(0, len(stale), BATCH):
            n += count_again(stale[start : start + BATCH])
        state.floor = max(state.floor, min(at, settled))
        return at, n, True
    state.floor = max(state.floor, settled)
    again = Again.objects.order_by("pk").first()
    if again is None:
        return at, 0, False
    below = Case.objects.filter(pk__gt=again.after, kind__in=list(counting()), unit_path__startswith=again.path)
    ids_again = list(below.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if len(ids_again) < BATCH:
        again.delete()
    else:
        again.after = ids_again[-1]
        again.save()
    return at, count_again(ids_again), True


def _stale(ids: Iterable[int]) -> list[int]:
    """Those of these cases whose chain or place is another than when they were counted."""
    same = Q(counted__seq=F("chain_seq"), counted__unit_path=F("unit_path"))
    cases = Case.objects.filter(pk__in=list(ids), kind__in=list(counting()))
    return list(
        cases.exclude(pk__in=Case.objects.filter(same, pk__in=list(ids))).order_by("pk").values_list("pk", flat=True)
    )
