"""What people type about the open kitchen: a camera, the hours parents may look, what is done about a silent one."""

import re
from typing import Any

from django import forms

from canteen.models import Camera
from canteen.queries.kitchen import spot_choices
from portal.cases.forms import StepForm, WordsField
from portal.widgets import Switch

_WINDOW = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


class OpenOutage(StepForm):
    """What the clock opens: a silent camera."""

    camera = forms.ModelChoiceField(Camera.objects.all(), label="摄像头")


class NoteOutage(StepForm):
    """说明情况."""

    words = WordsField(label="原因和恢复时间", rows=3)


class CameraForm(forms.Form):
    """A camera at a key spot."""

    spot = forms.ChoiceField(label="关键点位", choices=spot_choices)
    name = forms.CharField(label="名称", max_length=40, help_text="例如 1 号灶台。")
    stream = forms.CharField(
        label="视频地址",
        max_length=300,
        required=False,
        help_text="HLS 的 https 地址，以 .m3u8 结尾。内网的请运维登记。",
    )
    still = forms.CharField(label="截图地址", max_length=300, required=False, help_text="返回一张照片的 https 地址。")

    def clean(self) -> dict[str, Any]:
        """Without spaces around."""
        clean = super().clean() or self.cleaned_data
        return {name: value.strip() if isinstance(value, str) else value for name, value in clean.items()}


class ViewForm(forms.Form):
    """Whether parents may look, and when on school days."""

    parents = forms.BooleanField(
        label="家长可看", required=False, widget=Switch, help_text="只限本校家长，只在开放时段。"
    )
    windows = forms.CharField(
        label="开放时段", max_length=100, required=False, help_text="例如 06:30-07:30,10:30-12:30，上学日有效。"
    )

    def clean_windows(self) -> list[list[str]]:
        """At most six, each from before to."""
        found = []
        for one in re.split(
            r"[\s,，、;；]+", self.cleaned_data["windows"].replace("：", ":").replace("—", "-").strip()
        ):
            match = _WINDOW.fullmatch(one) if one else None
            if one and (match is None or match[1] >= match[2]):
                raise forms.ValidationError(f"“{one}”不是时段，请写成 10:30-12:30。")
            if match:
                found.append([match[1], match[2]])
        if len(found) > 6:
            raise forms.ValidationError("最多 6 个时段。")
        return sorted(found)

    def clean(self) -> dict[str, Any]:
        """Hours where parents may look."""
        clean = super().clean() or self.cleaned_data
        if clean.get("parents") and not clean.get("windows") and "windows" not in self.errors:
            self.add_error("windows", "请填开放时段。")
        return clean
