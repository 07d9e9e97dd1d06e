"""What a stranger may say about a fault, and what the desk says to it."""

from django import forms

from portal.cases.forms import StepForm, WordsField
from portal.evidence.fields import BlindInput, EvidenceField
from portal.widgets import Tiles

from .tickets import topic_choices, topic_icons


class Visit(StepForm):
    """A stranger's report: the kind, one to three photos, a sentence of at most 200 characters."""

    topic = forms.ChoiceField(label="哪里坏了", choices=topic_choices, widget=Tiles(topic_icons))
    photos = EvidenceField(label="拍照（1 到 3 张）", min_count=1, max_count=3, widget=BlindInput)
    words = WordsField(label="说一句", required=False, rows=2, max_length=200)


class Vouch(StepForm):
    """核实收下, with a reply the reporter reads by their receipt."""

    reply = WordsField(label="答复报修人", required=False, rows=2, initial="已核实，收下了。")


class Dismiss(StepForm):
    """不属实, with a reason that stays; what the stranger sent does not."""

    reason = WordsField(label="为什么不属实", rows=2)
