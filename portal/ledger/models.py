"""What happened, one hash chain per holder, append-only: ids, codes, amounts, digests; never names or words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

from portal.clock import SCHOOL_TIME

from . import keys
from .digests import digest_of, digest_of_body, seal_body, spell

__all__ = ["Chained", "Event", "Seal", "SealedHead", "Witnessed", "digest_of"]

UNDER_WAY = timedelta(hours=1)  # how long a transaction under way at midnight may take; the database refuses later ones


class Event(models.Model):
    """One thing that happened to one holder (a case, an appointment, a setting), linked to the one before."""

    address = models.CharField(max_length=60, db_collation="C")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    who = models.CharField(max_length=60, db_collation="C")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "seq"], name="event_no_forks")]
        indexes = [models.Index(fields=["at"], name="event_at")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.address} {self.seq} {self.verb}"

    def expected(self) -> str:
        """The digest these contents must have."""
        return digest_of(self.address, self.seq, self.verb, self.who, self.at, self.facts, self.before)


class Chained(models.Model):
    """A row that carries the sequence and head of its own chain; lock it before appending, and never delete it."""

    chain_seq = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """Where this row's chain is found in the ledger, such as `case:17`."""
        return f"{self._chain_kind()}:{self.pk}"

    @classmethod
    def chain_owner(cls) -> type["Chained"]:
        """The model whose table has the chain's columns: a Ticket writes to its Case's chain."""
        owner = cls._meta.get_field("chain_head").model
        assert issubclass(owner, Chained)
        return owner

    @classmethod
    def _chain_kind(cls) -> str:
        return str(cls.chain_owner()._meta.model_name)


class Seal(models.Model):
    """One day closed for good: the heads of all chains that grew, hashed into `root`, signed, naming the seal before.

    `day` is a date in China, `count` how many chains grew, `events` how many events that are; `digest` is the name by
    which the next seal and all outsiders know this one.
    """

    day = models.DateField(unique=True)
    before = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    root = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    public_key = models.CharField(max_length=44)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=88)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before"], name="seal_no_forks")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"

    @property
    def starts(self) -> datetime:
        """The first moment of the day, in China."""
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=SCHOOL_TIME)

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer of this day."""
        return self.starts + timedelta(days=1)

    @property
    def floor(self) -> datetime:
        """The earliest date of an event this seal may be the first to cover; the first seal has no such limit."""
        return self.starts - UNDER_WAY if self.before else datetime.min.replace(tzinfo=UTC)

    @property
    def body(self) -> bytes:
        """What the signature covers."""
        return seal_body(
            day=self.day.isoformat(),
            before=self.before,
            count=self.count,
            events=self.events,
            root=self.root,
            made_at=spell(self.made_at),
            public_key=self.public_key,
        )

    @property
    def public_key_id(self) -> str:
        """The short name of the key that signed."""
        return keys.fingerprint(self.public_key)

    def expected(self) -> str:
        """The digest these contents must have."""
        return digest_of_body(self.body)

    def line(self) -> dict[str, Any]:
        """The seal as outsiders keep it: one JSON object, complete enough to check the signature with nothing else."""
        return {
            "day": self.day.isoformat(),
            "before": self.before,
            "count": self.count,
            "events": self.events,
            "root": self.root,
            "made_at": spell(self.made_at),
            "public_key": self.public_key,
            "digest": self.digest,
            "signature": self.signature,
        }


class SealedHead(models.Model):
    """Where one chain ended when a day was sealed; written only for chains that had grown since the seal before."""

    # No constraints towards other tables: a seal that is taken away must leave its heads behind to accuse.
    pk = models.CompositePrimaryKey("address", "seq")
    seal = models.ForeignKey(Seal, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="heads")
    address = models.CharField(max_length=60, db_collation="C")
    seq = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.address} {self.seq}"


class Witnessed(models.Model):
    """A seal reached one outsider by e-mail; `witness` is the SHA-256 of the address, so the table tells no address."""

    seal = models.ForeignKey(Seal, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="witnessed")
    witness = models.CharField(max_length=64)
    witnessed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["witness", "seal"], name="witnessed_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seal_id} {self.witnessed_at}"
