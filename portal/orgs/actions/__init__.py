"""The only writers of units, posts, absences and waivers; changes of posts are written to the ledger."""

from .absences import end_absence, record_absence
from .posts import appoint, leave, on_person_left, relieve, settle_appointments, waive
from .units import close_unit, on_unit_moved, plant, rename, transplant

__all__ = [
    "appoint",
    "close_unit",
    "end_absence",
    "leave",
    "on_person_left",
    "on_unit_moved",
    "plant",
    "record_absence",
    "relieve",
    "rename",
    "settle_appointments",
    "transplant",
    "waive",
]
