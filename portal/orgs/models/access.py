"""What signing in leaves behind: known devices, tokens for programs, counts of failed tries; and the installation."""

from django.db import models

from .people import User


class Device(models.Model):
    """A browser in which this person has signed in before: strangers' guesses elsewhere never slow it down.

    `code` is the browser's own random mark, carried in a signed cookie; several people may share one browser.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    code = models.CharField(max_length=32, db_collation="C")
    name = models.CharField("设备", max_length=60)
    session_key = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    last_at = models.DateTimeField("最近登录")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="device_once")]

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """A personal token for programs; only its hash is kept. `second_factor`: a code was given when it was made."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("名称", max_length=60)
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    second_factor = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Attempts(models.Model):
    """How often one key was tried lately; `level` leaks away with time, and the next try is heard at `open_at`.

    A key is a digest: of a person and a device, a person alone, or a network.
    """

    key = models.CharField(max_length=64, unique=True, db_collation="C")
    level = models.FloatField(default=0)
    last_at = models.DateTimeField(db_index=True)
    open_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.level}"


class Installation(models.Model):
    """Whether this database is a demo or real; written at the first migrate, and demo mode refuses a real one."""

    kind = models.CharField(max_length=4, choices=[("demo", "演示"), ("real", "正式")])
    made_on = models.DateField()

    def __str__(self) -> str:
        return self.kind
