"""挂牌督办: the hazards under public supervision, late first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal import clock
from portal.cases.faces import rows_of
from portal.cases.queries import PAGE, by_clock, clock_mark, counted, mark_of
from portal.hall.desk import wide
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from safety_grid.flow import FLOW
from safety_grid.queries.hazards import board_of, majors

READS_BOARD = holding("safety_head", "principal", "vice_principal", "tied_leader", "safety_officer", "director")


@guard(GET=READS_BOARD)
@require_GET
def supervised(request: HttpRequest) -> HttpResponse:
    """The board of this person's schools: what stands on it, how much of it is major, whose weekly report is late."""
    user = person(request)
    page = list(FLOW.lists(by_clock(board_of(user), after=clock_mark(request.GET.get("after", "")))))
    more = {"next_url": f"?after={mark_of(page[PAGE - 1])}" if len(page) > PAGE else "", "prev_url": ""}
    rows = rows_of(page[:PAGE], schools=wide(user))
    return render(
        request, "safety_grid/supervised.html", {"rows": rows, "stats": stats(user), "here": "safety_grid", **more}
    )


def stats(user: User) -> list[dict[str, object]]:
    """How many stand on the board, how many are major, how many are late with their report or their date."""
    board = board_of(user)
    total, major, late = counted(user, board, board.filter(majors()), board.filter(due_at__lt=clock.now()))
    return [
        {"title": "挂牌督办", "icon": "badge-alert", "value": total, "unit": "件", "tone": "late" if total else ""},
        {"title": "其中重大", "icon": "octagon-alert", "value": major, "unit": "件", "tone": "late" if major else ""},
        {"title": "过期未改完或欠周报", "icon": "clock", "value": late, "unit": "件", "tone": "soon" if late else ""},
    ]
