"""The only writers of units, posts, absences and waivers; changes of posts are written to the ledger."""

from .absences import end_absence, record_absence
from .bulk import Posting, Sketch, Ward, appoint_many, enrol, enter_people, entrust, plant_many
from .people import amend
from .posts import appoint, leave, on_person_left, on_relieved, relieve, settle_appointments, waive
from .units import close_unit, on_unit_moved, plant, rename, transplant

__all__ = [
    "Posting",
    "Sketch",
    "Ward",
    "amend",
    "appoint",
    "appoint_many",
    "close_unit",
    "end_absence",
    "enrol",
    "enter_people",
    "entrust",
    "leave",
    "on_person_left",
    "on_relieved",
    "on_unit_moved",
    "plant",
    "plant_many",
    "record_absence",
    "relieve",
    "rename",
    "settle_appointments",
    "transplant",
    "waive",
]
