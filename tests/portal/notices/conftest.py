"""Who is told in these tests, and what was sent."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.clock import SCHOOL_TIME
from portal.notices.actions import tell
from portal.notices.models import Delivery, Notice
from portal.orgs.models import User
from tests.district import District, hire

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=SCHOOL_TIME)


@pytest.fixture
def rita(place: District) -> User:
    return hire("rita", "林晓芸", place.school)


@pytest.fixture
def will(place: District) -> User:
    return hire("will", "王建平", place.school)


@pytest.fixture
def sam(place: District) -> User:
    return hire("sam", "沈三", place.far_school)


@pytest.fixture
def ping(place: District) -> User:
    return hire("ping", "平雅琴", None)


@pytest.fixture
def ada(place: District) -> User:
    """Admin of the whole bureau."""
    return hire("ada", "许岩", place.bureau, ("admin", place.bureau))


@pytest.fixture
def nora(place: District) -> User:
    """Admin of Rita's school and of nothing else."""
    return hire("nora", "倪诺", place.school, ("admin", place.school))


@pytest.fixture
def crowd(place: District) -> list[User]:
    """Fifty people of one school with addresses, one of them without."""
    people = [User(username=f"p{n}", name=f"老师{n}", home=place.school, email=f"p{n}@example.org") for n in range(50)]
    people[7].email = ""
    return User.objects.bulk_create(people)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[User]]:
    """Fifty people whom other connections see too, gone afterwards."""
    with django_db_blocker.unblock():
        people = User.objects.bulk_create([User(username=f"c{n}", name=f"老师{n}") for n in range(50)])
        yield people
        User.objects.filter(pk__in=[person.pk for person in people]).delete()


@pytest.fixture
def outbox(tmp_path: Path, settings: Any) -> Path:
    """The file channel on, writing into this test's own folder."""
    settings.CHANNELS = ["file"]
    settings.DATA_DIR = tmp_path
    return tmp_path / "outbox.jsonl"


def lines(outbox: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outbox.read_text().splitlines()] if outbox.exists() else []


def say(*people: User, at: datetime = NOON, about: str = "case:17", urgent: bool = False, title: str = "") -> int:
    """One everyday notice."""
    return tell(
        people,
        about=about,
        verb="dispatch",
        title=title or "东教学楼一层男厕下水堵塞，已派给您。",
        body="请在今天 14:00 前到场。",
        url="/repairs/BX-LX01-2026-00017",
        at=at,
        urgent=urgent,
    )


def only(person: User) -> Delivery:
    """The one delivery to a person."""
    return Delivery.objects.get(notice__to=person)


def told(person: User) -> list[str]:
    """The titles in a person's inbox, oldest first."""
    return list(Notice.objects.filter(to=person).order_by("id").values_list("title", flat=True))


def browser(person: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client
