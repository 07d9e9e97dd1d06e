"""The one clock: one moment for a whole transaction, another for the next, however they are begun and ended."""

from contextlib import suppress
from datetime import datetime

import pytest
from django.db import transaction

from portal import clock

pytestmark = pytest.mark.django_db(transaction=True)


class Over(Exception):
    """Takes a transaction back."""


@transaction.atomic
def asked(*, fails: bool = False) -> datetime:
    """A decorated function: Django uses one and the same block for all of its transactions."""
    with suppress(Over), transaction.atomic():
        first = clock.now()
        raise Over  # the moment outlives the part in which it was first asked
    assert clock.now() == first == clock.now()
    if fails:
        raise Over(first)
    return first


def test_each_transaction_has_its_own_moment_and_keeps_it() -> None:
    moments = [asked()]
    with pytest.raises(Over) as taken_back:
        asked(fails=True)
    moments += [taken_back.value.args[0], asked(), clock.now(), clock.now()]
    assert sorted(set(moments)) == moments
