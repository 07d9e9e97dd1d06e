"""Pictures of rooms: lamps, sockets, windows, doors, walls and ceilings."""

from portal.hall.demo.brush import METAL, Sheet

PLASTER = ("#f2efe6", "#e0dbcd")
WOOD = ("#d9b27c", "#c2955a")
FLOOR = ("#c9b79c", "#a8957a")


def lamp(broken: bool) -> Sheet:
    """A row of ceiling lamps in a classroom, one of them dark; or all alight."""
    sheet = Sheet("#e6e4da" if not broken else "#c9cac6", "#f4f2ea" if not broken else "#d5d3ca")
    sheet.shape(
        [(0, 0), (400, 0), (300, 120), (100, 120)], ("#fbfaf5", "#ebe9e0") if not broken else ("#b3b5b3", "#c6c7c2")
    )
    sheet.box((100, 120, 200, 96), ("#eeebe1", "#e2ded2") if not broken else ("#bdbcb5", "#c8c6bd"))
    sheet.box((140, 134, 120, 56), ("#2e5d50", "#234a40"), round_=2)
    sheet.line([(136, 192), (264, 192)], "#a37b4c", 4)
    sheet.shape([(0, 300), (400, 300), (300, 216), (100, 216)], FLOOR if not broken else ("#8f8370", "#75694f"))
    for row, (x, wide, y) in enumerate(((60, 120, 34), (222, 120, 34), (118, 74, 84), (210, 74, 84))):
        dark = broken and row != 3
        sheet.box((x - 4, y - 5, wide + 8, 20), ("#f7f7f4", "#d7d7d1"), round_=3)
        sheet.box((x, y, wide, 10), ("#85888a", "#6c6f71") if dark else ("#fffef4", "#fff6cf"), round_=5)
        if not dark:
            sheet.shade((x - 60, y - 50, wide + 120, 120), 0.75, "#fffdf0")
            sheet.veil([(x, y + 12), (x + wide, y + 12), (x + wide + 60, 280), (x - 60, 280)], "#fffbe6", 0.07)
    for number in range(3):
        x = 60 + number * 110
        sheet.box((x, 238, 70, 10), WOOD, round_=2)
        sheet.line([(x + 8, 248), (x + 8, 284)], "#5f6d73", 4)
        sheet.line([(x + 62, 248), (x + 62, 284)], "#5f6d73", 4)
    if broken:
        sheet.oval((66, 36, 22, 7), "#3f3a35")
    return sheet


def socket(broken: bool) -> Sheet:
    """A socket hanging from the wall by its wires; or a new one, straight."""
    sheet = Sheet(*PLASTER)
    sheet.shade((-80, -60, 360, 280), 0.5, "#ffffff")
    sheet.box((0, 262, 400, 38), ("#9b8a72", "#7d6d57"))
    sheet.box((0, 252, 400, 12), ("#e9e4d8", "#cfc8b8"))
    if broken:
        sheet.box((142, 84, 116, 116), ("#4c4a47", "#2d2b29"), round_=4)
        for start, colour in ((164, "#b5442f"), (196, "#2f6aa3"), (226, "#d7b12d")):
            sheet.line([(start, 102), (start + 8, 150), (start - 6, 186)], colour, 5)
        sheet.shade((120, 130, 190, 150), 0.4)
        sheet.shape([(138, 128), (252, 112), (268, 226), (154, 242)], ("#fdfdfb", "#d9d9d4"))
        _holes(sheet, 205, 177, 0.96)
        sheet.shape([(238, 114), (252, 112), (256, 140), (246, 132)], "#4c4a47")
        for y in (96, 70, 50):
            sheet.shade((96 + y / 3, y, 60, 40), 0.28, "#4b3f33")
    else:
        sheet.shade((128, 84, 154, 150), 0.3)
        sheet.box((140, 82, 120, 120), ("#ffffff", "#e4e4df"), round_=10)
        sheet.box((148, 90, 104, 104), ("#fbfbf9", "#eeeeea"), round_=7)
        _holes(sheet, 200, 142, 1)
        sheet.oval((236, 96, 7, 7), "#35b36a")
    return sheet


