"""Who comes in: admins, for their own units and below; all else is not there, for reading and for writing."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from portal.errors import NotThere
from portal.hall.settings import reach
from portal.hall.settings.urls import urlpatterns
from portal.orgs.actions import relieve
from portal.orgs.models import Absence, Appointment, User
from tests.district import Cast, District, later
from tests.signing import browser_of

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
PUBLIC = {"seals", "seals-feed", "seals-download"}
CLOCK = {"kind": "repairs.ticket", "name": "respond"}


def addresses(unit: int, person: int, post: int, absence: int) -> dict[str, str]:
    """Every route of the settings with ids filled in; `unit` also as the one a page is about."""
    found = {}
    for route in urlpatterns:
        name = str(route.name)
        if name in PUBLIC:
            continue
        pk = post if name == "settings-relieve" else absence if name == "settings-absence-end" else None
        pk = pk or (person if "/people/" in str(route.pattern) else unit)
        kwargs = {key: CLOCK.get(key, pk) for key in re.findall(r"<\w+:(\w+)>", str(route.pattern))}
        found[name] = reverse(name, kwargs=kwargs)
    return found


@pytest.fixture
def far(place: District, cast: Cast) -> dict[str, str]:
    """Addresses of things at the other school: its unit, Tess, her post, her absence."""
    away = Absence.objects.create(
        person=cast.tess, substitute=cast.sam, since=later().date(), until=later(days=2).date()
    )
    post = Appointment.objects.get(person=cast.tess)
    return addresses(place.far_school.pk, cast.tess.pk, post.pk, away.pk)


OWN = {
    "settings",
    "settings-units",
    "settings-pick",
    "settings-people",
    "settings-person-add",
    "settings-posts",
    "settings-appoint",
}
OWN |= {"settings-absences", "settings-waivers", "settings-waiver-add", "settings-records"}
BY_UNIT = {
    "settings-clocks",
    "settings-clock",
    "settings-clock-history",
    "settings-calendar",
    "settings-hours",
    "settings-terms",
}


@pytest.mark.parametrize("who", ["rita", "hu", "ouyang", "ping"])
def test_nobody_but_admins_comes_in(who: str, cast: Cast, far: dict[str, str]) -> None:
    client = browser_of(getattr(cast, who))
    if who == "hu":  # a principal may plan what comes again
        far = {name: where for name, where in far.items() if not name.startswith("settings-routine")}
    answers = {
        (name, verb): getattr(client, verb)(where).status_code
        for name, where in far.items()
        for verb in ("get", "post")
    }
    assert set(answers.values()) <= {403, 405}
    assert {name for (name, _), code in answers.items() if code == 403} == set(far)


def test_strangers_are_sent_to_sign_in(far: dict[str, str]) -> None:
    assert {Client().get(where).status_code for name, where in far.items() if name in OWN} == {302}


def test_an_admin_without_their_code_is_sent_for_it_first(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    assert "/me/second-factor/" in client.get("/settings/")["Location"]


def test_what_lies_outside_is_not_there_for_reading_nor_for_writing(
    desk: Desk, place: District, far: dict[str, str]
) -> None:
    """Pages of an id refuse it as a stranger's; pages of `?unit=` and `?date=` likewise."""
    ids = {name: where for name, where in far.items() if re.search(r"/\d+/", where)}
    asked = {name: f"{far[name]}?unit={place.far_school.pk}" for name in BY_UNIT}
    for name, where in (ids | asked).items():
        for verb in ("get", "post"):
            code = getattr(desk.sal, verb)(where, {"name": "x"} if verb == "post" else None).status_code
            assert code in (404, 405), f"{verb} {name}: {code}"
            assert (
                verb == "get"
                or code == 404
                or name
                in (
                    "settings-unit",
                    "settings-person",
                    "settings-clock-history",
                    "settings-clocks",
                    "settings-calendar",
                )
            )


def test_days_and_timetables_of_other_schools_are_not_there(desk: Desk, place: District) -> None:
    for path in ("day/?date=2026-11-20", "day/clear/?date=2026-11-20", "hours/clear/?since=2026-11-20"):
        where = f"/settings/calendar/{path}&unit={place.far_school.pk}"
        assert desk.sal.post(where, {"open": "0", "name": "x"}).status_code == 404


def test_the_whole_countrys_calendar_is_the_bureaus(desk: Desk) -> None:
    for verb in ("get", "post"):
        assert getattr(desk.sal, verb)("/settings/calendar/national/").status_code == 403
    assert desk.sal.post("/settings/calendar/national/confirm/?year=2026").status_code == 403
    assert desk.sal.get("/settings/waivers/add/").status_code == 403


