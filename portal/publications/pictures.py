"""Pictures inside an announcement: taken in and served like all evidence, named in the text, published with their digests.

In the text a picture is a line of its own, `![what it shows](7f3a91c2)`, the last being the first eight signs of its id. What
is published says `picture:` and the whole id; the page that shows it puts the address in its place.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from portal.errors import BadInput
from portal.evidence.models import Piece, PieceKind

from .markup import PICTURE, html_of, plain_alt
from .models import Announcement
from .rich import Drawn, shown

ROLE = "pictures"
MOST = 9
LONGEST = 100  # signs of what a picture shows


def name_of(piece: Piece) -> str:
    """What stands for it in the text."""
    return piece.pk.hex[:8]


def named_in(text: str) -> list[tuple[str, str]]:
    """The pictures the text shows, in its order: name, and what each shows."""
    found = (PICTURE.fullmatch(line.strip()) for line in text.splitlines())
    return [(one[2], plain_alt(one[1])) for one in found if one]


def of(one: Announcement) -> dict[str, Piece]:
    """Those an announcement has, by their names."""
    rows = Piece.objects.filter(address=one.address, role=ROLE, kind=PieceKind.PHOTO)
    return {name_of(piece): piece for piece in rows}


def published(text: str, pieces: Mapping[str, Piece]) -> str:
    """The text as safe rich text in which pictures are named and have no address yet."""
    return html_of(text, {name: str(piece.pk) for name, piece in pieces.items()})


def previewed(text: str, pieces: Mapping[str, Piece]) -> str:
    """The text as it will look, for those who write it: pictures come from where drafts are kept."""
    drawn = {str(piece.pk): Drawn(_draft(piece), piece.width, piece.height) for piece in pieces.values()}
    return shown(published(text, pieces), drawn.get)


def placed(text: str, pieces: Iterable[Piece]) -> str:
    """The text with those it does not show yet at its end, each waiting for words."""
    there = {name for name, _ in named_in(text)}
    more = [f"![]({name_of(piece)})" for piece in pieces if name_of(piece) not in there]
    return "\n\n".join([*([text.rstrip()] if text.strip() else []), *more]) if more else text


def refuse_unfit(text: str, pieces: Mapping[str, Piece], fresh: Sequence[Piece]) -> None:
    """Refuses pictures without words, unknown ones, more than nine, and fresh ones the text does not show."""
    named = named_in(text)
    there = {name for name, _ in named}
    if any(name not in pieces for name in there):
        _refuse("有一张图不在这一篇里，请删掉那一行，再插入一次。")
    if any(not alt for _, alt in named):
        _refuse("请给每张图写上说明：图上是什么。看不见图的人要靠它，例如 ![运动会开幕式](7f3a91c2)。")
    if any(len(alt) > LONGEST for _, alt in named):
        _refuse(f"图的说明最多 {LONGEST} 个字。")
    if len(there) > MOST:
        _refuse(f"最多 {MOST} 张图。")
    if any(name_of(piece) not in there for piece in fresh):
        _refuse("有图还没有写进正文。请写一行 ![说明](编号)，编号是它的前八位；不要的图请去掉。")


def _draft(piece: Piece) -> str:
    return reverse("evidence:photo", args=[piece.pk])


def _refuse(sentence: str) -> None:
    raise BadInput(sentence, errors={"text": [sentence]})
