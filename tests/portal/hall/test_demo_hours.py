"""The demo is alive at whatever hour it is loaded: at night, on a Sunday in a holiday, in the middle of summer."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from portal import clock
from portal.clock import SCHOOL_TIME
from repairs.models import Ticket

from .demo_loading import home_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["2026-11-18 03:10", "2026-10-04 15:00", "2026-08-12 11:00"])
def one_school(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    """One school for a week up to a night, a Sunday of a national holiday before a Saturday that is worked, the middle of summer."""
    with clock.at(datetime.fromisoformat(request.param).replace(tzinfo=SCHOOL_TIME)):
        call_command("demo", weeks=1, schools=1, verbosity=0)
        yield


@pytest.fixture
def demo(settings: Settings) -> None:
    """The portal runs as a demo."""
    settings.DEMO = True


@pytest.mark.usefixtures("demo")
def test_at_whatever_hour_it_is_loaded_something_is_going_on(one_school: None) -> None:
    for name in ("duruolan", "wangjianping", "linxiaoyun", "pingyaqin", "dingdayong"):
        assert home_of(name)["waiting"], name
    assert home_of("zhouli")["stats"][0]["value"] > 0
    assert {"reported", "accepted", "assigned", "working", "finished"} <= set(
        Ticket.objects.values_list("state", flat=True)
    )
