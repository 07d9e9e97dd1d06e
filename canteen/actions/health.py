"""Health certificates: entering one, renewing it, who has left; told a month, a week and a day before it ends."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from canteen.models import Canteen, HealthCard
from canteen.queries.duties import AHEAD
from canteen.rules.menus import plans_menus
from portal import clock
from portal.errors import BadInput
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import append
from portal.notices.actions import tell
from portal.notices.models import Notice
from portal.orgs.access import holders
from portal.orgs.models import User

TOLD = ("canteen_manager", "food_safety_officer", "food_safety_director")


@transaction.atomic
def enter_health_card(
    canteen: Canteen, *, name: str, job: str, until: date, by: User | str, number: str = "", photos: Sequence[Piece] = ()
) -> HealthCard:  # fmt: skip
    """登记或续办健康证 of somebody who works in the kitchen, by name. Refused: who does not run it, a day gone by."""
    plans_menus(by, canteen.school)
    Canteen.objects.select_for_update(of=("self",)).get(pk=canteen.pk)
    if until < clock.today():
        raise BadInput("这张健康证已经过期。", errors={"until": ["这张健康证已经过期，请先办新的。"]})
    card = HealthCard.objects.filter(canteen=canteen, name=name, left_on=None).first() or HealthCard(
        canteen=canteen, name=name
    )
    verb = "renewed" if card.pk else "entered"
    card.job, card.number, card.until, card.version = job, number, until, card.version + 1
    card.save()
    at = clock.now()
    if photos and isinstance(by, User):
        attach(photos, to=card.address, role=f"card:{card.version}", by=by, at=at)
    append(card, verb, by=by, at=at, facts={"canteen": canteen.pk, "until": until})
    return card


@transaction.atomic
def leave_kitchen(card: HealthCard, *, by: User | str) -> HealthCard:
    """离岗: they work there no more, and need no certificate."""
    card = HealthCard.objects.select_for_update(of=("self",)).select_related("canteen__school").get(pk=card.pk)
    plans_menus(by, card.canteen.school)
    if card.left_on is None:
        card.left_on, card.version = clock.today(), card.version + 1
        card.save(update_fields=["left_on", "version"])
        append(card, "left", by=by, at=clock.now())
    return card


def warn_of_health(canteen: Canteen) -> int:
    """Tells those who answer for it of certificates that end in a month, a week, a day or today; once a day. How many."""
    at, today, told = clock.now(), clock.today(), 0
    since = clock.midnight(today)
    cards = HealthCard.objects.filter(canteen=canteen, left_on=None).order_by("pk")
    for card in cards:
        days = (card.until - today).days
        verb = f"ends_{days}"
        if days not in AHEAD or Notice.objects.filter(about=card.address, verb=verb, at__gte=since).exists():
            continue
        people = list(holders(TOLD, canteen.unit.path).order_by("pk"))
        title = f"健康证还有 {days} 天到期：{card.name}" if days else f"健康证今天到期：{card.name}"
        url = f"{reverse('canteen:health')}?canteen={canteen.pk}"
        body = f"{canteen.name} {card.job}，{card.until:%Y-%m-%d} 到期。过期不能上岗，请安排体检。"
        tell(people, about=card.address, verb=verb, title=title[:120], body=body, url=url, at=at)
        told += 1
    return told
