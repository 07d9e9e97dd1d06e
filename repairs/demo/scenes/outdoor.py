"""Pictures of corridors, gates and grounds: fire safety, cameras, barriers, courts, trees and fences; and a paper sheet."""

from portal.hall.demo.brush import METAL, Sheet

from .room import PLASTER

SKY = ("#a9d3ec", "#e3f0f4")
GRASS = ("#86b073", "#5f8d52")


def extinguisher(broken: bool) -> Sheet:
    """Two fire extinguishers in their box, one missing and the gauge in the red; or both in the green."""
    sheet = Sheet(*PLASTER)
    sheet.box((0, 262, 400, 38), ("#a39a8b", "#857c6d"))
    sheet.shade((70, 240, 270, 50), 0.45)
    sheet.box((96, 44, 208, 214), ("#d94040", "#a82626"), round_=6)
    sheet.box((108, 56, 184, 190), ("#3b1414", "#5a2020"), round_=3)
    for left, there in ((126, True), (208, not broken)):
        if not there:
            sheet.oval((left, 228, 62, 14), "#2a0d0d")
            continue
        sheet.box((left, 104, 62, 136), ("#8e1b1b", "#f05a4f", "#c43030", "#7d1616"), round_=16, upright=False)
        sheet.box((left + 20, 82, 22, 26), METAL, upright=False)
        sheet.line([(left + 8, 80), (left + 52, 76)], "#23282b", 7)
        sheet.line([(left + 46, 88), (left + 66, 130), (left + 58, 196)], "#23282b", 6)
        sheet.box((left + 10, 140, 42, 58), ("#fdfaf0", "#e6dfca"), round_=3)
        for y in (152, 164, 176):
            sheet.line([(left + 16, y), (left + 44, y)], "#b08d57", 2.5)
        bad = broken and left == 126
        sheet.oval((left + 22, 86, 18, 18), "#ffffff")
        sheet.arc((left + 23, 87, 16, 16), 150, 270, "#e4572e", 3)
        sheet.arc((left + 23, 87, 16, 16), 270, 390, "#35b36a", 3)
        sheet.line([(left + 31, 95), (left + (26 if bad else 36), 91)], "#1d2326", 2)
    sheet.box((150, 18, 100, 20), ("#d94040", "#b92e2e"), round_=3)
    sheet.line([(164, 28), (236, 28)], "#ffffff", 5)
    return sheet


def exitlight(broken: bool) -> Sheet:
    """An exit sign, dark and hanging; or green and bright."""
    sheet = Sheet("#b9bdbb" if broken else "#dfe4df", "#8f9391" if broken else "#c6cec8")
    sheet.box((0, 220, 400, 80), ("#7f8682", "#666d69") if broken else ("#a9b3ac", "#8f9a93"))
    sheet.box((120, 128, 160, 172), ("#6d5a42", "#574630"), round_=2)
    sheet.box((128, 136, 144, 164), ("#93764f", "#7b6140"))
    sheet.oval((250, 216, 14, 14), METAL)
    if broken:
        sheet.line([(130, 30), (132, 62)], "#5d6663", 3)
        sheet.shape([(104, 58), (288, 92), (276, 140), (96, 106)], ("#3a5147", "#28392f"))
        sheet.shape([(116, 68), (276, 98), (268, 130), (108, 100)], ("#4d6a5c", "#3a5247"))
        sheet.line([(288, 92), (306, 46), (300, 30)], "#23282b", 4)
        _runner(sheet, 150, 90, "#8ba396")
    else:
        sheet.shade((40, 0, 320, 190), 0.8, "#b6f2cf")
        sheet.box((100, 44, 200, 62), ("#1fa45b", "#127a41"), round_=5)
        sheet.box((108, 52, 184, 46), ("#2fc674", "#1c9a56"), round_=3)
        _runner(sheet, 148, 75, "#ffffff")
        sheet.shape([(262, 64), (282, 75), (262, 86)], "#ffffff")
        sheet.line([(200, 75), (262, 75)], "#ffffff", 6)
    return sheet


def _runner(sheet: Sheet, x: float, y: float, colour: str) -> None:
    """The man on the sign."""
    sheet.oval((x + 4, y - 18, 9, 9), colour)
    sheet.line([(x + 5, y - 8), (x, y + 4)], colour, 6)
    sheet.line([(x, y + 4), (x + 10, y + 10), (x + 8, y + 18)], colour, 5)
    sheet.line([(x, y + 4), (x - 8, y + 12), (x - 16, y + 12)], colour, 5)
    sheet.line([(x - 10, y - 2), (x + 4, y - 7), (x + 14, y)], colour, 4)


