"""Receipts: a reporter without an account follows their case with a code, and may do what an opener may."""

from django.http import HttpRequest

from portal.errors import BadInput

from .actors import Receipt
from .merging import MERGED
from .models import Case, CaseLink

KEPT = "receipt"  # the session's key for the digest of the code last presented


def visitor(request: HttpRequest) -> Receipt | None:
    """The receipt presented in this session, if any."""
    digest = request.session.get(KEPT)
    return Receipt(digest) if digest else None


def present(request: HttpRequest, code: str) -> Case:
    """Keeps a right code in the session and answers its case, or the one this was merged into; refused for a code nobody was given."""
    receipt = Receipt.of(code)
    case = Case.objects.filter(receipt=receipt.digest).exclude(receipt="").first()
    if case is None:
        raise BadInput("没有找到这个回执码，请对照回执再输一遍。", errors={"code": ["没有找到这个回执码。"]})
    request.session[KEPT] = receipt.digest
    merged = CaseLink.objects.filter(source=case, kind=MERGED).select_related("target").order_by("pk").last()
    return merged.target if merged else case
