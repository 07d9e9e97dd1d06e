"""Pictures of what stands and hangs in rooms: chairs, cupboards, beds, fans, air conditioners."""

from portal.hall.demo.brush import METAL, Sheet

from .room import FLOOR, PLASTER, WOOD


def chair(broken: bool) -> Sheet:
    """A pupil's desk and chair, the back broken off; or mended."""
    sheet = Sheet("#ece7da", "#ddd6c6")
    sheet.box((0, 196, 400, 104), ("#c3b193", "#a29071"))
    for x in range(0, 400, 50):
        sheet.line([(x, 196), (x - 40, 300)], "#b29f80", 1)
    sheet.shade((40, 240, 340, 54), 0.45)
    sheet.box((40, 112, 150, 14), WOOD, round_=3)
    sheet.box((48, 126, 134, 30), ("#b9925c", "#a27c48"), round_=2)
    for x in (54, 172):
        sheet.line([(x, 150), (x - 4, 262)], "#4f7d8c", 7)
        sheet.line([(x - 18, 264), (x + 14, 264)], "#3d6472", 6)
    for x in (238, 318):
        sheet.line([(x, 186), (x - 6, 268)], "#4f7d8c", 7)
    sheet.box((222, 174, 112, 14), WOOD, round_=5)
    if broken:
        sheet.line([(322, 178), (334, 116)], "#4f7d8c", 7)
        sheet.line([(238, 178), (242, 140)], "#4f7d8c", 7)
        sheet.shape([(236, 118), (326, 84), (336, 112), (246, 146)], ("#d9b27c", "#b98d52"))
        sheet.crack([(268, 106), (280, 116), (276, 132)], "#6b4a22")
        sheet.shape([(340, 262), (384, 250), (388, 262), (346, 272)], WOOD)
        sheet.oval((356, 282, 8, 5), "#565f63")
        sheet.oval((206, 276, 8, 5), "#565f63")
    else:
        for x in (240, 322):
            sheet.line([(x, 180), (x + 6, 84)], "#4f7d8c", 7)
        sheet.box((232, 78, 110, 40), WOOD, round_=7)
        for x in (250, 322):
            sheet.oval((x, 92, 9, 9), METAL)
    return sheet


def cabinet(broken: bool) -> Sheet:
    """A cupboard with one door hanging; or closed."""
    sheet = Sheet(*PLASTER)
    sheet.box((0, 258, 400, 42), FLOOR)
    sheet.shade((60, 240, 290, 48), 0.45)
    sheet.box((84, 30, 232, 234), ("#e8d9bd", "#cdb992"), round_=3)
    sheet.box((94, 40, 212, 150), ("#6e5c41", "#85714f"))
    for y in (88, 138):
        sheet.box((94, y, 212, 6), ("#d9c7a3", "#b9a47c"))
    for number, colour in enumerate(("#b5533c", "#3c7a89", "#d3a33f", "#56754b", "#7a5c86", "#b5533c", "#30638e")):
        sheet.box((196 + number * 14, 52 + number % 3 * 4, 11, 36 - number % 3 * 4), colour, round_=1)
        sheet.box((200 + number * 13, 104 + number % 2 * 5, 10, 34 - number % 2 * 5), colour, round_=1)
    sheet.box((94, 198, 104, 56), ("#e3d2b0", "#cbb68c"), round_=2)
    sheet.box((202, 198, 104, 56), ("#e3d2b0", "#cbb68c"), round_=2)
    if broken:
        sheet.shape([(96, 52), (176, 92), (190, 232), (108, 196)], ("#efe2c8", "#cdb88e"))
        sheet.line([(164, 150), (168, 168)], "#6d787d", 4)
        sheet.box((92, 46, 10, 16), METAL, upright=False)
    else:
        sheet.box((94, 40, 104, 150), ("#f0e3c9", "#d9c69f"), round_=2)
        sheet.box((202, 40, 104, 150), ("#f0e3c9", "#d9c69f"), round_=2)
        for x in (184, 208):
            sheet.box((x, 104, 7, 26), METAL, round_=3, upright=False)
    for x in (136, 244):
        sheet.box((x, 220, 24, 6), METAL, round_=3)
    return sheet


