"""收费."""

from portal.apps import SchoolApp


class Fees(SchoolApp):
    """收费."""

    name = "fees"
    title = "收费"
    icon = "receipt-text"
