"""Small words for templates: moments and money as people say them, icons, form controls, links that keep filters."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, Field
from django.forms.widgets import (
    CheckboxInput,
    DateInput,
    DateTimeInput,
    Input,
    NumberInput,
    RadioSelect,
    Select,
    Textarea,
    TimeInput,
)
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from portal import clock
from portal.widgets import asked_for

register = template.Library()

WEEKDAYS = "一二三四五六日"
GAP = "\u202f"  # the thin gap between thousands; lines never break in it
# Every icon carries the same five attributes; the stylesheet says them once.
SAME = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'

COUNTED = re.compile(r"^(\S+) (\d+ (?:天|小时|分)(?: \d+ (?:小时|分))?|不到 1 分)(.*)$")
REQUIRED = Field.default_error_messages["required"]  # Django's own words, which name no field
PICKERS: dict[type, tuple[str, str]] = {
    DateInput: ("date", "%Y-%m-%d"),
    DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    TimeInput: ("time", "%H:%M"),
}


@cache
def _icon(name: str, classes: str) -> SafeString:
    drawn = lucide(name, size=None, **{"class": classes, "aria-hidden": "true"})
    for spare in (SAME, ' width="24" height="24"', "\n", "  "):
        drawn = drawn.replace(spare, "")
    return SafeString(drawn.replace(" />", "/>"))  # the icon set's own drawings, never what people type


@register.simple_tag
def icon(name: str, classes: str = "i") -> SafeString:
    """An icon of the lucide set by name, hidden from screen readers: the word beside it says the same."""
    return _icon(str(name), str(classes))


@register.simple_tag
def server_now() -> str:
    """The server's moment in ISO form, so that a browser with a wrong clock still counts right."""
    return clock.now().isoformat()


@register.filter
def iso(moment: datetime | None) -> str:
    """The moment for machines, in China's time."""
    return moment.astimezone(clock.SCHOOL_TIME).isoformat() if moment else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as people say it: 今天, 昨天, 明天, else 11月20日 周五, with the year when it is another one."""
    if value is None:
        return ""
    it = value.astimezone(clock.SCHOOL_TIME).date() if isinstance(value, datetime) else value
    today = clock.today()
    near = {-1: "昨天", 0: "今天", 1: "明天"}.get((it - today).days)
    if near:
        return near
    year = "" if it.year == today.year else f"{it.year}年"
    return f"{year}{it.month}月{it.day}日 周{WEEKDAYS[it.weekday()]}"


@register.filter
def when(value: datetime | None) -> str:
    """A moment as people say it: 今天 11:44, 昨天 08:12, 11月20日 周五 10:31."""
    return f"{day(value)} {value.astimezone(clock.SCHOOL_TIME):%H:%M}" if value else ""


@register.filter
def full_day(value: date | datetime | None) -> str:
    """A date in full, for papers and records: 2026年11月19日."""
    if value is None:
        return ""
    it = value.astimezone(clock.SCHOOL_TIME).date() if isinstance(value, datetime) else value
    return f"{it.year}年{it.month}月{it.day}日"


@register.simple_tag
def stamp(value: datetime | None) -> SafeString:
    """A moment as people say it, with the exact second for machines and on hover."""
    if value is None:
        return SafeString("")
    exact = f"{full_day(value)} {value.astimezone(clock.SCHOOL_TIME):%H:%M:%S}"
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(value), exact, when(value))


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time (or seconds), its two largest units rounded down: 1 天 3 小时, 1 小时 12 分, 40 分."""
    if value is None:
        return ""
    seconds = abs(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes = int(seconds // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        parts = [(days, "天"), (hours, "小时")]
    elif hours:
        parts = [(hours, "小时"), (minutes, "分")]
    else:
        parts = [(minutes, "分")]
    return " ".join(f"{count} {word}" for count, word in parts if count) or "不到 1 分"


@register.filter
def parts(words: str) -> tuple[str, str, str]:
    """A clock's words as (lead, length of time, rest), so that the page's script can count the middle one down."""
    found = COUNTED.match(words)
    lead, left, rest = found.groups() if found else ("", "", words)
    return lead, left, rest


@register.filter
def steps_of(total: int, done: int) -> list[str]:
    """The small line of steps: on for each done, now for the next, nothing for the rest."""
    return ["on" if at < done else "now" if at == done else "" for at in range(total)]


@register.filter
def money(value: Decimal | int | str | None) -> str:
    """An amount in 元, two decimals rounded half up, thousands set apart by a thin gap; the unit is in the heading."""
    if value in (None, ""):
        return "—"
    amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{amount:,.2f}".replace(",", GAP).replace("-", "−")


@register.filter
def plain(value: Decimal | None) -> str:
    """A quantity without needless zeros: 2.5, 10."""
    return "" if value is None else f"{value.normalize():f}".replace("-", "−")


@register.filter
def masked_phone(value: str | None) -> str:
    """A phone number with its middle hidden: 138****0000."""
    number = value or ""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This page's filters with some changed, as the tail of a link; None or an empty word takes a filter away."""
    request = context.get("request")
    kept = request.GET.copy() if request else None
    pairs = [(key, value) for key, values in kept.lists() for value in values if key not in changes] if kept else []
    for key, value in changes.items():
        many = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        pairs += [(key, str(one)) for one in many if one not in (None, "")]
    return f"?{urlencode(pairs)}"


@register.filter
def look(field: BoundField) -> str:
    """How a form field is drawn: as its widget asks, else check, radio, checks, line; own when it draws itself."""
    widget = field.field.widget
    asked: str = getattr(widget, "look", "")
    if asked:
        return asked
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect):
        return "checks" if widget.allow_multiple_selected else "radio"
    return "line" if isinstance(widget, Input | Textarea | Select) else "own"


@register.filter
def sentences(field: BoundField) -> list[str]:
    """What is wrong with a field, each as a sentence that says what to do: 请填写“说明”。, 请选择“派给”。"""
    said = []
    for error in field.errors.as_data() if field.errors else []:
        code = getattr(error, "code", None)
        if code == "required" and error.messages == [REQUIRED]:
            said.append(asked_for(field.field))
        elif code == "max_decimal_places":
            said.append(f"“{field.label}”最多写到小数点后 {getattr(field.field, 'decimal_places', 2)} 位。")
        else:
            said += error.messages
    return said


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a form field in the portal's clothes; dates and times ask the browser for its own picker."""
    widget = field.field.widget
    wrong = " is-invalid" if field.errors else ""
    if isinstance(widget, CheckboxInput):
        clothes = "form-check-input"
    elif isinstance(widget, Select):
        clothes = "form-select"
    else:
        clothes = "form-control"
    pad: dict[str, str | bool] = (
        {"inputmode": "decimal" if "step" in widget.attrs else "numeric"} if _counts(widget) else {}
    )
    attrs: dict[str, str | bool] = pad | {"class": f"{widget.attrs.get('class', '')} {clothes}{wrong}".strip()}
    return field.as_widget(widget=_picker(widget), attrs=attrs)


def _counts(widget: Any) -> bool:
    """Whether it takes a number that is never below zero: the phone then shows digits alone."""
    return isinstance(widget, NumberInput) and float(widget.attrs.get("min", -1)) >= 0


def _picker(widget: Any) -> Any:
    """The same widget, a date or time as the browser's own picker."""
    if type(widget) not in PICKERS:
        return widget
    input_type, form = PICKERS[type(widget)]
    picker = type(widget)(attrs=widget.attrs, format=form)
    picker.input_type = input_type
    picker.is_required = widget.is_required
    return picker
