"""What people type about a canteen: what it is, and its own numbers."""

import re
from typing import Any

from django import forms

from canteen.models import Canteen, Meal, Mode, SurplusRule
from portal.hall.settings.bringing import SchoolField
from portal.orgs.models import Unit
from portal.widgets import Amount
from portal.wire.days import DayField

BY_DISTRICT = "由局里按当地规定定，学校只能改得更严。"
WINDOWS, LONGEST = 12, 20  # counters of a canteen, letters of a counter's name


def percent(label: str, help_text: str) -> forms.DecimalField:
    """A share in per cent."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2, widget=Amount("%"), help_text=help_text
    )


def number(label: str, unit: str, least: int, most: int, first: int | None, help_text: str = "") -> forms.IntegerField:
    """A whole number of some unit, from `least` to `most`; `first` is where it begins."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=first, widget=Amount(unit), help_text=help_text
    )


class CanteenForm(forms.Form):
    """A canteen and its numbers. What the law says is the least is refused below that."""

    name = forms.CharField(label="名称", max_length=40, initial="食堂")
    mode = forms.ChoiceField(label="经营方式", choices=Mode.choices, initial=Mode.OWN)
    place = forms.ModelChoiceField(
        Unit.objects.none(), label="地点", required=False, empty_label="整所学校",
        help_text="一校有两个食堂的，各选自己的地点，岗位也可以分开任。",
    )  # fmt: skip
    meals = forms.MultipleChoiceField(
        label="供哪几餐", choices=Meal.choices, initial=[Meal.LUNCH], widget=forms.CheckboxSelectMultiple
    )
    diners = number("就餐人数", "人", 0, 100000, None)
    phone = forms.CharField(label="投诉电话", max_length=20, required=False, help_text="会公开。")
    licence = forms.CharField(label="食品经营许可证号", max_length=40, required=False, help_text="会公开。")
    licence_until = DayField(label="许可证有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    windows = forms.CharField(
        label="打菜窗口", required=False, max_length=200,
        help_text="每月请大家和菜一起评。用顿号或逗号隔开，如：一号窗口、面点窗口；不分窗口的不填。",
    )  # fmt: skip
    sample_grams = number("每份留样至少", "克", 125, 2000, 125, "不少于 125 克。")
    sample_hours = number("留样至少", "小时", 48, 720, 48, "不少于 48 小时。")
    seats = number("家长陪餐名额", "个", 0, 100, 4, "每餐几个；填 0 就是不接受预约。")
    silent_minutes = number("摄像头多久没有报平安算掉线", "分钟", 2, 1440, 10, "到时开出事项。")
    price_gap = percent("单价高出多少时提醒", "比近四周均价或市场价高出这么多，收货时就标出来。")
    weight_gap = percent("短秤多少时提醒", "实收比订的少这么多，要写明原因。")
    same_signers = number("同两人连续签收多少次时提醒", "次", 2, 200, 20, "到时告诉食堂管理员换人。")
    satisfied = number("满意度线", "分", 1, 100, 85, "菜品低于它就开一张整改单。")
    surplus_rule = forms.ChoiceField(label="结余办法", choices=SurplusRule.choices, help_text=BY_DISTRICT)
    surplus_limit = percent("累计结余上限", f"占累计收入的比例。{BY_DISTRICT}")

    def __init__(self, *args: Any, school: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        places = Unit.objects.none()
        if school is not None:
            places = Unit.objects.open().filter(school=school, kind__in=("building", "floor", "room")).order_by("path")
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        self.fields["place"].label_from_instance = lambda unit: unit.place  # type: ignore[attr-defined]

    def clean_windows(self) -> list[str]:
        """Their names, one by one, each once."""
        names = [one.strip() for one in re.split(r"[、，,;；\n]", self.cleaned_data["windows"]) if one.strip()]
        if len(names) > WINDOWS or any(len(one) > LONGEST for one in names):
            raise forms.ValidationError(f"最多 {WINDOWS} 个窗口，每个名字最多 {LONGEST} 个字。")
        return list(dict.fromkeys(names))


class NewCanteenForm(forms.Form):
    """启用: only what is needed to begin; the numbers begin as the law or custom has them."""

    school = SchoolField()
    name = forms.CharField(label="名称", max_length=40, initial="食堂")
    mode = forms.ChoiceField(label="经营方式", choices=Mode.choices, initial=Mode.OWN)
    meals = forms.MultipleChoiceField(
        label="供哪几餐", choices=Meal.choices, initial=[Meal.LUNCH], widget=forms.CheckboxSelectMultiple
    )
    diners = number("就餐人数", "人", 0, 100000, None)

    def __init__(self, *args: Any, schools: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools if schools is not None else Unit.objects.none()  # type: ignore[attr-defined]


def numbers_of(canteen: Canteen) -> dict[str, Any]:
    """What a canteen's form shows."""
    return {name: getattr(canteen, name) for name in CanteenForm.base_fields} | {"windows": "、".join(canteen.windows)}


class ChooseForm(forms.Form):
    """Which canteen of many: by its key, or found by its school's name."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**31 - 1)
    find = forms.CharField(label="校名", required=False, max_length=40)