def _holes(sheet: Sheet, x: float, y: float, size: float) -> None:
    for left, top in ((-22, -26), (14, -26)):
        sheet.box((x + left * size, y + top * size, 7, 20), "#35393b", round_=2)
    for points in ((0, 8, 7, 19), (-24, 20, 16, 7), (10, 20, 16, 7)):
        left, top, wide, high = points
        sheet.box((x + left * size - 3, y + top * size, wide, high), "#35393b", round_=2)


def window(broken: bool) -> Sheet:
    """A sliding window with a cracked pane and no catch; or whole, with the sky in it."""
    sheet = Sheet(*PLASTER)
    sheet.box((44, 28, 312, 226), ("#ffffff", "#d3d8da"), round_=4)
    sheet.box((56, 40, 288, 202), ("#8fc3e6", "#d6ecf7"))
    for x, y, size in ((90, 80, 70), (240, 64, 90), (150, 104, 60)):
        sheet.shade((x, y, size, size * 0.5), 0.9, "#ffffff")
    sheet.shape(
        [(56, 242), (56, 196), (110, 176), (170, 204), (236, 170), (344, 206), (344, 242)], ("#7fae7b", "#5d8f60")
    )
    for left in (56, 196):
        for part in ((left, 40, 148, 10), (left, 232, 148, 10), (left, 40, 10, 202), (left + 138, 40, 10, 202)):
            sheet.box(part, ("#f7f9fa", "#cdd4d7"))
    sheet.veil([(90, 60), (150, 60), (90, 210), (66, 210)], "#ffffff", 0.4)
    sheet.box((30, 252, 340, 18), ("#f3efe4", "#cfc8b6"), round_=3)
    sheet.shade((20, 262, 360, 24), 0.3)
    if broken:
        middle = (276, 128)
        for end in ((214, 60), (330, 70), (334, 150), (300, 228), (230, 220), (208, 150)):
            half = ((middle[0] + end[0]) / 2 + 8, (middle[1] + end[1]) / 2 - 6)
            sheet.line([middle, half, end], "#f4fbff", 2.2)
            sheet.line([(middle[0] + 1.5, middle[1] + 1.5), (half[0] + 1.5, half[1] + 1.5)], "#5b7d90", 1)
        sheet.shape([(268, 118), (290, 122), (286, 142), (264, 138)], ("#3d5866", "#56727f"))
        sheet.line([(222, 96), (318, 180)], "#e2c96d", 9)
        sheet.line([(230, 184), (316, 92)], "#e2c96d", 9)
    else:
        sheet.box((188, 120, 18, 46), METAL, round_=5, upright=False)
        sheet.veil([(240, 60), (300, 60), (240, 210), (214, 210)], "#ffffff", 0.45)
    return sheet


def door(broken: bool) -> Sheet:
    """A door hanging crooked with a loose lock; or shut, with a new one."""
    sheet = Sheet(*PLASTER)
    sheet.box((0, 270, 400, 30), FLOOR)
    sheet.box((108, 14, 184, 262), ("#a9895f", "#8d6e47"))
    sheet.box((120, 26, 160, 250), ("#25211c", "#3a342c") if broken else "#8d6e47")
    if broken:
        sheet.shape([(124, 34), (270, 24), (284, 268), (138, 276)], ("#cfa771", "#a87f4b"))
        sheet.shape([(144, 56), (252, 48), (256, 130), (148, 138)], ("#c0965d", "#b0864e"))
        sheet.shape([(150, 158), (257, 150), (264, 244), (156, 252)], ("#c0965d", "#b0864e"))
        sheet.shape([(246, 140), (274, 138), (276, 182), (248, 184)], ("#4a4036", "#2c2620"))
        sheet.line([(256, 168), (240, 206)], "#9aa3a7", 7)
        sheet.box((118, 58, 12, 26), METAL, upright=False)
        sheet.oval((112, 238, 7, 7), "#2b2723")
    else:
        sheet.box((124, 28, 152, 246), ("#d9b27c", "#bb915a"))
        for top in (48, 158):
            sheet.box((142, top, 116, 90), ("#cba56c", "#bd945b"), round_=3)
            sheet.box((147, top + 5, 106, 80), ("#d5ae76", "#c39a61"), round_=2)
        sheet.box((250, 138, 20, 54), METAL, round_=4, upright=False)
        sheet.box((222, 152, 44, 10), ("#f3f6f7", "#8b969b"), round_=5)
        sheet.oval((256, 174, 8, 8), "#3c4144")
        for top in (48, 150, 244):
            sheet.box((119, top, 9, 20), METAL, upright=False)
    sheet.box((176, 40, 48, 16), ("#2a6f6b", "#1f5754"), round_=3)
    sheet.line([(186, 48), (214, 48)], "#e8f2f0", 3)
    return sheet


