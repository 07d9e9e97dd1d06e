"""What lists of cases may be asked."""

from django import forms


class AfterForm(forms.Form):
    """Where the next page begins."""

    after = forms.IntegerField(label="从哪一件之后", required=False, min_value=1, max_value=2**63 - 1)
