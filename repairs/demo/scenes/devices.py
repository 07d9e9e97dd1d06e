"""Pictures of devices: boards, projectors, loudspeakers, networks, computers, kitchen machines, lifts."""

from portal.hall.demo.brush import METAL, Sheet

from .room import FLOOR, PLASTER


def board(broken: bool) -> Sheet:
    """The interactive board of a classroom, dark with stripes; or with a lesson on it."""
    sheet = Sheet(*PLASTER)
    sheet.box((0, 262, 400, 38), FLOOR)
    sheet.box((4, 52, 70, 168), ("#2e5d50", "#234a40"), round_=2)
    sheet.box((326, 52, 70, 168), ("#2e5d50", "#234a40"), round_=2)
    sheet.shade((60, 44, 290, 220), 0.35)
    sheet.box((76, 40, 248, 186), ("#4b5257", "#23282b"), round_=6)
    if broken:
        sheet.box((86, 50, 228, 158), ("#10151a", "#070a0d"), round_=2)
        for x, colour, wide in ((130, "#4fb3d9", 3), (138, "#e05297", 2), (250, "#e8d44d", 2), (256, "#5ad1b8", 4)):
            sheet.line([(x, 52), (x, 206)], colour, wide)
        sheet.veil([(100, 52), (170, 52), (120, 206), (86, 206)], "#ffffff", 0.1)
        sheet.shape([(190, 108), (210, 108), (226, 146), (174, 146)], "#f0b429")
        sheet.line([(200, 118), (200, 132)], "#10151a", 4)
    else:
        sheet.box((86, 50, 228, 158), ("#f7fbff", "#dcebf5"), round_=2)
        sheet.box((86, 50, 228, 24), "#2a6f6b")
        sheet.line([(98, 62), (170, 62)], "#e8f2f0", 5)
        sheet.oval((106, 92, 76, 76), ("#f4a261", "#e76f51"))
        sheet.shape([(144, 130), (144, 92), (182, 130)], "#2a9d8f")
        for number, wide in enumerate((90, 72, 84, 50)):
            sheet.line([(204, 100 + number * 22), (204 + wide, 100 + number * 22)], "#7d94a3", 5)
    sheet.oval((192, 212, 16, 8), "#e4572e" if broken else "#5ad1b8")
    sheet.line([(60, 232), (340, 232)], "#a37b4c", 5)
    return sheet


def projector(broken: bool) -> Sheet:
    """A projector under the ceiling, its lamp dead; or throwing light."""
    sheet = Sheet("#d9dce0" if broken else "#cfd4da", "#f0eee6")
    sheet.shape([(0, 0), (400, 0), (330, 70), (70, 70)], ("#fbfaf6", "#e6e3da"))
    sheet.box((190, 0, 20, 84), METAL, upright=False)
    sheet.shade((90, 160, 240, 60), 0.25)
    if not broken:
        sheet.veil([(136, 134), (166, 134), (330, 300), (-40, 300)], "#fff8cf", 0.75)
        sheet.shade((90, 80, 130, 110), 0.9, "#fffbe0")
    sheet.shape([(104, 90), (296, 90), (312, 106), (88, 106)], ("#ffffff", "#e2e6e8"))
    sheet.box((88, 104, 224, 62), ("#f4f6f7", "#c6ced2"), round_=8)
    sheet.oval((124, 108, 56, 56), ("#566067", "#2c3337"))
    sheet.oval((134, 118, 36, 36), ("#27363f", "#101a20") if broken else ("#fffbe8", "#ffe89a"))
    sheet.oval((142, 124, 12, 10), "#6f8896" if broken else "#ffffff")
    for x in range(212, 296, 10):
        sheet.line([(x, 118), (x, 150)], "#9aa6ab", 3)
    for number in range(3):
        on = broken and number == 1
        sheet.oval((196 - number * 4, 92 + number * 1, 6, 6), "#e4572e" if on else "#9fb3ad" if broken else "#3fc1a6")
    if broken:
        sheet.shade((210, 112, 100, 50), 0.5, "#6b5b44")
    return sheet


def speaker(broken: bool) -> Sheet:
    """A loudspeaker on the wall, its wire hanging; or sounding."""
    sheet = Sheet(*PLASTER)
    sheet.shade((100, 40, 210, 240), 0.25)
    sheet.box((124, 34, 152, 224), ("#8a6a47", "#5c4329"), round_=8)
    sheet.box((134, 44, 132, 204), ("#343a3d", "#1f2426"), round_=5)
    for x, y, size in ((172, 60, 56), (150, 130, 100)):
        sheet.oval((x, y, size, size), ("#5d666a", "#2c3235"))
        sheet.oval((x + size * 0.14, y + size * 0.14, size * 0.72, size * 0.72), ("#22282b", "#454d51"))
        sheet.oval((x + size * 0.34, y + size * 0.34, size * 0.32, size * 0.32), ("#717b80", "#2a3033"))
    if broken:
        sheet.line([(276, 90), (316, 120), (306, 190), (330, 232)], "#2c2b29", 5)
        sheet.line([(330, 232), (340, 240)], "#c77b3b", 3)
        sheet.line([(330, 232), (330, 246)], "#c77b3b", 3)
        sheet.crack([(170, 160), (190, 180), (186, 200), (210, 214)], "#9aa3a7")
    else:
        sheet.line([(276, 90), (330, 90), (330, 0)], "#e4e0d4", 6)
        for size in (40, 64, 88):
            sheet.arc((250, 180 - size / 2, size, size), -50, 50, "#2a9d8f", 4)
    return sheet


