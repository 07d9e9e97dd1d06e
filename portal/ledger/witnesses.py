"""Seals go by e-mail to outsiders, so that nobody inside can make a day again without somebody outside noticing."""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

from portal import clock

from .feeds import ABOUT, lines, summary
from .models import Seal, Witnessed

PATIENCE = timedelta(seconds=20)  # for the mail server to answer
_ONE_AT_A_TIME = 0x5EA2  # the advisory lock two senders contend for
_log = logging.getLogger(__name__)


def tell_witnesses() -> int:
    """Sends each address in `SEAL_WITNESSES` the seals it has not had, in one letter; a new one gets them all.

    A letter that cannot be sent is logged and tried again by the next run. Returns how many letters went out.
    """
    return sum(_tell(witness, place) for place, witness in enumerate(settings.SEAL_WITNESSES, 1))


@transaction.atomic
def _tell(witness: str, place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return False
    name = hashlib.sha256(witness.strip().lower().encode()).hexdigest()
    seals = list(Seal.objects.exclude(witnessed__witness=name).order_by("day"))
    if not seals:
        return False
    try:
        _letter(witness, seals).send()
    except (
        OSError
    ) as failure:  # what the mail server, the name server or the network may raise, SMTP's refusals included
        _log.warning("seal witness %d not reached (%s); the next run tries again", place, type(failure).__name__)
        return False
    now = clock.now()
    Witnessed.objects.bulk_create(Witnessed(seal=one, witness=name, witnessed_at=now) for one in seals)
    return True


def _letter(witness: str, seals: list[Seal]) -> EmailMessage:
    first, last = seals[0].day, seals[-1].day
    days = f"{last}" if first == last else f"{first} 至 {last}"
    words = [ABOUT, "", *(summary(one) for one in seals[-31:]), "", "请保存附件，不要回复。"]
    kept = "".join(f"{line}\n" for line in lines(seals))
    return EmailMessage(
        subject=f"阳光校务 {days} 的封存",
        body="\n".join(words),
        to=[witness],
        attachments=[(f"seals-{last}.jsonl", kept, "application/jsonl")],
        connection=get_connection(timeout=PATIENCE.seconds),
    )
