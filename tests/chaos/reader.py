"""Readers in a process of their own, to be killed: `reader.py DATABASE`; each presses 已阅 for somebody asked, twice at once."""

import random
import sys
import time

import django
from django.conf import settings

from tests.chaos.processes import storms

READERS = 3
UNREAD = (
    "select exists(select from orgs_user u where u.username like 'reader-%%' "
    "and not exists(select from publications_receipt r where r.reader_id = u.id))"
)


def work() -> None:
    """Reads for ever, the same people as the others."""
    from portal.orgs.models import User
    from portal.publications.models import Issue
    from portal.publications.receipts import read

    issue = Issue.objects.select_related("unit").get(asks_receipt=True)
    people = list(User.objects.filter(username__startswith="reader-"))
    while True:
        random.shuffle(people)
        for person in people:  # everybody in each round, so that the last of hundreds is not left to luck
            read(issue, by=person)
            time.sleep(0.02)  # so that some are still to be read when the kills come


if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    storms(work, READERS, UNREAD)
