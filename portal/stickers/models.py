"""Stickers: a short code for a place, or for a thing that stands there; and whether strangers may report by it."""

from django.db import models
from django.db.models import Q

from portal.ledger.models import Chained
from portal.orgs.models import Unit, User

from .codes import shown


class Sticker(Chained):
    """A code on a wall or on a thing. `about` is blank for the place itself, else an address such as `asset:17`.

    One living sticker serves every affair; a lost one is revoked for good and another takes its place.
    """

    code = models.CharField(max_length=8, unique=True, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stickers", verbose_name="地点")
    about = models.CharField(max_length=60, blank=True, default="", db_collation="C")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(about="", revoked_at=None), name="sticker_one_of_a_place"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=~Q(about="") & Q(revoked_at=None), name="sticker_one_of_a_thing"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.code

    @property
    def spelled(self) -> str:
        """The code in two groups."""
        return shown(self.code)

    @property
    def asked(self) -> dict[str, str]:
        """What a door's page is asked for: the place, and the thing by its kind (`at=3&asset=17`)."""
        kind, _, pk = self.about.partition(":")
        return {"at": str(self.unit_id)} | ({kind: pk} if kind else {})


class Welcome(Chained):
    """Whether a school takes reports from people who are not signed in; without a row it does not."""

    school = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="学校")
    is_on = models.BooleanField("接受", default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.school_id} {self.is_on}"
