"""食堂."""

from portal.apps import SchoolApp


class Canteen(SchoolApp):
    """食堂."""

    name = "canteen"
    title = "食堂"
    icon = "soup"
