"""值班签到: signing in at a post by its sticker, and what the head corrects."""

from django.db import IntegrityError, transaction

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.ledger.actions import append
from portal.orgs.models import User
from portal.stickers.queries import sticker_at
from safety_grid.models import SignIn
from safety_grid.queries.duty import Duty, corrects, open_duties, own_duties, standing_at
from safety_grid.rules.duty import within_hours


@transaction.atomic
def sign_in(code: str, *, by: User) -> SignIn:
    """记下 that this person is at the post whose sticker they scanned, now. Once a day and post; again it is refused.

    Refused where no post of theirs is now: not yet, over, another place, another person.
    """
    sticker = sticker_at(code)
    if sticker is None or sticker.revoked_at is not None:
        raise BadInput("没有这个编码，请对照贴纸再输一遍。", errors={"code": ["没有这个编码，请对照贴纸再输一遍。"]})
    found = open_duties(sticker.unit, by)
    if not found:
        raise _why_not(sticker.unit_id, by)
    one = found[0]
    assert one.watch.holding is not None and one.watch.hours is not None
    now = clock.now()
    within_hours(*one.watch.hours, now)
    made = SignIn(holding=one.watch.holding, person=by, day=one.watch.day, at=now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused("您已经签到过了。", instead="在值班页可以看到时间。") from None
    facts = {"unit": sticker.unit, "holding": one.watch.holding.pk, "day": one.watch.day}
    append(made, "signed_in", by=by, at=now, facts=facts | {"standing": standing_at(one.watch.hours[0], now)})
    return made


def _why_not(unit: int, by: User) -> Refused:
    """What to do instead, from what the person has today."""
    mine = own_duties(by, clock.today())
    here = [one for one in mine if one.watch.cell.unit_id == unit]
    if here and here[0].sign_in is not None:
        return Refused("您已经签到过了。", instead="在值班页可以看到时间。")
    if here and here[0].watch.hours is not None:
        try:
            within_hours(*here[0].watch.hours, clock.now())
        except Refused as no:
            return no
    where = "、".join(one.watch.cell.unit.place for one in mine)
    return Refused("您今天不在这里值班。", instead=f"您今天的岗位：{where}。" if where else "您今天没有排值班。")


@transaction.atomic
def correct(duty: Duty, *, standing: str, reason: str, by: User, seen: int | None = None) -> SignIn:
    """更正: the school's safety head or a head says how it was, with the reason; both stay in the ledger.

    Refused for others, without a reason, for one's own post, and where somebody corrected it meanwhile.
    """
    holding = duty.watch.holding
    assert holding is not None
    if not corrects(by, duty.watch.cell.unit):
        raise NotAllowed("签到由安全办主任或校长更正。", who="安全办主任、校长")
    person = duty.person or holding.person
    if person.pk == by.pk:
        raise Refused("自己的签到，不能自己更正。", rule="更正人与值班人不能是同一人", who="另一位安全办主任或校长")
    row = SignIn.objects.select_for_update().filter(holding=holding, day=duty.watch.day).first()
    row = row or SignIn(holding=holding, person=person, day=duty.watch.day)
    if seen is not None and seen != row.version:
        raise Stale("这一条刚刚被别人更正过，这次没有写入。", instead="请看过新的内容再更正。")
    row.corrected, row.reason, row.version = standing, reason, row.version + 1
    row.save()
    facts = {"was": duty.standing, "standing": standing, "holding": holding.pk, "day": duty.watch.day}
    append(row, "corrected", by=by, at=clock.now(), facts=facts)
    return row