def camera(broken: bool) -> Sheet:
    """A camera that looks at the wall, its cable loose; or down the yard."""
    sheet = Sheet(*SKY)
    sheet.box((0, 0, 128, 300), ("#d8cbb5", "#bfae92"))
    sheet.grid((0, 0, 128, 300), (42, 24), "#c8b99e", shift=21)
    sheet.box((128, 236, 272, 64), GRASS)
    for x, size in ((250, 60), (330, 78), (390, 54)):
        sheet.oval((x - size / 2, 224 - size * 0.7, size, size), ("#6b9c5c", "#4b7a45"))
    sheet.box((118, 98, 34, 44), METAL, round_=4)
    if broken:
        sheet.line([(150, 120), (190, 150)], "#8b969b", 12)
        sheet.shape([(150, 150), (230, 128), (250, 196), (170, 220)], ("#ffffff", "#c3ccd0"))
        sheet.oval((146, 176, 40, 44), ("#3a4449", "#191f22"))
        sheet.line([(240, 170), (276, 196), (268, 240)], "#22282b", 5)
        sheet.crack([(160, 186), (172, 196), (168, 206)], "#cfd6d9")
    else:
        sheet.line([(150, 120), (196, 120)], "#8b969b", 12)
        sheet.box((186, 92, 124, 58), ("#ffffff", "#c3ccd0"), round_=10)
        sheet.box((178, 84, 142, 14), ("#f1f4f5", "#aab5ba"), round_=6)
        sheet.oval((288, 100, 42, 42), ("#3a4449", "#191f22"))
        sheet.oval((298, 110, 22, 22), ("#2c4d63", "#0e1a22"))
        sheet.oval((303, 113, 7, 6), "#9fd0e8")
        sheet.oval((204, 116, 7, 7), "#48d597")
    return sheet


def gatebar(broken: bool) -> Sheet:
    """The barrier at the gate, stuck half way; or down."""
    sheet = Sheet(*SKY)
    sheet.box((0, 206, 400, 94), ("#8d9497", "#6d7477"))
    sheet.box((0, 150, 400, 58), GRASS)
    for x, size in ((60, 84), (150, 60), (340, 92)):
        sheet.oval((x - size / 2, 156 - size * 0.8, size, size), ("#6b9c5c", "#4b7a45"))
    sheet.line([(0, 262), (400, 250)], "#e9e4d2", 4)
    sheet.shade((30, 250, 130, 40), 0.5)
    sheet.box((52, 120, 74, 146), ("#f6b93b", "#d68f12"), round_=6)
    sheet.box((62, 134, 54, 34), "#27313a", round_=4)
    sheet.oval((80, 178, 18, 18), "#e4572e" if broken else "#48d597")
    lift = 96 if broken else 6
    for number in range(8):
        start, end = number / 8, (number + 1) / 8
        points = [(100 + 290 * start, 140 - lift * start), (100 + 290 * end, 140 - lift * end)]
        sheet.line(points, "#d94040" if number % 2 else "#fdfdfb", 13)
    if broken:
        sheet.line([(244, 90), (252, 70)], "#2b3033", 3)
        sheet.line([(150, 200), (170, 246)], "#5c666b", 5)
        sheet.shape([(280, 210), (304, 268), (256, 268)], ("#f47b2a", "#d85f12"))
        sheet.line([(268, 244), (292, 244)], "#ffffff", 6)
    return sheet


