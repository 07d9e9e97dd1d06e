"""证照和人员: the case in which a canteen's licence, the posts in it and the number for complaints are checked each term (CP-08)."""

from portal.publications.models import Duty


class Particulars(Duty):
    """证照和人员 of one school and term; what is published stands until the next."""

    class Meta:
        default_permissions = ()
