"""The open kitchen: cameras at the spots a kitchen must have, parents in their hours, silent ones with a clock, nothing stored."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from canteen.actions import heartbeat, retire_camera, set_camera, set_view
from canteen.actions.kitchen import find_silent
from canteen.models import Camera, Canteen, Outage
from canteen.queries.uptime import uptime
from portal import clock
from portal.cases.actions import move
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed
from portal.notices.models import Notice
from portal.worktime.actions import set_unit_day
from tests.canteen.cast import Kitchen
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "cast")]
PIECE = b"\x47" + bytes(187)  # one packet of a transport stream
PLAYLIST = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nseg0.ts\n#EXT-X-ENDLIST\n"
RECORDED = {"/eye/index.m3u8": PLAYLIST, "/eye/seg0.ts": PIECE, "/eye/now.jpg": b"\xff\xd8\xff\xd9"}


class Recorded(BaseHTTPRequestHandler):
    """A camera that plays a recording of one packet."""

    def do_GET(self) -> None:
        body = RECORDED.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def eye(canteen: Canteen, kitchen: Kitchen, settings: Any) -> Iterator[Camera]:
    """A camera at the stove, whose address the operator has listed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    settings.OUTBOUND_ORIGINS = [origin]
    yield set_camera(
        None, canteen=canteen, spot="K03", name="1 号灶台", stream=f"{origin}/eye/index.m3u8", still=f"{origin}/eye/now.jpg",
        by=kitchen.jiang,
    )  # fmt: skip
    server.shutdown()


def seen(person: Any, camera: Camera) -> list[tuple[int, bytes]]:
    """What somebody gets of the page, the picture, the playlist and a piece."""
    base = f"/canteen/kitchen/cameras/{camera.pk}/"
    answers = [as_(person).get(base + name) for name in ("still.jpg", "hls/live.m3u8", "hls/seg0.ts", "hls/other.ts")]
    return [(one.status_code, one.content if one.status_code == 200 else b"") for one in answers]


def test_a_recorded_stream_passes_through_for_those_who_may_look_and_is_stored_nowhere(
    eye: Camera, canteen: Canteen, kitchen: Kitchen, cast: Cast, settings: Any
) -> None:
    whole = [(200, b"\xff\xd8\xff\xd9"), (200, PLAYLIST), (200, PIECE), (404, b"")]
    nothing = [(404, b"")] * 4
    assert (seen(kitchen.mei, eye), seen(cast.ping, eye), seen(kitchen.yuan, eye)) == (whole, nothing, nothing)
    set_view(canteen, parents=True, windows=[["08:00", "09:30"]], by=kitchen.jiang)
    assert (seen(cast.ping, eye), seen(cast.sam, eye)) == (whole, nothing)
    page = as_(cast.ping).get(f"/canteen/kitchen/cameras/{eye.pk}/").content.decode()
    assert f'src="/canteen/kitchen/cameras/{eye.pk}/hls/live.m3u8"' in page
    with clock.at(MONDAY + timedelta(hours=1)):
        assert seen(cast.ping, eye) == nothing
    with clock.at(MONDAY + timedelta(days=5)):  # Saturday, within the hours
        assert seen(cast.ping, eye) == nothing
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and PIECE in path.read_bytes()]
    assert kept == []


