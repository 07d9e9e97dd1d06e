"""What a stranger may say about a hazard, and what the school's safety office says to it."""

from typing import Any

from django import forms

from portal.cases.forms import StepForm, WordsField
from portal.evidence.fields import BlindInput, EvidenceField
from portal.widgets import Tiles
from safety_grid.queries.hazards import is_private

from .hazards import PRIVATE_WORDS, category_choices, category_icons


class Visit(StepForm):
    """A stranger's report: the category, one to three photos, a sentence; of a private category the sentence alone."""

    topic = forms.ChoiceField(
        label="哪类隐患", choices=category_choices, widget=Tiles(category_icons), help_text=PRIVATE_WORDS
    )
    photos = EvidenceField(label="拍照（1 到 3 张）", required=False, max_count=3, widget=BlindInput)
    words = WordsField(label="说一句", required=False, rows=2, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A photo for what can be seen, words for what was heard."""
        clean = super().clean() or self.cleaned_data
        if not self.errors and is_private(clean["topic"]) and not clean.get("words"):
            self.add_error("words", "请写一句您看到或听到了什么。")
        if not self.errors and not is_private(clean["topic"]) and not clean.get("photos"):
            self.add_error("photos", "请拍一张隐患的照片。")
        return clean


class Vouch(StepForm):
    """核实收下, with a reply the reporter reads by their receipt."""

    reply = WordsField(label="答复报告人", required=False, rows=2, initial="已核实，收下了。")


class Dismiss(StepForm):
    """不属实, with a reason that stays; what the stranger sent does not."""

    reason = WordsField(label="为什么不属实", rows=2)
