"""What people type about suppliers: who they are, a certificate, a contract, marks, and why one is banned."""

from typing import Any

from django import forms

from canteen.models import CertificateKind
from canteen.queries.suppliers import STATES
from portal.cases.forms import StepForm
from portal.evidence.actions import PAPER
from portal.evidence.fields import EvidenceField
from portal.hall.settings.bringing import SchoolField
from portal.orgs.models import Unit
from portal.widgets import Stars
from portal.wire.days import day_field
from portal.wire.paging import PageForm

MARKS = [(str(n), str(n)) for n in range(1, 6)]


class SupplierForm(forms.Form):
    """Who they are."""

    name = forms.CharField(label="名称", max_length=60, help_text="照营业执照写全称。")
    uscc = forms.CharField(label="统一社会信用代码", max_length=24, help_text="营业执照上的 18 位代码，输错会提示。")
    goods = forms.CharField(label="供什么", max_length=60, required=False, help_text="例如 大米、面粉、食用油。")
    contact = forms.CharField(label="联系人", max_length=20, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)


class NewSupplierForm(SupplierForm):
    """A new one; `schools` are those whose suppliers the person lists."""

    school = SchoolField()
    field_order = ("school", *SupplierForm.base_fields)

    def __init__(self, *args: Any, schools: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools if schools is not None else Unit.objects.none()  # type: ignore[attr-defined]


class PaperForm(StepForm):
    """What a certificate says, with a photo of it."""

    number = forms.CharField(label="编号", max_length=60)
    until = day_field(
        "有效期至", required=False, help_text="只有营业执照等长期有效的不填。登记错了，用同一个编号再登记一次。"
    )
    papers = EvidenceField(label="证件", min_count=1, max_count=4, kinds=PAPER, help_text="拍下来，或选 PDF。")


class CertificateForm(PaperForm):
    """登记证件: which one, and what it says."""

    kind = forms.ChoiceField(label="哪种证件", choices=CertificateKind.choices)
    field_order = ("kind", "number", "until", "papers")


class ContractForm(forms.Form):
    """登记合同, and how the supplier was found."""

    number = forms.CharField(label="合同编号", max_length=60, required=False)
    since = day_field("起")
    until = day_field("止")
    tender = forms.CharField(
        label="怎样选定的", max_length=200, help_text="例如 2026 年公开招标，文号；或三家比价。会公开。"
    )


class RatingForm(forms.Form):
    """Marks for this month: 5 is best."""

    goods = forms.TypedChoiceField(label="质量", choices=MARKS, coerce=int, widget=Stars)
    price = forms.TypedChoiceField(label="价格", choices=MARKS, coerce=int, widget=Stars)
    service = forms.TypedChoiceField(label="服务", choices=MARKS, coerce=int, widget=Stars)
    words = forms.CharField(label="说明", max_length=200, required=False)


class WhyForm(forms.Form):
    """Why one is banned or taken back."""

    why = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class SupplierListForm(PageForm):
    """What the list may be narrowed to."""

    q = forms.CharField(label="找", required=False, max_length=40, help_text="名称、供什么，或整个信用代码。")
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    school = forms.IntegerField(label="学校", required=False, min_value=1, max_value=2**63 - 1, help_text="学校编号。")