def test_addresses_are_https_or_listed_and_spots_without_a_camera_are_named(
    eye: Camera, canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    said: dict[str, Any] = {"canteen": canteen, "spot": "K01", "name": "验收台", "by": kitchen.jiang}
    for bad, why in (
        ("http://camera.example.com/a.m3u8", "https"), ("https://10.0.0.8/a.m3u8", "内网"), ("https://camera.example.com/a.avi", "m3u8"),
        ("", "至少一个|视频地址"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=why):
            set_camera(None, stream=bad, **said)
    with pytest.raises(BadInput, match="同名"):
        set_camera(None, still="https://camera.example.com/a.jpg", **said | {"name": "1 号灶台"})
    with pytest.raises(NotAllowed):
        set_camera(None, still="https://camera.example.com/a.jpg", **said | {"by": kitchen.chu})
    shown = as_(kitchen.tang).get("/canteen/kitchen/").content.decode()
    assert ("必设点位 1 / 7" in shown, shown.count("没有摄像头"), "在线 1 / 1" in shown) == (True, 6, True)


def test_a_silent_camera_is_a_case_with_a_clock_that_ends_when_it_speaks_again(
    eye: Camera, canteen: Canteen, kitchen: Kitchen, cast: Cast, place: District
) -> None:
    with clock.at(MONDAY + timedelta(minutes=9)):
        sweep()
        assert Outage.objects.count() == 0
    with clock.at(MONDAY + timedelta(minutes=11)):
        sweep()
        sweep()
    case = Outage.objects.get()
    assert (case.state, case.turn, case.since) == ("offline", "canteen_manager", MONDAY)
    move(case, "note_outage", by=kitchen.jiang, data={"words": "断电，下午来电"})
    with clock.at(MONDAY + timedelta(hours=25)):
        sweep()
        assert Notice.objects.filter(to=cast.hu, about=case.address).exclude(verb="note_outage").count() == 1
        with pytest.raises(NotAllowed):
            heartbeat(eye, by=kitchen.mei)
        heartbeat(eye, by=kitchen.jiang)
    assert Outage.objects.get().state == "restored"
    with clock.at(MONDAY + timedelta(hours=30)):
        sweep()
        retire_camera(eye, by=kitchen.jiang)
        sweep()
    assert sorted(Outage.objects.values_list("state", flat=True)) == ["restored", "retired"]


View = tuple[int, bool, list[tuple[str, str]]]
TIMES = st.tuples(st.integers(0, 23), st.sampled_from([0, 30, 59])).map(lambda at: f"{at[0]:02}:{at[1]:02}")
WINDOW = st.tuples(TIMES, TIMES).filter(lambda two: two[0] < two[1])
VIEWS = st.tuples(st.integers(-600, 5000), st.booleans(), st.lists(WINDOW, min_size=1, max_size=3))


def is_shown(at: int, views: list[View], free: int) -> bool:
    """Whether this minute after Monday's beginning counts: by the last setting before it, on a school day, in a window."""
    minute = MONDAY + timedelta(minutes=at)
    laws = [one for one in sorted(views) if one[0] <= at]
    if not laws or not laws[-1][1]:
        return True
    words = f"{minute.astimezone(clock.SCHOOL_TIME):%H:%M}"
    is_free = minute.astimezone(clock.SCHOOL_TIME).date() == MONDAY.date() + timedelta(days=free)
    return not is_free and any(since <= words < until for since, until in laws[-1][2])


@settings(max_examples=30)
@given(
    gaps=st.lists(st.integers(1, 1600), max_size=6), limit=st.integers(2, 60), views=st.lists(VIEWS, max_size=3),
    free=st.integers(0, 3),
)  # fmt: skip
def test_uptime_is_the_time_in_use_within_the_viewing_windows_less_every_silence_longer_than_the_limit(
    canteen: Canteen, kitchen: Kitchen, place: District, gaps: list[int], limit: int, views: list[View], free: int
) -> None:
    with transaction.atomic():
        day = MONDAY.date() + timedelta(days=free)
        set_unit_day(unit=place.school, day=day, is_open=False, name="停课", by=kitchen.jiang)
        for at, parents, windows in sorted(views):
            with clock.at(MONDAY + timedelta(minutes=at)):
                set_view(canteen, parents=parents, windows=[list(one) for one in windows], by=kitchen.jiang)
        Canteen.objects.filter(pk=canteen.pk).update(silent_minutes=limit)
        still = "https://camera.example.com/a.jpg"
        one = set_camera(None, canteen=canteen, spot="K03", name="灶台", still=still, by=kitchen.jiang)
        after, down, end = 0, set[int](), 4 * 1440 - 60
        for gap in [*(at for at in gaps), 20_000]:
            beat = min(after + gap, end)
            with clock.at(MONDAY + timedelta(minutes=beat)):
                find_silent()
                down |= set(range(after, beat)) if beat - after > limit else set()
                if beat < end:
                    heartbeat(one, by=kitchen.jiang)
            after = beat
        with clock.at(MONDAY + timedelta(minutes=end)):
            days = [MONDAY.date() + timedelta(days=at) for at in range(6)]
            each = [sum_of(uptime(place.school.path, day, day)) for day in days]
            whole = sum_of(uptime(place.bureau.path, days[0], days[-1]))
            nothing = sum_of(uptime(place.far_school.path, days[0], days[-1]))
        counts = {at for at in range(end) if is_shown(at, views, free)}
        assert (whole, nothing) == ((len(counts - down), len(counts)), (0, 0))
        assert tuple(map(sum, zip(*each, strict=True))) == whole
        transaction.set_rollback(True)


def sum_of(rows: Any) -> tuple[int, int]:
    """Minutes alive, of minutes in use."""
    found = list(rows)
    return sum(n for _, n, _ in found), sum(over for _, _, over in found)
