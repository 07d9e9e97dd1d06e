"""食堂: what is bought, cooked, eaten and paid for, in the open each week."""

from portal.apps import Entry, Role, SchoolApp

MINE = ("canteen.",)
PLACES = ("school", "building", "floor", "room")  # a school with two canteens appoints at the canteen's own place
PRIVATE = (
    "asked_privately"  # the closed circle of what parents ask privately: the canteen's desk and the bureau's alone
)
STAFF = (
    "canteen_manager", "canteen_buyer", "canteen_keeper", "canteen_inspector", "canteen_chef", "canteen_accountant",
    "canteen_cashier", "food_safety_officer", "food_safety_director",
)  # fmt: skip
HEADS = ("principal", "vice_principal", "logistics_head")
READERS = (*STAFF, *HEADS, "meal_committee", "canteen_officer", "director", "discipline_inspector", "admin")
KEEPERS = ("canteen_manager", *HEADS)  # who sets a canteen up and keeps its rules
COOKS = ("canteen_manager", "canteen_chef", *HEADS)  # who writes dishes and menus
LISTERS = (*KEEPERS, "canteen_buyer", "canteen_keeper")  # who writes the list of ingredients
STORE = ("canteen_keeper", "canteen_manager")  # who writes to the food store by hand
PURCHASERS = (*KEEPERS, "canteen_buyer")  # who lists suppliers and asks prices
RATERS = ("canteen_manager", "canteen_keeper", "canteen_inspector", "canteen_chef")  # who receives what was bought
SIGNERS = (
    "canteen_keeper", "canteen_inspector", "canteen_manager", "food_safety_officer", "canteen_chef",
)  # two of them sign a delivery (CR-13), never one who buys  # fmt: skip
APPOINT = ("principal", "logistics_head", "canteen_manager")


class Canteen(SchoolApp):
    """食堂."""

    name = "canteen"
    title = "食堂"
    icon = "soup"
    roles = (
        Role(
            "canteen_manager", "食堂管理员", reads=MINE, circles=(PRIVATE,), keeps=("surveys",), figures=True, given_by=HEADS, at=PLACES,
            about="管本校食堂的日常、菜谱、提问和公示，看本校食堂全部事项",
        ),
        Role(
            "canteen_buyer", "采购员", reads=MINE, conflicts=("canteen_inspector", "canteen_keeper"), given_by=APPOINT,
            at=PLACES, about="询价、下单，不验收也不管库",
        ),
        Role(
            "canteen_keeper", "保管员", reads=MINE, given_by=APPOINT, at=PLACES,
            conflicts=("canteen_buyer", "canteen_accountant", "canteen_cashier"), about="验收入库、领用、盘点",
        ),
        Role(
            "canteen_inspector", "验收员", reads=MINE, conflicts=("canteen_buyer",), given_by=APPOINT, at=PLACES,
            about="与保管员一起验收，两人签字",
        ),
        Role("canteen_chef", "厨师长", reads=MINE, given_by=APPOINT, at=PLACES, about="领料、留样、报每餐份数"),
        Role(
            "canteen_accountant", "食堂会计", reads=MINE, conflicts=("canteen_cashier", "canteen_keeper"), given_by=HEADS,
            at=PLACES, about="记账、结账、编周账和月报",
        ),
        Role(
            "canteen_cashier", "食堂出纳", reads=MINE, conflicts=("canteen_accountant", "canteen_keeper"), given_by=HEADS,
            at=PLACES, about="收付款，不记收入账、不审账",
        ),
        Role("food_safety_officer", "食品安全员", reads=MINE, given_by=APPOINT, at=PLACES, about="每日管控、自查、留样检查"),
        Role(
            "food_safety_director", "食品安全总监", reads=MINE, circles=(PRIVATE,), given_by=HEADS, at=("school",),
            about="每周排查，看本校食堂全部事项",
        ),
        Role(
            "canteen_officer", "局食堂专管", reads=MINE, circles=(PRIVATE,), second_factor=True, figures=True,
            at=("bureau", "town"), about="看辖区各校食堂事项，超时报到这里",
        ),
    )  # fmt: skip
    entries = (
        Entry(
            "食堂",
            "soup",
            "canteen:home",
            roles=READERS,
            daily=("canteen_manager", "canteen_officer", *HEADS, "director"),
        ),
        Entry("本校食堂", "utensils-crossed", "canteen:mine", daily=("parent", "meal_committee", "student")),
        Entry("问食堂", "message-circle-question-mark", "canteen:ask", plus=True),
        Entry("我家的餐费", "wallet", "canteen:money", plus=True, roles=("parent", "meal_committee")),
        Entry("预约陪餐", "calendar-check", "canteen:book", plus=True, roles=("parent", "meal_committee")),
        Entry("菜谱", "utensils", "canteen:menus", roles=READERS, daily=COOKS),
        Entry(
            "验收",
            "scale",
            "canteen:deliveries",
            roles=READERS,
            daily=("canteen_buyer", "canteen_keeper", "canteen_inspector"),
        ),
        Entry("库存", "package", "canteen:stock", roles=READERS, daily=("canteen_keeper", "canteen_chef")),
        Entry("询价", "tags", "canteen:inquiries", roles=READERS, daily=("canteen_buyer", "canteen_manager")),
        Entry("供应商", "truck", "canteen:suppliers", roles=READERS, daily=("canteen_buyer",)),
        Entry(
            "每日事项",
            "clipboard-check",
            "canteen:duties",
            roles=READERS,
            daily=("canteen_chef", "canteen_manager", "food_safety_officer", "food_safety_director"),
        ),
        Entry(
            "账本",
            "book-open",
            "canteen:books",
            roles=READERS,
            daily=("canteen_accountant", "canteen_cashier", "meal_committee"),
        ),
        Entry("提问", "messages-square", "canteen:questions", roles=READERS, daily=("canteen_manager",)),
        Entry("评分", "star", "canteen:ratings", roles=READERS),
        Entry(
            "明厨亮灶", "cctv", "canteen:kitchen", roles=READERS, daily=("food_safety_officer", "food_safety_director")
        ),
    )
