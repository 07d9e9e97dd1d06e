"""One of fifty equal submissions wins at every step of the canteen's accounts, and of its books; nothing is booked twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from canteen.actions.books import book
from canteen.flow import MONTHS, TERMS, WEEKLY
from canteen.models import Canteen, Entry, EntrySeal
from portal.cases.actions import move
from portal.cases.flow import Flow, address_of
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.publications.models import Publication
from tests.canteen.booking import opened
from tests.canteen.cast import Kitchen, canteen_of, kitchen_of
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
Steps = dict[str, tuple[str, str, dict[str, Any]]]
SIGNED: Steps = {
    "prepare": ("due", "kuai", {}),
    "check": ("prepared", "jiang", {}),
    "sign": ("checked", "mei", {}),
    "send_back": ("checked", "mei", {"reason": "水电费不对"}),
}
# Who takes which step, from which state, with what; the spine's own steps are those of tickets.
STEPS: dict[str, Steps] = {
    WEEKLY.kind: SIGNED,
    MONTHS.kind: SIGNED
    | {"agree": ("to_head", "lin", {}), "approve": ("to_vice", "vera", {}), "publish": ("endorsed", "hu", {})},
    TERMS.kind: SIGNED | {"publish": ("endorsed", "hu", {})},
}
FLOWS = {flow.kind: flow for flow in (WEEKLY, MONTHS, TERMS)}
PERIODS = {WEEKLY.kind: "2026-W{}", MONTHS.kind: "20{}-03", TERMS.kind: "20{}-2"}
SPINE = {"nudge", "acknowledge", "follow", "unfollow", "comment"}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.kind)
def test_the_table_has_every_step(flow: Flow) -> None:
    assert set(STEPS[flow.kind]) | SPINE == {step.name for step in flow.steps if step.role != "clock"}


def stand(state: str, flow: Flow, turn: int, canteen: Canteen, kitchen: Kitchen, cast: Cast) -> Case:
    """An account of an empty period in this state, another period each `turn`."""
    case = opened(canteen, flow, PERIODS[flow.kind].format(20 + turn))
    for step, (stands, who, _) in STEPS[flow.kind].items():
        if case.state == state:
            break
        if step != "send_back":
            assert case.state == stands
            case = move(case, step, by=getattr(kitchen, who, None) or getattr(cast, who))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, steps in STEPS.items() for name in steps])
def test_fifty_equal_posts_of_a_step_happen_once(kind: str, name: str, place: District, cast: Cast) -> None:
    kitchen, canteen = kitchen_of(place), canteen_of(place)
    state, who, data = STEPS[kind][name]
    case = stand(state, FLOWS[kind], list(STEPS[kind]).index(name), canteen, kitchen, cast)
    body = data | {"version": case.version, "key": f"{kind}-{name}-once"}
    actor = getattr(kitchen, who, None) or getattr(cast, who)
    answers = fifty(actor, f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    assert Publication.objects.filter(issue__case=case).count() == (
        name == "publish" or (name == "sign" and kind == WEEKLY.kind)
    )
    demand_sound_ledger()


def test_fifty_equal_entries_and_fifty_seals_are_one(place: District, cast: Cast) -> None:
    kitchen, canteen = kitchen_of(place), canteen_of(place)
    said = {
        "category": "CE-20",
        "dated": "2026-11-12",
        "amount": "60",
        "diners": "shared",
        "words": "燃气",
        "key": "once-only-booked",
    }
    assert fifty(kitchen.kuai, f"/canteen/books/add/?canteen={canteen.pk}", [said] * FIFTY).count(302) >= 1
    assert [one.amount for one in Entry.objects.all()] == [Decimal(60)]
    entry = book(canteen, dated=date(2026, 11, 12), category="CE-22", amount=Decimal(9), words="电费", by=kitchen.kuai)
    answers = fifty(kitchen.jiang, f"/canteen/books/{entry.pk}/seal/", [{}] * FIFTY)
    assert (answers.count(302), set(answers) <= {302, 409}) == (1, True)
    back = fifty(
        kitchen.kuai,
        f"/canteen/books/{entry.pk}/reverse/",
        [{"why": "错", "key": f"own-key-of-{n:04d}"} for n in range(12)],
    )
    assert (back.count(302), EntrySeal.objects.count(), Entry.objects.filter(reverses=entry).count()) == (1, 1, 1)
    demand_sound_ledger()
