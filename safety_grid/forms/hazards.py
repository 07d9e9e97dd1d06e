"""What people type about a hazard: one form a step, for the page and the API alike."""

from decimal import Decimal
from typing import Any

from django import forms

from portal.cases.forms import PersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.widgets import Amount, Choices, Switch, Tiles
from safety_grid.models import COLOURS, GENERAL, GRADES, MAJOR, Hazard
from safety_grid.queries.hazards import categories, holder_of, is_private, major_rules

STAFF = (
    "grid_holder", "teacher", "class_teacher", "logistics_head", "safety_head", "guard", "vice_principal", "principal",
)  # fmt: skip
PRIVATE_WORDS = "选“欺凌心理”时，只有心理与德育专员能看到，不进任何列表、统计和公示。"


def category_choices() -> list[tuple[str, str]]:
    """Categories as people call them."""
    return [(one.code, one.short) for one in categories().values()]


def open_choices() -> list[tuple[str, str]]:
    """Those that everybody with a post may read about."""
    return [(code, words) for code, words in category_choices() if not is_private(code)]


def category_icons() -> dict[str, str]:
    """The icon of each category."""
    return {one.code: one.icon for one in categories().values()}


def item_choices() -> list[Any]:
    """The finer kinds, under the category they belong to."""
    known = [(one.name, [(item, item) for item in one.items]) for one in categories().values() if not one.private]
    return [("", "不细分"), *(group for group in known if group[1])]


def rule_choices() -> list[tuple[str, str]]:
    """The direct-judgement rules."""
    return [("", "都不符合"), *((one.code, one.condition) for one in major_rules().values())]


