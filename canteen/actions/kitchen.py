"""Cameras: setting one, changing it, taking it away; its heartbeat; when parents may look; silent ones become cases."""

from typing import Any

from django.db import transaction

from canteen.flow.kitchen import OUTAGES
from canteen.models import Camera, Canteen, KitchenView, Outage
from canteen.queries import kitchen as queries
from canteen.rules import kitchen as rules
from canteen.rules.places import keeps_canteen
from portal import clock
from portal.cases.actions import filled, move, open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.cases.sweep import on_sweep
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.actions import CLOCK, append
from portal.orgs.models import User


@transaction.atomic
def set_camera(
    camera: Camera | None, *, canteen: Canteen, spot: str, name: str, by: User | str, stream: str = "", still: str = "",
    seen: int | None = None,
) -> Camera:  # fmt: skip
    """A new camera, or another address or spot of this one. Refused: who does not keep the canteen, addresses that are not
    https (or listed by the operator), a name that is taken, one changed meanwhile."""
    Canteen.objects.select_for_update(of=("self",)).get(pk=canteen.pk)
    keeps_canteen(by, canteen.school)
    rules.fit_addresses(stream, still)
    row = Camera.objects.select_for_update(of=("self",)).get(pk=camera.pk) if camera else Camera(canteen=canteen)
    if seen is not None and row.pk and seen != row.version:
        raise Stale("这个摄像头刚刚被别人改过，这次没有写入。", instead="请看过现在的内容再改。")
    if Camera.objects.filter(canteen=canteen, name=name).exclude(pk=row.pk or 0).exists():
        raise BadInput("这个食堂已有同名的摄像头。", errors={"name": ["这个食堂已有同名的摄像头，请换个名称。"]})
    verb, at = ("changed" if row.pk else "set"), clock.now()
    row.spot, row.name, row.stream, row.still, row.version = spot, name, stream, still, row.version + 1
    row.seen_at, row.set_at = row.seen_at or at, row.set_at or at
    row.save()
    append(row, verb, by=by, at=at, facts={"canteen": canteen.pk, "spot": spot})
    return row


@transaction.atomic
def retire_camera(camera: Camera, *, by: User | str) -> Camera:
    """停用: it counts no more, and its outage is closed."""
    camera = Camera.objects.select_for_update(of=("self",)).select_related("canteen__school").get(pk=camera.pk)
    keeps_canteen(by, camera.canteen.school)
    if camera.retired_on is None:
        camera.retired_on, camera.version = clock.today(), camera.version + 1
        camera.save(update_fields=["retired_on", "version"])
        append(camera, "retired", by=by, at=clock.now())
        _close(camera, "camera_retired")
    return camera


@transaction.atomic
def heartbeat(camera: Camera, *, by: User) -> Camera:
    """A program says that the camera lives; an outage of it ends. Refused: programs of people who keep no canteen there."""
    camera = Camera.objects.select_for_update(of=("self",)).select_related("canteen__school").get(pk=camera.pk)
    keeps_canteen(by, camera.canteen.school)
    camera.seen_at = clock.now()
    Camera.objects.filter(pk=camera.pk).update(seen_at=camera.seen_at)
    _close(camera, "back_online")
    return camera


def _close(camera: Camera, step: str) -> None:
    for case in Outage.objects.filter(camera=camera, is_open=True):
        move(case, step, by=CLOCK)


@transaction.atomic
def set_view(
    canteen: Canteen, *, parents: bool, windows: list[list[str]], by: User | str, seen: int | None = None
) -> KitchenView:
    """Says whether parents may look, and when. Refused: who does not keep the canteen, one changed meanwhile."""
    canteen = Canteen.objects.select_for_update(of=("self",)).select_related("school").get(pk=canteen.pk)
    keeps_canteen(by, canteen.school)
    row = KitchenView.objects.filter(canteen=canteen).first() or KitchenView(canteen=canteen)
    if seen is not None and seen != row.version:
        raise Stale("开放时段刚刚被别人改过，这次没有写入。", instead="请看过现在的再改。")
    row.parents, row.windows, row.version = parents, windows, row.version + 1
    row.save()
    append(row, "set", by=by, at=clock.now(), facts={"parents": parents, "windows": [list(one) for one in windows]})
    return row


def open_outage(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens the case of a silent camera; only the clock does."""
    if not is_clock(by):
        raise NotAllowed("摄像头掉线由系统发现。", who="系统", instead="要停用摄像头，请到“明厨亮灶”。")
    camera: Camera = form.cleaned_data["camera"]
    columns = {"camera": camera, "since": camera.seen_at}
    title = f"{camera.canteen.name}摄像头掉线：{camera.name}"
    return open_case(
        OUTAGES, unit=camera.canteen.unit, title=title, by=by, form=form, topic=camera.spot, columns=columns
    )


@on_sweep
def find_silent() -> int:
    """Every pass of the clock: cameras silent for their canteen's minutes become cases, a hundred at a time. How many."""
    opened = 0
    for one in list(queries.silent()[:100]):
        with transaction.atomic():
            camera = queries.silent().select_for_update(of=("self",), skip_locked=True).filter(pk=one.pk).first()
            if camera is None:
                continue
            form = filled(OUTAGES, OUTAGES.opening, case=None, by=CLOCK, data={"camera": camera.pk})
            open_outage(form, by=CLOCK)
            opened += 1
    return opened
