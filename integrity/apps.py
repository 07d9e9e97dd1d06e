"""清廉校务."""

from portal.apps import SchoolApp


class Integrity(SchoolApp):
    """清廉校务."""

    name = "integrity"
    title = "清廉校务"
    icon = "scale"
