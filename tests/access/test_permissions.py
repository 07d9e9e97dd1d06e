"""The whole permission map by equality: roles are the only permissions, on units alone, held through appointments alone."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from guardian.models import GroupObjectPermission, UserObjectPermission, UserObjectPermissionBase

from portal.orgs.models import Appointment, Post, User
from portal.orgs.roles import roles

from .world import World

pytestmark = pytest.mark.django_db

# Written by hand: every permission that may be held on a unit. Django's own four of other models are nobody's.
ON_UNITS = {
    "teacher": "教师",
    "student": "学生",
    "class_teacher": "班主任",
    "logistics_head": "总务主任",
    "vice_principal": "分管副校长",
    "principal": "校长",
    "director": "局领导",
    "discipline_inspector": "纪检监察",
    "parent": "家长",
    "meal_committee": "膳食委员会",
    "supplier": "供应商",
    "admin": "系统管理员",
    "dispatcher": "报修调度",
    "technician": "维修员",
    "contractor": "外包维修",
    "asset_manager": "资产管理员",
    "repairs_officer": "局后勤装备科",
    "grid_holder": "网格责任人",
    "safety_head": "安全办主任",
    "tied_leader": "包联领导",
    "safety_officer": "局安全科",
    "counsellor": "心理与德育专员",
    "care_officer": "局学生关爱专员",
    "guard": "保安",
    "canteen_manager": "食堂管理员",
    "canteen_buyer": "采购员",
    "canteen_keeper": "保管员",
    "canteen_inspector": "验收员",
    "canteen_chef": "厨师长",
    "canteen_accountant": "食堂会计",
    "canteen_cashier": "食堂出纳",
    "food_safety_officer": "食品安全员",
    "food_safety_director": "食品安全总监",
    "canteen_officer": "局食堂专管",
}
# What each role reads of cases, from people.md: kinds, and closed circles.
READS = {
    "logistics_head": (("repairs.", "canteen."), ("visitors",)),
    "dispatcher": (("repairs.",), ("visitors",)),
    "asset_manager": (("repairs.",), ()),
    "repairs_officer": (("repairs.",), ()),
    "safety_head": (("safety_grid.",), ("visitors",)),
    "tied_leader": (("safety_grid.",), ()),
    "safety_officer": (("safety_grid.",), ()),
    "counsellor": (("safety_grid.concern",), ("minors",)),
    "care_officer": (("safety_grid.concern",), ("minors",)),
    "meal_committee": (("canteen.",), ()),
    "canteen_manager": (("canteen.",), ("asked_privately",)),
    "canteen_buyer": (("canteen.",), ()),
    "canteen_keeper": (("canteen.",), ()),
    "canteen_inspector": (("canteen.",), ()),
    "canteen_chef": (("canteen.",), ()),
    "canteen_accountant": (("canteen.",), ()),
    "canteen_cashier": (("canteen.",), ()),
    "food_safety_officer": (("canteen.",), ()),
    "food_safety_director": (("canteen.",), ("asked_privately",)),
    "canteen_officer": (("canteen.",), ("asked_privately",)),
    "vice_principal": (("*",), ()),
    "principal": (("*",), ()),
    "director": (("*",), ()),
    "discipline_inspector": (("*",), ()),
}
SECOND_FACTOR = {
    "discipline_inspector",
    "repairs_officer",
    "safety_officer",
    "care_officer",
    "canteen_officer",
    "admin",
}


def test_the_permissions_on_units_are_the_roles_and_nothing_else() -> None:
    found = Permission.objects.filter(content_type__app_label="orgs", content_type__model="unit")
    assert dict(found.values_list("codename", "name")) == ON_UNITS


def test_what_each_role_reads_is_as_written() -> None:
    assert {code: (one.reads, one.circles) for code, one in roles().items()} == {
        code: READS.get(code, ((), ())) for code in ON_UNITS
    }
    assert {code for code, one in roles().items() if one.second_factor} == SECOND_FACTOR


def test_no_other_permission_of_ours_exists_beyond_what_django_makes_for_plain_tables() -> None:
    ours = Permission.objects.filter(content_type__app_label__in=[app.label for app in apps.get_app_configs()])
    custom = ours.exclude(content_type__app_label="orgs", content_type__model="unit")
    named = [one for one in custom.values_list("codename", flat=True) if not one.startswith(DJANGOS)]
    assert named == []


DJANGOS = ("add_", "change_", "delete_", "view_")


def test_people_have_no_permissions_of_models_no_groups_and_are_nobodys_superuser() -> None:
    fields = {field.name for field in User._meta.get_fields()}
    assert fields & {"user_permissions", "groups", "is_superuser", "is_staff"} == set()
    assert Group.objects.count() == 0


def test_grants_are_rows_of_one_table_and_guardians_general_tables_are_empty(world: World) -> None:
    assert (UserObjectPermission.objects.count(), GroupObjectPermission.objects.count()) == (0, 0)
    direct = [model for model in apps.get_models() if issubclass(model, UserObjectPermissionBase)]
    assert [model._meta.label for model in direct if model is not UserObjectPermission] == ["orgs.Post"]


def test_every_grant_stands_for_a_live_appointment_and_every_live_appointment_for_a_grant(world: World) -> None:
    def rows(found: Any, *names: str) -> list[tuple[Any, ...]]:
        return sorted(found.values_list(*names))

    live = Appointment.objects.filter(ended_at=None)
    assert rows(Post.objects.all(), "user", "permission__codename", "content_object") == rows(
        live, "person", "role", "unit"
    )
    assert live.filter(granted=False).count() == 0
