"""Every page of the portal at both widths: no axe violation, no console or CSP error, nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.orgs.models import User
from portal.orgs.policies import policies_of, routes
from tests.browser.conftest import AXE, KEEPS_NOTHING, Meet, Visitor, violations
from tests.browser.furnishing import furnished
from tests.district import Cast, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Route -> who opens it and where; written by hand, so that a page nobody looks at fails the build.
CASE = "/repairs/tickets/{working}/"
CLOCK = "/settings/clocks/repairs.ticket/resolve/"
PAGES: dict[str, list[tuple[str, str]]] = {
    "": [("rita", "/"), ("dora", "/"), ("hu", "/"), ("ouyang", "/"), ("ping", "/")],
    "desk/": [("dora", "/desk/"), ("hu", "/desk/?tab=governed"), ("will", "/desk/?tab=done"), ("tess", "/desk/?tab=opened")],
    "places/": [("rita", "/places/?next=/repairs/report/"), ("ouyang", "/places/?next=/repairs/report/")],
    "units/<int:pk>/": [("rita", "/units/{room}/"), ("hu", "/units/{school}/"), ("ouyang", "/units/{bureau}/")],
    "unsent/": [("rita", "/unsent/")],
    "offline/": [("-", "/offline/")],
    "inbox/": [("dora", "/inbox/"), ("tess", "/inbox/")],
    "inbox/channels": [("rita", "/inbox/channels")],
    "inbox/undelivered": [("ada", "/inbox/undelivered")],
    "sign-in/": [("-", "/sign-in/")],
    "me/": [("rita", "/me/"), ("ada", "/me/")],
    "me/password/": [("rita", "/me/password/")],
    "me/second-factor/": [("ada", "/me/second-factor/")],
    "me/absence/": [("rita", "/me/absence/")],
    "me/tokens/": [("rita", "/me/tokens/")],
    "repairs/": [("hu", "/repairs/"), ("rita", "/repairs/?tab=opened")],
    "repairs/report/": [("rita", "/repairs/report/?at={room}"), ("dora", "/repairs/report/?at={room}")],
    "repairs/dispatching/": [("dora", "/repairs/dispatching/"), ("lin", "/repairs/dispatching/")],
    "repairs/today/": [("will", "/repairs/today/"), ("wang", "/repairs/today/")],
    "repairs/stock/": [("wu", "/repairs/stock/"), ("wu", "/repairs/stock/?low=1"), ("will", "/repairs/stock/?q=没有")],
    "repairs/stock/add/": [("wu", "/repairs/stock/add/")],
    "repairs/stock/import/": [("wu", "/repairs/stock/import/")],
    "repairs/stock/<int:pk>/": [("wu", "/repairs/stock/{item}/"), ("will", "/repairs/stock/{item}/")],
    "repairs/stock/<int:pk>/edit/": [("wu", "/repairs/stock/{item}/edit/")],
    "repairs/stock/<int:pk>/<slug:verb>/": [("wu", "/repairs/stock/{item}/count/"), ("wu", "/repairs/stock/{item}/receive/")],
    "repairs/tiers/": [("lin", "/repairs/tiers/")],
    "repairs/materials/new/": [("wu", "/repairs/materials/new/?unit={school}")],
    "safety_grid/rounds/": [("rita", "/safety_grid/rounds/"), ("hu", "/safety_grid/rounds/"), ("tess", "/safety_grid/rounds/?day=2026-11-02")],
    "safety_grid/plans/": [("hu", "/safety_grid/plans/")],
    "safety_grid/plans/add/": [("hu", "/safety_grid/plans/add/")],
    "safety_grid/plans/<int:pk>/": [("hu", "/safety_grid/plans/{plan}/")],
    "safety_grid/duty/": [("hu", "/safety_grid/duty/"), ("rita", "/safety_grid/duty/"), ("hu", "/safety_grid/duty/?month=2026-11"), ("tess", "/safety_grid/duty/")],
    "safety_grid/duty/<int:pk>/<str:day>/": [("hu", "/safety_grid/duty/{watch}/{day}/")],
    "safety_grid/drills/": [("hu", "/safety_grid/drills/"), ("tess", "/safety_grid/drills/")],
    "safety_grid/drills/plan/": [("hu", "/safety_grid/drills/plan/?at={school}")],
    "safety_grid/drills/<str:number>/compare/": [("hu", "/safety_grid/drills/{drill}/compare/")],
    "canteen/": [("hu", "/canteen/"), ("jiang", "/canteen/")],
    "canteen/places/add/": [("hu", "/canteen/places/add/")],
    "canteen/places/<int:pk>/": [("hu", "/canteen/places/{canteen}/")],
    "canteen/places/<int:pk>/close/": [("hu", "/canteen/places/{canteen}/close/")],
    "canteen/deliveries/": [("jiang", "/canteen/deliveries/"), ("bo", "/canteen/deliveries/?tab=waiting")],
    "canteen/deliveries/new/": [("cai", "/canteen/deliveries/new/?unit={school}")],
    "canteen/stock/": [("bo", "/canteen/stock/"), ("hu", "/canteen/stock/?only=low"), ("bo", "/canteen/stock/?q=没有")],
    "canteen/stock/issue/": [("bo", "/canteen/stock/issue/")],
    "canteen/stock/count/": [("bo", "/canteen/stock/count/")],
    "canteen/stock/book-in/": [("bo", "/canteen/stock/book-in/")],
    "canteen/stock/<int:pk>/": [("bo", "/canteen/stock/{shelf}/"), ("hu", "/canteen/stock/{shelf}/")],
    "canteen/stock/<int:pk>/minimum/": [("bo", "/canteen/stock/{shelf}/minimum/")],
    "canteen/stock/lots/<int:pk>/write-off/": [("bo", "/canteen/stock/lots/{lot}/write-off/")],
    "canteen/ingredients/": [("hu", "/canteen/ingredients/"), ("jiang", "/canteen/ingredients/?q=没有")],
    "canteen/ingredients/add/": [("jiang", "/canteen/ingredients/add/")],
    "canteen/ingredients/import/": [("jiang", "/canteen/ingredients/import/")],
    "canteen/ingredients/<int:pk>/": [("jiang", "/canteen/ingredients/{ingredient}/")],
    "canteen/suppliers/": [("hu", "/canteen/suppliers/"), ("jiang", "/canteen/suppliers/?state=banned")],
    "canteen/suppliers/add/": [("jiang", "/canteen/suppliers/add/")],
    "canteen/suppliers/<int:pk>/": [("hu", "/canteen/suppliers/{supplier}/")],
    "canteen/suppliers/<int:pk>/edit/": [("jiang", "/canteen/suppliers/{supplier}/edit/")],
    "canteen/suppliers/<int:pk>/certificate/": [("jiang", "/canteen/suppliers/{supplier}/certificate/")],
    "canteen/suppliers/<int:pk>/contract/": [("jiang", "/canteen/suppliers/{supplier}/contract/")],
    "canteen/suppliers/<int:pk>/rate/": [("jiang", "/canteen/suppliers/{supplier}/rate/")],
    "canteen/suppliers/<int:pk>/ban/": [("hu", "/canteen/suppliers/{supplier}/ban/")],
    "canteen/books/": [("kuai", "/canteen/books/"), ("hu", "/canteen/books/?waiting=1")],
    "canteen/books/add/": [("kuai", "/canteen/books/add/")],
    "canteen/books/<int:pk>/": [("hu", "/canteen/books/{entry}/")],
    "canteen/books/<int:pk>/reverse/": [("kuai", "/canteen/books/{entry}/reverse/")],
    "canteen/books/<int:pk>/voucher/": [("kuai", "/canteen/books/{entry}/voucher/")],
    "canteen/books/months/<int:pk>/": [("hu", "/canteen/books/months/{book_month}/")],
    "canteen/books/plans/<int:pk>/": [("kuai", "/canteen/books/plans/{refund_plan}/")],
    "canteen/books/plans/<int:pk>/done/": [("kuai", "/canteen/books/plans/{signed_plan}/done/")],
    "canteen/books/close/<int:pk>/": [("kuai", "/canteen/books/close/{closable}/")],
    "canteen/books/surplus/<int:pk>/": [("kuai", "/canteen/books/surplus/{closable}/")],
    "canteen/counts/": [("hu", "/canteen/counts/")],
    "canteen/counts/<int:pk>/": [("kuai", "/canteen/counts/{closable}/")],
    "canteen/money/": [("ping", "/canteen/money/")],
    "canteen/money/all/": [("kuai", "/canteen/money/all/")],
    "canteen/money/import/": [("kuai", "/canteen/money/import/")],
    "canteen/money/<int:pk>/": [("kuai", "/canteen/money/{pupil}/")],
    "canteen/money/<int:pk>/refund/": [("kuai", "/canteen/money/{pupil}/refund/")],
    "canteen/inquiries/": [("hu", "/canteen/inquiries/")],
    "canteen/inquiries/<str:number>/prices/": [("hu", "/canteen/inquiries/{inquiry}/prices/")],
    "canteen/menus/": [("hu", "/canteen/menus/"), ("hu", "/canteen/menus/?day={ahead}")],
    "canteen/meals/<int:pk>/<str:day>/<str:meal>/": [("hu", "/canteen/meals/{canteen}/{ahead}/lunch/")],
    "canteen/kitchen/": [("hu", "/canteen/kitchen/"), ("ping", "/canteen/kitchen/"), ("will", "/canteen/kitchen/")],
    "canteen/kitchen/hours/": [("hu", "/canteen/kitchen/hours/")],
    "canteen/kitchen/cameras/add/": [("hu", "/canteen/kitchen/cameras/add/")],
    "canteen/kitchen/cameras/<int:pk>/": [("ping", "/canteen/kitchen/cameras/{camera}/")],
    "canteen/kitchen/cameras/<int:pk>/edit/": [("hu", "/canteen/kitchen/cameras/{camera}/edit/")],
    "canteen/kitchen/cameras/<int:pk>/retire/": [("hu", "/canteen/kitchen/cameras/{camera}/retire/")],
    "canteen/duties/": [("hu", "/canteen/duties/"), ("hu", "/canteen/duties/?day=2026-11-02")],
    "canteen/duties/book/": [("ping", "/canteen/duties/book/")],
    "canteen/health/": [("hu", "/canteen/health/")],
    "canteen/health/add/": [("hu", "/canteen/health/add/")],
    "canteen/health/<int:pk>/leave/": [("hu", "/canteen/health/{health}/leave/")],
    "canteen/samplings/<str:number>/labels/": [("hu", "/canteen/samplings/{sampling}/labels/")],
    "canteen/dishes/": [("hu", "/canteen/dishes/"), ("hu", "/canteen/dishes/?q=没有")],
    "canteen/dishes/add/": [("hu", "/canteen/dishes/add/")],
    "canteen/dishes/<int:pk>/": [("hu", "/canteen/dishes/{dish}/")],
    "canteen/dishes/<int:pk>/edit/": [("hu", "/canteen/dishes/{dish}/edit/")],
    "canteen/dishes/<int:pk>/price/": [("hu", "/canteen/dishes/{dish}/price/")],
    "canteen/dishes/<int:pk>/retire/": [("hu", "/canteen/dishes/{dish}/retire/")],
    "receipt/": [("-", "/receipt/")],
    "safety_grid/hazards/": [("hu", "/safety_grid/hazards/"), ("rita", "/safety_grid/hazards/?tab=opened")],
    "safety_grid/report/": [("rita", "/safety_grid/report/?at={room}")],
    "safety_grid/supervised/": [("hu", "/safety_grid/supervised/")],
    "safety_grid/visit/<str:code>/": [("-", "/safety_grid/visit/{sticker}/")],
    "repairs/assets/": [("lin", "/repairs/assets/"), ("ouyang", "/repairs/assets/?q=没有")],
    "repairs/assets/add/": [("lin", "/repairs/assets/add/?at={room}")],
    "repairs/assets/import/": [("lin", "/repairs/assets/import/")],
    "repairs/assets/<int:pk>/": [("lin", "/repairs/assets/{asset}/"), ("ouyang", "/repairs/assets/{asset}/")],
    "repairs/assets/<int:pk>/edit/": [("lin", "/repairs/assets/{asset}/edit/")],
    "repairs/assets/<int:pk>/move/": [("lin", "/repairs/assets/{asset}/move/")],
    "repairs/stocktakes/new/": [("lin", "/repairs/stocktakes/new/?at={school}")],
    "repairs/stocktakes/<str:number>/count/": [("lin", "/repairs/stocktakes/{take}/count/")],
    "repairs/stocktakes/<str:number>/differences/": [("lin", "/repairs/stocktakes/{take}/differences/")],
    "repairs/stocktakes/<str:number>/differences/<int:pk>/": [("lin", "/repairs/stocktakes/{take}/differences/{line}/")],
    "t/": [("-", "/t/")],
    "t/<str:code>/": [("-", "/t/{sticker}/"), ("tess", "/t/{sticker}/"), ("rita", "/t/{sticker}/")],
    "repairs/visit/<str:code>/": [("-", "/repairs/visit/{sticker}/")],
    "stickers/": [("lin", "/stickers/"), ("ada", "/stickers/"), ("lin", "/stickers/?in={room}")],
    "stickers/sheet/": [("lin", "/stickers/sheet/?in={school}")],
    "stickers/<int:pk>/revoke/": [("lin", "/stickers/{stuck}/revoke/")],
    "settings/units/<int:pk>/visitors/": [("ada", "/settings/units/{school}/visitors/")],
    "<slug:affair>/<slug:plural>/<str:number>/": [("rita", CASE), ("will", CASE), ("hu", CASE), ("lin", "/repairs/materials/{asked}/"),
        ("rita", "/safety_grid/rounds/{round}/"), ("hu", "/safety_grid/drills/{drill}/"), ("bo", "/canteen/deliveries/{came}/"),
        ("rita", "/canteen/questions/{question}/"), ("hu", "/canteen/rectifications/{fix}/")],
    "<slug:affair>/<slug:plural>/<str:number>/print/": [("will", CASE + "print/")],
    "<slug:affair>/<slug:plural>/<str:number>/<slug:name>/": [
        ("will", CASE + "request_materials/"), ("lin", "/repairs/materials/{asked}/approve/"),
        ("wu", "/repairs/materials/{granted}/buy/"), ("will", CASE + "finish/"), ("will", CASE + "ask_time/"), ("will", CASE + "return_job/"),
        ("will", CASE + "plan_visit/"), ("will", CASE + "hand_over/"), ("will", CASE + "call_help/"),
        ("dora", CASE + "reassign/"), ("dora", CASE + "reclassify/"), ("dora", CASE + "replace/"),
        ("dora", CASE + "merge/"), ("dora", CASE + "enter_sheet/"), ("rita", CASE + "raise_priority/"), ("rita", CASE + "comment/"),
        ("rita", "/safety_grid/rounds/{round}/check_spot/"), ("hu", "/safety_grid/drills/{drill}/review_drill/"),
        ("bo", "/canteen/deliveries/{coming}/weigh_in/"), ("bo", "/canteen/deliveries/{came}/return_goods/"),
        ("hu", "/canteen/questions/{question}/answer/"), ("hu", "/canteen/rectifications/{fix}/arrange/"), ("rita", "/repairs/tickets/{finished}/confirm/"), ("rita", "/repairs/tickets/{finished}/send_back/"),
    ],
    "<slug:affair>/<slug:plural>/many/<slug:name>/": [("dora", "/repairs/tickets/many/accept/?case={reported}")],
    "api/docs/": [("rita", "/api/docs/")],
    "settings/": [("ada", "/settings/")],
    "settings/units/": [("ada", "/settings/units/?q=教室")],
    "settings/units/<int:pk>/": [("ada", "/settings/units/{bureau}/"), ("ada", "/settings/units/{school}/"), ("ada", "/settings/units/{room}/")],
    "settings/units/<int:pk>/add/": [("ada", "/settings/units/{school}/add/"), ("ada", "/settings/units/{school}/add/?kind=room")],
    "settings/units/<int:pk>/edit/": [("ada", "/settings/units/{school}/edit/")],
    "settings/units/<int:pk>/move/": [("ada", "/settings/units/{school}/move/")],
    "settings/units/<int:pk>/close/": [("ada", "/settings/units/{school}/close/")],
    "settings/pick/": [("ada", "/settings/pick/?next=/settings/clocks/"), ("ada", "/settings/pick/?next=/settings/clocks/&in={school}")],
    "settings/people/": [("ada", "/settings/people/"), ("ada", "/settings/people/?q=没有这个人")],
    "settings/people/add/": [("ada", "/settings/people/add/"), ("ada", "/settings/people/add/?home={school}")],
    "settings/people/<int:pk>/": [("ada", "/settings/people/{rita}/"), ("ada", "/settings/people/{ada}/")],
    "settings/people/<int:pk>/edit/": [("ada", "/settings/people/{rita}/edit/")],
    "settings/people/<int:pk>/reset/": [("ada", "/settings/people/{rita}/reset/")],
    "settings/people/<int:pk>/sign-out/": [("ada", "/settings/people/{rita}/sign-out/")],
    "settings/people/<int:pk>/unbind/": [("ada", "/settings/people/{rita}/unbind/")],
    "settings/people/<int:pk>/leave/": [("ada", "/settings/people/{rita}/leave/")],
    "settings/people/<int:pk>/absence/": [("ada", "/settings/people/{rita}/absence/")],
    "settings/posts/": [("ada", "/settings/posts/")],
    "settings/posts/appoint/": [("ada", "/settings/posts/appoint/"), ("ada", "/settings/posts/appoint/?person={rita}&unit={school}")],
    "settings/posts/<int:pk>/relieve/": [("ada", "/settings/posts/{post}/relieve/")],
    "settings/absences/": [("ada", "/settings/absences/")],
    "settings/waivers/": [("ada", "/settings/waivers/")],
    "settings/waivers/add/": [("ada", "/settings/waivers/add/")],
    "settings/clocks/": [("ada", "/settings/clocks/?unit={school}")],
    "settings/clocks/<str:kind>/<slug:name>/": [("ada", CLOCK + "?unit={school}"), ("ada", CLOCK + "?unit={bureau}&topic=RP-01")],
    "settings/clocks/<str:kind>/<slug:name>/history/": [("ada", CLOCK + "history/?unit={bureau}&topic=RP-01")],
    "settings/routines/": [("ada", "/settings/routines/"), ("hu", "/settings/routines/?unit={school}")],
    "settings/routines/<str:kind>/": [("ada", "/settings/routines/repairs.monthly/"), ("hu", "/settings/routines/repairs.monthly/")],
    "settings/calendar/": [("ada", "/settings/calendar/?unit={school}"), ("ada", "/settings/calendar/?month=2026-10")],
    "settings/calendar/day/": [("ada", "/settings/calendar/day/?unit={school}&date=2026-11-20")],
    "settings/calendar/hours/": [("ada", "/settings/calendar/hours/?unit={school}")],
    "settings/calendar/terms/": [("ada", "/settings/calendar/terms/?unit={school}")],
    "settings/calendar/national/": [("ada", "/settings/calendar/national/?year=2026")],
    "settings/records/": [("ada", "/settings/records/")],
    "seals/": [("-", "/seals/")],
    "figures/": [("hu", "/figures/"), ("ouyang", "/figures/")],
    "figures/<int:pk>/schools/": [("ouyang", "/figures/{bureau}/schools/?by=late")],
    "figures/<int:pk>/": [("hu", "/figures/{school}/"), ("ouyang", "/figures/{bureau}/?period=month"), ("ouyang", "/figures/{school}/?period=term")],
    "evidence/<uuid:id>/cover": [("rita", "/evidence/{photo}/cover"), ("hu", "/evidence/{covered}/cover"), ("rita", "/evidence/{waiting}/cover")],
    "outbound/": [("ada", "/outbound/")],
    "outbound/add/": [("ada", "/outbound/add/")],
    "outbound/<int:pk>/": [("ada", "/outbound/{system}/"), ("ada", "/outbound/{system}/?show=stuck"), ("ada", "/outbound/{system}/?show=sent")],
    "outbound/<int:pk>/edit/": [("ada", "/outbound/{system}/edit/")],
    "outbound/<int:pk>/days/": [("ada", "/outbound/{system}/days/")],
    "outbound/<int:pk>/receipts/": [("song", "/outbound/{system}/receipts/")],
    "p/": [("-", "/p/"), ("rita", "/p/"), ("-", "/p/?q=没有这所学校")],
    "p/drafts/<str:number>/": [("lin", "/p/drafts/{month}/")],
    "p/<str:school>/": [("-", "/p/LX01/"), ("rita", "/p/LX01/"), ("-", "/p/SM01/")],
    "p/<str:school>/<str:kind>/": [("rita", "/p/LX01/repairs.monthly/")],
    "p/<str:school>/<str:kind>/<str:period>/": [("rita", "/p/LX01/announcements.staff/{told}/"), ("rita", "/p/LX01/repairs.monthly/2026-09/"), ("rita", "/p/LX01/repairs.monthly/2026-10/")],
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/": [("rita", "/p/LX01/announcements.staff/{told}/1/"), ("rita", "/p/LX01/repairs.monthly/2026-09/1/"), ("rita", "/p/LX01/repairs.monthly/2026-09/2/")],
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/poster/": [("rita", "/p/LX01/repairs.monthly/2026-09/2/poster/"), ("rita", "/p/LX01/repairs.monthly/2026-09/2/poster/?size=a3")],
    "p/<str:school>/<str:kind>/<str:period>/correct/": [("hu", "/p/LX01/repairs.monthly/2026-09/correct/")],
    "safety_grid/": [("hu", "/safety_grid/"), ("rita", "/safety_grid/?all"), ("ada", "/safety_grid/")],
    "safety_grid/gaps/": [("hu", f"/safety_grid/gaps/?kind={kind}") for kind in ("places", "times", "away", "people")],
    "safety_grid/board/": [("rita", "/safety_grid/board/?in={school}")],
    "safety_grid/cards/": [("hu", "/safety_grid/cards/?in={school}"), ("hu", "/safety_grid/cards/?cell={spot}")],
    "safety_grid/cells/import/": [("hu", "/safety_grid/cells/import/")],
    "safety_grid/cells/add/": [("hu", "/safety_grid/cells/add/?at={school}")],
    "safety_grid/cells/<int:pk>/": [("hu", "/safety_grid/cells/{spot}/?day=2026-11-16&time=07:30"), ("rita", "/safety_grid/cells/{spot}/")],
    "safety_grid/cells/<int:pk>/edit/": [("hu", "/safety_grid/cells/{spot}/edit/")],
    "safety_grid/cells/<int:pk>/close/": [("hu", "/safety_grid/cells/{spot}/close/")],
    "safety_grid/cells/<int:pk>/hold/": [("hu", "/safety_grid/cells/{spot}/hold/")],
    "safety_grid/holdings/<int:pk>/release/": [("hu", "/safety_grid/holdings/{held}/release/")],
    "safety_grid/holdings/<int:pk>/substitute/": [("hu", "/safety_grid/holdings/{held}/substitute/")],
    "canteen/ask/": [("rita", "/canteen/ask/"), ("tess", "/canteen/ask/")],
    "canteen/ratings/": [("hu", "/canteen/ratings/"), ("tess", "/canteen/ratings/")],
    "canteen/questions/": [("hu", "/canteen/questions/"), ("rita", "/canteen/questions/")],
    "canteen/mine/": [("will", "/canteen/mine/"), ("ouyang", "/canteen/mine/")],
    "canteen/schools/<str:school>/": [("-", "/canteen/schools/LX01/"), ("-", "/canteen/schools/SM01/")],
    "canteen/answered/<str:school>/": [("-", "/canteen/answered/LX01/"), ("-", "/canteen/answered/SM01/")],
    "surveys/": [("hu", "/surveys/"), ("rita", "/surveys/")],
    "surveys/issue/": [("hu", "/surveys/issue/?pattern=satisfaction&unit={school}")],
    "surveys/<str:code>/": [("rita", "/surveys/{survey}/"), ("hu", "/surveys/{surveyed}/"), ("vera", "/surveys/{survey}/")],
    "surveys/<str:code>/remarks/": [("hu", "/surveys/{surveyed}/remarks/"), ("hu", "/surveys/{survey}/remarks/")],
    "to-read/": [("hu", "/to-read/"), ("ping", "/to-read/")],
    "publishing/": [("hu", "/publishing/"), ("rita", "/publishing/")],
    "publishing/add/": [("rita", "/publishing/add/")],
    "publishing/<int:pk>/": [("hu", "/publishing/{note}/"), ("hu", "/publishing/{noted}/")],
    "publishing/<int:pk>/edit/": [("hu", "/publishing/{note}/edit/"), ("hu", "/publishing/{noted}/edit/")],
    "publishing/<int:pk>/readers/": [("hu", "/publishing/{noted}/readers/"), ("hu", "/publishing/{noted}/readers/?show=read")],
    "publishing/<int:pk>/<slug:verb>/": [("hu", "/publishing/{note}/send_back/"), ("hu", "/publishing/{noted}/remind/")],
    "publishing/runs/": [("hu", "/publishing/runs/"), ("rita", "/publishing/runs/")],
    "publishing/runs/open/": [("hu", "/publishing/runs/open/")],
    "publishing/runs/<int:pk>/": [("hu", "/publishing/runs/{run}/"), ("ouyang", "/publishing/runs/{run}/?show=published")],
    "publishing/runs/<int:pk>/again/": [("hu", "/publishing/runs/{run}/again/")],
    "verify/": [("-", "/verify/")],
    "verify/<str:code>/": [("-", "/verify/{proof}/")],
}  # fmt: skip
# Answers that are no page of ours to look at: machines' endpoints, files, parts of pages, and addresses that send on.
NO_PAGE = (
    "api/v1/",
    "api/schema/",
    "api/^",
    "canteen/samples/<str:code>/",
    "canteen/kitchen/cameras/<int:pk>/still.jpg",
    "canteen/kitchen/cameras/<int:pk>/hls/<str:name>",
    "evidence/",
    "figures/<int:pk>/<slug:code>.xlsx",
    "canteen/stock/export.xlsx",
    "repairs/stock/export.xlsx",
    "repairs/stock/template.xlsx",
    "safety_grid/cells/export.xlsx",
    "desk/export.xlsx",
    "canteen/ingredients/export.xlsx",
    "canteen/ingredients/template.xlsx",
    "canteen/money/template.xlsx",
    "canteen/books/plans/<int:pk>/shares.xlsx",
    "safety_grid/cells/template.xlsx",
    "healthz",
    "outbound/<int:pk>/due.xlsx",
    "inbox/badge",
    "inbox/<int:pk>/go",
    "repairs/report/similar/",
    "repairs/assets/excel/",
    "repairs/assets/template.xlsx",
    "search/",
    "sw.js",
    "unsent/ready",
    "seals/feed.atom",
    "p/<str:school>/feed.atom",
    "p/<str:school>/<str:kind>/embed/",
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/data.json",
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/table.xlsx",
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/files/",
    "p/<str:school>/<str:kind>/<str:period>/<int:number>/pictures/",
    "seals.jsonl",
)
REFUSED = [("tess", "/repairs/tickets/{working}/"), ("rita", "/no-such-page/"), ("-", "/no-such-page/")]


def test_every_page_is_looked_at() -> None:
    gets = {
        where
        for where, view in routes()
        if "GET" in policies_of(view) and (where in PAGES or not where.startswith(NO_PAGE))
    }
    posted = {"inbox/read", "inbox/undelivered/<int:pk>/retry"}
    assert gets - posted == set(PAGES)


@pytest.mark.usefixtures("axe")
def test_every_page_is_clean(place: District, cast: Cast, meet: Meet) -> None:
    """Each opened on a phone, and then given a wide screen."""
    fill = furnished(place, cast)
    wrong: list[str] = []
    visitors: dict[str, Visitor] = {}
    for name, path in [pair for pairs in PAGES.values() for pair in pairs]:
        visitor = visitors.get(name) or meet(person_of(cast, name), 390, **KEEPS_NOTHING)
        visitors[name] = visitor
        where = path.format(**fill)
        visitor.widen(390)
        page = visitor.go(where)
        page.add_script_tag(url=f"/static/{AXE}")
        for width in (390, 1440):
            visitor.widen(width)
            wrong += (
                [f"{name} {where} {width} {line}" for line in violations(page)] if "/api/docs/" not in where else []
            )
            wrong += [f"{name} {where} {width} scrolls sideways" for _ in [0] if sideways(page)]
        wrong += [f"{name} {where} {line}" for line in visitor.complaints]
        visitor.complaints.clear()
    assert wrong == []


@pytest.mark.parametrize("width", [390, 1440])
def test_refusals_are_clean_pages_too(width: int, place: District, cast: Cast, meet: Meet) -> None:
    fill = furnished(place, cast)
    for name, path in REFUSED:
        visitor = meet(person_of(cast, name), width)
        answer = visitor.page.goto(visitor.base + path.format(**fill))
        assert answer is not None and answer.status == 404
        assert violations(visitor.page) == []
        visitor.complaints.clear()  # the browser itself names the 404


def person_of(cast: Cast, name: str) -> User | None:
    """Somebody of the cast, or hired for these pages; nobody for a dash."""
    return None if name == "-" else getattr(cast, name, None) or User.objects.get(username=name)


def sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    measure: Callable[[str], bool] = page.evaluate
    return measure("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
