"""From a PDF (an electronic invoice, a certificate) to photos of its pages: what is kept is a plain JPEG like any other.

Nothing of the file itself is kept, so that nothing in it (links, scripts, attachments, fonts) reaches whoever looks at it (ADR 0025).
"""

from typing import IO

from portal.errors import BadInput

from .apart import Unreadable, read_page
from .headers import HEAD, format_of
from .photos import BROKEN, EDGE, Photo, finished

PAGES = "pages"  # what a field asks for that takes a PDF as photos of its pages
MOST_PAGES = 6


def is_pdf(file: IO[bytes]) -> bool:
    """Told by its first bytes."""
    file.seek(0)
    return format_of(file.read(HEAD)) == "pdf"


def develop_pages(file: IO[bytes]) -> list[Photo]:
    """Each page as a photo, `EDGE` pixels long. Refused: a password, more than six pages, a file that cannot be drawn."""
    photos: list[Photo] = []
    many = 1
    while len(photos) < many:
        try:
            many, locked, picture = read_page(file, page=len(photos), edge=EDGE)
        except (Unreadable, *BROKEN) as error:
            raise _unreadable() from error
        if locked:
            raise BadInput("这个 PDF 有密码，打不开。请去掉密码再上传，或把内容拍成照片。")
        if many > MOST_PAGES:
            raise BadInput(f"这个 PDF 有 {many} 页，一次最多收 {MOST_PAGES} 页。请只导出要交的那几页。")
        if picture is None:
            raise _unreadable()
        photos.append(finished(picture))
    return photos


def _unreadable() -> BadInput:
    return BadInput("这个 PDF 没有传完整，或者已经损坏。请重新导出，或把内容拍成照片。")