def router(broken: bool) -> Sheet:
    """A network box with red lights and a plug pulled out; or green all over."""
    sheet = Sheet("#e4e7ea", "#cdd3d8")
    sheet.box((0, 226, 400, 74), ("#b58f5f", "#94703f"))
    sheet.shade((40, 200, 330, 60), 0.5)
    for x in (84, 308):
        sheet.box((x, 40, 9, 130), ("#3a4248", "#20262a"), round_=4)
    sheet.box((60, 142, 280, 84), ("#47525a", "#262e33"), round_=8)
    sheet.box((70, 152, 260, 22), "#1c2327", round_=4)
    for number in range(8):
        bad = broken and number in (0, 2, 3, 5)
        colour = "#e4572e" if bad else "#39464e" if broken and number > 5 else "#48d597"
        sheet.oval((86 + number * 30, 158, 10, 10), colour)
        if colour != "#39464e":
            sheet.shade((74 + number * 30, 146, 34, 34), 0.4, colour)
        sheet.box((78 + number * 30, 184, 24, 20), ("#12181b", "#2b353b"), round_=2)
    for number, colour in enumerate(("#2f80c2", "#e0a526", "#2f80c2", "#3f9d6b")):
        if broken and number == 1:
            sheet.line([(120, 246), (146, 258), (176, 250)], colour, 7)
            sheet.box((104, 238, 20, 14), ("#dfe8ee", "#a8b6bf"), round_=2)
        else:
            x = 90 + number * 60
            sheet.box((x - 9, 186, 18, 16), ("#dfe8ee", "#a8b6bf"), round_=2)
            sheet.line([(x, 200), (x - 6, 246), (x - 30, 300)], colour, 7)
    return sheet


def computer(broken: bool) -> Sheet:
    """A desktop computer with a blue screen; or at work."""
    sheet = Sheet("#eef0ee", "#dbdfdc")
    sheet.box((0, 236, 400, 64), ("#cfa877", "#ab8450"))
    sheet.shade((60, 222, 300, 56), 0.45)
    sheet.box((176, 196, 48, 34), ("#4a5358", "#2a3135"))
    sheet.box((138, 226, 124, 12), ("#5b666c", "#343c41"), round_=5)
    sheet.box((70, 34, 260, 168), ("#3b4449", "#1e2427"), round_=8)
    if broken:
        sheet.box((80, 44, 240, 142), ("#1769c4", "#0f4f9c"), round_=2)
        sheet.oval((102, 60, 8, 8), "#ffffff")
        sheet.oval((102, 78, 8, 8), "#ffffff")
        sheet.arc((120, 58, 30, 32), 110, 250, "#ffffff", 5)
        for number, wide in enumerate((170, 150, 96)):
            sheet.line([(102, 112 + number * 18), (102 + wide, 112 + number * 18)], "#cfe3f7", 5)
    else:
        sheet.box((80, 44, 240, 142), ("#fdfefe", "#e9f1f3"), round_=2)
        sheet.box((80, 44, 240, 16), "#2a6f6b")
        for row in range(5):
            for column in range(4):
                tint = "#d7e9e6" if (row + column) % 3 else "#f3d9a4"
                sheet.box((92 + column * 56, 72 + row * 21, 50, 15), tint, round_=2)
    sheet.box((96, 244, 180, 26), ("#f2f4f5", "#c9d0d3"), round_=5)
    for row in range(3):
        for column in range(14):
            sheet.box((102 + column * 12, 247 + row * 7, 9, 5), "#aab4b9", round_=1)
    sheet.oval((292, 246, 24, 32), ("#f2f4f5", "#c0c8cc"))
    return sheet


