"""欺凌与心理: known to its reporter, whoever deals with it and the counsellors; nowhere in lists, counts, searches, exports,
notices, figures or links of anybody else — proven with such leads there, beside hazards that may be seen."""

from datetime import timedelta

import pytest
from django.test import Client

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, CaseParty
from portal.cases.queries import counted, find, governed, waiting
from portal.cases.sweep import sweep
from portal.cases.visiting import Slip
from portal.errors import BadInput, NotAllowed, NotThere, Refused
from portal.evidence.models import Piece
from portal.notices.models import Notice
from portal.orgs.models import User
from portal.rollups.folding import fold
from portal.rollups.models import Counted
from portal.stickers.actions import welcome
from portal.wire.phone import KEPT_FOR
from safety_grid.flow import CONCERNS
from safety_grid.models import Concern, Hazard
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import raised, reported

pytestmark = pytest.mark.usefixtures("monday")
SECRET = "有人总被堵在厕所"


@pytest.fixture
def lead(place: District, cast: Cast, grid: Grid) -> Concern:
    """A lead of Rita's with a photo, beside a hazard of hers at the same place that the school may read."""
    reported(place, cast.rita)
    return raised(place, cast.rita, photos=[str(photo_of(cast.rita).pk)])


def outsiders(cast: Cast, grid: Grid) -> list[User]:
    """Everybody with any post around, but the counsellors."""
    school = [cast.dora, cast.will, cast.lin, cast.vera, cast.hu, cast.wu, grid.an, grid.gao, grid.bao, cast.ping]
    return [*school, grid.liang, grid.song, cast.ouyang, cast.ada, cast.sam, cast.tess, grid.shi]


def test_it_is_another_kind_numbered_apart_with_a_title_that_says_nothing(lead: Concern) -> None:
    assert (lead.number, lead.title, lead.circle, lead.turn, lead.state) == (
        "GA-LX01-2026-00001", "学生关爱（203 教室）", "minors", "counsellor", "received",
    )  # fmt: skip
    assert Hazard.objects.count() == 1  # and no number of the hazards is missing


def test_it_is_there_for_its_reporter_and_the_counsellors_alone(lead: Concern, cast: Cast, grid: Grid) -> None:
    for who in (cast.rita, grid.xin, grid.yi, grid.he):
        assert find(CONCERNS, lead.number, by=who).pk == lead.pk
    for who in outsiders(cast, grid):
        with pytest.raises(NotThere):
            find(CONCERNS, lead.number, by=who)


def test_no_page_list_count_search_or_photo_of_others_has_it(
    lead: Concern, place: District, cast: Cast, grid: Grid
) -> None:
    photo = Piece.objects.get(address=lead.address)
    pages = [
        "/",
        "/desk/?tab=governed",
        "/desk/?tab=waiting",
        "/safety_grid/",
        "/safety_grid/hazards/?tab=governed&state=open",
    ]
    pages += [
        "/search/?q=学生关爱",
        "/search/?q=GA-LX01",
        f"/search/?q={SECRET[:6]}",
        f"/units/{place.room.pk}/",
        "/figures/",
    ]
    pages += ["/safety_grid/supervised/", f"/safety_grid/report/?at={place.room.pk}", "/inbox/"]
    shown: list[str] = []
    for who in outsiders(cast, grid):
        browser = as_(who)
        texts = [browser.get(page, follow=True).content.decode() for page in pages]
        shown += [f"{who.username} {page}" for page, text in zip(pages, texts, strict=True) if tells(text, lead)]
        assert browser.get(f"/safety_grid/concerns/{lead.number}/").status_code == 404
        assert browser.get(f"/evidence/{photo.pk}").status_code == 404
        assert not governed(who).filter(kind=CONCERNS.kind).exists() and not waiting(who).filter(pk=lead.pk).exists()
    assert shown == []
    assert tells(as_(grid.xin).get("/desk/").content.decode(), lead)


def tells(text: str, lead: Concern) -> bool:
    """Whether a page gives it away: its number, its title, or a word of what was said that nobody typed here."""
    return any(mark in text for mark in (lead.number, lead.title, SECRET))


