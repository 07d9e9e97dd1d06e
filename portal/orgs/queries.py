"""What one person has: posts with their dates, absences, devices."""

from django.db.models import Q, QuerySet

from portal import clock

from .models import Absence, Appointment, Device, User
from .roles import title


def posts_of(person: User) -> list[tuple[Appointment, str]]:
    """The person's posts that last or are to come, each with its Chinese name."""
    live = Q(until=None) | Q(until__gte=clock.today())
    posts = Appointment.objects.filter(live, person=person).select_related("unit").order_by("since", "pk")
    return [(one, title(one.role)) for one in posts]


def absences_of(person: User) -> list[Absence]:
    """Absences that last or are to come: the person's own, and those in which they stand in for somebody."""
    rows = Absence.objects.filter(Q(person=person) | Q(substitute=person), until__gte=clock.today())
    return list(rows.select_related("person", "substitute").order_by("since", "pk"))


def devices_of(person: User) -> QuerySet[Device]:
    """The browsers the person has signed in with, the latest first."""
    return Device.objects.filter(person=person).order_by("-last_at", "-pk")
