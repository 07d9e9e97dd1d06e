"""A visible mark in a photo's corner (time, place), said to be added by the portal and not by the camera."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ADDED = "系统添加"
ADDED_PLAINLY = " (added by the portal)"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_CHINESE = ("NotoSansCJK-Regular*", "Noto*CJK-Regular*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "DroidSansFallback*")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def stamp(picture: Image.Image, words: str) -> None:
    """Writes the words at the lower left; without a Chinese font on the machine, their digits and Latin letters."""
    size = max(16, max(picture.size) // 60)
    path = _chinese_font()
    font: Font = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
    text = f"{words}（{ADDED}）" if path else words.encode("ascii", "ignore").decode().strip() + ADDED_PLAINLY
    where = (size // 2, picture.height - size * 2)
    edge = max(1, size // 12)
    ImageDraw.Draw(picture).text(where, text, font=font, fill="white", stroke_width=edge, stroke_fill="black")


@cache
def _chinese_font() -> str:
    """A Chinese font of this machine, or nothing."""
    for folder in map(Path, _FONT_FOLDERS):
        for pattern in _CHINESE:
            found = sorted(folder.rglob(pattern + ".[to]t[cf]"))
            if found:
                return str(found[0])
    return ""
