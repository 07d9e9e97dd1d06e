"""明厨亮灶: cameras by key spot, when parents may look, and a camera that is silent. No picture is stored, none analysed."""

from django.db import models

from portal.cases.models import Case
from portal.ledger.models import Chained

from .places import Canteen


class Camera(Chained):
    """One camera at one key spot (canteen/data/spots.json). `stream` is the address of its HLS playlist, `still` of a picture.

    It is in use from `set_at` until the day it is `retired_on`. `seen_at` is when it last said that it lives; what it shows passes through the portal and is never stored.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="cameras")
    spot = models.CharField("关键点位", max_length=4)
    name = models.CharField("名称", max_length=40)
    stream = models.CharField("视频地址", max_length=300, blank=True, default="")
    still = models.CharField("截图地址", max_length=300, blank=True, default="")
    set_at = models.DateTimeField("启用时间")
    seen_at = models.DateTimeField("最近在线")
    retired_on = models.DateField("停用日期", null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["canteen", "name"], name="camera_once", violation_error_message="这个食堂已有同名的摄像头。"
            )
        ]
        indexes = [models.Index(fields=["seen_at"], name="camera_seen", condition=models.Q(retired_on=None))]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.spot}"


class KitchenView(Chained):
    """When parents of the school may look into the kitchen: `windows` is [["10:30", "12:30"]], on school days."""

    canteen = models.OneToOneField(Canteen, on_delete=models.PROTECT, related_name="kitchen_view")
    parents = models.BooleanField("家长可看", default=False)
    windows = models.JSONField("开放时段", default=list)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.canteen_id} {self.windows}"


class Outage(Case):
    """A camera that has been silent since `since`: to be brought back within a day."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="outages")
    since = models.DateTimeField("最后在线")

    class Meta:
        default_permissions = ()
