"""What the clock publishes at its moment: everything that is signed by then, one school to a transaction."""

import logging

from django.db import OperationalError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from portal import clock
from portal.cases.actions import locked, move
from portal.cases.models import Case, Deadline
from portal.errors import Refused
from portal.ledger.actions import CLOCK

from .kinds import MOMENTS
from .queries import CLOCK as NAME
from .queries import SIGNED

log = logging.getLogger(__name__)


def publish_due(*, limit: int = 5_000) -> int:
    """Publishes what is signed and whose moment has come; says how many. Killed, it goes on where it was.

    Two at once share the work. One that cannot be published stops nobody else and is tried again at the next wake-up.
    """
    done, passed = 0, list[int]()
    for _ in range(limit):
        with transaction.atomic():
            case = due().select_for_update(skip_locked=True, of=("self",)).exclude(pk__in=passed).first()
            if case is None:
                break
            if _published(case):
                done += 1
            else:
                passed.append(case.pk)
    return done


def due() -> QuerySet[Case]:
    """Signed duties whose moment has come, the earliest first."""
    named = Deadline.objects.filter(case=OuterRef("pk"), clock=NAME).order_by("-pk").values("named")[:1]
    rows = Case.objects.filter(kind__in=list(MOMENTS), state=SIGNED, is_open=True).annotate(moment=Subquery(named))
    return rows.filter(moment__lte=clock.now()).order_by("moment", "pk")


def _published(case: Case) -> bool:
    try:
        with transaction.atomic():
            move(locked(case), "publish", by=CLOCK)
    except OperationalError:  # the database's trouble, not the school's: the next wake-up starts afresh
        raise
    except Refused:
        return False
    except Exception:
        log.exception("case %s cannot be published", case.number)
        return False
    return True