def test_lists_of_a_schools_admin_end_at_the_school(desk: Desk, place: District, cast: Cast) -> None:
    pages = {
        "/settings/": ("柳溪镇中心小学",),
        f"/settings/units/{place.school.pk}/": ("教学楼", "林晓芸"),
        "/settings/people/": ("林晓芸", "胡启明", "平雅琴"),
        "/settings/posts/": ("林晓芸", "报修调度"),
        "/settings/pick/?next=/settings/clocks/": ("柳溪镇中心小学",),
        "/settings/units/?q=教室": ("203 教室",),
    }
    for where, there in pages.items():
        page = words(desk.sal, where)
        for said in there:
            assert said in page, (where, said)
        for beyond in ("石门小学", "田甜", "沈三", "欧阳敏", "101 教室"):
            assert beyond not in page, (where, beyond)
    assert "田甜" not in words(desk.sal, "/settings/people/?q=tess") and "田甜" in words(
        desk.ada, "/settings/people/?q=tess"
    )


def test_the_only_top_opens_by_itself(desk: Desk, place: District) -> None:
    assert desk.sal.get("/settings/units/")["Location"] == f"/settings/units/{place.school.pk}/"
    assert desk.ada.get("/settings/units/")["Location"] == f"/settings/units/{place.bureau.pk}/"


def test_a_write_asks_the_database_again(place: District, sal: User) -> None:
    """What the page knew of the admin is an hour old; the post has ended meanwhile."""
    from portal.orgs.access import holdings

    assert [one.role for one in holdings(sal)] == ["admin"]
    relieve(Appointment.objects.get(person=sal), by="clock")
    assert list(reach.units(sal).values_list("name", flat=True)) != []
    with pytest.raises(NotThere):
        reach.sure(sal, place.school)


def test_an_account_that_reaches_further_is_read_but_not_written(desk: Desk, place: District, cast: Cast) -> None:
    """Will also repairs at the other school: his account is the bureau's."""
    from portal.orgs.actions import appoint

    appoint(person=cast.will, role="technician", unit=place.far_school, by="clock")
    page = words(desk.sal, f"/settings/people/{cast.will.pk}/")
    assert "账号由上级管理员管理" in page and "重置密码" not in page and "石门小学" not in page
    for path in ("reset", "leave", "sign-out", "unbind", "edit"):
        assert desk.sal.post(f"/settings/people/{cast.will.pk}/{path}/", {"name": "x"}).status_code == 403
    assert User.objects.get(pk=cast.will.pk).is_active
    assert "石门小学" in words(desk.ada, f"/settings/people/{cast.will.pk}/")


@pytest.mark.parametrize(
    "where",
    ["/settings/units/999999999/", "/settings/people/999999999/", "/settings/clocks/?unit=abc", "/settings/clocks/?unit=99999999999999999999",
     "/settings/clocks/no.such/respond/", "/settings/clocks/repairs.ticket/no-such/", "/settings/clocks/repairs.ticket/respond/?topic=XX",
     "/settings/calendar/day/?date=soon", "/settings/calendar/day/", "/settings/pick/?next=https://elsewhere.example/", "/settings/pick/?next=/&as=a b"],
)  # fmt: skip
def test_absurd_addresses_are_not_there(desk: Desk, where: str) -> None:
    assert desk.ada.get(where).status_code == 404


@pytest.mark.parametrize(
    "where",
    ["/settings/people/?after=xyz", "/settings/people/?q=%F0%9F%98%80", "/settings/posts/?role=nobody&after=-1", "/settings/calendar/?month=2026-13",
     "/settings/calendar/?month=0000-00", "/settings/calendar/terms/?year=99999", "/settings/calendar/national/?year=1", "/settings/records/?after=x",
     "/settings/pick/?next=/settings/clocks/&kinds=nothing", "/settings/posts/appoint/?person=abc&unit=xyz&role=king", "/seals/?before=x"],
)  # fmt: skip
def test_absurd_filters_count_as_not_said(desk: Desk, where: str) -> None:
    assert desk.ada.get(where).status_code == 200


def test_the_menu_shows_settings_to_admins_alone(desk: Desk, cast: Cast) -> None:
    assert 'href="/settings/"' in words(desk.sal, "/")
    assert 'href="/settings/"' not in words(browser_of(cast.hu), "/")


def test_every_route_of_the_settings_is_known_to_the_portal() -> None:
    names = {route.name for route in urlpatterns}
    assert names <= set(get_resolver().reverse_dict.keys())
