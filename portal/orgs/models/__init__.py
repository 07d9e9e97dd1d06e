"""Who and where: people, the unit tree down to rooms, posts held, absences, years, classes, pupils and guardians."""

from .access import AccessToken, Attempts, Device, Installation
from .classes import Enrolment, Guardianship, SchoolYear, Student, Term
from .people import PHONE, User, UserManager
from .posts import Absence, Appointment, Post, Waiver, held_on
from .tree import KIND_ICONS, PLACE_KINDS, STEP, Stage, Unit, UnitKind, UnitManager, UnitQuerySet, prefixes

__all__ = [
    "KIND_ICONS",
    "PHONE",
    "PLACE_KINDS",
    "STEP",
    "Absence",
    "AccessToken",
    "Appointment",
    "Attempts",
    "Device",
    "Enrolment",
    "Guardianship",
    "Installation",
    "Post",
    "SchoolYear",
    "Stage",
    "Student",
    "Term",
    "Unit",
    "UnitKind",
    "UnitManager",
    "UnitQuerySet",
    "User",
    "UserManager",
    "Waiver",
    "held_on",
    "prefixes",
]
