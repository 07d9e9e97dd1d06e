"""What a person may say about their notices: which are read, and which channels they want."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.orgs.models import User

from .channels.registry import enabled

LARGEST = 2**63 - 1


class ReadForm(forms.Form):
    """One notice, or all up to the newest that was on the page."""

    one = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    upto = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def clean(self) -> dict[str, Any]:
        """One of the two must be named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned.get("one") is None and cleaned.get("upto") is None:
            raise forms.ValidationError("请选择要标为已读的消息。")
        return cleaned


class ChannelsForm(forms.Form):
    """One switch for every channel that can reach this person; on until they switch it off."""

    def __init__(self, *args: Any, person: User, chosen: Mapping[str, bool], **more: Any) -> None:
        super().__init__(*args, **more)
        for code, channel in enabled().items():
            address = channel.address_of(person)
            if address is not None:
                self.fields[code] = forms.BooleanField(
                    label=channel.title, required=False, initial=chosen.get(code, True), help_text=f"发到 {address}"
                )
