"""The tables of a page of figures, made from its board."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from portal.orgs.models import Unit
from portal.rollups import asking
from portal.rollups.asking import Tallied
from portal.rollups.book import Figure, How
from portal.rollups.lists import query_of
from portal.sheets.out import Kind
from portal.templatetags.sunlit import money
from portal.wire.amounts import rounded

from .board import FEW_STAFF, Board
from .tables import Cell, Head, Table, cell_of, head_of, light_heads, light_of, meter_of, rules_of

REPEATED_DAYS, REPEATED_TIMES = 90, 3
SHOWN = 10  # schools on the page of several; the list has them all
HOT = 20  # rows of the heat map


def tables(board: Board, towns: list[Unit], *, whole: bool) -> list[Table]:
    """Every table of the page, for several schools or for one; the `whole` has every figure of every school, too."""
    if board.is_school:
        return [*kinds(board), *levels(board), *places(board)]
    wide = [lights(board)]
    if len(towns) > 1:
        wide.append(by_town(board, towns))
    ranked = [ranking(board)] if board.chapter.ranked else []
    every = [everything(board)] if whole else []
    return [*wide, *ranked, *every, *kinds(board), *levels(board), *places(board)]


def places(board: Board) -> list[Table]:
    """The tables of places: where most breaks, what breaks again, what costs most; none where no cases are at places."""
    if not board.chapter.places:
        return []
    warm = [heat(board)] if board.chapter.heat else []
    return [*warm, hot_places(board), repeated_faults(board), *([dear_places(board)] if board.chapter.costs else [])]


def lights(board: Board) -> Table:
    """学校: a light for each figure that has a rule, the worst school first."""
    judged = board.chapter.lights
    table = Table(
        "lights", "各校情况", "点任一格看清单", [Head("学校"), *light_heads(judged)], lights=True,
        rules=rules_of(judged), empty="这里还没有学校。",
    )  # fmt: skip
    found = []
    for school in board.schools:
        cells = lights_of(board, judged, board.of([school]), school)
        tones = [cell.tone for cell in cells]
        late = cells[0].value or 0 if judged[0].how == How.LIVE else 0
        found.append((-tones.count("late"), -late, -tones.count("soon"), school.path, [named(school), *cells]))
    table.rows = [row for *_, row in sorted(found, key=lambda one: one[:4])]
    return table


def by_town(board: Board, towns: list[Unit]) -> Table:
    """乡镇: the same lights, of all schools of a town together."""
    judged = board.chapter.lights
    heads = [Head("乡镇"), *light_heads(judged)]
    table = Table("towns", "各乡镇", "一个镇的学校合在一起算", heads, lights=True)
    for town in towns:
        schools = [one for one in board.schools if one.is_under(town.path)]
        cells = lights_of(board, judged, board.of(schools, office=town), town)
        name = f"{town.name}（{len(schools)} 所）"
        table.rows.append([Cell(name, name, _page(town)), *cells])
    return table


def ranking(board: Board) -> Table:
    """排名: a score out of shares, weighted; schools with too few cases are not ranked."""
    weighed = [(board.chapter.figure(name), weight) for name, weight in board.chapter.ranked]
    note = "，".join(f"{one.title}占{'零一二三四五六七八九十'[weight]}成" for one, weight in weighed)
    fewest = max((one.fewest for one, _ in weighed), default=0)
    few = f"；不足 {fewest} 件的不排" if fewest > 1 else ""
    table = Table(
        "ranking", "排名", f"{note}{few}", [Head("学校"), Head("得分", Kind.NUMBER), *(head_of(one) for one, _ in weighed),
        Head("超时", Kind.NUMBER), Head("比上期", Kind.NUMBER, "名次")], empty=f"这段时间没有够 {fewest} 件的学校。",
    )  # fmt: skip
    late = board.chapter.figures[0]
    before = {school: place for place, (_, school) in enumerate(_scores(board, weighed, before=True), 1)}
    schools = {one.pk: one for one in board.schools}
    for place, (score, pk) in enumerate(_scores(board, weighed), 1):
        school, counted = schools[pk], board.of([schools[pk]])
        moved = before[pk] - place if pk in before else None
        words = "—" if moved is None else "持平" if not moved else f"{'升' if moved > 0 else '降'} {abs(moved)}"
        table.rows.append(
            [
                Cell(school.name, school.name, _page(school), note=str(place)),
                Cell(score, f"{score}"),
                *(meter_of(counted.read(one), board.url(one, school)) for one, _ in weighed),
                cell_of(counted.read(late), board.url(late, school)),
                Cell(moved, words),
            ]
        )
    return table


def everything(board: Board) -> Table:
    """全部指标: every figure of every school, with reports per hundred staff and per thousand pupils."""
    figures = board.chapter.figures
    table = Table("figures", "全部指标", "", [Head("学校"), *map(head_of, figures)])
    if board.chapter.reported:
        word = _reported(board).title
        table.note = "人数不清楚的学校不比"
        table.heads += [
            Head(f"{word}/百名教职工", Kind.NUMBER, "每百人"),
            Head(f"{word}/千名学生", Kind.NUMBER, "每千人"),
        ]
    for school in board.schools:
        counted = board.of([school])
        cells = [cell_of(counted.read(one), board.url(one, school)) for one in figures]
        table.rows.append([named(school), *cells, *_fair(board, counted, school)])
    return table


def _fair(board: Board, counted: Tallied, school: Unit) -> list[Cell]:
    """Reports by how many people there are, where the chapter has something that is reported."""
    if not board.chapter.reported:
        return []
    n, staff, pupils = counted.read(_reported(board)).n, board.staff.get(school.pk, 0), board.pupils.get(school.pk, 0)
    return [_per(n, staff, 100), _per(n, pupils, 1000)]


def kinds(board: Board) -> list[Table]:
    """类别: what was reported and how it went, kind by kind, most first; none where the affair has no kinds."""
    if not board.chapter.by_kind:
        return []
    figures = [board.chapter.figure(name) for name in board.chapter.by_kind]
    names = board.chapter.topics()
    found = asking.by_topic(figures, board.unit.path, board.period, names)
    if any(one.live is not None for one in figures):
        for code, counts in asking.live(board.chapter, board.unit.path, by="topic").items():
            found[code].live = counts
    table = Table(
        "kinds", "按类别", "", [Head("类别"), *map(head_of, figures)], empty=f"这段时间没有{figures[0].title}。"
    )
    rows = [(code, found[code]) for code in names if code in found]
    for code, counted in sorted(rows, key=lambda one: -(one[1].read(figures[0]).value or 0)):
        cells = [cell_of(counted.read(one), board.url(one, topic=code)) for one in figures]
        table.rows.append([Cell(names[code], names[code]), *cells])
    return [table]


def levels(board: Board) -> list[Table]:
    """层级: how many at places of each level of the grid; none where the affair knows no levels."""
    if not board.chapter.levels:
        return []
    figures = [board.chapter.figure(name) for name in board.chapter.by_level]
    heads = [Head("层级"), *map(head_of, figures)]
    table = Table("levels", "按层级", "按地点在哪一级算", heads, empty=f"这段时间没有{_reported(board).title}。")
    parts = asking.by_level(board.chapter, board.unit.path, board.period)
    for n, ((title, _), counted) in enumerate(zip(board.chapter.levels, parts, strict=True), 1):
        cells = [cell_of(counted.read(one), board.url(one, level=n)) for one in figures]
        if any(cell.value for cell in cells):
            table.rows.append([Cell(title, title), *cells])
    return [table]


def hot_places(board: Board) -> Table:
    """The places with most cases of the period."""
    figure, since, until = _reported(board), board.period.since, board.period.until
    found = asking.hot_places(board.chapter.places, board.unit.path, since, until)
    units = _units(pk for pk, _ in found)
    table = Table(
        "places",
        f"{figure.title}最多的地点",
        "",
        [Head("地点"), Head(figure.title, Kind.NUMBER)],
        empty=f"这段时间没有{figure.title}。",
    )
    for pk, n in found:
        table.rows.append([_place(board, units[pk]), Cell(n, f"{n} 件", board.url_of(figure, pk))])
    return table


def heat(board: Board) -> Table:
    """热力图: how many of each kind at each place of a school, or at each school of several; the warmest rows first."""
    figure, period, names = _reported(board), board.period, board.chapter.topics()
    tally = board.chapter.places if board.is_school else figure.of
    found = asking.heat(tally, board.unit.path, period.since, period.until, names)
    rows = sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))[:HOT]
    kinds_there = [code for code in names if any(code in counts for _, counts in rows)]
    most = max((n for _, counts in rows for n in counts.values()), default=0)
    heads = [
        Head("地点" if board.is_school else "学校"),
        Head("合计", Kind.NUMBER),
        *(Head(names[one], Kind.NUMBER) for one in kinds_there),
    ]
    note = f"数字是件数，颜色越深越多；最多列 {HOT} 行"
    table = Table("heat", f"{figure.title}热力图", note, heads, heat=True, empty=f"这段时间没有{figure.title}。")
    units = _units(pk for pk, _ in rows)
    for pk, counts in rows:
        first = _place(board, units[pk]) if board.is_school else named(units[pk])
        cells = [_warm(board, figure, pk, code, counts.get(code, 0), most) for code in kinds_there]
        table.rows.append(
            [first, Cell(sum(counts.values()), f"{sum(counts.values())}", board.url_of(figure, pk)), *cells]
        )
    return table


def _warm(board: Board, figure: Figure, pk: int, topic: str, n: int, most: int) -> Cell:
    """One cell of the heat map; its tone is one of four grounds by how it compares with the most."""
    if not n:
        return Cell(0, "")
    return Cell(n, f"{n}", board.url_of(figure, pk, topic=topic), tone=f"heat-{1 + 3 * (n - 1) // max(1, most - 1)}")


def repeated_faults(board: Board) -> Table:
    """反复出现: the same kind at the same place, three times or more in ninety days up to the period's end."""
    figure, until = _reported(board), board.period.until
    since = until - timedelta(days=REPEATED_DAYS - 1)
    names = board.chapter.topics()
    found = asking.repeated(board.chapter.places, board.unit.path, since, until, names, least=REPEATED_TIMES)
    units = _units(pk for pk, *_ in found)
    heads = [Head("地点"), Head("类别"), Head("次数", Kind.NUMBER)]
    table = Table(
        "repeated",
        "反复出现",
        f"同一地点同一类别，{REPEATED_DAYS} 天内 {REPEATED_TIMES} 次以上",
        heads,
        empty="没有反复出现的地方。",
    )
    for pk, topic, n in found:
        asked = asking_days(board, figure, pk, topic, since)
        table.rows.append([_place(board, units[pk]), Cell(names[topic], names[topic]), Cell(n, f"{n} 次", asked)])
    return table


