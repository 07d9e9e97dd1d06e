"""报修: faults are reported with photos, and nobody can sit on them."""

from portal.apps import Entry, Role, SchoolApp


class Repairs(SchoolApp):
    """报修."""

    name = "repairs"
    title = "报修"
    icon = "wrench"
    roles = (
        Role(
            "dispatcher",
            "报修调度",
            reads=("repairs.",),
            circles=("visitors",),
            at=("school", "town"),
            about="受理、派工，看本校全部报修",
        ),
        Role("technician", "维修员", at=("school", "town", "bureau"), about="看派给自己的报修"),
        Role("contractor", "外包维修", at=("school", "town"), about="看派给自己的报修，别的都看不到"),
        Role(
            "asset_manager",
            "资产管理员",
            reads=("repairs.",),
            keeps=("stickers",),
            at=("school",),
            about="看本校全部报修，管采购、库存和资产",
        ),
        Role(
            "repairs_officer",
            "局后勤装备科",
            reads=("repairs.",),
            at=("bureau", "town"),
            second_factor=True,
            figures=True,
            about="看辖区各校全部报修",
        ),
    )
    entries = (
        Entry("报修", "wrench", "repairs:report", plus=True, scan=True, visitors="repairs:visit"),
        Entry("报修单", "list-checks", "repairs:tickets", daily=("dispatcher", "logistics_head", "repairs_officer")),
        Entry("派工规则", "split", "repairs:dispatching", roles=("dispatcher", "logistics_head")),
        Entry(
            "资产",
            "package",
            "repairs:assets",
            roles=("asset_manager", "logistics_head", "repairs_officer"),
            daily=("asset_manager",),
        ),
        Entry(
            "库存", "package-open", "repairs:stock", roles=("asset_manager", "logistics_head"), daily=("asset_manager",)
        ),
        Entry(
            "今天的活",
            "hammer",
            "repairs:today",
            roles=("technician", "contractor"),
            daily=("technician", "contractor"),
        ),
    )
