"""What was given up: seen and sent again by the admin of the place, and nobody else."""

from pathlib import Path

import pytest

from portal import clock
from portal.errors import NotThere, WrongStep
from portal.notices.actions import retry
from portal.notices.delivery import ATTEMPTS, deliver
from portal.notices.models import Delivery
from portal.notices.queries import dead_letters
from portal.orgs.models import User

from .conftest import NOON, lines, only, say


def test_an_admin_of_the_place_sees_its_dead_letters_and_nobody_else_does(
    rita: User, sam: User, nora: User, outbox: Path
) -> None:
    say(rita, sam)
    Delivery.objects.update(state="dead", error="no_address", attempts=3)
    with clock.at(NOON):
        assert [one.notice.to_id for one in dead_letters(nora)] == [rita.pk]
        assert dead_letters(rita) == []
        assert dead_letters(sam) == []


def test_people_of_no_unit_belong_to_the_admin_of_the_whole(
    ping: User, sam: User, ada: User, nora: User, outbox: Path
) -> None:
    say(ping, sam)
    Delivery.objects.update(state="dead")
    with clock.at(NOON):
        assert [one.notice.to_id for one in dead_letters(ada)] == [sam.pk, ping.pk]
        assert [one.notice.to_id for one in dead_letters(ada, before=only(sam).pk)] == [ping.pk]
        assert dead_letters(nora) == []


def test_a_dead_letter_retried_has_all_its_attempts_again(rita: User, nora: User, outbox: Path) -> None:
    say(rita)
    Delivery.objects.update(state="dead", error="OSError", attempts=ATTEMPTS)
    with clock.at(NOON):
        again = retry(only(rita), by=nora)
        assert (again.state, again.attempts, again.error, again.next_at) == ("waiting", 0, "", NOON)
        assert deliver() == 1
    assert len(lines(outbox)) == 1


def test_a_dead_letter_retried_at_night_goes_in_the_morning(rita: User, nora: User, outbox: Path) -> None:
    say(rita)
    Delivery.objects.update(state="dead")
    with clock.at(NOON.replace(hour=22)):
        assert retry(only(rita), by=nora).next_at == NOON.replace(day=20, hour=7)


def test_only_a_dead_letter_can_be_retried(rita: User, nora: User, outbox: Path) -> None:
    say(rita)
    with clock.at(NOON):
        deliver()
        with pytest.raises(WrongStep):
            retry(only(rita), by=nora)
    assert only(rita).state == "sent"


def test_an_admin_of_another_place_cannot_retry(rita: User, sam: User, nora: User, outbox: Path) -> None:
    say(sam)
    Delivery.objects.update(state="dead")
    with clock.at(NOON), pytest.raises(NotThere):
        retry(only(sam), by=nora)
    with clock.at(NOON), pytest.raises(NotThere):
        retry(only(sam), by=rita)
    assert only(sam).state == "dead"
