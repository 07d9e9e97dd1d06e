"""Vouchers of the books for programs: what hangs at an entry, and hanging more there after it was booked."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions.books import VOUCHER, keep_voucher
from canteen.apps import READERS
from canteen.forms.books import VoucherForm
from canteen.models import Entry
from canteen.queries import books as queries
from portal.evidence.api import LinkShape, link
from portal.evidence.gates import attached_to
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .books import KEEPING, BooksEndpoint

VouchersShape = shape(
    "VouchersShape", "What an entry was paid by: photos, or pages of PDFs.",
    entry=serializers.IntegerField(), vouchers=LinkShape(many=True),
)  # fmt: skip


class Vouchers(BooksEndpoint):
    """Vouchers of one entry, also one that booked itself."""

    policies = {"GET": holding(*READERS), "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_entry_vouchers", "账本：一笔账的凭证", gives=VouchersShape),
        "POST": Verb("canteen_entry_voucher_add", "账本：附凭证", "先传到 /api/v1/evidence（电子发票的 PDF 用 kind=pages）；附上以后不能拿掉。",
                     takes=object_of(VoucherForm.base_fields), gives=VouchersShape, status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """In the order they came."""
        return Response(told(queries.entry_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """Hangs more there."""
        one, data = queries.entry_for(self.by, pk), read(VoucherForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            clean = valid(VoucherForm(data, by=self.by))
            keep_voucher(one, clean["vouchers"], by=self.by)
            return told(queries.entry_for(self.by, pk))

        return self.keyed(data, effect, status=201)


def told(one: Entry) -> dict[str, Any]:
    """The vouchers of an entry as plain values."""
    paper = getattr(one, "paper", None)
    pieces = attached_to([paper.address], role=VOUCHER) if paper else []
    found = [link(piece.pk, piece.kind, piece.front.sha256, covered=len(piece.covered)) for piece in pieces]
    return dict(VouchersShape({"entry": one.pk, "vouchers": found}).data)