class Report(StepForm):
    """报隐患: where, what kind, photos; whether people are in danger, and whether it was fixed on the spot.

    Opened out of another case its photos come along. A private category needs no photo.
    """

    unit = PlaceField(label="地点")
    topic = forms.ChoiceField(
        label="哪类隐患", choices=category_choices, widget=Tiles(category_icons), help_text=PRIVATE_WORDS
    )
    photos = EvidenceField(label="拍照", required=False, max_count=6)
    words = WordsField(label="说一句", required=False, rows=2, help_text="可用键盘上的语音输入。")
    danger = forms.BooleanField(
        label="正在危及人", required=False, widget=Switch, help_text="会马上通知校长。有人受伤请先打电话。"
    )
    fixed = forms.BooleanField(label="已当场整改", required=False, widget=Switch, help_text="请再拍一张改好后的照片。")
    after = EvidenceField(label="改好后的照片", required=False, max_count=3)
    item = forms.ChoiceField(label="细项", choices=item_choices, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case is not None:  # out of another case, which others read: nothing private begins there
            topic = self.fields["topic"]
            assert isinstance(topic, forms.ChoiceField)
            topic.choices, topic.help_text = open_choices(), ""

    def clean(self) -> dict[str, Any]:
        """A hazard has a photo (docs/rules.md 3.4, H0); a lead on a student has words instead, and what was fixed a photo of it."""
        clean = super().clean() or self.cleaned_data
        if self.errors:
            return clean
        if is_private(clean["topic"]):
            if not clean.get("words"):
                self.add_error("words", "请写一句您看到或听到了什么。")
        elif not clean.get("photos") and not self.carried:
            self.add_error("photos", "请拍一张隐患的照片。")
        if clean.get("fixed") and not clean.get("after"):
            self.add_error("after", "已当场整改的，请拍一张改好后的照片。")
        return clean


class Grading(StepForm):
    """What a grade consists of: the grade itself, the rule it fits, and the colour of the risk, which is another matter."""

    grade = forms.ChoiceField(
        label="级别", choices=GRADES, widget=Choices, help_text="危害大、难整改，或符合下面情形的是重大。"
    )
    rule = forms.ChoiceField(
        label="直接判定情形", choices=rule_choices, required=False, help_text="系统预置参考项，请按当地文件修订。"
    )
    colour = forms.ChoiceField(label="风险颜色", choices=[("", "不标"), *COLOURS], required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Hazard):
            self.initial = {
                "grade": self.case.grade or (MAJOR if self.case.rule else GENERAL),
                "rule": self.case.rule,
                "colour": self.case.colour,
                **self.initial,
            }


class Register(Grading):
    """核实登记: what it is, how grave, who answers for it. Category and person begin as they are known."""

    field_order = ("topic", "item", "rule", "grade", "colour", "assignee", "note")

    topic = forms.ChoiceField(label="类别", choices=open_choices)
    item = forms.ChoiceField(label="细项", choices=item_choices, required=False)
    assignee = PersonField(*STAFF, label="整改责任人")
    note = WordsField(label="说明", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Hazard):
            known = {"topic": self.case.topic, "item": self.case.item, "assignee": responsible(self.case)}
            self.initial = {**known, **self.initial}


def responsible(case: Hazard) -> int | None:
    """Who is proposed to put it right: who fixed it on the spot, who has it already, or who answers for the place."""
    if case.fixed or case.assignee_id is not None:
        return case.opener_id if case.fixed else case.assignee_id
    holder = holder_of(case.unit)
    return holder.pk if holder else None


class Regrade(Grading):
    """改级别, with a reason."""

    reason = WordsField(label="原因", rows=2)


class Refer(StepForm):
    """呈请校长定级, with what speaks for it."""

    note = WordsField(label="为什么可能是重大", rows=2)


class Refuse(StepForm):
    """不予受理, with a reason the reporter reads."""

    reason = WordsField(label="不予受理的理由", rows=2)


class Withdraw(StepForm):
    """撤回."""

    reason = WordsField(label="原因", required=False, rows=2)


class Plan(StepForm):
    """五落实: measure, person, money, date, interim protection; all five."""

    measures = WordsField(label="整改措施", rows=3)
    assignee = PersonField(*STAFF, label="整改责任人")
    money = forms.DecimalField(
        label="整改资金",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=Amount("元"),
        help_text="不花钱填 0。",
    )
    due_on = forms.DateField(label="整改时限", help_text="到这一天 18:00 没有改完，就挂牌督办。")
    interim = WordsField(label="临时防范措施", rows=2, help_text="改好之前怎样保证安全：停用、警戒、专人看守。")
    papers = EvidenceField(label="方案文件", required=False, kinds=("document",), max_count=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case is not None:
            self.initial = {"assignee": self.case.assignee_id, **self.initial}


class Finish(StepForm):
    """整改完成: what was done, with a photo of it."""

    after = EvidenceField(label="整改后的照片", required=False)
    done = WordsField(label="怎么改的", required=False, rows=2)


class CloseOut(StepForm):
    """验收销号, with what was seen."""

    note = WordsField(label="验收意见", required=False, rows=2)
    photos = EvidenceField(label="验收照片", required=False)


class Accept(CloseOut):
    """局里验收."""


class RecheckOk(CloseOut):
    """复查无误."""


class SendBack(StepForm):
    """退回整改, with a reason."""

    reason = WordsField(label="哪里没改好", rows=2)
    photos = EvidenceField(label="照片", required=False)


class RecheckBad(SendBack):
    """复查不合格, with a reason."""


class Reassign(StepForm):
    """换责任人, with a reason."""

    assignee = PersonField(*STAFF, label="改由谁整改")
    reason = WordsField(label="原因", rows=2)


class AskTime(StepForm):
    """More time, until another day, with a reason."""

    asked_on = forms.DateField(label="延到哪一天")
    reason = WordsField(label="原因", rows=2)


class GrantTime(StepForm):
    """批准延期, to the day asked for or another."""

    due_on = forms.DateField(label="新的整改时限")
    note = WordsField(label="说明", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Hazard):
            self.initial = {"due_on": self.case.asked_on, **self.initial}


class RefuseTime(StepForm):
    """不批准延期, with a reason."""

    reason = WordsField(label="原因", rows=2)


class Supervise(StepForm):
    """挂牌督办, with what is demanded."""

    note = WordsField(label="督办要求", required=False, rows=2)


class ReportWeek(StepForm):
    """督办周报: how far it is, with a photo if there is one."""

    progress = WordsField(label="本周进展", rows=3)
    photos = EvidenceField(label="照片", required=False)
