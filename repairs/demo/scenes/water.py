"""Pictures of water where it should not be: taps, toilets, dispensers, drains and covers."""

from portal.hall.demo.brush import METAL, Sheet

TILES = ("#eef1ec", "#d3dad3")
JOINT = "#c2cbc4"
PORCELAIN = ("#ffffff", "#f0f3f3", "#d5dddd")


def tap(broken: bool) -> Sheet:
    """A tap over a basin, dripping; or dry with a new spout."""
    sheet = Sheet(*TILES)
    sheet.grid((0, -12, 400, 212), (58, 44), JOINT)
    sheet.box((0, 200, 400, 100), ("#b9c3c0", "#98a5a2"))
    sheet.shade((20, 250, 360, 60), 0.5)
    sheet.shape([(28, 196), (372, 196), (344, 286), (56, 286)], PORCELAIN)
    sheet.box((18, 184, 364, 22), ("#ffffff", "#e3e9e9"), round_=8)
    sheet.oval((80, 190, 240, 18), ("#8fa1a3", "#c4cfd0"))
    sheet.oval((182, 196, 36, 7), "#55666a")
    sheet.shade((150, 60, 110, 130), 0.18)
    sheet.box((184, 84, 32, 60), METAL, round_=6, upright=False)
    sheet.box((170, 74, 60, 16), ("#2c7fb8", "#1c5a87") if broken else METAL, round_=7)
    sheet.box((188, 116, 76, 20), ("#f3f6f7", "#aab4b8", "#6d787d"), round_=10)
    sheet.box((248, 122, 20, 42), METAL, round_=6, upright=False)
    sheet.box((245, 156, 26, 9), ("#d9dfe1", "#7d888c"), round_=3)
    sheet.oval((194, 92, 9, 30), "#ffffff")
    if broken:
        sheet.shape([(252, 165), (264, 165), (266, 196), (250, 196)], ("#b5daf0", "#8cc3e4"))
        sheet.drops([(230, 150), (226, 172), (274, 178)], size=3.5)
        sheet.oval((226, 188, 64, 13), ("#cfe6f4", "#9ccbe6"))
        sheet.puddle((40, 270, 230, 24))
        sheet.line([(184, 142), (180, 160), (186, 178)], "#9c5a33", 3)
    else:
        sheet.shade((246, 60, 60, 60), 0.5, "#ffffff")
        sheet.box((320, 168, 38, 18), ("#e9c46a", "#d3a33f"), round_=4)
    return sheet


def toilet(broken: bool) -> Sheet:
    """A squat pan in a tiled cubicle, blocked and overflowing; or clean."""
    sheet = Sheet("#e8edf0", "#ccd6da")
    sheet.grid((0, 0, 400, 130), (50, 42), "#bcc8cc")
    sheet.box((0, 128, 400, 172), ("#b4c1c4", "#90a0a4"))
    for step in range(7):
        sheet.line([(200 + (step - 3) * 52, 128), (200 + (step - 3) * 104, 300)], "#a1b0b3", 1)
    for high in (150, 182, 226):
        sheet.line([(0, high), (400, high)], "#a1b0b3", 1)
    sheet.box((180, 20, 40, 84), METAL, round_=4, upright=False)
    sheet.box((170, 96, 60, 14), ("#dfe5e7", "#8b979b"), round_=5)
    sheet.shade((70, 150, 260, 150), 0.45)
    sheet.oval((96, 146, 208, 140), PORCELAIN)
    sheet.oval((130, 168, 140, 98), ("#7a6a4b", "#8f8262") if broken else ("#b8c9cf", "#e3ecee"))
    sheet.box((112, 170, 16, 84), ("#d8dfdf", "#bcc7c7"), round_=6)
    sheet.box((272, 170, 16, 84), ("#d8dfdf", "#bcc7c7"), round_=6)
    if broken:
        sheet.oval((138, 176, 124, 70), ("#a39674", "#857857"))
        sheet.puddle((30, 244, 330, 46))
        sheet.puddle((250, 196, 120, 26))
    else:
        sheet.oval((160, 186, 80, 46), ("#ffffff", "#d9e9f0"))
        sheet.oval((188, 212, 24, 14), "#5f7076")
        sheet.shade((60, 20, 180, 120), 0.35, "#ffffff")
    return sheet


