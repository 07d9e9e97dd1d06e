"""What people type when a certificate ends."""

from portal.cases.forms import PlaceField, StepForm, WordsField

from .suppliers import PaperForm


class OpenRenewals(StepForm):
    """What the clock opens: a school's."""

    unit = PlaceField(label="学校")


class Renew(PaperForm):
    """The new certificate, of the same kind as the one that ends."""


class LetEnd(StepForm):
    """Not renewed: nothing is accepted from its last day on."""

    reason = WordsField(label="为什么不续", rows=2)
