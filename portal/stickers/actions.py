"""The only writers of stickers: making, revoking, following a thing, and a school's welcome to strangers."""

from collections.abc import Sequence

from django.db import transaction

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.ledger.actions import append, entry, write
from portal.orgs.access import may
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.roles import keepers

from .codes import fresh
from .models import Sticker, Welcome
from .queries import living, unmarked

MOST = 1000  # stickers made in one go


@transaction.atomic
def make(unit: Unit, *, by: User) -> int:
    """Gives every place of a school without a sticker its own, this unit and everything below; says how many.

    At most 1,000 at once. Refused for people who do not keep stickers there, and where there are no places.
    """
    _refuse_stranger(by, unit)
    Unit.objects.select_for_update().get(pk=unit.pk)  # two who print at once make one sticker
    wanted = list(unmarked(unit)[:MOST])
    _write([(place, "") for place in wanted], by=by)
    return len(wanted)


@transaction.atomic
def stick(things: Sequence[tuple[Unit, str]], *, by: User) -> int:
    """Gives things (place and address, such as `asset:17`) their stickers, those that have none; says how many.

    The caller has asked whether `by` may write these things.
    """
    have = set(living().filter(about__in=[about for _, about in things]).values_list("about", flat=True))
    missing = [(unit, about) for unit, about in things if about and about not in have]
    _write(missing, by=by)
    return len(missing)


@transaction.atomic
def revoke(sticker: Sticker, *, by: User) -> Sticker:
    """补办: the code opens nothing any more, and another one takes its place. Refused for one revoked before."""
    _refuse_stranger(by, sticker.unit)
    sticker = Sticker.objects.select_for_update(of=("self",)).select_related("unit__school").get(pk=sticker.pk)
    if sticker.revoked_at is not None:
        raise Refused("这张贴纸已经作废过了。", instead="请回到列表，看这里现在的编码。")
    at = clock.now()
    Sticker.objects.filter(pk=sticker.pk).update(revoked_at=at, revoked_by=by)
    append(sticker, "revoked", by=by, at=at)
    return _write([(sticker.unit, sticker.about)], by=by)[0]


def follow(about: str, *, to: Unit, by: User) -> None:
    """The thing stands somewhere else now: its sticker goes with it."""
    sticker = living().select_for_update().filter(about=about).first()
    if sticker is not None and sticker.unit_id != to.pk:
        Sticker.objects.filter(pk=sticker.pk).update(unit=to)
        append(sticker, "followed", by=by, at=clock.now(), facts={"unit": to})


@transaction.atomic
def welcome(school: Unit, *, is_on: bool, by: User, seen: int | None = None) -> Welcome:
    """Whether people without an account may report at this school by its stickers. Refused unless `by` is admin there."""
    if not may(by, "admin", school.path):
        raise NotAllowed("未登录报修由这所学校的系统管理员开关。", who="系统管理员")
    if school.kind != UnitKind.SCHOOL:
        raise BadInput("只有学校可以开关未登录报修。")
    Unit.objects.select_for_update().get(pk=school.pk)
    at = clock.now()
    row = Welcome.objects.filter(school=school).first() or Welcome(school=school)
    if seen is not None and seen != row.version:
        raise Stale("这个开关刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    row.is_on, row.changed_at, row.changed_by, row.version = is_on, at, by, row.version + 1
    row.save()
    append(row, "set", by=by, at=at, facts={"school": school, "is_on": is_on})
    return row


def _refuse_stranger(by: User, unit: Unit) -> None:
    if not may(by, keepers("stickers"), unit.path):
        raise NotAllowed("贴纸由系统管理员、总务主任或资产管理员管理。", who="系统管理员、总务主任、资产管理员")


def _write(things: Sequence[tuple[Unit, str]], *, by: User) -> list[Sticker]:
    """New stickers with their first entries, in three statements whatever their number."""
    at = clock.now()
    codes = fresh(len(things), lambda drawn: Sticker.objects.filter(code__in=drawn).values_list("code", flat=True))
    made = Sticker.objects.bulk_create(
        Sticker(code=code, unit=unit, about=about, made_at=at, made_by=by)
        for code, (unit, about) in zip(codes, things, strict=True)
    )
    write(
        entry(one, "made", by=by, at=at, facts={"unit": one.unit_id, "about": one.about, "code": one.code})
        for one in made
    )
    Sticker.objects.bulk_update(made, ["chain_seq", "chain_head"], batch_size=500)
    return made