def dispenser(broken: bool) -> Sheet:
    """A drinking-water dispenser with three taps, red and leaking; or blue and ready."""
    sheet = Sheet("#f1ece2", "#ddd3c3")
    sheet.box((0, 232, 400, 68), ("#b3a591", "#94866f"))
    sheet.grid((0, 232, 400, 68), (66, 34), "#a29379")
    sheet.shade((70, 240, 270, 50), 0.55)
    sheet.box((96, 26, 208, 232), ("#8f9ba0", "#eef2f3", "#cdd5d8", "#8a969b"), round_=10, upright=False)
    sheet.box((110, 40, 180, 62), ("#143d4a", "#0d2b35"), round_=8)
    glow = "#e4572e" if broken else "#3fc1a6"
    sheet.box((124, 54, 96, 34), "#0a2029", round_=4)
    sheet.line([(134, 64), (206, 64)], glow, 4)
    sheet.line([(134, 78), (180 if broken else 196, 78)], glow, 4)
    for number in range(3):
        sheet.oval((236 + number * 17, 62, 11, 11), glow if number == 0 or not broken else "#39505a")
    sheet.box((110, 118, 180, 74), ("#55626a", "#39454c"), round_=6)
    for number, colour in enumerate(("#d1495b", "#f0f3f4", "#30638e")):
        left = 132 + number * 56
        sheet.box((left, 124, 24, 12), colour, round_=3)
        sheet.box((left + 6, 134, 12, 26), METAL, round_=3, upright=False)
    sheet.box((104, 190, 192, 14), METAL, round_=4)
    for number in range(9):
        sheet.line([(116 + number * 21, 197), (126 + number * 21, 197)], "#4b575c", 2)
    if broken:
        sheet.drops([(150, 172), (150, 184), (206, 178)], size=3)
        sheet.puddle((74, 254, 240, 30))
    else:
        sheet.shape([(176, 184), (198, 184), (195, 164), (179, 164)], ("#e8f4fb", "#b7dcf0"))
        sheet.box((244, 208, 44, 34), ("#ffffff", "#e8eef0"), round_=3)
        sheet.line([(250, 218), (282, 218)], "#2a9d8f", 3)
        sheet.line([(250, 228), (272, 228)], "#9fb0b6", 2)
    return sheet


def manhole(broken: bool) -> Sheet:
    """A cover in the path, broken with water in it; or new cast iron."""
    sheet = Sheet("#b9b2a6", "#97907f")
    sheet.grid((0, 0, 400, 300), (74, 42), "#a39b8c", 1.4, shift=37)
    sheet.shade((40, 60, 330, 220), 0.35, "#e8e2d4")
    sheet.shade((66, 54, 270, 210), 0.5)
    sheet.oval((78, 62, 244, 180), ("#6f7478", "#4b5054"))
    if broken:
        sheet.oval((92, 72, 216, 158), ("#11171a", "#27373d"))
        sheet.oval((120, 120, 160, 92), ("#31525f", "#4f7f92"))
        sheet.oval((150, 140, 70, 26), "#86b1c2")
        sheet.shape(
            [(92, 150), (124, 80), (200, 70), (232, 104), (176, 128), (152, 176), (108, 196)], ("#83898c", "#565c60")
        )
        sheet.crack([(232, 104), (206, 112), (176, 128), (160, 150), (152, 176)], "#262b2e")
        sheet.shape([(300, 250), (330, 238), (344, 262), (312, 270)], ("#83898c", "#565c60"))
    else:
        sheet.oval((92, 72, 216, 158), ("#82898e", "#555c61"))
        for row in range(6):
            for column in range(8):
                x, y = 118 + column * 22 + (row % 2) * 8, 90 + row * 22
                if ((x + 6 - 200) / 98) ** 2 + ((y + 4 - 151) / 70) ** 2 < 0.92:
                    sheet.box((x, y, 13, 8), ("#9aa1a6", "#6b7277"), round_=2)
        sheet.oval((186, 142, 28, 18), "#3b4145")
    return sheet


def tile(broken: bool) -> Sheet:
    """A tiled floor, two tiles loose and broken; or laid again."""
    sheet = Sheet("#dcd3c4", "#bfb4a1")
    sheet.shade((-60, -60, 320, 260), 0.5, "#fff8ea")
    sheet.grid((0, 0, 400, 300), (100, 75), "#9e927d", 1.8)
    if broken:
        sheet.box((102, 77, 97, 72), ("#7c705f", "#8f8371"))
        sheet.shade((96, 70, 120, 90), 0.35)
        sheet.shape([(104, 80), (168, 72), (196, 104), (150, 124), (110, 132)], ("#e6ddcf", "#cabfac"))
        sheet.shape([(156, 128), (200, 110), (212, 152), (168, 158)], ("#e0d6c6", "#c2b7a3"))
        sheet.crack([(212, 90), (238, 108), (232, 132), (262, 148)])
        sheet.crack([(238, 108), (276, 100), (298, 82)])
        sheet.shape([(214, 158), (224, 152), (230, 162), (220, 168)], "#cfc4b2")
    else:
        for left, top in ((102, 77), (202, 77)):
            sheet.box((left, top, 96, 71), ("#efe8dc", "#d9cfbe"))
        sheet.line([(102, 76), (298, 76)], "#f6f2ea", 2.4)
        sheet.line([(200, 77), (200, 148)], "#f6f2ea", 2.4)
        sheet.box((312, 214, 60, 34), ("#f2c14e", "#d79f2b"), round_=3)
        sheet.box((318, 222, 48, 5), "#8a6414")
    return sheet