def test_no_program_of_others_lists_it(lead: Concern, cast: Cast, grid: Grid) -> None:
    asked = (
        "/api/v1/desk?tab=governed",
        "/api/v1/safety_grid/hazards",
        "/api/v1/safety_grid/concerns",
        "/api/v1/inbox",
    )
    for who in (cast.hu, grid.an, grid.song, cast.ada, grid.gao):
        program = Program.of(who)
        assert [url for url in asked if tells(program.get(url).content.decode(), lead)] == []
        assert program.get(f"/api/v1/safety_grid/concerns/{lead.number}").status_code == 404
    assert [row["number"] for row in Program.of(grid.xin).get("/api/v1/safety_grid/concerns").json()["results"]] == [
        lead.number
    ]
    assert tells(Program.of(grid.xin).get("/api/v1/safety_grid/hazards").content.decode(), lead) is False


def test_counts_are_as_if_it_were_not_there(lead: Concern, cast: Cast, grid: Grid) -> None:
    everything = {
        who.username: counted(who, governed(who), waiting(who)) for who in (cast.hu, grid.an, grid.song, grid.xin)
    }
    assert everything == {"hu": (1, 0), "an": (1, 1), "song": (1, 0), "xin": (1, 1)}
    fold()
    assert not Counted.objects.filter(case=lead.pk).exists()


def test_only_the_circle_is_told_and_lateness_rises_within_it(lead: Concern, cast: Cast, grid: Grid) -> None:
    told = Notice.objects.filter(about=lead.address)
    assert set(told.values_list("to__username", flat=True)) == {"xin", "yi"}
    with clock.at(later(days=30)):
        sweep()
    assert set(told.values_list("to__username", flat=True)) == {"xin", "yi", "he"}
    assert not any(SECRET in title for title in told.values_list("title", flat=True))


def test_whoever_deals_with_it_does_not_end_it(lead: Concern, cast: Cast, grid: Grid) -> None:
    move(lead, "take_up", by=grid.xin, data={"assignee": grid.xin.pk})
    move(lead, "wind_up", by=grid.xin, data={"outcome": "已和三名同学、家长谈过"})
    with pytest.raises(Refused) as refused:
        move(lead, "settle_concern", by=grid.xin)
    assert refused.value.rule == "经办人与复核人不能是同一人"
    with pytest.raises(NotThere):
        move(lead, "settle_concern", by=cast.hu)
    with pytest.raises(NotAllowed):
        move(lead, "settle_concern", by=cast.rita)
    move(lead, "take_back", by=grid.yi, data={"reason": "再看一周"})
    move(lead, "wind_up", by=grid.xin, data={"outcome": "一周没有再发生"})
    move(lead, "settle_concern", by=grid.he)
    assert (Concern.objects.get().state, Concern.objects.get().rework) == ("settled", 1)


def test_the_form_says_so_before_anything_is_sent(place: District, cast: Cast, grid: Grid) -> None:
    page = as_(cast.rita).get(f"/safety_grid/report/?at={place.room.pk}").content.decode()
    assert "只有心理与德育专员能看到" in page
    with pytest.raises(BadInput) as refused:
        raised(place, cast.rita, words="", photos=[])
    assert refused.value.errors == {"words": ["请写一句您看到或听到了什么。"]}


def test_its_page_leaves_no_copy_on_a_phone(lead: Concern, grid: Grid) -> None:
    answer = as_(grid.xin).get(f"/safety_grid/concerns/{lead.number}/")
    assert (answer.status_code, KEPT_FOR in answer.headers) == (200, False)


def test_nobody_joins_it_without_belonging_to_the_circle(lead: Concern, cast: Cast, grid: Grid) -> None:
    for who in outsiders(cast, grid):
        with pytest.raises(NotThere):
            move(lead, "follow", by=who)
    assert set(CaseParty.objects.filter(case=lead.pk).values_list("person__username", flat=True)) == {"rita"}


def test_a_strangers_lead_goes_to_the_counsellors_at_once(place: District, cast: Cast, grid: Grid) -> None:
    sticker = sticker_of(place.room, cast.lin)
    welcome(place.school, is_on=True, by=cast.ada)
    slip = Slip("AAAA-BBBB-CCCC-DDDD", MONDAY - timedelta(minutes=1)).signed()
    visitor = Client()
    answer = visitor.post(f"/safety_grid/visit/{sticker.code}/", {"slip": slip, "topic": "HZ-16", "words": SECRET})
    assert answer.status_code == 200
    lead = Concern.objects.get()
    assert (lead.circle, lead.opener, lead.state) == ("minors", None, "received")
    assert visitor.get(f"/safety_grid/concerns/{lead.number}/").status_code == 200
    for who in (grid.an, cast.dora, cast.lin, cast.hu):
        with pytest.raises(NotThere):
            find(CONCERNS, lead.number, by=who)
    assert Case.objects.count() == 1