def dear_places(board: Board) -> Table:
    """花钱最多的地点 of the period."""
    figure, since, until = board.chapter.figure(board.chapter.cost), board.period.since, board.period.until
    found = asking.dear_places(board.chapter.costs, board.unit.path, since, until)
    units = _units(pk for pk, _ in found)
    table = Table(
        "costs", f"{figure.title}最多的地点", "", [Head("地点"), head_of(figure)], empty="这段时间没有领用材料。"
    )
    for pk, amount in found:
        table.rows.append([_place(board, units[pk]), Cell(amount, f"{money(amount)} 元", board.url_of(figure, pk))])
    return table


def asking_days(board: Board, figure: Figure, place: int, topic: str, since: date) -> str:
    """The list of a place's cases of one kind since a day, up to the period's end."""
    asked = query_of(figure, place=place, since=since, until=board.period.until, topic=topic)
    return f"{reverse('desk')}?tab=governed&{asked}"


def _scores(board: Board, weighed: list[tuple[Figure, int]], *, before: bool = False) -> list[tuple[Decimal, int]]:
    """Scores and schools, best first."""
    found = []
    for school in board.schools:
        counted = board.of([school], before=before)
        values = [(counted.read(one).value, weight) for one, weight in weighed]
        if all(value is not None for value, _ in values):
            score = sum((value * weight for value, weight in values if value is not None), Decimal(0)) / 10
            found.append((rounded(score, Decimal("0.1")), school.pk))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def lights_of(board: Board, judged: Sequence[Figure], counted: Tallied, unit: Unit) -> list[Cell]:
    """A light for each of these figures of one unit."""
    idle = bool(board.chapter.reported) and not any(counted.live.values()) and not counted.read(_reported(board)).n
    return [light_of(counted.read(one), board.url(one, unit), idle=idle) for one in judged]


def _per(n: int, people: int, each: int) -> Cell:
    if people < FEW_STAFF:
        return Cell(None, "—")
    rate = rounded(Decimal(n * each) / people, Decimal("0.1"))
    return Cell(rate, f"{rate}")


def named(unit: Unit) -> Cell:
    """A unit's name, which leads to its figures."""
    return Cell(unit.name, unit.name, _page(unit))


def _page(unit: Unit) -> str:
    return reverse("figures-unit", args=[unit.pk])


def _reported(board: Board) -> Figure:
    return board.chapter.figure(board.chapter.reported)


def _units(ids: Iterable[int]) -> dict[int, Unit]:
    return Unit.objects.select_related("school").in_bulk(list(ids))


def _place(board: Board, unit: Unit) -> Cell:
    name = unit.place if board.is_school or unit.school is None else f"{unit.school.name} · {unit.place}"
    return Cell(name, name, reverse("unit", args=[unit.pk]))
