"""Every page of the portal at both widths: no axe violation, no console or CSP error, nothing scrolls sideways."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Page

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.cases.settings import set_clock
from portal.evidence.covering import cover
from portal.evidence.models import Piece
from portal.orgs.actions import record_absence
from portal.orgs.models import Appointment, User
from portal.orgs.policies import policies_of, routes
from portal.publications.actions import correct, publish
from portal.publications.announcing import hand_in, write
from portal.publications.announcing import issue as announce
from portal.publications.kinds import KINDS
from portal.publications.periods import Every, period_of
from portal.stickers.actions import make, welcome
from portal.surveys.access import Whom
from portal.surveys.actions import answer, close_due, issue
from portal.surveys.questions import Asked
from portal.worktime.actions import set_unit_day
from repairs.actions import open_monthly, take_stock
from repairs.actions.assets import enter_asset
from repairs.flow import MONTHLY, STOCKTAKES
from repairs.models import CountLine
from safety_grid.actions import hold, mark_out, plan_drill
from safety_grid.flow import DRILLS
from tests.access import buying, kitchen, rounds
from tests.access.ratings import in_every_state as fixes_of
from tests.access.reported import system_at
from tests.access.things import run_of
from tests.browser.conftest import Meet, Visitor, violations
from tests.canteen.cast import canteen_of, kitchen_of
from tests.canteen.orders import ordered, stocked
from tests.canteen.test_questions import asked as asked_canteen
from tests.conftest import photo_of
from tests.district import Cast, District, hire
from tests.repairs.strangers import sticker_of
from tests.repairs.test_loop import reported
from tests.repairs.test_materials import asked as wanted
from tests.repairs.test_materials import at_work, in_store, row

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


def test_every_page_is_clean(place: District, cast: Cast, meet: Meet) -> None:
    """Each opened on a phone, and then given a wide screen."""
    fill = world(place, cast)
    wrong: list[str] = []
    visitors: dict[str, Visitor] = {}
    for name, path in [pair for pairs in PAGES.values() for pair in pairs]:
        visitor = visitors.get(name) or meet(person_of(cast, name), 390)
        visitors[name] = visitor
        where = path.format(**fill)
        visitor.widen(390)
        page = visitor.go(where)
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
    fill = world(place, cast)
    for name, path in REFUSED:
        visitor = meet(person_of(cast, name), width)
        answer = visitor.page.goto(visitor.base + path.format(**fill))
        assert answer is not None and answer.status == 404
        assert violations(visitor.page) == []
        visitor.complaints.clear()  # the browser itself names the 404


def person_of(cast: Cast, name: str) -> User | None:
    """Somebody of the cast, or hired for these pages; nobody for a dash."""
    return None if name == "-" else getattr(cast, name, None) or User.objects.get(username=name)


def world(place: District, cast: Cast) -> dict[str, object]:
    """A ticket at work, late and come back once, one waiting for its reporter, and an empty school beside."""
    working, finished = (reported(place, cast.rita, photos=[photo_of(cast.rita).pk]) for _ in range(2))
    for ticket in (working, finished):
        move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
        move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
        move(ticket, "arrive", by=cast.will)
        move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    move(working, "send_back", by=cast.rita, data={"reason": "还在闪"})
    item = in_store(place, cast, "3")
    asked, granted = (
        wanted(at_work(place, cast), cast.will, row("角阀", "4", measure="个", price="10")) for _ in range(2)
    )
    move(granted, "approve", by=cast.lin)
    rungs = [{"tells": "logistics_head", "share": "1", "ack": "1"}, {"tells": "principal", "plus": "24"}]
    set_clock(
        unit=place.bureau,
        kind="repairs.ticket",
        clock="resolve",
        topic="RP-01",
        amount="12",
        measure="wall",
        rungs=rungs,
        by=cast.ada,
    )
    set_unit_day(unit=place.school, day=date(2026, 10, 30), is_open=False, name="校运动会", by=cast.ada)
    record_absence(person=cast.vera, substitute=cast.lin, since=clock.today(), until=clock.today(), by="clock")
    welcome(place.school, is_on=True, by=cast.ada)
    sticker = sticker_of(place.room, cast.lin)
    make(place.school, by=cast.lin)
    asset = enter_asset(unit=place.room, by=cast.lin, code="ZC-001", name="投影机", kind="2", keeper=cast.rita)
    hire("song", "宋严", place.bureau, ("safety_officer", place.bureau))
    form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=cast.lin, data={"unit": place.school.pk})
    take = take_stock(form, by=cast.lin)
    round_ = rounds.bring("巡查待巡查", place.room, cast.rita)
    return {
        "round": round_.number,
        "canteen": kitchen.canteen_at(place.school).pk,
        "dish": kitchen.planned(place.school).pk,
        "entry": kitchen.entry_at(place.school).pk,
        "book_month": kitchen.month_at(place.school).pk,
        "closable": kitchen.closable_at(place.school).pk,
        "refund_plan": kitchen.plan_at(place.school).pk,
        "signed_plan": kitchen.signed_plan_at(place.school).pk,
        "pupil": kitchen.pupil_at(place.school).pk,
        "jiang": kitchen_of(place).jiang.pk,
        "ingredient": buying.ingredient_at(place.school).pk,
        "supplier": buying.supplier_there(place.school).pk,
        **bought_in(place),
        "camera": kitchen.camera_at(place.school),
        "health": kitchen.health_at(place.school),
        "sampling": kitchen.sampled(place.school),
        "inquiry": buying.bring("询价待选定", place.room).number,
        "ahead": (clock.today() + timedelta(days=7)).isoformat(),
        "plan": rounds.plan_of(place.school).pk,
        "watch": rounds.watch_of(place.school),
        "day": clock.today().isoformat(),
        "drill": drilled(place, cast).number,
        "system": system_at(place.school).pk,
        "run": run_of(place.school),
        "take": take.number,
        "line": CountLine.objects.get().pk,
        "sticker": sticker.code,
        "stuck": sticker.pk,
        "asset": asset.pk,
        **issues(place, cast),
        **asked_of_all(place, cast),
        "question": question_of(place, cast),
        "fix": fixes_of(place)["整改待安排"].number,
        **spots(place, cast),
        "rita": cast.rita.pk,
        "ada": cast.ada.pk,
        "post": Appointment.objects.get(person=cast.rita, role="teacher").pk,
        "working": working.number,
        "finished": finished.number,
        "photo": Piece.objects.get(address=working.address, role="photos").pk,
        "covered": cover(Piece.objects.get(address=finished.address, role="photos").pk, [0, 1, 13], by=cast.rita).pk,
        "waiting": photo_of(cast.rita).pk,
        "item": item.pk,
        "asked": asked.number,
        "granted": granted.number,
        "reported": reported(place, cast.rita).number,
        "room": place.room.pk,
        "school": place.school.pk,
        "bureau": place.bureau.pk,
    }


def asked_of_all(place: District, cast: Cast) -> dict[str, object]:
    """A survey that is open, and one that is over, with a remark."""
    questions = (Asked("score", "午餐"), Asked("yes_no", "还订吗"), Asked("choice", "想吃", ("面", "饭")), Asked("percent", "总分"),
                 Asked("words", "想说的", required=False))  # fmt: skip
    made = [
        issue(unit=place.school, title=f"食堂怎么样 {n}", questions=questions, asks=Whom(staff=True), least=3, by=cast.hu,
              closes_at=clock.now() + timedelta(days=n))
        for n in (1, 2)
    ]  # fmt: skip
    for n, who in enumerate((cast.dora, cast.will, cast.vera)):
        said = dict(
            zip(made[0].questions.values_list("pk", flat=True), (5 - n, "yes", "1", 90, "多放点肉"), strict=True)
        )
        answer(made[0], by=who, answers=said)
    with clock.at(made[0].closes_at):
        close_due()
    return {"surveyed": made[0].code, "survey": made[1].code}


def question_of(place: District, cast: Cast) -> str:
    """A question to the canteen that waits, and one that stands answered on the public list."""
    canteen = canteen_of(place)
    open_, done = (asked_canteen(cast.rita, canteen, f"第 {n} 问：豆腐新鲜吗") for n in (1, 2))
    move(done, "answer", by=cast.hu, data={"words": "每天早上现做。", "listed": True})
    return open_.number


def spots(place: District, cast: Cast) -> dict[str, object]:
    """A held spot of the grid, one nobody holds, and the gate in the morning."""
    spot = mark_out(unit=place.room, duties="放学断电\n关窗锁门", by=cast.hu)
    held = hold(cell=spot, person=cast.rita, substitute=cast.vera, by=cast.hu)
    mark_out(unit=place.building, by=cast.hu)
    gate = mark_out(unit=place.school, title="校门口", begins=time(7, 20), ends=time(7, 50), days="school", by=cast.hu)
    hold(cell=gate, person=cast.vera, until=clock.today(), by=cast.hu)
    return {"spot": spot.pk, "held": held.pk}


def drilled(place: District, cast: Cast) -> Case:
    """A drill held this minute."""
    data = {"unit": place.school.pk, "topic": "fire"}
    case = plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=cast.hu, data=data), by=cast.hu)
    assert isinstance(case, Case)
    said = rounds.held([str(photo_of(cast.hu).pk)])
    return move(case, "hold_drill", by=cast.hu, data=said)


def issues(place: District, cast: Cast) -> dict[str, object]:
    """September published and corrected, October waiting to be checked."""
    september = period_of(Every.MONTH, "2026-09")
    made = publish(KINDS["repairs.monthly"], unit=place.school, period=september, by=cast.hu)
    corrected = correct(made.issue, reason="漏了一件", by=cast.hu, seen=1)
    said = {"unit": place.school.pk, "period": "2026-10"}
    month = open_monthly(filled(MONTHLY, MONTHLY.opening, case=None, by="clock", data=said), by="clock")
    return {"month": month.number, "proof": corrected.code, **notes(place, cast)}


def notes(place: District, cast: Cast) -> dict[str, object]:
    """A note handed in by a teacher, and one issued that asks for receipts."""
    said = {
        "audience": "staff",
        "category": "notice",
        "title": "教研安排",
        "text": "# 周五\n\n- 三点",
        "asks_receipt": True,
    }
    note, noted = (write(None, unit=place.school, by=cast.rita, files=[], **said) for _ in range(2))
    made = announce(hand_in(noted, by=cast.rita), by=cast.hu)
    return {"note": hand_in(note, by=cast.rita).pk, "noted": noted.pk, "told": made.issue.period}


def bought_in(place: District) -> dict[str, object]:
    """A delivery in stock, one on its way, and a lot of the first."""
    who, canteen = kitchen_of(place), canteen_of(place)
    came, coming = stocked(place, canteen, who), ordered(place, canteen, who.cai)
    lot = came.lines.get(ingredient__name="大米").lot
    assert lot is not None
    return {"came": came.number, "coming": coming.number, "lot": lot.pk, "shelf": lot.shelf_id}


def sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    measure: Callable[[str], bool] = page.evaluate
    return measure("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
