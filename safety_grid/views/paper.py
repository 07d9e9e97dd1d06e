"""上墙图 and 张贴卡: the grid of a school for the wall, and a card with its code for each spot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import clock
from portal.errors import NotThere
from portal.hall.settings.frame import paged
from portal.hall.stickers.sheet import address, drawn
from portal.orgs.policies import guard, holding, person
from safety_grid.apps import READERS
from safety_grid.queries import grid as queries
from safety_grid.queries.paper import CARDS, SHEETS, board_of, cards_of

READING = holding(*READERS)


@guard(GET=READING)
def board(request: HttpRequest) -> HttpResponse:
    """The whole grid of one school on an A3 sheet, as it is today."""
    unit = queries.unit_for(person(request), request.GET.get("in", ""))
    if unit.school is None:
        raise NotThere("上墙图是一所学校的，请先选学校。")
    page = {"school": unit.school, "board": board_of(unit.school), "heads": queries.heads_of(unit.school)}
    return render(request, "safety_grid/board.html", page | {"today": clock.today()})


@guard(GET=READING)
def cards(request: HttpRequest) -> HttpResponse:
    """Cards of all spots at a place and below, sixty at most, then the next; or of one spot."""
    by, one, after = person(request), _number(request, "cell"), _number(request, "after")
    unit = queries.cell_for(by, one).unit if one else queries.unit_for(by, request.GET.get("in", ""))
    rows, last = paged(cards_of(unit, after=after, only=one), CARDS * SHEETS)
    drawings = [(card, drawn(address(card.sticker)) if card.sticker else "") for card in rows]
    pages = [drawings[at : at + CARDS] for at in range(0, len(drawings), CARDS)]
    page = {"pages": pages, "unit": unit, "count": len(rows), "last": last, "top": unit.school or unit}
    return render(request, "safety_grid/cards.html", page)


def _number(request: HttpRequest, name: str) -> int:
    words = request.GET.get(name, "")
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 18 else 0