def bed(broken: bool) -> Sheet:
    """A bunk bed, a rung of its ladder and a board broken; or sound."""
    sheet = Sheet("#e7edf0", "#d2dbe0")
    sheet.box((0, 250, 400, 50), ("#b7a98f", "#97886d"))
    sheet.shade((20, 240, 360, 50), 0.45)
    for x in (40, 352):
        sheet.box((x, 18, 12, 254), ("#5d86a6", "#3f6480"), round_=3)
    for y, sheets in ((92, ("#f7f3e8", "#dfe7ee")), (212, ("#eef4ee", "#cfdfd6"))):
        sheet.box((46, y, 312, 12), ("#5d86a6", "#3f6480"), round_=2)
        sheet.box((52, y - 24, 300, 26), sheets, round_=6)
        sheet.box((58, y - 38, 70, 24), ("#ffffff", "#dbe2e6"), round_=9)
        sheet.box((180, y - 30, 168, 30), ("#7fb0a4", "#5e9487"), round_=7)
    sheet.line([(150, 58), (344, 58)], "#4c7391", 5)
    for x in (290, 336):
        sheet.line([(x, 44), (x, 270)], "#6b7a82", 6)
    for number, y in enumerate((126, 164, 202, 240)):
        if broken and number == 1:
            sheet.line([(290, y), (308, y + 10)], "#8c9aa1", 6)
            sheet.line([(326, y + 22), (336, y + 4)], "#8c9aa1", 6)
        else:
            sheet.line([(290, y), (336, y)], "#dfe5e8" if not broken and number == 1 else "#8c9aa1", 6)
    if broken:
        sheet.shape([(150, 224), (196, 222), (190, 256), (168, 266)], ("#c79c62", "#a57b45"))
        sheet.crack([(150, 224), (164, 236), (168, 250)], "#6b4a22")
    return sheet


def fan(broken: bool) -> Sheet:
    """A ceiling fan that hangs askew; or level."""
    sheet = Sheet("#f4f2ea", "#e4e0d4")
    sheet.shape([(0, 0), (400, 0), (330, 90), (70, 90)], ("#fdfcf8", "#efece3"))
    sheet.shade((90, 90, 240, 150), 0.18)
    lean = 26 if broken else 0
    sheet.line([(200, 34), (200 + lean, 128)], "#97a1a5", 8)
    sheet.oval((176, 22, 48, 20), ("#ffffff", "#cfd5d7"))
    x, y = 200 + lean, 148
    for ax, ay, bx, by in (
        (-168, -6, -150, 26),
        (162, -30 if not broken else 12, 172, 4 if not broken else 48),
        (6, 84, -34, 78),
    ):
        sheet.shape([(x - 10, y - 8), (x + ax, y + ay), (x + bx, y + by), (x + 8, y + 10)], ("#fafbfb", "#c8ced1"))
    sheet.oval((x - 34, y - 26, 68, 52), ("#ffffff", "#aab4b8"))
    sheet.oval((x - 14, y - 4, 28, 22), ("#d8b25a", "#a9822d"))
    if broken:
        for wide in (40, 52, 64):
            sheet.arc((x - 90 - wide, y - 20, 30, 70), 120, 240, "#b9b4a6", 2)
        sheet.shade((170, 12, 60, 40), 0.4, "#5b4a30")
    return sheet


def aircon(broken: bool) -> Sheet:
    """An air conditioner that drips down the wall; or blows."""
    sheet = Sheet(*PLASTER)
    sheet.shade((40, 70, 320, 120), 0.25)
    sheet.box((56, 52, 288, 96), ("#ffffff", "#f2f4f5", "#d3d9dc"), round_=12)
    sheet.line([(66, 112), (334, 112)], "#c2cacd", 2)
    sheet.box((72, 122, 256, 16), ("#444d52", "#6b757a"), round_=5)
    for x in range(84, 324, 16):
        sheet.line([(x, 126), (x + 6, 134)], "#2e3639", 1.6)
    sheet.box((276, 76, 46, 22), "#1d2b31", round_=3)
    colour = "#e4572e" if broken else "#5ad1b8"
    sheet.line([(284, 87), (294, 87)], colour, 4)
    sheet.line([(302, 87), (314, 87)], colour, 4)
    sheet.line([(344, 96), (386, 92), (386, 0)], "#e8ebec", 10)
    if broken:
        sheet.shade((96, 136, 90, 150), 0.32, "#8a7a57")
        sheet.drops([(132, 168), (146, 206), (128, 238), (240, 176)], size=4)
        sheet.box((96, 262, 92, 38), ("#3f7fae", "#2b5d85"), round_=6)
        sheet.oval((96, 256, 92, 14), ("#cfe6f4", "#8cc3e4"))
    else:
        for x in (110, 180, 250):
            sheet.line([(x, 160), (x - 14, 196), (x + 4, 232)], "#a9d7e6", 4)
    return sheet
