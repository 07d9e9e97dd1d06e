"""Who repairs: the named accounts at 柳溪镇中心小学, and the posts of the other schools."""

from collections.abc import Sequence

from portal.hall.demo.cast import Account, Opening

ACCOUNTS = (
    Account("duruolan", "杜若兰", "报修调度", "LX01", (("dispatcher", "LX01"),)),
    Account("wangjianping", "王建平", "维修员", "LX01", (("technician", "LX01"),)),
    Account("dingdayong", "丁大勇", "外包维修", "", (("contractor", "柳溪镇"),)),
    Account("wufang", "吴芳", "资产管理员", "LX01", (("asset_manager", "LX01"),)),
    Account("ouyangmin", "欧阳敏", "局后勤装备科", "后勤装备科", (("repairs_officer", "bureau"),)),
)
SHARED = ("SM01", "HW01", "BL01")  # three small schools, one technician
TWO = ("LX01", "YG01", "ZJ01")  # large ones have a second technician
ASSETS = ("YG01", "ZJ01")


def openings(codes: Sequence[str]) -> list[Opening]:
    """A dispatcher and a technician for each school; three small ones share theirs."""
    found = [Opening("dispatcher", (code,)) for code in codes if code != "LX01"]
    found += [Opening("technician", (code,)) for code in codes if code not in (*SHARED, "LX01")]
    found += [Opening("technician", (code,)) for code in codes if code in TWO]
    found += [Opening("asset_manager", (code,)) for code in codes if code in ASSETS]
    shared = tuple(code for code in SHARED if code in codes)
    return [*found, Opening("technician", shared)] if shared else found
