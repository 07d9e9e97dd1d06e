"""Assets: the register, a card with its history and repairs, entering and changing, Excel out."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from portal.evidence.fields import filled_in
from portal.hall.settings.asking import Asking, seen
from portal.orgs.access import holds_anywhere, places_for
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from portal.sheets.out import Column, Kind, Sheet, answer, workbook
from portal.stickers.queries import living
from repairs.actions.assets import change_asset, enter_asset
from repairs.forms.assets import AssetEdit, AssetEntry, AssetMove
from repairs.models import Asset, AssetKind, AssetState
from repairs.queries import assets as queries
from repairs.queries.assets import PAGE, READERS, WRITERS, AssetFilters

READING, WRITING = holding(*READERS), holding(*WRITERS)
MOST_OUT = 20_000
COLUMNS = (
    Column("资产编号"), Column("名称"), Column("分类"), Column("规格型号"), Column("单价", Kind.MONEY), Column("数量", Kind.NUMBER),
    Column("取得日期", Kind.DATE), Column("来源"), Column("供应商"), Column("学校"), Column("存放地点"), Column("保管人"),
    Column("保修到", Kind.DATE), Column("状态"),
)  # fmt: skip


@guard(GET=READING)
def assets(request: HttpRequest) -> HttpResponse:
    """The register of everything the person may read, newest first, searched and narrowed."""
    by, asked = person(request), _asked(request)
    rows = queries.newest(queries.narrowed(queries.assets_of(by), asked), before=request.GET.get("after", ""))
    page: dict[str, Any] = {"rows": rows[:PAGE], "last": rows[PAGE - 1] if len(rows) > PAGE else None, "asked": asked}
    page |= {"states": AssetState.choices, "kinds": AssetKind.choices, "may_write": holds_anywhere(by, *WRITERS)}
    return render(request, "repairs/assets.html", page)


@guard(GET=READING)
def excel(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, at most 20,000 rows."""
    rows = queries.narrowed(queries.assets_of(person(request)), _asked(request)).order_by("school_id", "code")[
        :MOST_OUT
    ]
    return answer(workbook([Sheet("资产", COLUMNS, (_row(one) for one in rows))]), "资产台账")


@guard(GET=READING)
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: its facts, photo, sticker, repairs, and everything that was changed and why."""
    by = person(request)
    one = queries.asset_at(pk, by=by)
    page = {"asset": one, "facts": queries.facts_of_asset(one), "history": queries.history(one)}
    page |= {
        "repairs": queries.repairs_of(one, by=by),
        "may_write": queries.writes(by, one),
        "cost": queries.cost_of(one),
    }
    page |= {"sticker": living().filter(about=one.address).first()}
    page |= {"photos": queries.shots_of(one, by=by)}
    return render(request, "repairs/asset.html", page)


@guard(GET=WRITING, POST=WRITING)
def add(request: HttpRequest) -> HttpResponse:
    """登记: the place first, then the card."""
    by = person(request)
    place = _place(request, by)
    if place is None:
        return HttpResponseRedirect(f"{reverse('places')}?{urlencode({'next': request.path})}")
    form = filled_in(request, AssetEntry, by=by)

    def write() -> str:
        return _page(enter_asset(unit=place, by=by, **form.cleaned_data))

    page = _frame("登记资产", f"放在{place.place}。", reverse("repairs:assets")) | {"act": "登记"}
    return Asking(request, form, "repairs/asset_form.html", write, "已登记，贴纸也做好了。", context=page).answer()


@guard(GET=WRITING, POST=WRITING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects the card, with a reason."""
    by, one = person(request), queries.asset_at(pk, by=person(request), writing=request.method == "POST")
    form = filled_in(
        request,
        AssetEdit,
        by=by,
        initial={name: getattr(one, name) for name in AssetEdit.base_fields if hasattr(one, name)},
    )
    return _changing(request, one, form, "更正卡片", "改登记时写错的内容；挪地方、换保管人、改状态，请用“变更”。")


@guard(GET=WRITING, POST=WRITING)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """变更: place, keeper, state, with a reason."""
    by, one = person(request), queries.asset_at(pk, by=person(request), writing=request.method == "POST")
    now = {"unit": one.unit_id, "keeper": one.keeper.username if one.keeper else "", "state": one.state}
    form = filled_in(request, AssetMove, by=by, school=one.school, initial=now)
    return _changing(request, one, form, "变更", f"{one.name} · {one.code}")


def _changing(request: HttpRequest, one: Asset, form: Any, title: str, words: str) -> HttpResponse:
    def write() -> str:
        return _page(change_asset(one, by=person(request), seen=seen(request), **form.cleaned_data))

    page = _frame(title, words, _page(one)) | {"act": "保存"}
    return Asking(request, form, "repairs/asset_form.html", write, version=one.version, context=page).answer()


def _asked(request: HttpRequest) -> AssetFilters:
    words = {name: str(request.GET.get(name, ""))[:60].replace("\x00", "").strip() for name in ("q", "state", "kind")}
    place = request.GET.get("place", "")
    unit = Unit.objects.filter(pk=int(place)).first() if place.isdecimal() and len(place) < 18 else None
    return AssetFilters(**words, place=unit.path if unit else "")


def _place(request: HttpRequest, by: User) -> Unit | None:
    at = request.GET.get("at", "")
    if not at.isdecimal() or len(at) > 18:
        return None
    return places_for(by).filter(pk=int(at), school__isnull=False).select_related("school").first()


def _page(one: Asset) -> str:
    return reverse("repairs:asset", args=[one.pk])


def _frame(title: str, words: str, back: str) -> dict[str, Any]:
    return {"title": title, "words": words, "back": back, "crumbs": [("资产", reverse("repairs:assets")), (title, "")]}


def _row(one: Asset) -> tuple[Any, ...]:
    keeper = one.keeper.name if one.keeper else ""
    return (
        one.code, one.name, one.get_kind_display(), one.spec, one.price, one.quantity, one.got_on, one.get_source_display(),
        one.supplier, one.school.name, one.unit.place, keeper, one.warranty_until, one.get_state_display(),
    )  # fmt: skip
