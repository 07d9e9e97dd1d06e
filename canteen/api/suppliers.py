"""Suppliers for programs: the list with their papers, one to add or change, certificates, contracts, marks, banning."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import suppliers as verbs
from canteen.apps import KEEPERS, PURCHASERS, RATERS, READERS
from canteen.forms import suppliers as forms
from canteen.models import CertificateKind, Supplier
from canteen.queries import suppliers as queries
from canteen.queries.ingredients import schools_below
from canteen.rules import suppliers as rules
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .endpoint import CanteenEndpoint

READING, PURCHASING = holding(*READERS), holding(*PURCHASERS)
RATING, KEEPING = holding(*RATERS), holding(*KEEPERS)
PaperShape = shape(
    "SupplierPaperShape", "One kind of certificate as it stands today: fine, soon (ends within a month) or ended (or never shown).",
    kind=serializers.ChoiceField(choices=CertificateKind.choices), state=serializers.CharField(), words=serializers.CharField(),
    number=serializers.CharField(source="newest.number", default=None, allow_null=True),
    until=serializers.DateField(source="newest.until", default=None, allow_null=True),
)  # fmt: skip
SupplierShape = shape(
    "SupplierShape", "One supplier of a school; `state` says whether it may deliver today.",
    id=serializers.IntegerField(), school=serializers.IntegerField(source="school_id"), name=serializers.CharField(),
    uscc=serializers.CharField(), goods=serializers.CharField(allow_blank=True), contact=serializers.CharField(allow_blank=True),
    phone=serializers.CharField(allow_blank=True), state=serializers.ChoiceField(choices=queries.STATES), papers=PaperShape(many=True),
    banned_on=serializers.DateField(allow_null=True), why=serializers.CharField(allow_blank=True), version=serializers.IntegerField(),
)  # fmt: skip


def told(one: Supplier) -> dict[str, Any]:
    """A supplier as plain values, with its papers as they stand today."""
    return dict(SupplierShape(_with_papers(one)).data)


def _with_papers(one: Supplier) -> Supplier:
    one.state, one.papers = queries.standing(one), queries.papers_of(one)  # type: ignore[attr-defined]
    return one


class Suppliers(CanteenEndpoint):
    """The list of suppliers, and a new one."""

    policies = {"GET": READING, "POST": PURCHASING}
    verbs = {
        "GET": Verb("canteen_suppliers", "供应商：列表", "您看得到的，按名称排。", asks=forms.SupplierListForm, gives=SupplierShape, many=True),
        "POST": Verb("canteen_supplier_add", "供应商：登记", takes=object_of(forms.NewSupplierForm.base_fields), gives=SupplierShape,
                     status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of suppliers."""
        page = queries.listed(self.by, self.asked())
        for one in page.rows:
            _with_papers(one)
        return self.page(page, SupplierShape)

    def post(self, request: Request) -> Response:
        """Adds one."""
        data = read(forms.NewSupplierForm.base_fields, request.data)
        clean = valid(forms.NewSupplierForm(data, schools=schools_below(self.by, *PURCHASERS)))
        return self.keyed(data, lambda: told(verbs.add_supplier(by=self.by, **clean)), status=201)