def fridge(broken: bool) -> Sheet:
    """A kitchen refrigerator that is too warm, its seal torn; or at four degrees."""
    sheet = Sheet("#e9eef0", "#d3dce0")
    sheet.grid((0, 0, 400, 246), (44, 30), "#c7d1d5")
    sheet.box((0, 246, 400, 54), ("#9aa7a8", "#7d8b8d"))
    sheet.shade((60, 236, 290, 56), 0.55)
    sheet.box((84, 20, 232, 244), METAL, round_=6, upright=False)
    for left in (92, 204):
        sheet.box((left, 62, 104, 194), ("#dfe6e9", "#b7c2c7"), round_=4)
        sheet.box((left + 8, 70, 88, 122), ("#9fc4d4", "#cfe3ea"), round_=3)
        for y in (106, 148):
            sheet.line([(left + 8, y), (left + 96, y)], "#8295a0", 2)
        for number, colour in enumerate(("#d1495b", "#6a994e", "#e0a526", "#bc6c25")):
            sheet.oval((left + 14 + number * 20, 92 + (number % 2) * 40, 16, 14), colour)
        sheet.veil([(left + 14, 72), (left + 44, 72), (left + 24, 190), (left + 8, 190)], "#ffffff", 0.35)
    sheet.box((186, 150, 7, 60), METAL, round_=3, upright=False)
    sheet.box((206, 150, 7, 60), METAL, round_=3, upright=False)
    sheet.box((150, 30, 100, 24), "#132229", round_=4)
    _digits(sheet, 174, 34, "12" if broken else "04", "#ff5a3c" if broken else "#52e0c4")
    if broken:
        sheet.line([(304, 62), (312, 110), (300, 150), (314, 196)], "#2b2f31", 5)
        sheet.puddle((76, 258, 190, 24))
    return sheet


def _digits(sheet: Sheet, x: float, y: float, text: str, colour: str) -> None:
    """Seven-segment digits."""
    lit = {"0": "abcdef", "1": "bc", "2": "abged", "4": "fgbc"}
    lines = {
        "a": ((0, 0), (10, 0)), "b": ((10, 0), (10, 8)), "c": ((10, 8), (10, 16)), "d": ((0, 16), (10, 16)),
        "e": ((0, 8), (0, 16)), "f": ((0, 0), (0, 8)), "g": ((0, 8), (10, 8)),
    }  # fmt: skip
    for number, digit in enumerate(text):
        for part in lit[digit]:
            (ax, ay), (bx, by) = lines[part]
            left = x + number * 20
            sheet.line([(left + ax, y + ay), (left + bx, y + by)], colour, 2.6)
    sheet.oval((x + 42, y - 1, 5, 5), colour)


def stove(broken: bool) -> Sheet:
    """A kitchen range with one flame out; or both blue."""
    sheet = Sheet("#e6e9e8", "#cbd2d1")
    sheet.grid((0, 0, 400, 150), (40, 30), "#c0c9c8")
    sheet.shape([(60, 0), (340, 0), (372, 46), (28, 46)], METAL, upright=False)
    sheet.box((28, 46, 344, 12), ("#7b878c", "#4f5a5f"))
    sheet.shade((10, 250, 380, 60), 0.5)
    sheet.box((26, 168, 348, 132), METAL, round_=5)
    sheet.box((26, 156, 348, 22), ("#5b666b", "#30383c"), round_=4)
    for left, out in ((58, False), (226, broken)):
        sheet.oval((left, 142, 118, 30), ("#2e3437", "#171b1d"))
        if out:
            sheet.shade((left - 10, 86, 140, 80), 0.4, "#4a4038")
            for x in range(left + 24, left + 100, 18):
                sheet.oval((x, 152, 7, 5), "#5a6165")
        else:
            for x in range(left + 18, left + 104, 14):
                sheet.shape([(x, 158), (x + 6, 130), (x + 12, 158)], ("#9fd8ff", "#2f74d0"))
        sheet.oval((left + 40, 240, 36, 36), ("#3a4347", "#1c2225"))
        sheet.line([(left + 58, 258), (left + (58 if out else 70), 246)], "#e4572e" if out else "#f3f6f7", 4)
        if not out:
            sheet.shape([(left - 6, 96), (left + 124, 96), (left + 100, 138), (left + 18, 138)], ("#49545a", "#22292d"))
            sheet.oval((left - 6, 88, 130, 18), ("#6b787f", "#39434a"))
    return sheet


def elevator(broken: bool) -> Sheet:
    """The doors of a lift, stuck with a warning; or ready."""
    sheet = Sheet("#e8e4da", "#d4cdbe")
    sheet.grid((0, 0, 400, 250), (80, 62), "#c6bfae")
    sheet.box((0, 250, 400, 50), ("#9d9384", "#7f7566"))
    sheet.box((96, 24, 208, 236), METAL, round_=3, upright=False)
    sheet.box((110, 56, 180, 204), "#1b2023")
    gap = 20 if broken else 0
    sheet.box((110, 56, 89 - gap, 204), ("#c9d1d4", "#8f9ba0", "#d7dee0"), upright=False)
    sheet.box((201 + gap, 56, 89 - gap, 204), ("#d7dee0", "#8f9ba0", "#c9d1d4"), upright=False)
    sheet.box((160, 32, 80, 20), "#12181b", round_=3)
    _digits(sheet, 182, 34, "2", "#ff5a3c" if broken else "#52e0c4")
    sheet.box((322, 118, 34, 64), METAL, round_=5, upright=False)
    for y in (126, 152):
        sheet.oval((330, y, 18, 18), ("#fdfefe", "#b7c2c6"))
    if broken:
        sheet.shape([(200, 168), (262, 274), (138, 274)], ("#ffd34d", "#eab308"))
        sheet.line([(200, 204), (200, 242)], "#2b2a26", 8)
        sheet.oval((195, 252, 10, 10), "#2b2a26")
    return sheet
