"""安全网格."""

from portal.apps import SchoolApp


class SafetyGrid(SchoolApp):
    """安全网格."""

    name = "safety_grid"
    title = "安全网格"
    icon = "shield-check"
