"""本校公示 on the home page: what one's own schools have published last, one tap away."""

from portal.publications.access import Reader
from portal.publications.models import Issue
from portal.publications.queries import page_of
from portal.templatetags.sunlit import when

SHOWN = 6


def lately(who: Reader) -> list[tuple[str, str, str]]:
    """The newest of each kind the person may read at the schools they belong to: title, when it came out, its address.

    One question; officers above schools look theirs up on the board.
    """
    trees = {*who.parents, *(tree for tree, _ in who.staff)}
    if not trees:
        return []
    mine = Issue.objects.filter(
        who.condition(), unit__path__in=trees, unit__kind="school", current__gt=0, withdrawn=False
    )
    newest = mine.select_related("unit").order_by("unit", "kind", "-period", "-pk").distinct("unit", "kind")
    rows = sorted(newest, key=lambda one: (one.first_at, one.pk), reverse=True)[:SHOWN]
    several = len({one.unit_id for one in rows}) > 1
    return [
        (
            one.title,
            f"{one.unit.name} · {when(one.first_at)} 公示" if several else f"{when(one.first_at)} 公示",
            page_of(one),
        )
        for one in rows
    ]
