"""安全网格: every spot has a name, every hazard is closed."""

from portal.apps import Entry, Role, SchoolApp

MINE = ("safety_grid.",)
READERS = (
    "safety_head", "safety_officer", "tied_leader", "grid_holder", "guard", "principal", "vice_principal",
    "logistics_head", "teacher", "class_teacher", "director", "discipline_inspector", "admin",
)  # fmt: skip
WRITERS = ("safety_head", "safety_officer", "principal", "admin")
PLACES = ("bureau", "section", "town", "school", "campus", "building", "floor", "room", "outdoor")


class SafetyGrid(SchoolApp):
    """安全网格."""

    name = "safety_grid"
    title = "安全网格"
    icon = "shield-check"
    roles = (
        Role(
            "grid_holder", "网格责任人", at=PLACES, given_by=WRITERS,
            about="对一个点位的安全负责，看派给自己的隐患和巡查",
        ),
        Role(
            "safety_head", "安全办主任", reads=MINE, circles=("visitors",), figures=True, at=("school",),
            about="管本校的安全网格，核实、登记、验收本校隐患，看本校安全网格全部事项",
        ),
        Role(
            "tied_leader", "包联领导", reads=MINE, figures=True, given_by=("safety_officer",), at=("town", "school"),
            about="看所包乡镇、学校的安全事项",
        ),
        Role(
            "safety_officer", "局安全科", reads=MINE, second_factor=True, figures=True, keeps=("outbound",), at=("bureau", "town"),
            about="管辖区的安全网格，看辖区各校安全事项，验收重大隐患，挂牌督办",
        ),
        Role(
            "counsellor", "心理与德育专员", reads=("safety_grid.concern",), circles=("minors",), at=("school",),
            about="办学生欺凌与心理的线索；别的人都看不到，校长也看不到",
        ),
        Role(
            "care_officer", "局学生关爱专员", reads=("safety_grid.concern",), circles=("minors",), second_factor=True,
            at=("bureau", "town"), about="学校办得慢的学生关爱事项报到这里，也可以复核",
        ),
        Role("guard", "保安", at=("school",), about="看派给自己的隐患和巡查"),
    )  # fmt: skip
    entries = (
        Entry("报隐患", "triangle-alert", "safety_grid:report", plus=True, scan=True, visitors="safety_grid:visit"),
        Entry("安全网格", "shield-check", "safety_grid:grid", roles=READERS, daily=("safety_head", "safety_officer", "principal")),
        Entry("隐患", "list-checks", "safety_grid:hazards", daily=("safety_head", "safety_officer")),
        Entry("巡查", "footprints", "safety_grid:rounds", roles=READERS, daily=("grid_holder", "guard", "safety_head")),
        Entry("值班签到", "badge-check", "safety_grid:duty", roles=READERS, daily=("teacher", "guard")),
        Entry("演练", "siren", "safety_grid:drills", roles=READERS),
        Entry(
            "挂牌督办", "badge-alert", "safety_grid:supervised",
            roles=("safety_head", "principal", "vice_principal", "tied_leader", "safety_officer", "director"),
        ),
    )  # fmt: skip
