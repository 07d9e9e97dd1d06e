"""Photos and files given as proof: known to the rest of the house by address only, such as `case:17`."""

from typing import NamedTuple
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.orgs.models import User


class PieceKind(models.TextChoices):
    """A photo is re-encoded and shown; a document is kept as it came and only ever downloaded."""

    PHOTO = "photo", "照片"
    DOCUMENT = "document", "文件"


class Front(NamedTuple):
    """What is shown of a piece: the file, its small picture, its digest."""

    stored: str
    thumbnail: str
    sha256: str


class Piece(models.Model):
    """One photo or file. Belongs to whoever uploaded it until it is attached to an address, once and for good.

    `stored` and `sha256` are what the chain names. Of a photo covered after that, `shown` is what everybody sees in its
    place; `covered` are the cells painted over, by number (see `covers`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    uploader = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    receipt = models.CharField(max_length=64, blank=True, default="", db_collation="C")
    kind = models.CharField(max_length=10, choices=PieceKind.choices)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=100, blank=True, default="")
    stored = models.CharField(max_length=100, unique=True, db_collation="C")
    thumbnail = models.CharField(max_length=100, blank=True, default="")
    uploaded_at = models.DateTimeField()
    address = models.CharField(max_length=60, blank=True, default="", db_collation="C")
    role = models.CharField(max_length=40, blank=True, default="")
    attached_at = models.DateTimeField(null=True)
    attached_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    covered = ArrayField(models.PositiveSmallIntegerField(), default=list)
    shown = models.CharField(max_length=100, blank=True, default="", db_collation="C")
    shown_thumbnail = models.CharField(max_length=100, blank=True, default="")
    shown_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uploader=None) & ~Q(receipt="") | Q(uploader__isnull=False, receipt=""),
                name="piece_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(address="", attached_at=None) | ~Q(address="") & Q(attached_at__isnull=False),
                name="piece_attached_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(shown="", shown_sha256="") | ~Q(shown="") & ~Q(shown_sha256="") & ~Q(address=""),
                name="piece_shown_in_place_of_what_is_attached",
            ),
        ]
        indexes = [
            models.Index(fields=["address"], name="piece_address", condition=~Q(address="")),
            models.Index(fields=["uploader"], name="piece_waiting_person", condition=Q(address="")),
            models.Index(fields=["receipt"], name="piece_waiting_receipt", condition=Q(address="") & ~Q(receipt="")),
            models.Index(fields=["uploaded_at"], name="piece_waiting", condition=Q(address="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def front(self) -> Front:
        """What everybody who may see it is shown."""
        if self.shown:
            return Front(self.shown, self.shown_thumbnail, self.shown_sha256)
        return Front(self.stored, self.thumbnail, self.sha256)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file of it on disk."""
        return tuple(name for name in (self.stored, self.thumbnail, self.shown, self.shown_thumbnail) if name)

    @property
    def is_photo(self) -> bool:
        """Whether it may be shown on a page."""
        return self.kind == PieceKind.PHOTO


class Reference(models.Model):
    """A piece shown at another address too (a report that became another affair's case): never taken in twice."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="references")
    address = models.CharField(max_length=60, db_collation="C")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "piece"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.piece_id} {self.address}"
