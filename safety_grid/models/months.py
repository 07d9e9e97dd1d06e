"""安全月报: the case in which a school's month of hazards and rounds is checked and published."""

from portal.publications.models import Duty


class SafetyMonth(Duty):
    """One month of safety to be told to the school's staff (安全生产法 41: what is recorded is told to those who work there)."""

    class Meta:
        default_permissions = ()
