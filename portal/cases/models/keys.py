"""Keys of writes already answered, kept in the same transaction as their effect."""

from django.db import models


class AnsweredKey(models.Model):
    """One write by one actor under one idempotency key: the same request again gets the same answer."""

    who = models.CharField(max_length=60, db_collation="C")
    key = models.CharField(max_length=80, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="answered_key_once")]
        indexes = [models.Index(fields=["at"], name="answered_key_at")]

    def __str__(self) -> str:
        return f"{self.who} {self.key}"
