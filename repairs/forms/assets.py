"""What people may type on an asset's card."""

from typing import Any

from django import forms

from portal.cases.forms import NamedPersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.models import Unit, User
from portal.widgets import Amount
from repairs.models import AssetKind, AssetSource, AssetState


class Day(forms.DateInput):
    """A day, chosen from the browser's calendar."""


class AssetCard(StepForm):
    """The card; an asset is worth 1,000 元 and used for over a year, or belongs to a lot of durable things."""

    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(label="资产编号", max_length=30, help_text="学校固定资产台账上的编号，本校不重复。")
    kind = forms.ChoiceField(label="分类", choices=AssetKind.choices)
    spec = forms.CharField(label="规格型号", max_length=100, required=False)
    price = forms.DecimalField(
        label="单价", min_value=0, max_digits=12, decimal_places=2, required=False, widget=Amount("元")
    )
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=100000, initial=1)
    got_on = forms.DateField(label="取得日期", required=False, widget=Day())
    source = forms.ChoiceField(label="来源", choices=AssetSource.choices, initial=AssetSource.BOUGHT)
    supplier = forms.CharField(label="供应商", max_length=60, required=False)
    warranty_until = forms.DateField(label="保修到", required=False, widget=Day())
    photos = EvidenceField(label="照片", required=False, max_count=3)

    def clean_code(self) -> str:
        """Without spaces around and inside."""
        return "".join(str(self.cleaned_data["code"]).split())


class AssetEntry(AssetCard):
    """登记: the card and who keeps it; the place was chosen before."""

    keeper = NamedPersonField(label="保管人", required=False, help_text="姓名、工号或手机号。")


class AssetEdit(AssetCard):
    """A correction of the card, with a reason."""

    reason = WordsField(label="为什么改", rows=2)


class AssetMove(StepForm):
    """变更: another place, keeper or state, with a reason."""

    unit = PlaceField(label="存放地点")
    keeper = NamedPersonField(label="保管人", required=False, help_text="姓名、工号或手机号；不填是没有。")
    state = forms.ChoiceField(label="状态", choices=AssetState.choices)
    reason = WordsField(label="原因", rows=2)

    def __init__(self, data: Any = None, *, by: User, school: Unit, **options: Any) -> None:
        super().__init__(data, by=by, **options)
        field = self.fields["unit"]
        assert isinstance(field, PlaceField)
        field.offer(by, school)
