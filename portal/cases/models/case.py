"""A case: an affair that someone answers for, with its parties, its erasable words and its links."""

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from portal.ledger.models import Chained
from portal.orgs.access import reading, standing_in
from portal.orgs.models import Unit, User


class Bigrams(Func):
    """Pairs of neighbouring characters of a text, for finding Chinese words by index without an extension."""

    function = "bigrams"
    output_field = ArrayField(models.TextField())


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, only ever listed through one of these lenses."""

    def visible_to(self, user: User) -> "CaseQuerySet":
        """Opened by, assigned to or joined by the person, or read by a role of theirs; never where they are barred."""
        stands_for = standing_in(user).values("person")
        seen = Q(opener=user) | Q(assignee=user) | Q(assignee__in=stands_for) | governed_by(user)
        parties = CaseParty.objects.filter(case=OuterRef("pk"), person=user)
        joined = Exists(parties.filter(as_what__in=[CaseParty.FOLLOWER, CaseParty.HELPER]))
        return self.filter(seen | joined).not_barring(user)

    def governed_by(self, user: User) -> "CaseQuerySet":
        """What the person reads because of a role, not because they take part."""
        return self.filter(governed_by(user)).not_barring(user)

    def not_barring(self, user: User) -> "CaseQuerySet":
        """Leaves out cases in which the person is barred: nobody handles or reads a complaint about themselves."""
        return self.filter(
            ~Exists(CaseParty.objects.filter(case=OuterRef("pk"), person=user, as_what=CaseParty.BARRED))
        )

    def newest(self, n: int, *, before: int | None = None, narrow: bool = True) -> "CaseQuerySet":
        """A keyset page, newest first. `narrow` stops the planner from walking the whole table newest-first."""
        page = self.filter(pk__lt=before) if before else self
        return page.order_by((F("id") + 0).desc() if narrow else "-id")[:n]

    def search(self, words: str) -> "CaseQuerySet":
        """Cases whose number begins with the words, or whose title contains them."""
        words = words.strip().replace("\x00", "")
        if len(words) < 2:
            return self.filter(Q(number__startswith=words.upper()) | Q(title__icontains=words))
        grams = [words.lower()[at : at + 2] for at in range(len(words) - 1)]
        every: Any = self.model._base_manager
        titles = every.alias(grams=Bigrams("title")).filter(grams__contains=grams, title__icontains=words)
        numbers = every.filter(number__startswith=words.upper())
        return self.filter(pk__in=numbers.values("pk").union(titles.values("pk")))  # an OR would read every case


def governed_by(user: User) -> Q:
    """The condition for what a person's roles let them read: place, kinds, and no circle they do not belong to."""
    seen = Q(pk__in=[])
    for (kind, circles), paths in reading(user).items():
        kinds = Q() if kind == "*" else Q(kind__startswith=kind)
        for path in paths:
            seen |= Q(unit_path__startswith=path) & kinds & Q(circle__in=["", *circles])
    return seen


class Case(Chained):
    """One affair in progress; each affair's case extends it. Only `open_case` and `move` write it.

    `turn` says whose turn it is (a role code, `assignee` or `opener`), `due_at` the nearest running clock: both follow
    from the state and the deadlines and stand here so that a desk is one indexed question. `grade` is how grave it is, in
    the codes of its affair (blank: not judged, or the affair has no grades), so that what is open is counted by it from
    one index (docs/adr/0013). Of a `discreet` case the title
    and `unit` are fit for everybody who may see it; its `spot` is the room (see `discretion`).
    """

    kind = models.CharField(max_length=40, db_collation="C")
    number = models.CharField(max_length=40, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="地点")
    unit_path = models.CharField(max_length=64, db_collation="C", editable=False)
    circle = models.CharField(max_length=20, blank=True, default="")
    discreet = models.BooleanField(default=False)
    spot = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    topic = models.CharField(max_length=20, blank=True, default="")
    priority = models.PositiveSmallIntegerField(default=3)
    grade = models.CharField(max_length=8, blank=True, default="", db_default="", db_collation="C")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=24)
    turn = models.CharField(max_length=40, blank=True, default="")
    is_open = models.BooleanField(default=True)
    opener = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    receipt = models.CharField(max_length=64, blank=True, default="")
    assignee = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Case"]] = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number"),
            models.CheckConstraint(
                condition=Q(is_open=True, closed_at=None) | Q(is_open=False, closed_at__isnull=False),
                name="case_closed_has_a_time",
            ),
            models.CheckConstraint(condition=Q(is_open=True) | Q(due_at=None), name="case_closed_has_no_clock"),
        ]
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="case_place_new"),
            models.Index(fields=["opener", "-id"], name="case_opened"),
            models.Index(fields=["assignee", "-id"], name="case_assigned"),
            models.Index(
                fields=["unit_path", "kind", "state"],
                name="case_open_place",
                condition=Q(is_open=True),
                include=[
                    "circle",
                    "due_at",
                    "unit",
                    "is_open",
                    "topic",
                    "grade",
                ],  # what figures count live, read from the index alone
            ),
            models.Index(fields=["turn", "unit_path"], name="case_open_turn", condition=Q(is_open=True)),
            models.Index(fields=["opener"], name="case_open_opener", condition=Q(is_open=True)),
            models.Index(fields=["assignee"], name="case_open_assignee", condition=Q(is_open=True)),
            models.Index(fields=["due_at", "id"], name="case_open_due", condition=Q(is_open=True)),
            models.Index(fields=["receipt"], name="case_receipt", condition=~Q(receipt="")),
            GinIndex(Bigrams("title"), name="case_title_bigrams"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def parts_of(self) -> dict[int, set[str]]:
        """Whose parts in it the page has asked for with the case."""
        return getattr(self, "_parts_of", {})

    def keep_parts(self, by: User) -> None:
        """Takes over the parts of one person that were asked for with the case, as the annotation `parts`."""
        self._parts_of = {by.pk: set(getattr(self, "parts", ()))}

    @property
    def urgent(self) -> bool:
        """P1: people are in danger; quiet hours do not apply."""
        return self.priority == 1


class CaseParty(models.Model):
    """A person's part in a case beside opener and assignee; `barred` overrides every role."""

    FOLLOWER, HELPER, BARRED, HANDLED = "follower", "helper", "barred", "handled"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    as_what = models.CharField(
        max_length=10,
        choices=[(FOLLOWER, "关注人"), (HELPER, "协助人"), (BARRED, "须回避"), (HANDLED, "经办人")],
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person", "as_what"], name="case_party_once")]
        indexes = [models.Index(fields=["person", "as_what", "-case"], name="case_party_newest")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id} {self.as_what}"


class CaseLink(models.Model):
    """One case belongs to another: materials for a job, a hazard that became a repair, a merged duplicate."""

    source = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="case_link_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Words(models.Model):
    """What somebody wrote at one step. The chain holds only the salted digest, so the words can be erased."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="words")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    text = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq", "name"], name="words_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.name}"

    @classmethod
    def said(cls, name: str, text: str) -> "Words":
        """Unsaved words with a fresh salt."""
        return cls(name=name, text=text, salt=secrets.token_hex(16))

    @property
    def digest(self) -> str:
        """The digest the ledger keeps of these words."""
        return hashlib.sha256(f"{self.salt}{self.text}".encode()).hexdigest()


class CaseNumber(models.Model):
    """The last number given out per school, prefix and year."""

    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "prefix", "year"], name="case_number_counter")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.school_id} {self.year} {self.last}"
