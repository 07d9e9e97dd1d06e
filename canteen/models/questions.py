"""提问: what a parent, pupil or teacher asks the canteen, and what everybody may read of it."""

from django.db import models
from django.db.models import Q

from portal.cases.models import Case

from .places import Canteen


class Question(Case):
    """One question. Asked privately it stands in the circle `canteen.apps.PRIVATE` from first to last.

    `shown` and `reply` are what everybody may read of a public one, in the words the answerer took care of; the asker is
    named nowhere. `again` counts how often the asker came back. A public one is `listed` from its first answer on.
    """

    canteen = models.ForeignKey(Canteen, on_delete=models.PROTECT, related_name="questions", verbose_name="食堂")
    shown = models.TextField("公开的问题", blank=True, default="")
    reply = models.TextField("公开的答复", blank=True, default="")
    answered_at = models.DateTimeField("首次答复", null=True)
    again = models.PositiveSmallIntegerField("追问次数", default=0)
    listed = models.BooleanField("在公开列表上", default=False)

    class Meta:
        indexes = [models.Index(fields=["canteen", "-answered_at"], name="question_listed", condition=Q(listed=True))]
        default_permissions = ()
