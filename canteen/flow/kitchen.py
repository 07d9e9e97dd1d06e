"""The law of a silent camera: the manager's turn, a day to bring it back; it closes by itself when the camera speaks again."""

from decimal import Decimal

from canteen.apps import HEADS
from canteen.models import Outage
from canteen.queries import kitchen as queries
from canteen.rules import kitchen as rules
from portal.cases.flow import BY_CLOCK, HOLDER, Clock, Flow, Rung, State, Step

OUTAGES = Flow(
    Outage,
    title="摄像头掉线",
    prefix="TX",
    icon="cctv",
    plural="outages",
    assigner="canteen_manager",
    facts=queries.facts_of_outage,
    brings=queries.with_camera,
    opening=Step("open_outage", (), "offline", "摄像头掉线", BY_CLOCK, "cctv", "摄像头掉线"),
    states=(
        State("offline", "掉线", turn="canteen_manager", line="恢复", icon="cctv"),
        State("restored", "已恢复", final="done", line="办结", icon="flag"),
        State("retired", "已停用", final="off", icon="archive"),
    ),
    steps=(
        Step("note_outage", ("offline",), "offline", "说明情况", ("canteen_manager", *HEADS), "message-square", "说明了情况", main=True,
             tells=("principal",), help="什么原因、谁在修、什么时候恢复。摄像头重新在线会自动办结。"),
        Step("back_online", ("offline",), "restored", "恢复在线", BY_CLOCK, "cctv", "摄像头恢复在线", tone="good"),
        Step("camera_retired", ("offline",), "retired", "摄像头停用", BY_CLOCK, "archive", "摄像头已停用"),
    ),
    clocks=(
        Clock("mend", "恢复", runs=("offline",), within=rules.mend_time, late=(
            Rung(HOLDER, share=Decimal("0.5")),
            Rung("principal", share=Decimal(1), ack=Decimal(4)),
            Rung("canteen_officer", plus=Decimal(24)),
        )),
    ),
)  # fmt: skip
