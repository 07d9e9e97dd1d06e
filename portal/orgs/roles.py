"""The roles people hold at units, and what each reads; an affair adds its own in its `apps.py`."""

from django.apps import apps

from portal.apps import Role, SchoolApp

ALL = ("*",)
VISITORS = "visitors"  # the closed circle of what strangers report: the school's desk alone, until it is vouched for

BASE = (
    Role("teacher", "教师", at=("school",), about="看自己发起、参与和被指派的事项"),
    Role("student", "学生", at=("class",), about="看自己发起和参与的事项"),
    Role(
        "class_teacher", "班主任", keeps=("surveys",), at=("class",), about="另看本班的参与情况，不看各家的答卷和投诉"
    ),
    Role(
        "logistics_head",
        "总务主任",
        reads=("repairs.", "canteen."),
        circles=(VISITORS,),
        keeps=("stickers", "surveys"),
        figures=True,
        at=("school",),
        about="看本校后勤和食堂事项，超时先到这里",
    ),
    Role(
        "vice_principal",
        "分管副校长",
        reads=ALL,
        keeps=("surveys",),
        figures=True,
        at=("school",),
        about="看本校全部普通事项，不看专项圈内事项",
    ),
    Role(
        "principal",
        "校长",
        reads=ALL,
        keeps=("surveys",),
        figures=True,
        at=("school",),
        about="看本校全部普通事项，不看专项圈内事项",
    ),
    Role(
        "director",
        "局领导",
        reads=ALL,
        keeps=("surveys",),
        figures=True,
        at=("bureau", "town"),
        about="看辖区全部普通事项",
    ),
    Role(
        "discipline_inspector",
        "纪检监察",
        reads=ALL,
        at=("bureau", "town"),
        second_factor=True,
        figures=True,
        about="看辖区全部普通事项和局内人员的办理行为，只写检查",
    ),
    Role("parent", "家长", at=("school",), about="看自己的事项和自己孩子的内容"),
    Role("meal_committee", "膳食委员会", reads=("canteen.",), at=("school",), about="看本校食堂账目、验收、值班和检查"),
    Role("supplier", "供应商", at=("school",), about="只看自己的订单"),
    Role(
        "admin",
        "系统管理员",
        keeps=("stickers", "outbound"),
        at=("bureau", "town", "school"),
        second_factor=True,
        about="管配置和人员，不看事项内容",
    ),
)
HEADS = ("principal", "vice_principal")  # who signs for a place when the person who should is gone


def roles() -> dict[str, Role]:
    """Every role by code: the portal's own, then those each affair brings."""
    found = {role.code: role for role in BASE}
    for app in apps.get_app_configs():
        if isinstance(app, SchoolApp):
            for role in app.roles:
                if role.code in found:
                    raise RuntimeError(f"two roles are called {role.code}")
                found[role.code] = role
    return found


def keepers(what: str) -> tuple[str, ...]:
    """The roles that look after something of the portal's own, such as `stickers`."""
    return tuple(code for code, role in roles().items() if what in role.keeps)


def title(code: str) -> str:
    """The Chinese name of a role."""
    return roles()[code].title if code in roles() else code


def counts_in(role: str, circle: str) -> bool:
    """Whether a role counts for a case of this circle (blank: an ordinary case): in a closed circle only its own do."""
    return not circle or circle in roles()[role].circles


def conflicting(one: str, other: str) -> bool:
    """Whether one person may not hold both at one place."""
    known = roles()
    return other in known[one].conflicts or one in known[other].conflicts
