"""What happened, one hash chain per holder, append-only. No names, phones or free text: ids, codes, amounts, digests."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db import models


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

    def __str__(self) -> str:
        return f"{self.address} {self.seq} {self.verb}"

    def expected(self) -> str:
        """The digest these contents must have."""
        return digest_of(self.address, self.seq, self.verb, self.who, self.at, self.facts, self.before)


class Chained(models.Model):
    """A row that carries the sequence and head of its own chain; lock it before appending."""

    chain_seq = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """Where this row's chain is found in the ledger, such as `case:17`."""
        return f"{self._chain_kind()}:{self.pk}"

    @classmethod
    def _chain_kind(cls) -> str:
        """The name of the model that defines the chain columns, so that a Ticket writes to its Case's chain."""
        owner = cls._meta.get_field("chain_head").model
        return str(owner._meta.model_name)


def digest_of(address: str, seq: int, verb: str, who: str, at: datetime, facts: dict[str, Any], before: str) -> str:
    """SHA-256 over one canonical spelling: UTC time, sorted keys, no spaces, raw UTF-8."""
    body = [address, seq, verb, who, at.astimezone(UTC).isoformat(timespec="microseconds"), facts, before]
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
