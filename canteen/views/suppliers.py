"""供应商: the list with what their papers say, one with all that is known, and what may be done about it."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.actions import suppliers as verbs
from canteen.apps import KEEPERS, PURCHASERS, RATERS, READERS
from canteen.forms import suppliers as forms
from canteen.models import Certificate, Supplier
from canteen.queries import suppliers as queries
from canteen.queries.ingredients import schools_below
from canteen.rules import suppliers as rules
from portal.cases.photos import shot
from portal.evidence.fields import filled_in
from portal.evidence.gates import attached_to
from portal.hall.settings.asking import Asking, seen, sent
from portal.orgs.access import holds, scope
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid

from .frame import HERE, asking, crumbs, listed

_list = partial(listed, "供应商", "suppliers")
READING, PURCHASING = holding(*READERS), holding(*PURCHASERS)
RATING, KEEPING = holding(*RATERS), holding(*KEEPERS)


@guard(GET=READING)
def suppliers(request: HttpRequest) -> HttpResponse:
    """Suppliers by name: all, or those in one state."""
    by = person(request)
    asked = valid(forms.SupplierListForm(request.GET))
    page = queries.listed(by, asked)
    rows = [(one, queries.standing(one), queries.papers_of(one)) for one in page.rows]
    context = {"page": page, "rows": rows, "asked": asked, "states": queries.STATES, "said": dict(queries.STATES)}
    context |= {"lists": bool(scope(by, *PURCHASERS)), "many": len({one.school_id for one in page.rows}) > 1}
    return render(request, "canteen/suppliers.html", context | {"here": HERE, "crumbs": crumbs(("供应商", ""))})


@guard(GET=READING)
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier: whether it may deliver, its papers with photos, contracts, marks, and what happened."""
    by = person(request)
    one = queries.supplier_for(by, pk)
    standing = queries.standing(one)
    context = {
        "supplier": one,
        "standing": standing,
        "said": dict(queries.STATES)[standing],
        "marks": queries.marks_of(one),
    }
    context |= {"papers": _with_shots(queries.papers_of(one))}
    context |= {"contracts": one.contracts.order_by("-until", "-pk")[:20]}
    context |= {"ratings": one.ratings.select_related("by").order_by("-at")[:10], "acts": _acts(by, one)}
    return render(request, "canteen/supplier.html", context | {"here": HERE, "crumbs": crumbs(_list(), (one.name, ""))})


@guard(GET=PURCHASING, POST=PURCHASING)
def add(request: HttpRequest) -> HttpResponse:
    """A new supplier; its papers come next."""
    by = person(request)
    schools = schools_below(by, *PURCHASERS)
    form = forms.NewSupplierForm(sent(request), schools=schools, initial={"school": schools.first()})

    def effect() -> str:
        return _page(verbs.add_supplier(by=by, **form.cleaned_data))

    return asking(
        request, form, effect, _list(), title="登记供应商", act="登记", done="已登记，请接着登记证件。",
        words="登记以后再登记证件；证件齐全有效，才能收它的货。",
    ).answer()  # fmt: skip


@guard(GET=PURCHASING, POST=PURCHASING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who they are."""
    by, one = person(request), queries.supplier_for(person(request), pk)
    rules.keeps_suppliers(by, one.school)
    form = forms.SupplierForm(
        sent(request), initial={name: getattr(one, name) for name in forms.SupplierForm.base_fields}
    )

    def effect() -> str:
        return _page(verbs.change_supplier(one, by=by, seen=seen(request), **form.cleaned_data))

    return _about(request, form, effect, one, "改资料", "保存", version=one.version).answer()


@guard(GET=PURCHASING, POST=PURCHASING)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """登记证件, with a photo."""
    by, one = person(request), queries.supplier_for(person(request), pk)
    rules.keeps_suppliers(by, one.school)
    form = filled_in(request, forms.CertificateForm, by=by, initial={"kind": request.GET.get("kind", "")})

    def effect() -> str:
        said = dict(form.cleaned_data)
        verbs.take_in_certificate(one, photos=said.pop("papers"), by=by, **said)
        return _page(one)

    return _about(request, form, effect, one, "登记证件", "登记").answer()


@guard(GET=PURCHASING, POST=PURCHASING)
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """登记合同."""
    by, one = person(request), queries.supplier_for(person(request), pk)
    rules.keeps_suppliers(by, one.school)
    form = forms.ContractForm(sent(request))

    def effect() -> str:
        verbs.sign_contract(one, by=by, **form.cleaned_data)
        return _page(one)

    return _about(request, form, effect, one, "登记合同", "登记").answer()


@guard(GET=RATING, POST=RATING)
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """评价: this month's marks."""
    by, one = person(request), queries.supplier_for(person(request), pk)
    rules.rates_suppliers(by, one.school)
    form = forms.RatingForm(sent(request))

    def effect() -> str:
        verbs.rate_supplier(one, by=by, **form.cleaned_data)
        return _page(one)

    return _about(request, form, effect, one, "评价", "评价", words="一人一月一次，再评一次就改成新的。").answer()


@guard(GET=KEEPING, POST=KEEPING)
def ban(request: HttpRequest, pk: int) -> HttpResponse:
    """停止合作, or taking one back; always with a reason."""
    by, one = person(request), queries.supplier_for(person(request), pk)
    rules.bans_suppliers(by, one.school)
    form = forms.WhyForm(sent(request))
    banned = one.banned_on is not None
    verb, title = (verbs.take_supplier_back, "恢复合作") if banned else (verbs.ban_supplier, "停止合作")

    def effect() -> str:
        return _page(verb(one, by=by, **form.cleaned_data))

    words = "证件齐全有效，就又可以下单收货。" if banned else "从现在起不能向它下单，也不能收它的货。"
    return _about(request, form, effect, one, title, title, words=words).answer()


def _about(request: HttpRequest, form: Any, effect: Any, one: Supplier, title: str, act: str, **more: Any) -> Asking:
    return asking(request, form, effect, _list(), (one.name, _page(one)), title=f"{title}：{one.name}", act=act, **more)


def _acts(by: User, one: Supplier) -> list[tuple[str, str, str]]:
    """What this person may do with it: words, address, icon."""
    found: list[tuple[str, str, str]] = []
    if holds(by, PURCHASERS, one.school.path):
        found += [
            ("登记证件", "supplier-certificate", "file-badge"),
            ("登记合同", "supplier-contract", "file-text"),
            ("改资料", "supplier-edit", "pencil"),
        ]
    if holds(by, RATERS, one.school.path):
        found.append(("评价", "supplier-rate", "star"))
    if holds(by, KEEPERS, one.school.path):
        found.append(("恢复合作", "supplier-ban", "undo-2") if one.banned_on else ("停止合作", "supplier-ban", "ban"))
    return [(words, reverse(f"canteen:{name}", args=[one.pk]), icon) for words, name, icon in found]


def _with_shots(papers: list[queries.Paper]) -> list[tuple[queries.Paper, list[Any]]]:
    """Each paper with its photos: its own, or those of the renewal it came in by."""
    at = {paper.kind: _photos_of(paper.newest) for paper in papers if paper.newest}
    pieces = attached_to(at.values(), role=verbs.PHOTOS)
    return [(one, [shot(str(piece.pk)) for piece in pieces if piece.address == at.get(one.kind)]) for one in papers]


def _photos_of(one: Certificate) -> str:
    return f"case:{one.case_id}" if one.case_id else one.address


def _page(one: Supplier) -> str:
    return reverse("canteen:supplier", args=[one.pk])
