"""Photographs for the demo: each picture is drawn once, then taken from nearer, warmer or darker; after a few views they come again."""

from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from portal import clock
from portal.clock import SCHOOL_TIME
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.evidence.who import Bearer
from portal.orgs.models import User

from .brush import Sheet
from .chance import Chance

SIZE = (640, 480)
VIEWS = 2  # of each scene; then the first is seen again
AGO = 4  # minutes between a photo and its being sent, at most
Draw = Callable[[bool], Sheet]


class Album:
    """Takes photographs of an affair's scenes and uploads them as the people who took them.

    Scenes are drawn broken or whole; `telling` ones have writing on them and are never seen mirrored.
    """

    def __init__(self, chance: Chance, scenes: Mapping[str, Draw], *, telling: Container[str] = ()) -> None:
        self.chance, self.scenes, self.telling = chance, scenes, telling
        self._prints: dict[tuple[str, bool], list[Future[bytes]]] = {}
        self._used: dict[tuple[str, bool], int] = {}

    def develop(self, scenes: Iterable[str]) -> None:
        """Begins to make photos of these scenes, before and after, while life goes on: a second core has nothing to do."""
        darkroom = ThreadPoolExecutor(1)
        for scene in scenes:
            for broken in (True, False):
                prints = self._prints.setdefault((scene, broken), [])
                if len(prints) < VIEWS:
                    prints.append(darkroom.submit(self._photo, scene, broken, len(prints)))
        darkroom.shutdown(wait=False)

    def before(self, scene: str, *, by: Bearer) -> Piece:
        """A photo of what is broken."""
        return self._taken(scene, broken=True, by=by)

    def after(self, scene: str, *, by: User) -> Piece:
        """A photo of what was repaired."""
        return self._taken(scene, broken=False, by=by)

    def _taken(self, scene: str, *, broken: bool, by: Bearer) -> Piece:
        at = clock.now().astimezone(SCHOOL_TIME)
        taken = at.replace(minute=max(0, at.minute - self.chance.randint(0, AGO)))
        upload = ContentFile(self._print(scene, broken), name=f"{scene}.jpg")
        return take_in(upload, by=by, taken=f"{taken:%Y:%m:%d %H:%M:%S}")

    def _print(self, scene: str, broken: bool) -> bytes:
        """The next photo of this scene; made here when the darkroom has not begun with it."""
        number = self._used.get((scene, broken), 0)
        self._used[scene, broken] = (number + 1) % VIEWS
        prints = self._prints.get((scene, broken), [])
        if number < len(prints) and not prints[number].cancel():
            return prints[number].result()
        return self._photo(scene, broken, number)

    def _photo(self, scene: str, broken: bool, number: int) -> bytes:
        return photo(self.scenes[scene], broken, number, mirrors=scene not in self.telling)


@lru_cache(maxsize=512)
def photo(scene: Draw, broken: bool, number: int, *, mirrors: bool) -> bytes:
    """A JPEG of the scene; each number is another distance and another light."""
    chance, whole = Chance(f"{scene.__name__} {broken} {number}"), drawn(scene, broken)
    zoom = chance.uniform(0.86, 1)
    wide, high = whole.width * zoom, whole.height * zoom
    left, top = chance.random() * (whole.width - wide), chance.random() * (whole.height - high)
    picture = whole.resize(SIZE, Image.Resampling.BILINEAR, (left, top, left + wide, top + high))
    if mirrors and chance.happens(0.4):
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    light, warmth = chance.uniform(0.86, 1.03), chance.uniform(-0.05, 0.05)
    bands = (light * (1 + warmth), light, light * (1 - warmth))
    held = BytesIO()
    table = [min(255, round(level * band)) for band in bands for level in range(256)]
    picture.point(table).save(held, "JPEG", quality=88)
    return held.getvalue()


@lru_cache(maxsize=128)
def drawn(scene: Draw, broken: bool) -> Image.Image:
    """The picture itself."""
    return scene(broken).image
