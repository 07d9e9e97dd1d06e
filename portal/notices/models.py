"""Who is told: the inbox, what is on its way through other channels, and which channels a person wants."""

from django.db import models
from django.db.models import Q

from portal.orgs.models import User
from portal.outbox import Outgoing

TITLE = 120  # characters of a notice's one-sentence title
BODY = 300  # characters of its at most two sentences more
REASONS = {
    "channel_off": "这种接收方式已停用",
    "person_left": "收件人已离开",
    "no_address": "没有登记地址",
    "sender_died": "发送程序多次中断",
}


class Notice(models.Model):
    """One thing one person is told: a sentence, at most two more, and one address to go to.

    `about` is the row it concerns, such as `case:17`; `urgent` (P1, safety) ignores quiet hours. `id` orders the inbox.
    """

    to = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="notices")
    about = models.CharField(max_length=60, db_collation="C")
    verb = models.CharField(max_length=40, db_collation="C")
    title = models.CharField(max_length=TITLE)
    body = models.CharField(max_length=BODY, blank=True)
    url = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["to", "-id"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["to", "-id"], name="notice_all"),
        ]

    def __str__(self) -> str:
        return f"{self.to_id} {self.about} {self.verb}"


class Delivery(Outgoing):
    """One notice on its way through one channel."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, db_index=False, related_name="deliveries")
    channel = models.CharField(max_length=20, db_collation="C")
    urgent = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="delivery_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"

    @property
    def reason(self) -> str:
        """Why it did not arrive, for an admin."""
        if self.error.startswith("smtp_"):
            return f"邮件服务器拒收（{self.error.removeprefix('smtp_')}）"
        return REASONS.get(self.error, f"对方暂时不通（{self.error}）")


class ChannelChoice(models.Model):
    """Whether a person wants a channel; without a row they do. The inbox cannot be switched off."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="channel_choices")
    channel = models.CharField(max_length=20, db_collation="C")
    on = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="channel_choice_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel} {self.on}"
