"""Who works in the canteen: the named accounts at 柳溪镇中心小学 and the bureau, and the posts of the other schools."""

from collections.abc import Sequence

from portal.hall.demo.cast import Account, Opening

SCHOOL = "LX01"  # the school whose canteen is lived in full
ACCOUNTS = (
    Account("jianghong", "姜红", "食堂管理员", SCHOOL, (("canteen_manager", SCHOOL),)),
    Account("caiqin", "蔡芹", "采购员", SCHOOL, (("canteen_buyer", SCHOOL),)),
    Account("bowen", "薄文", "保管员", SCHOOL, (("canteen_keeper", SCHOOL),)),
    Account("yanming", "严明", "验收员、教师", SCHOOL, (("canteen_inspector", SCHOOL), ("teacher", SCHOOL))),
    Account("chuxiang", "楚香", "厨师长", SCHOOL, (("canteen_chef", SCHOOL),)),
    Account("kuaiqing", "蒯清", "食堂会计", SCHOOL, (("canteen_accountant", SCHOOL),)),
    Account("namin", "那敏", "食堂出纳", SCHOOL, (("canteen_cashier", SCHOOL),)),
    Account("fangzheng", "方正", "食品安全员", SCHOOL, (("food_safety_officer", SCHOOL),)),
    Account("zhongming", "钟鸣", "食品安全总监", SCHOOL, (("food_safety_director", SCHOOL), ("teacher", SCHOOL))),
    Account("meiyu", "梅雨", "膳食委员会家长", "", (("meal_committee", SCHOOL), ("parent", SCHOOL))),
    Account("tangrui", "汤瑞", "局食堂专管", "办公室", (("canteen_officer", "bureau"),)),
)
POSTS = (
    "canteen_manager", "canteen_buyer", "canteen_keeper", "canteen_inspector", "canteen_chef", "canteen_accountant",
    "canteen_cashier", "food_safety_officer", "meal_committee",
)  # fmt: skip


def openings(codes: Sequence[str]) -> list[Opening]:
    """The posts of every other school's canteen."""
    return [Opening(role, (code,)) for code in codes if code != SCHOOL for role in POSTS]
