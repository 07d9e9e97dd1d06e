"""维修月报: the case in which a school's month of repairs is checked and published."""

from portal.publications.models import Duty


class Monthly(Duty):
    """One month of repairs to be published to the school's staff (DS-06)."""

    class Meta:
        default_permissions = ()
