"""What people type about a repair: one form a step, for the page and the API alike."""

from typing import Any

from django import forms

from portal.cases.forms import NamedPersonField, PersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.access import holds_anywhere
from portal.orgs.models import User
from portal.widgets import Amount, Stars, Switch, Tiles
from repairs.models import Asset
from repairs.queries import PRIORITIES, topics
from repairs.queries.dispatching import proposal_for

RATINGS = [(1, "1 很差"), (2, "2 差"), (3, "3 一般"), (4, "4 好"), (5, "5 很好")]
DESK = ("dispatcher", "logistics_head")  # who takes calls for others


def topic_choices() -> list[tuple[str, str]]:
    """Kinds of fault as people call them."""
    return [(topic.code, topic.short) for topic in topics().values()]


def topic_icons() -> dict[str, str]:
    """The icon of each kind of fault."""
    return {topic.code: topic.icon for topic in topics().values()}


class AssetField(forms.ModelChoiceField):
    """An asset, named by the sticker that was scanned; it tells nobody which others there are."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Asset.objects.none(), **options)


class Report(StepForm):
    """报修: what, where, photos. A member of staff may report for somebody who phoned."""

    unit = PlaceField(label="地点")
    topic = forms.ChoiceField(label="哪里坏了", choices=topic_choices, widget=Tiles(topic_icons))
    asset = AssetField(label="资产", required=False)
    item = forms.CharField(label="细项", max_length=30, required=False)
    photos = EvidenceField(label="拍照", required=False, max_count=6)
    words = WordsField(label="说一句", required=False, rows=2, help_text="可用键盘上的语音输入。")
    danger = forms.BooleanField(
        label="有危险", required=False, widget=Switch, help_text="漏电、积水、会砸到人。勾选后按紧急处理。"
    )
    discreet = forms.BooleanField(
        label="私密", required=False, widget=Switch,
        help_text="涉及宿舍等个人空间：文字、照片和房间号只有您、办理人、报修调度和总务主任能看。",
    )  # fmt: skip
    opener = NamedPersonField(
        label="替谁报修", required=False, help_text="有人来电或到场时填：姓名、工号或手机号。会通知本人。"
    )

    walk_in = forms.BooleanField(
        label="来人没有账号",
        required=False,
        widget=Switch,
        help_text="给来人一张回执码，凭码查进度、验收。只显示一次，请当场交给本人。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places, assets = self.fields["unit"], self.fields["asset"]
        assert isinstance(places, PlaceField) and isinstance(assets, AssetField) and places.queryset is not None
        assets.queryset = Asset.objects.filter(unit__in=places.queryset.order_by())
        if not (isinstance(self.by, User) and holds_anywhere(self.by, *DESK)):
            del self.fields["opener"], self.fields["walk_in"]

    def clean(self) -> dict[str, Any]:
        """A report says something: a photo or a sentence."""
        clean = super().clean() or self.cleaned_data
        asset, unit = clean.get("asset"), clean.get("unit")
        if asset and unit and asset.school_id != unit.school_id:
            self.add_error(None, "这件资产不在这所学校，请重新扫它的贴纸。")
        if clean.get("walk_in") and clean.get("opener"):
            self.add_error("walk_in", "有账号的人请只填姓名，没有账号的人请只勾选这里。")
        if not self.errors and not clean.get("photos") and not clean.get("words"):
            self.add_error("photos", "请拍一张照片，或写一句哪里坏了。")
        return clean


class Accept(StepForm):
    """受理, with a reply the reporter reads."""

    reply = WordsField(label="答复报修人", initial="已收到，马上安排。", rows=2)


class Assign(StepForm):
    """派工 to a technician or contractor of this place."""

    assignee = PersonField("technician", "contractor", label="派给")
    note = WordsField(label="交代", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = proposal_for(self.case) if self.case is not None and not self.is_bound else None
        if found is not None:
            self.fields["assignee"].initial, self.fields["assignee"].help_text = found.person.pk, found.words


class Reassign(Assign):
    """改派, with a reason."""

    reason = WordsField(label="改派原因", rows=2)


class Arrive(StepForm):
    """到场, with a photo if there is something to show."""

    photos = EvidenceField(label="现场照片", required=False)
    note = WordsField(label="现场情况", required=False, rows=2)


class Finish(StepForm):
    """完工: what was done, with a photo of it."""

    after = EvidenceField(label="修好后的照片", required=False)
    done = WordsField(label="怎么修的", required=False, rows=2)


class EnterSheet(StepForm):
    """A paper job sheet entered on behalf of the technician, with a photo of the sheet."""

    sheet = EvidenceField(label="工单照片", required=False)
    done = WordsField(label="怎么修的", rows=2)


class Confirm(StepForm):
    """验收通过, with two ratings from 1 to 5."""

    speed = forms.TypedChoiceField(label="快不快", coerce=int, choices=RATINGS, widget=Stars)
    quality = forms.TypedChoiceField(label="修得好不好", coerce=int, choices=RATINGS, widget=Stars)
    words = WordsField(label="评价", required=False, rows=2)


class SendBack(StepForm):
    """退回返修, with a reason."""

    reason = WordsField(label="哪里没修好", rows=2)
    photos = EvidenceField(label="照片", required=False)


class Withdraw(StepForm):
    """撤回."""

    reason = WordsField(label="原因", required=False, rows=2)


class Reject(StepForm):
    """不予受理, with a reason the reporter reads."""

    reason = WordsField(label="不予受理的原因", rows=2)


class ReturnJob(StepForm):
    """退单: the technician gives the job back, with a reason."""

    reason = WordsField(label="退单原因", rows=2)


class Reclassify(StepForm):
    """Another kind of fault, or another priority, with a reason; the clocks are counted again from the report."""

    topic = forms.ChoiceField(label="类别", choices=topic_choices)
    priority = forms.TypedChoiceField(label="等级", choices=list(PRIORITIES.items()), coerce=int)
    reason = WordsField(label="原因", rows=2)


class Replace(StepForm):
    """Another place of the same school, with a reason."""

    unit = PlaceField(label="地点")
    reason = WordsField(label="原因", rows=2)


class RaisePriority(StepForm):
    """The reporter raises P3 to P2, with a reason."""

    priority = forms.TypedChoiceField(label="等级", choices=[(2, PRIORITIES[2])], coerce=int, initial=2)
    reason = WordsField(label="为什么紧急", rows=2)


class AskTime(StepForm):
    """More time, in hours of the resolve clock (0.5 to 240), with a reason."""

    asked_hours = forms.DecimalField(
        label="再要多少时间", min_value=0.5, max_value=240, max_digits=5, decimal_places=1, widget=Amount("小时")
    )
    reason = WordsField(label="原因", rows=2)


class GrantTime(StepForm):
    """批准延期."""

    note = WordsField(label="说明", required=False, rows=2)


class RefuseTime(StepForm):
    """不批准延期, with a reason."""

    reason = WordsField(label="原因", rows=2)