def hoop(broken: bool) -> Sheet:
    """A basketball hoop hanging down with a torn net; or straight."""
    sheet = Sheet(*SKY)
    sheet.box((0, 236, 400, 64), ("#c2674a", "#a34f35"))
    sheet.line([(0, 268), (400, 252)], "#f3e7dd", 4)
    sheet.box((192, 150, 18, 120), ("#5d6b73", "#39454c"))
    sheet.shape([(112, 36), (292, 36), (292, 152), (112, 152)], ("#fbfdfd", "#d5e2e8"))
    sheet.line([(112, 36), (292, 36), (292, 152), (112, 152), (112, 36)], "#2f5f86", 6)
    sheet.line([(166, 80), (238, 80), (238, 132), (166, 132), (166, 80)], "#d94040", 5)
    drop = 34 if broken else 0
    sheet.shape([(162, 130), (240, 130 + drop * 0.2), (242, 142 + drop * 0.3), (162, 140)], "#b93424")
    sheet.arc((158, 128, 88, 28 + drop), 0, 180, "#e4572e", 6)
    if broken:
        for x in (168, 186):
            sheet.line([(x, 150), (x + 6, 176), (x - 2, 204)], "#f7f9fa", 3)
        sheet.line([(226, 172), (236, 214)], "#f7f9fa", 3)
        sheet.oval((276, 44, 9, 9), "#2b3033")
        sheet.oval((150, 264, 8, 6), "#4a5257")
    else:
        for x in range(168, 240, 14):
            sheet.line([(x, 152), (188 + (x - 168) * 0.4, 204)], "#f7f9fa", 3)
        for y, inset in ((166, 6), (184, 14)):
            sheet.line([(168 + inset, y), (238 - inset, y)], "#f7f9fa", 2.4)
        sheet.oval((252, 200, 42, 42), ("#f49b4b", "#cf6a1c"))
        sheet.arc((252, 200, 42, 42), 60, 240, "#8a4410", 2)
    return sheet


def track(broken: bool) -> Sheet:
    """A running track with a blister torn open; or smooth."""
    sheet = Sheet("#cfe5ee", "#b9d6a8")
    sheet.box((0, 60, 400, 40), GRASS)
    sheet.shape([(0, 100), (400, 100), (400, 300), (0, 300)], ("#cf6a4d", "#b4492e"))
    if not broken:
        sheet.shape([(140, 160), (312, 160), (336, 248), (132, 248)], ("#d77456", "#bf5438"))
    for number in range(5):
        sheet.line([(150 + number * 25, 100), (-120 + number * 160, 300)], "#f6e9e2", 3 + number * 0.2)
    if broken:
        sheet.shade((130, 160, 200, 110), 0.55)
        sheet.oval((150, 168, 150, 76), ("#e08a6e", "#a8432a"))
        sheet.shape([(190, 196), (252, 186), (270, 208), (226, 226), (186, 216)], ("#4c443e", "#6a5f55"))
        sheet.crack([(252, 186), (284, 172), (318, 182)], "#5a2414")
        sheet.crack([(190, 196), (160, 206), (138, 196)], "#5a2414")
    else:
        sheet.veil([(0, 110), (200, 104), (120, 300), (0, 300)], "#ffffff", 0.16)
    return sheet


def tree(broken: bool) -> Sheet:
    """A tree with a broken branch hanging; or pruned."""
    sheet = Sheet(*SKY)
    sheet.box((0, 230, 400, 70), GRASS)
    sheet.shape([(120, 300), (280, 300), (226, 230), (188, 230)], ("#cfc3ad", "#b3a488"))
    sheet.shade((100, 226, 200, 40), 0.45)
    sheet.shape([(186, 250), (216, 250), (212, 120), (192, 120)], ("#8a6a47", "#5c4329"), upright=False)
    for x, y, size in ((110, 40, 110), (180, 20, 130), (240, 60, 100), (150, 80, 120)):
        sheet.oval((x, y, size, size * 0.8), ("#7fb069", "#4f7d43"))
    for x, y in ((140, 66), (200, 50), (256, 90), (176, 110), (228, 80)):
        sheet.shade((x, y, 40, 30), 0.35, "#d7f0c2")
    if broken:
        sheet.line([(214, 150), (262, 140), (304, 206)], "#6b4f31", 10)
        sheet.shape([(256, 134), (274, 132), (266, 148)], "#e3c394")
        for x, y, size in ((278, 180, 58), (296, 206, 50), (264, 214, 44)):
            sheet.oval((x, y, size, size * 0.7), ("#8fa75b", "#6a7f3c"))
        sheet.line([(0, 96), (400, 118)], "#3a4145", 2)
    else:
        sheet.oval((208, 142, 14, 14), ("#e3c394", "#c79f63"))
        sheet.line([(300, 268), (352, 262)], "#6b4f31", 7)
        sheet.line([(306, 276), (358, 272)], "#7d5d3b", 7)
    return sheet


