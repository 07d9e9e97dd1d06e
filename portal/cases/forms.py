"""What people may type at a step: the page's form, the API's serializer and `move` all use this one form."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict

from portal.errors import Refused
from portal.evidence.fields import EvidenceField
from portal.evidence.models import Piece
from portal.orgs.access import holders, places_for
from portal.orgs.models import Unit, User
from portal.widgets import ask_for_each
from portal.wire.rows import RowsField

from .actors import Actor, is_clock
from .models import Case
from .queries import open_alike

FormData = Mapping[str, Any]


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """A refusal inside becomes a sentence of the form, beside its field where it names one."""
    try:
        yield
    except Refused as refused:
        for name, lines in (refused.errors or {"": [refused.sentence]}).items():
            form.add_error(name if name in form.fields else None, lines)


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Puts a refusal beside the form: at the fields it names, unless they say so already, else above them all."""
    if not refused.errors or set(refused.errors) - set(form.fields):
        form.add_error(None, refused.sentence)
    for name, lines in refused.errors.items():
        if name in form.fields and not form.errors.get(name):
            form.add_error(name, lines)


class WordsField(forms.CharField):
    """Something said in words: kept erasable beside the chain, at most 1,000 characters."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        options.setdefault("max_length", 1000)
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)


class PersonField(forms.ModelChoiceField):
    """A person who holds one of `roles` at the case's place (or above it)."""

    def __init__(self, *roles: str, **options: Any) -> None:
        self.roles = roles
        options.setdefault("empty_label", "请选择")
        super().__init__(queryset=User.objects.none(), **options)

    def offer(self, unit: Unit) -> None:
        """Offers the holders at one place."""
        self.queryset = holders(self.roles, unit.path).order_by("name", "pk")


class NamedPersonField(forms.CharField):
    """Somebody named by name, username or phone, among the people of the acting person's own school or office."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.near: Unit | None = None

    def clean(self, value: Any) -> Any:
        """The person; refused when nobody here is called that, or several are."""
        words = super().clean(value)
        if not words:
            return None
        if self.near is None:
            raise forms.ValidationError("您没有所属单位，不能替别人填报。")
        top = (self.near.school or self.near).path
        found = User.objects.filter(Q(name=words) | Q(username=words) | Q(phone=words), is_active=True)
        people = list(found.filter(home__path__startswith=top)[:2])
        if len(people) != 1:
            why = "没有找到这个人" if not people else "有同名的人"
            raise forms.ValidationError(f"{why}，请填工号或手机号。")
        return people[0]


class CaseField(forms.CharField):
    """Another open case of the same kind and school, named by its number, among those the acting person may see."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.by: Actor | None = None
        self.case: Case | None = None

    def clean(self, value: Any) -> Any:
        """The case; refused when there is none of that number, or it has ended."""
        number = super().clean(value)
        if not number:
            return None
        case, found = self.case, None
        if isinstance(self.by, User) and case is not None:
            alike = Case.objects.visible_to(self.by).filter(kind=case.kind, unit__school=case.unit.school_id)
            found = alike.exclude(pk=case.pk).filter(number=number.upper()).first()
        if found is None:
            raise forms.ValidationError("本校没有这个编号的另一件，请对照列表再填。")
        if not found.is_open:
            raise forms.ValidationError("那一件已经了结，请填在办的。")
        return found


class PlaceField(forms.ModelChoiceField):
    """A place: anywhere the person may report, or within the case's own school."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", "请选择地点")
        super().__init__(queryset=Unit.objects.none(), **options)

    def offer(self, by: Actor, school: Unit | None) -> None:
        """Offers places: the school's when it is known, the person's own otherwise."""
        if school is not None:
            self.queryset = Unit.objects.open().filter(Q(school=school)).order_by("path")
        elif isinstance(by, User):
            self.queryset = places_for(by).filter(school__isnull=False).order_by("path")
        elif is_clock(by):
            self.queryset = Unit.objects.open().filter(school__isnull=False)

    def label_from_instance(self, obj: Any) -> str:
        """The place as people say it."""
        return str(obj.place)


class StepForm(forms.Form):
    """The input of one step. It knows the case (none when opening) and who acts, and offers only what they may choose."""

    def __init__(
        self,
        data: FormData | None = None,
        *,
        by: Actor,
        case: Case | None = None,
        needs: tuple[str, ...] = (),
        carried: Sequence[Piece] = (),
        **options: Any,
    ) -> None:
        """`carried` are photos of the case it is opened out of: shown at the new one too, and counted as its own."""
        super().__init__(data, **options)
        self.by, self.case, self.carried = by, case, list(carried)
        ask_for_each(self.fields)
        for name, field in self.fields.items():
            if isinstance(field, EvidenceField):
                field.bind(by, needed=name in needs and not self.carried)
            elif isinstance(field, RowsField):
                field.bind(by=by, case=case)
            elif isinstance(field, PersonField) and case is not None:
                field.offer(case.unit)
            elif isinstance(field, CaseField):
                field.by, field.case = by, case
            elif isinstance(field, NamedPersonField):
                field.near = by.home if isinstance(by, User) else None
            elif isinstance(field, PlaceField):
                field.offer(by, case.unit.school if case is not None else None)

    def not_yet_judged(self) -> "StepForm":
        """The form as it was typed without a word on what is missing: one more line was asked for, nothing was sent."""
        self._errors = ErrorDict()
        return self

    def sentences(self) -> dict[str, list[str]]:
        """The errors by field, as sentences."""
        return {name: [str(line) for line in lines] for name, lines in self.errors.items()}


class Merge(StepForm):
    """并入 another open case of the same kind and school; the newest of the same topic at the same place is proposed."""

    into = CaseField(label="并入哪一件", help_text="本校另一件在办的编号，写法和这一件一样。")
    reason = WordsField(label="说明", required=False, rows=2, help_text="报的人看得到。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].initial = self._alike  # asked for only where the form is shown

    def _alike(self) -> str:
        """The number that is proposed; blank where there is no other."""
        one = self.case
        if one is None or not isinstance(self.by, User):
            return ""
        other = open_alike(one.kind, one.unit, one.topic, by=self.by).exclude(pk=one.pk).first()
        return other.number if other else ""


class Nudge(StepForm):
    """催办: a word to whoever holds it."""

    words = WordsField(label="想说的话", required=False, help_text="会原样发给现在负责的人。")


class Comment(StepForm):
    """补充说明, with photos if there are any."""

    words = WordsField(label="补充说明")
    photos = EvidenceField(label="照片", required=False)
