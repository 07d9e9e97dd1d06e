"""The open kitchen for programs: cameras by spot, setting and retiring them, the hours of parents, the sign that one lives."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import heartbeat, retire_camera, set_camera, set_view
from canteen.apps import KEEPERS, READERS
from canteen.forms.kitchen import CameraForm, ViewForm
from canteen.models import Camera, KitchenView
from canteen.queries import kitchen as queries
from canteen.queries import the_canteen
from canteen.rules.places import keeps_canteen
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

from .endpoint import CanteenEndpoint

READING, KEEPING = holding(*READERS), holding(*KEEPERS)
ORDER: Keyset[Camera] = Keyset(("pk",), (int,), lambda one: (one.pk,))
CameraShape = shape(
    "CameraShape", "A camera at a key spot; `online` says whether it has been heard of within the canteen's minutes.",
    id=serializers.IntegerField(), canteen=serializers.IntegerField(source="canteen_id"), spot=serializers.CharField(),
    name=serializers.CharField(), seen_at=serializers.DateTimeField(), version=serializers.IntegerField(),
    online=serializers.BooleanField(),
)  # fmt: skip

ViewShape = shape(
    "KitchenViewShape", "Whether parents may look, and in which hours of school days (`10:30-12:30`).",
    canteen=serializers.IntegerField(), parents=serializers.BooleanField(),
    windows=serializers.ListField(child=serializers.CharField()), version=serializers.IntegerField(),
)  # fmt: skip


def told(one: Camera) -> dict[str, Any]:
    """A camera as programs see it."""
    return dict(CameraShape(shown(one)).data)


def shown(one: Camera) -> Camera:
    """With whether it lives."""
    one.online = queries.is_online(one)  # type: ignore[attr-defined]
    return one


class CameraListForm(PageForm):
    """Whose cameras."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**31 - 1)


class NewCameraForm(CameraForm):
    """A camera, and whose it is."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=2**31 - 1)


class Cameras(CanteenEndpoint):
    """Cameras in use, and another one."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_cameras", "明厨亮灶：摄像头", asks=CameraListForm, gives=CameraShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_camera_add", "明厨亮灶：加摄像头", takes=object_of(NewCameraForm.base_fields), gives=CameraShape,
                     status=201, refuses=(404,), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of cameras, the oldest first."""
        asked = self.asked()
        canteen = the_canteen(self.by, asked["canteen"])

        def ask(bounds: Q, back: bool, n: int) -> list[Camera]:
            rows = Camera.objects.filter(bounds, canteen=canteen, retired_on=None).select_related("canteen")
            return [shown(one) for one in rows.order_by("-pk" if back else "pk")[:n]]

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), CameraShape)

    def post(self, request: Request) -> Response:
        """A new one, once per `Idempotency-Key`."""
        data = read(NewCameraForm.base_fields, request.data)
        said = dict(valid(NewCameraForm(data)))
        canteen = the_canteen(self.by, said.pop("canteen"), *KEEPERS)
        return self.keyed(data, lambda: told(set_camera(None, canteen=canteen, by=self.by, **said)), status=201)


class OneCamera(CanteenEndpoint):
    """One camera, and another spot, name or address."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_camera", "明厨亮灶：一个摄像头", gives=CameraShape),
        "POST": Verb("canteen_camera_change", "明厨亮灶：改摄像头", takes=object_of(CameraForm.base_fields), gives=CameraShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(queries.camera_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """Writes it, once per `Idempotency-Key`."""
        one = queries.camera_for(self.by, pk)
        canteen = the_canteen(self.by, one.canteen_id, *KEEPERS)
        data = read(CameraForm.base_fields, request.data)
        said = valid(CameraForm(data))
        return self.keyed(data, lambda: told(set_camera(one, canteen=canteen, by=self.by, **said)))


class RetiringCamera(CanteenEndpoint):
    """停用."""

    policies = {"POST": KEEPING}
    verbs = {"POST": Verb("canteen_camera_retire", "明厨亮灶：停用摄像头", "不再显示，也不再算掉线。", takes=object_of({}), gives=CameraShape,
                          keyed=True)}  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """It counts no more, once per `Idempotency-Key`."""
        data = read({}, request.data)

        def effect() -> dict[str, Any]:
            one = queries.camera_for(self.by, pk)
            the_canteen(self.by, one.canteen_id, *KEEPERS)
            return told(retire_camera(one, by=self.by))

        return self.keyed(data, effect)


class Viewing(CanteenEndpoint):
    """When parents may look into a kitchen."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_viewing", "明厨亮灶：家长可看的时段", gives=ViewShape),
        "POST": Verb("canteen_viewing_set", "明厨亮灶：设家长可看的时段", takes=object_of(ViewForm.base_fields), gives=ViewShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is set now; nobody may look where nothing is."""
        return Response(view_told(queries.view_of(the_canteen(self.by, pk))))

    def post(self, request: Request, pk: int) -> Response:
        """Sets it, once per `Idempotency-Key`."""
        canteen = the_canteen(self.by, pk, *KEEPERS)
        data = read(ViewForm.base_fields, request.data)
        said = valid(ViewForm(data))
        return self.keyed(data, lambda: view_told(set_view(canteen, by=self.by, **said)))


def view_told(view: KitchenView) -> dict[str, Any]:
    """When parents may look, as programs see it."""
    windows = [f"{since}-{until}" for since, until in view.windows]
    row = {"canteen": view.canteen_id, "parents": view.parents, "windows": windows, "version": view.version}
    return dict(ViewShape(row).data)


class CameraHeartbeat(CanteenEndpoint):
    """报平安."""

    policies = {"POST": KEEPING}
    verbs = {"POST": Verb("canteen_camera_heartbeat", "明厨亮灶：摄像头报平安", "每分钟一次；超过食堂设定的分钟数没有，就是掉线，会开出事项。", takes=object_of({}), gives=CameraShape)}  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """It lives, now; an outage of it ends. Saying it twice does no harm, so it takes no key."""
        read({}, request.data)
        one = queries.camera_for(self.by, pk)
        keeps_canteen(self.by, one.canteen.school)
        return Response(told(heartbeat(one, by=self.by)))
