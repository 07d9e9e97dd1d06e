"""Drawn pictures of dangers in schools, before and after; each knows one thing and two states of it."""

from collections.abc import Callable

from portal.hall.demo.brush import METAL, Sheet

WALL, FLOOR = ("#e9e3d6", "#d8cfbd"), ("#b9ad97", "#8f8470")


def stairs(broken: bool) -> Sheet:
    """A stairwell full of boxes and chairs; or free, with its stripes."""
    sheet = Sheet(*WALL)
    sheet.box((0, 210, 400, 90), FLOOR)
    for step in range(6):
        top = 196 - step * 26
        sheet.box((150 + step * 34, top, 250 - step * 34, 28), ("#c7bda9", "#a1967f"))
        sheet.line([(150 + step * 34, top), (400, top)], "#f2c230" if not broken else "#8b826f", 3)
    sheet.line([(120, 232), (330, 60)], "#6c5b43", 7)
    if broken:
        for left, top, wide in ((36, 196, 92), (60, 138, 76), (128, 214, 70), (196, 178, 66)):
            sheet.box((left, top, wide, 58), ("#c9975a", "#9a6c38"), round_=2)
            sheet.line([(left, top + 26), (left + wide, top + 26)], "#e6cfa6", 5)
        sheet.line([(250, 240), (270, 170), (322, 172)], "#4f5b66", 6)
        sheet.line([(322, 172), (330, 246)], "#4f5b66", 6)
    return sheet


def exitdoor(broken: bool) -> Sheet:
    """A double door to the outside with a chain and a lock on it; or with a push bar under a green sign."""
    sheet = Sheet("#d5dbd7", "#b8c0bb")
    sheet.box((0, 250, 400, 50), FLOOR)
    sheet.box((150, 22, 100, 30), ("#1fa45b", "#127a41") if not broken else ("#56685d", "#3d4b43"), round_=4)
    for left in (92, 202):
        sheet.box((left, 62, 106, 192), ("#7f8f9a", "#5d6b75"), round_=3)
        sheet.box((left + 22, 82, 62, 70), ("#bfe0ee", "#8fb9cc"), round_=2)
        if not broken:
            sheet.box((left + 10, 168, 86, 14), ("#d7dbdd", "#9aa2a6"), round_=5)
    if broken:
        for n in range(9):
            sheet.oval((150 + n * 11, 172 + (n % 2) * 7, 16, 12), METAL)
        sheet.box((182, 186, 36, 34), ("#d9a72b", "#9c741a"), round_=5)
        sheet.arc((187, 168, 26, 34), 180, 360, "#5d6466", 6)
    return sheet


def railing(broken: bool) -> Sheet:
    """A corridor's railing with two bars gone and one loose; or whole."""
    sheet = Sheet("#a9d3ec", "#e3f0f4")
    sheet.box((0, 236, 400, 64), FLOOR)
    sheet.box((0, 92, 400, 16), ("#8f9aa3", "#66717a"), round_=4)
    sheet.box((0, 216, 400, 12), ("#8f9aa3", "#66717a"), round_=3)
    for n in range(13):
        left = 14 + n * 30
        if broken and n in (6, 7):
            continue
        if broken and n == 5:
            sheet.line([(left, 108), (left + 34, 214)], "#66717a", 8)
        else:
            sheet.box((left, 106, 9, 112), ("#9aa5ae", "#6d7880"), upright=False)
    return sheet


def strip(broken: bool) -> Sheet:
    """A socket strip with too many plugs, scorched; or tidy on the wall."""
    sheet = Sheet(*WALL)
    sheet.box((0, 226, 400, 74), FLOOR)
    sheet.box((60, 150, 280, 46), ("#f4f4f2", "#d2d2ce"), round_=8)
    for n in range(6):
        sheet.oval((78 + n * 43, 158, 30, 30), "#bfc1bf")
        sheet.oval((86 + n * 43, 168, 5, 8), "#3a3d3d")
        sheet.oval((97 + n * 43, 168, 5, 8), "#3a3d3d")
    if broken:
        for n in range(6):
            sheet.box((80 + n * 43, 140, 26, 40), ("#34393c", "#16191b"), round_=5)
            sheet.line([(93 + n * 43, 142), (70 + n * 50, 70), (30 + n * 66, 20)], "#1d2123", 5)
        sheet.veil([(230, 120), (340, 120), (352, 214), (222, 214)], "#2b1407", 0.55)
    return sheet


def crack(broken: bool) -> Sheet:
    """An outer wall with a crack from roof to window; or plastered anew."""
    sheet = Sheet("#dccfb6", "#c4b394")
    sheet.box((250, 70, 110, 130), ("#9fc4d6", "#6f9ab0"), round_=2)
    sheet.line([(305, 70), (305, 200)], "#eef2f2", 5)
    sheet.line([(250, 134), (360, 134)], "#eef2f2", 5)
    sheet.box((0, 262, 400, 38), ("#8d8777", "#6f6a5c"))
    if broken:
        sheet.crack([(60, 0), (84, 48), (78, 92), (126, 138), (150, 190), (196, 214), (214, 262)])
        sheet.crack([(126, 138), (160, 128), (206, 140), (250, 150)])
        sheet.shape([(150, 196), (176, 190), (190, 214), (164, 224)], ("#a4583c", "#8a452d"))
    else:
        sheet.veil([(40, 0), (110, 0), (240, 262), (150, 262)], "#f0e7d4", 0.6)
    return sheet


def kitchen(broken: bool) -> Sheet:
    """A gas hose bent and cracked beside the stove with no alarm above; or a steel hose and a green light."""
    sheet = Sheet("#e4eaec", "#c8d2d6")
    sheet.grid((0, 0, 400, 300), (40, 40), "#b9c5ca")
    sheet.box((40, 170, 200, 110), ("#aab3b8", "#79838a"), round_=4)
    sheet.oval((70, 156, 60, 18), "#3d4448")
    sheet.oval((150, 156, 60, 18), "#3d4448")
    sheet.box((290, 130, 70, 150), ("#c44133", "#8f2a20"), round_=16, upright=False)
    colour, width = ("#b5651d", 8) if broken else ("#9aa5ab", 9)
    sheet.line([(240, 214), (262, 250), (276, 196), (300, 140)], colour, width)
    if broken:
        sheet.crack([(258, 232), (266, 244), (262, 256)])
        sheet.drops([(268, 226), (276, 216), (282, 232)], "#f2d36b", 5)
    else:
        sheet.box((296, 34, 60, 40), ("#fafafa", "#dcdfe0"), round_=6)
        sheet.oval((336, 46, 10, 10), "#2fc674")
    return sheet


SCENES: dict[str, Callable[[bool], Sheet]] = {
    scene.__name__: scene for scene in (stairs, exitdoor, railing, strip, crack, kitchen)
}