def fence(broken: bool) -> Sheet:
    """A fence with two bars gone; or whole."""
    sheet = Sheet(*SKY)
    sheet.box((0, 214, 400, 86), GRASS)
    for x, size in ((70, 90), (220, 110), (350, 84)):
        sheet.oval((x - size / 2, 214 - size * 0.85, size, size), ("#86b073", "#5b8a50"))
    sheet.box((0, 228, 400, 30), ("#c9bfae", "#a89c86"))
    for y in (92, 206):
        sheet.box((0, y, 400, 9), ("#3f7f6b", "#275647"))
    for number in range(14):
        x = 12 + number * 29
        if broken and number in (6, 7):
            continue
        sheet.box((x, 66, 9, 164), ("#4d9680", "#2c6150"), upright=False, round_=2)
        sheet.shape([(x - 2, 68), (x + 4.5, 50), (x + 11, 68)], "#2c6150")
    if broken:
        sheet.line([(192, 100), (206, 150)], "#4d9680", 8)
        sheet.line([(176, 268), (262, 280)], "#3f7f6b", 8)
        for x in (190, 219):
            sheet.oval((x - 2, 94, 9, 7), "#8a4a2a")
    else:
        sheet.veil([(180, 66), (236, 66), (236, 228), (180, 228)], "#ffffff", 0.15)
    return sheet


def sign(broken: bool) -> Sheet:
    """A notice board whose glass door hangs open; or shut."""
    sheet = Sheet(*SKY)
    sheet.box((0, 232, 400, 68), ("#bdb4a4", "#9c9280"))
    for x in (84, 304):
        sheet.box((x, 40, 14, 220), METAL, upright=False)
    sheet.shade((50, 246, 300, 40), 0.4)
    sheet.box((56, 38, 288, 168), ("#2a6f6b", "#1c4f4c"), round_=6)
    sheet.box((68, 62, 264, 132), ("#fbf8ef", "#ece5d3"))
    sheet.line([(150, 50), (250, 50)], "#f5d27a", 6)
    for number, colour in enumerate(("#f4a261", "#8ecae6", "#b5c99a", "#e5989b")):
        left = 80 + number * 63
        sheet.box((left, 74, 52, 40), colour, round_=2)
        for row in range(4):
            sheet.line([(left, 126 + row * 14), (left + 50 - row % 2 * 12, 126 + row * 14)], "#9c9482", 3)
    if broken:
        sheet.shape([(204, 58), (326, 92), (316, 232), (196, 202)], ("#cfe6ee", "#9cc4d4"))
        sheet.shape([(212, 68), (318, 98), (310, 220), (204, 194)], ("#e6f4f8", "#bedbe5"))
        sheet.crack([(240, 80), (262, 120), (250, 150), (280, 190)], "#5f7f8c")
        sheet.oval((62, 176, 8, 8), "#1f2426")
    else:
        sheet.veil([(90, 62), (150, 62), (110, 194), (68, 194)], "#ffffff", 0.5)
        sheet.box((196, 112, 8, 30), METAL, round_=3, upright=False)
    return sheet


def paper(_: bool) -> Sheet:
    """A job sheet filled in by hand, lying on a desk."""
    sheet = Sheet("#b98d5a", "#8f6739")
    for y in range(20, 300, 36):
        sheet.line([(0, y), (400, y + 8)], "#a67a47", 1)
    sheet.shade((70, 20, 280, 280), 0.5)
    sheet.shape([(96, 16), (318, 28), (304, 290), (80, 276)], ("#fffdf6", "#efe9da"))
    sheet.line([(150, 44), (262, 50)], "#3b3a36", 6)
    for row in range(7):
        y = 74 + row * 26
        sheet.line([(100, y), (306, y + 11)], "#b9b3a4", 1.4)
        sheet.line([(106, y + 13), (138, y + 15)], "#6b675e", 4)
    sheet.line([(160, 70), (152, 262)], "#b9b3a4", 1.4)
    for row, wide in enumerate((70, 96, 120, 60, 110, 84, 50)):
        y = 90 + row * 26
        points = [(170 + step * 8, y + 4 + (step % 3) * 3 - (step % 2) * 5) for step in range(wide // 8)]
        sheet.line(points, "#2b4c8c", 2.4)
    sheet.oval((230, 218, 54, 54), "#efe9da")
    sheet.arc((230, 218, 54, 54), 0, 360, "#c8352b", 4)
    sheet.line([(242, 246), (272, 246)], "#c8352b", 4)
    sheet.line([(330, 90), (352, 210)], "#1d2b3a", 9)
    return sheet
