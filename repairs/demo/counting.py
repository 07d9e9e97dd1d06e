"""Stock-takes in the demo: one signed, one put off, one waiting for its signature, one being counted right now."""

from datetime import timedelta

from portal import clock
from portal.cases.actions import filled, move
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Stage, Story
from portal.orgs.models import Unit
from repairs.actions import take_stock
from repairs.actions.stocktakes import see, settle
from repairs.flow import STOCKTAKES
from repairs.models import Asset, StockTake
from repairs.queries.stocktakes import differences, kind_of

from .things import REGISTERS

SIGNED, RUNNING = REGISTERS[1], REGISTERS[0]
BEFORE = timedelta(days=4)  # how long before the end the running ones were begun


def takes(district: District, stage: Stage) -> None:
    """Begun by whoever keeps the register, where there is one."""
    school = district.schools.get(SIGNED) or district.schools.get(RUNNING)
    if school is not None:
        first = district.hours.at_work(school.unit.path, stage.starts + timedelta(days=1), 30)
        stage.add(first, _signed(district, school))
    running = district.schools.get(RUNNING)
    if running is not None:
        begun = district.hours.at_work(
            running.unit.path, max(stage.starts + timedelta(days=5), stage.until - BEFORE), 60
        )
        stage.add(begun, _running(district, running))


def _begun(district: District, school: School, place: Unit) -> StockTake:
    by = district.person(_keeper(school))
    form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=by, data={"unit": place.pk})
    return StockTake.objects.get(pk=take_stock(form, by=by).pk)


def _keeper(school: School) -> str:
    return school.holder("asset_manager") or school.holder("logistics_head")


def _seen(district: District, school: School, take: StockTake, *, but: int) -> None:
    """All but a few were found; one of them in another room."""
    by = district.person(_keeper(school))
    there = list(Asset.objects.filter(unit__path__startswith=take.unit_path).exclude(state="disposed").order_by("pk"))
    for number, asset in enumerate(there[: max(len(there) - but, 1)]):
        see(take, asset, at=school.places[-1] if number == 1 else None, by=by)


def _signed(district: District, school: School) -> Story:
    """Put off once; then counted, every difference settled, and signed by the principal."""
    keeper = district.person(_keeper(school))
    if not Asset.objects.filter(school=school.unit).exists():
        return
    move(_begun(district, school, school.unit), "cancel_count", by=keeper, data={"reason": "这周有检查，改到明天。"})
    take = _begun(district, school, school.unit)
    yield district.hours.at_work(school.unit.path, take.opened_at + timedelta(hours=26), 40)
    _seen(district, school, take, but=2)
    move(take, "finish_count", by=keeper)
    for line in differences(take):
        outcome, reason = {"missing": ("scrap", "找遍了没有，按报废报批")}.get(kind_of(line), ("moved", "就放在这里用"))
        settle(line, outcome=outcome, reason=reason, by=keeper)
    yield district.hours.at_work(school.unit.path, take.opened_at + timedelta(hours=50), 20)
    move(take, "sign_count", by=district.person(school.holder("principal")))


def _running(district: District, school: School) -> Story:
    """Two buildings: one waits for its signature, with differences still to be settled; one is half counted. Not before
    the school's own count is over, which a holiday draws out."""
    while StockTake.objects.filter(unit__path__startswith=school.unit.path, is_open=True).exists():
        yield district.hours.at_work(school.unit.path, clock.now() + timedelta(hours=24), 60)
    rows = Asset.objects.filter(school=school.unit).select_related("unit").order_by("unit__path", "pk")
    tops = {one.unit.path[: len(school.unit.path) + 4] for one in rows}
    buildings = list(Unit.objects.filter(path__in=tops, kind="building").order_by("path")[:2])
    for number, building in enumerate(buildings):
        take = _begun(district, school, building)
        _seen(district, school, take, but=1 + number)
        if number == 0:
            move(take, "finish_count", by=district.person(_keeper(school)))
