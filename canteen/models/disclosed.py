"""What the canteen's own records tell the public without anybody's signature: suppliers each month, shared meals each week."""

from portal.publications.models import Duty


class Supplies(Duty):
    """供应商和询价 of one school and month (CP-05)."""

    class Meta:
        default_permissions = ()


class Meals(Duty):
    """陪餐记录 of one school and week (CP-06)."""

    class Meta:
        default_permissions = ()
