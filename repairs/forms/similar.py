"""What is asked before a report is sent: where, and what kind of fault."""

from django import forms

from portal.wire.kinds import LARGEST

from .tickets import topic_choices


class SimilarForm(forms.Form):
    """The place and the kind of fault."""

    unit = forms.IntegerField(label="地点", min_value=1, max_value=LARGEST, help_text="单位编号。")
    topic = forms.ChoiceField(label="类别", choices=topic_choices)