class OneSupplier(CanteenEndpoint):
    """One supplier."""

    policies = {"GET": READING, "POST": PURCHASING}
    verbs = {
        "GET": Verb("canteen_supplier", "供应商：一家", gives=SupplierShape),
        "POST": Verb("canteen_supplier_change", "供应商：改资料", takes=object_of(forms.SupplierForm.base_fields), gives=SupplierShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it stands today."""
        return Response(told(queries.supplier_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """Who they are."""
        one = queries.supplier_for(self.by, pk)
        rules.keeps_suppliers(self.by, one.school)
        data = read(forms.SupplierForm.base_fields, request.data)
        clean = valid(forms.SupplierForm(data))
        return self.keyed(data, lambda: told(verbs.change_supplier(one, by=self.by, **clean)))


class SupplierEndpoint(CanteenEndpoint):
    """One thing written about a supplier: its form, who may, and the verb (`write`)."""

    form: Any
    write: Callable[[Supplier, dict[str, Any]], None]

    def may(self, one: Supplier) -> None:
        """Refuses others before anything is read."""
        rules.keeps_suppliers(self.by, one.school)

    def post(self, request: Request, pk: int) -> Response:
        """Writes it, and says how the supplier stands then."""
        one = queries.supplier_for(self.by, pk)
        self.may(one)
        data = read(self.form.base_fields, request.data)
        more: dict[str, Any] = {"by": self.by} if issubclass(self.form, forms.PaperForm) else {}
        clean = valid(self.form(data, **more))

        def effect() -> dict[str, Any]:
            self.write(one, clean)
            return told(queries.supplier_for(self.by, pk))

        return self.keyed(data, effect)


class Certificates(SupplierEndpoint):
    """登记证件."""

    form = forms.CertificateForm
    policies = {"POST": PURCHASING}
    verbs = {"POST": Verb("canteen_supplier_certificate", "供应商：登记证件", "照片先传（/api/v1/evidence）。",
                          takes=object_of(forms.CertificateForm.base_fields), gives=SupplierShape, keyed=True)}  # fmt: skip

    def write(self, one: Supplier, clean: dict[str, Any]) -> None:
        """Takes it in with its photos."""
        verbs.take_in_certificate(one, photos=clean.pop("papers"), by=self.by, **clean)


class Contracts(SupplierEndpoint):
    """登记合同."""

    form = forms.ContractForm
    policies = {"POST": PURCHASING}
    verbs = {"POST": Verb("canteen_supplier_contract", "供应商：登记合同", takes=object_of(forms.ContractForm.base_fields),
                          gives=SupplierShape, keyed=True)}  # fmt: skip

    def write(self, one: Supplier, clean: dict[str, Any]) -> None:
        """Enters it."""
        verbs.sign_contract(one, by=self.by, **clean)


class SupplierRatings(SupplierEndpoint):
    """评价."""

    form = forms.RatingForm
    policies = {"POST": RATING}
    verbs = {"POST": Verb("canteen_supplier_rate", "供应商：评价", "一人一月一次，再评一次就改成新的。",
                          takes=object_of(forms.RatingForm.base_fields), gives=SupplierShape, keyed=True)}  # fmt: skip

    def may(self, one: Supplier) -> None:
        """Who receives, never who buys."""
        rules.rates_suppliers(self.by, one.school)

    def write(self, one: Supplier, clean: dict[str, Any]) -> None:
        """This month's marks."""
        verbs.rate_supplier(one, by=self.by, **clean)


class Banning(SupplierEndpoint):
    """停止合作."""

    form = forms.WhyForm
    policies = {"POST": KEEPING}
    verbs = {"POST": Verb("canteen_supplier_ban", "供应商：停止合作", takes=object_of(forms.WhyForm.base_fields), gives=SupplierShape,
                          refuses=(409,), keyed=True)}  # fmt: skip

    def may(self, one: Supplier) -> None:
        """Never the buyer alone."""
        rules.bans_suppliers(self.by, one.school)

    def write(self, one: Supplier, clean: dict[str, Any]) -> None:
        """From now on."""
        verbs.ban_supplier(one, by=self.by, **clean)


class TakingBack(Banning):
    """恢复合作."""

    verbs = {"POST": Verb("canteen_supplier_take_back", "供应商：恢复合作", takes=object_of(forms.WhyForm.base_fields), gives=SupplierShape,
                          refuses=(409,), keyed=True)}  # fmt: skip

    def write(self, one: Supplier, clean: dict[str, Any]) -> None:
        """It may deliver again while its papers hold."""
        verbs.take_supplier_back(one, by=self.by, **clean)