def wall(broken: bool) -> Sheet:
    """A wall whose plaster has come off in a corner; or freshly painted."""
    sheet = Sheet("#f0ede2", "#e2ddcf")
    sheet.box((0, 206, 400, 70), ("#8fb3a2", "#789d8c"))
    sheet.box((0, 276, 400, 24), ("#6d6456", "#594f42"))
    sheet.shade((-60, -80, 320, 300), 0.55, "#ffffff")
    if broken:
        sheet.shade((100, 44, 230, 190), 0.3, "#7c6a4c")
        sheet.shape(
            [(136, 92), (184, 64), (238, 78), (286, 72), (300, 128), (270, 176), (214, 186), (166, 172), (140, 138)],
            ("#b7a88d", "#9c8b6d"),
        )
        for x, y in ((170, 96), (218, 92), (192, 132), (244, 128), (220, 158)):
            sheet.box((x, y, 40, 18), ("#a8583c", "#8b452d"), round_=2)
        sheet.crack([(300, 128), (326, 160), (318, 190), (346, 226), (340, 262)])
        sheet.crack([(136, 92), (112, 60), (118, 30), (96, 4)])
        for x, y in ((180, 286), (220, 290), (250, 284)):
            sheet.shape([(x, y), (x + 16, y - 6), (x + 22, y + 4), (x + 6, y + 8)], "#e6e1d4")
    else:
        sheet.box((120, 50, 200, 150), ("#fbf9f2", "#f2eee3"), round_=4)
        sheet.box((296, 236, 48, 46), ("#dfe5e8", "#a9b3b8"), round_=4)
        sheet.box((296, 232, 48, 10), ("#fbf9f2", "#e9e4d6"), round_=3)
        sheet.line([(330, 234), (352, 190)], "#9b7a4a", 5)
    return sheet


def ceiling(broken: bool) -> Sheet:
    """A ceiling of panels, stained and dripping into a bucket; or dry and white."""
    sheet = Sheet("#f5f4ef", "#e3e0d6")
    sheet.shape([(0, 0), (400, 0), (400, 150), (0, 150)], ("#f2f1ec", "#dedbd1"))
    for step in range(-4, 5):
        sheet.line([(200 + step * 76, 0), (200 + step * 44, 150)], "#c6c3b8", 1.6)
    for y in (0, 40, 88, 148):
        sheet.line([(0, y), (400, y)], "#c6c3b8", 1.6)
    sheet.box((0, 150, 400, 100), ("#eae6da", "#ded8c8"))
    sheet.box((0, 250, 400, 50), FLOOR)
    if broken:
        sheet.shade((130, 14, 170, 120), 0.6, "#a7803b")
        sheet.shade((160, 34, 110, 80), 0.5, "#7c5a24")
        sheet.shape([(178, 92), (236, 90), (244, 132), (172, 134)], ("#2e2a24", "#4a4339"))
        sheet.drops([(208, 158), (212, 190), (206, 220)], size=4)
        sheet.shade((150, 262, 130, 36), 0.45)
        sheet.shape([(168, 232), (254, 232), (244, 284), (178, 284)], ("#d1495b", "#a5303f"))
        sheet.oval((168, 224, 86, 17), ("#b9daee", "#7fb2d3"))
    else:
        sheet.box((156, 96, 86, 12), ("#fffef2", "#fff3c4"), round_=3)
        sheet.shade((90, 60, 220, 110), 0.7, "#fffdf0")
        sheet.line([(60, 286), (96, 172), (132, 286)], "#9aa3a7", 6)
        for y in (204, 232, 258):
            sheet.line([(84 - (y - 204) * 0.3, y), (108 + (y - 204) * 0.3, y)], "#9aa3a7", 4)
    return sheet
