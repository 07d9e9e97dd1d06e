"""The store in and out by Excel: a template, an export, and an import that is shown before it is written."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from portal import clock
from portal.orgs.policies import guard, holding, person
from portal.sheets.out import answer
from repairs.forms.stock_lines import BRINGING, HOW, STOCK
from repairs.models import StockItem
from repairs.queries import stock as queries

from .stock import crumbs

READING, KEEPING = holding(*queries.READERS), holding(*queries.KEEPERS)


@guard(GET=KEEPING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions."""
    example = ["LED 灯管（示例，请删）", "T8 18W", "支", "电料灯具", 20, 12.5, 5, "县五金商店"]
    return answer(STOCK.template(HOW, [example]), "库存导入模板")


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The store as it is now, in the columns an import reads."""
    by = person(request)
    stores = list(queries.stores(by)[:2])
    rows = queries.readable(by).order_by("school__path", "name", "spec")
    lines = (_cells(item) for item in rows.iterator(chunk_size=2000))
    name = f"{stores[0].name if len(stores) == 1 else '各校'}库存 {clock.today():%Y-%m-%d}"
    return answer(STOCK.template(HOW, lines), name)


@guard(GET=KEEPING, POST=KEEPING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    return BRINGING.answer(request, crumbs(("导入", "")))


def _cells(item: StockItem) -> list[Any]:
    words = [item.name, item.spec, item.measure, item.get_category_display()]
    return [*words, item.on_hand, item.unit_price, item.minimum, item.supplier]
